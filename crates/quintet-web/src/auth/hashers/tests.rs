//! The recorded hashes, each checked, and made again.

use serde_json::Value;

use super::*;

fn recorded() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../oracle/vectors/passwords.json");
    #[allow(clippy::disallowed_methods, reason = "a test reads its recordings")]
    let text = std::fs::read_to_string(path).expect("the recordings");
    serde_json::from_str(&text).expect("JSON")
}

fn all() -> Vec<PasswordHasher> {
    [PasswordHasher::defaults(), vec![PasswordHasher::BCRYPT, PasswordHasher::Md5]].concat()
}

#[test]
fn every_recorded_hash_fits_its_password_and_no_other() {
    let recorded = recorded();
    let mut count = 0;
    for vector in recorded["vectors"].as_array().expect("a list") {
        let (Some(password), Some(encoded)) = (vector["password"].as_str(), vector["encoded"].as_str()) else {
            continue;
        };
        let hasher = all().into_iter().find(|hasher| hasher.algorithm() == vector["algorithm"]).expect("a hasher");
        assert_eq!(hasher.encode_as(password, encoded).as_deref(), Some(encoded), "{encoded}");
        let other = hasher.encode_as(&format!("{password}x"), encoded);
        assert_ne!(other.as_deref(), Some(encoded), "{encoded}");
        count += 1;
    }
    assert_eq!(count, 39);
}

#[test]
fn what_the_reference_cannot_hash_is_refused() {
    let recorded = recorded();
    let refused = recorded["vectors"].as_array().expect("a list").iter().find(|vector| vector["error"].is_string());
    let password = refused.expect("one").get("password").and_then(Value::as_str).expect("a password");
    assert!(PasswordHasher::BCRYPT.encode(password).is_err());
}

#[test]
fn a_hash_that_cannot_be_read_fits_nothing() {
    let hashers = PasswordHasher::defaults();
    let mut all: Vec<String> = recorded()["identify"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|case| case["encoded"].as_str().expect("text").to_owned())
        .collect();
    all.extend(
        ["pbkdf2_sha256$$$", "scrypt$3$s$8$5$x", "bcrypt_sha256$$2b$99$x", "argon2$argon2id$v=19", "pbkdf2_sha256"]
            .map(str::to_owned),
    );
    for encoded in all {
        let verdict = verify_password(&hashers, "password", &encoded).expect("an answer");
        assert!(!verdict.is_correct, "{encoded}");
    }
}

#[test]
fn hashes_are_made_again_by_the_recorded_rules() {
    let hashers = PasswordHasher::defaults();
    for case in recorded()["must_update"].as_array().expect("a list") {
        let encoded = case["encoded"].as_str().expect("text");
        let verdict = verify_password(&hashers, "pw", encoded).expect("an answer");
        let wanted = Verdict { is_correct: true, must_update: case["rehash_on_login"].as_bool().expect("a flag") };
        assert_eq!(verdict, wanted, "{encoded}");
    }
}

#[test]
fn what_is_made_is_of_the_first_hasher_and_fits() {
    for hasher in all() {
        let hashers = [vec![hasher.clone()], all()].concat();
        let encoded = make_password(&hashers, Some("pässwörd")).expect("a hash");
        assert!(encoded.starts_with(hasher.algorithm()) && encoded.len() <= 128, "{encoded}");
        let verdict = verify_password(&hashers, "pässwörd", &encoded).expect("an answer");
        assert_eq!(verdict, Verdict { is_correct: true, must_update: false }, "{encoded}");
    }
}

#[test]
fn without_a_password_nothing_fits() {
    let hashers = [PasswordHasher::Md5];
    let made = make_password(&hashers, None).expect("text");
    assert_eq!((made.len(), is_password_usable(&made)), (41, false));
    assert!(!check_password(&hashers, "", &made).expect("an answer"));
    assert!(is_password_usable("md5$a$b"));
}
