//! Tokens that the reference made: the same bytes come out here.

use super::*;

fn recordings() -> Value {
    read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle/vectors/jwt.json"))
}

#[test]
fn the_bytes_of_a_token_are_the_recorded_ones() {
    for vector in recordings()["pyjwt"].as_array().expect("a list") {
        let algorithm: Algorithm = vector["alg"].as_str().expect("text").parse().expect("an algorithm");
        let secret = vector["key"].as_str().expect("text").as_bytes();
        let key = SigningKey::secret(algorithm, secret).expect("a key");
        let payload = vector["payload"].as_object().expect("an object");
        assert_eq!(encode(payload, &key).expect("a token"), vector["encoded"], "{algorithm}");
        let checked = decode(vector["encoded"].as_str().expect("text"), &key.verifying_key().expect("a key"), &at(0));
        assert_eq!(checked.expect("valid").claims, *payload);
    }
}

#[test]
fn recorded_tokens_of_users_are_made_again() {
    let key = b"oracle-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ";
    let key = SigningKey::secret(Algorithm::HS256, key).expect("a key");
    for vector in recordings()["tokens"].as_array().expect("a list") {
        let payload = vector["payload"].as_object().expect("an object");
        assert_eq!(encode(payload, &key).expect("a token"), vector["encoded"]);
    }
}
