//! What has been tried on other libraries, each by its name.

use serde_json::json;

use super::*;
use crate::auth::base64::{Alphabet, encode as base64};

/// Any header and payload, signed by our secret all the same.
fn forged(header: &str, payload: &str) -> String {
    let message = format!("{}.{}", base64(header.as_bytes(), Alphabet::Url), base64(payload.as_bytes(), Alphabet::Url));
    let signature = signing().sign(message.as_bytes()).expect("a signature");
    format!("{message}.{}", base64(&signature, Alphabet::Url))
}

fn refused(token: &str) -> Error {
    decode(token, &verifying(), &at(1_000)).expect_err("it is refused")
}

#[test]
fn none_is_no_algorithm() {
    for name in ["none", "None", "NONE", "nOnE", ""] {
        let message = forged(&format!(r#"{{"alg":"{name}"}}"#), "{}");
        let bare = message.rsplit_once('.').map(|(message, _)| format!("{message}.")).expect("parts");
        assert_eq!((refused(&message), refused(&bare)), (Error::Algorithm, Error::Algorithm), "{name}");
    }
    assert_eq!(refused(&forged("{}", "{}")), Error::Algorithm);
}

#[test]
fn the_token_does_not_choose_the_algorithm() {
    let other = SigningKey::secret(Algorithm::HS512, SECRET).expect("a key");
    let token = encode(&claims(json!({})), &other).expect("a token");
    assert_eq!(refused(&token), Error::Algorithm);
}

#[test]
fn a_public_key_is_no_secret_for_hmac() {
    for key in ["-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "ssh-rsa AAAA", "ecdsa-sha2-nistp256 A"]
    {
        assert!(matches!(VerifyingKey::secret(Algorithm::HS256, key.as_bytes()), Err(Error::Key(_))), "{key}");
    }
    assert!(VerifyingKey::secret(Algorithm::HS256, b"").is_err());
    assert!(VerifyingKey::secret(Algorithm::RS256, SECRET).is_err());
}

#[test]
fn an_extension_that_must_be_understood_is_not() {
    for header in [
        r#"{"alg":"HS256","crit":["exp"]}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"HS256","b64":false}"#,
    ] {
        assert_eq!(refused(&forged(header, "{}")), Error::Critical, "{header}");
    }
}

#[test]
fn keys_that_a_token_brings_along_are_not_used() {
    let jwk = r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"},"jku":"https://x.example/","x5u":"https://x.example/"}"#;
    let message = format!("{}.{}", base64(jwk.as_bytes(), Alphabet::Url), base64(b"{}", Alphabet::Url));
    let own = SigningKey::secret(Algorithm::HS256, &[0, 0, 0]).expect("a key").sign(message.as_bytes());
    let token = format!("{message}.{}", base64(&own.expect("a signature"), Alphabet::Url));
    assert_eq!(refused(&token), Error::Signature);
    assert!(matches!(refused(&forged(r#"{"alg":"HS256","kid":1}"#, "{}")), Error::Malformed(_)));
}

#[test]
fn a_name_stands_in_an_object_once() {
    for payload in [r#"{"user_id":"1","user_id":"2"}"#, r#"{"a":{"b":1,"b":2}}"#] {
        assert!(matches!(refused(&forged(r#"{"alg":"HS256"}"#, payload)), Error::Malformed(_)), "{payload}");
    }
    assert!(matches!(refused(&forged(r#"{"alg":"HS256","alg":"HS256"}"#, "{}")), Error::Malformed(_)));
}

#[test]
fn moments_are_numbers() {
    for name in ["exp", "nbf", "iat"] {
        for value in [json!("4102444800"), json!(null), json!(true), json!([1]), json!({})] {
            let error = refused(&token(json!({ name: value })));
            assert_eq!(error, Error::Claim(name.to_owned()), "{value}");
        }
    }
    assert_eq!(refused(&token(json!({"sub": 1}))), Error::Claim("sub".to_owned()));
    assert_eq!(refused(&token(json!({"jti": 1}))), Error::Claim("jti".to_owned()));
}

#[test]
fn a_token_lives_between_its_moments() {
    let check = |value: Value, now: u64, leeway: u64| {
        decode(&token(value), &verifying(), &at(now).leeway(Duration::from_secs(leeway))).map(|_| ())
    };
    assert_eq!(check(json!({"exp": 1000}), 999, 0), Ok(()));
    assert_eq!(check(json!({"exp": 1000}), 1000, 0), Err(Error::Expired));
    assert_eq!(check(json!({"exp": 1000.9}), 1000, 0), Err(Error::Expired));
    assert_eq!(check(json!({"exp": 1000}), 1009, 10), Ok(()));
    assert_eq!(check(json!({"exp": 1000}), 1010, 10), Err(Error::Expired));
    assert_eq!(check(json!({"nbf": 1000}), 1000, 0), Ok(()));
    assert_eq!(check(json!({"nbf": 1001}), 1000, 0), Err(Error::Immature("nbf")));
    assert_eq!(check(json!({"iat": 1001}), 1000, 0), Err(Error::Immature("iat")));
    assert_eq!(check(json!({"iat": 1001}), 1000, 1), Ok(()));
}

#[test]
fn an_issuer_is_meant_to_the_letter() {
    let check = |value: Value| decode(&token(value), &verifying(), &at(0).issuer(["https://a.example"])).map(|_| ());
    assert_eq!(check(json!({"iss": "https://a.example"})), Ok(()));
    for wrong in [json!("https://a.example/"), json!("a.example"), json!(""), json!(["https://a.example"]), json!(null)]
    {
        assert_eq!(check(json!({ "iss": wrong })), Err(Error::Claim("iss".to_owned())));
    }
    assert_eq!(check(json!({})), Err(Error::Missing("iss".to_owned())));
}

#[test]
fn an_audience_is_one_of_those_that_are_meant() {
    let check = |value: Value| decode(&token(value), &verifying(), &at(0).audience(["us"])).map(|_| ());
    assert_eq!(check(json!({"aud": "us"})), Ok(()));
    assert_eq!(check(json!({"aud": ["them", "us"]})), Ok(()));
    for wrong in [json!("them"), json!([]), json!(["us", 1]), json!({"us": 1})] {
        assert_eq!(check(json!({ "aud": wrong })), Err(Error::Claim("aud".to_owned())));
    }
    assert_eq!(check(json!({})), Err(Error::Missing("aud".to_owned())));
    assert!(decode(&token(json!({"aud": "them"})), &verifying(), &at(0)).is_ok(), "who asks for none passes it by");
}

#[test]
fn what_is_required_is_there_and_not_null() {
    let check = |value: Value| decode(&token(value), &verifying(), &at(0).required(["jti"])).map(|_| ());
    assert_eq!(check(json!({"jti": "a"})), Ok(()));
    assert_eq!(check(json!({})), Err(Error::Missing("jti".to_owned())));
    let subject = decode(&token(json!({"sub": "b"})), &verifying(), &at(0).subject("a"));
    assert_eq!(subject, Err(Error::Claim("sub".to_owned())));
}

#[test]
fn there_is_one_text_for_a_token() {
    let good = token(json!({"a": 1}));
    assert!(decode(&good, &verifying(), &at(0)).is_ok());
    for bad in [
        format!("{good}="),
        format!("{good}."),
        format!("{good}\n"),
        format!(" {good}"),
        good.replace('.', "=."),
        good.replace('.', ".."),
        "a.b".to_owned(),
        String::new(),
        ".".repeat(1_000_000),
        "é.é.é".to_owned(),
    ] {
        assert!(decode(&bad, &verifying(), &at(0)).is_err(), "{}", &bad[..bad.len().min(100)]);
    }
    let (rest, last) = good.split_at(good.len() - 1);
    let others = (b'A'..=b'Z').map(char::from).filter(|letter| !last.starts_with(*letter));
    for letter in others {
        assert!(decode(&format!("{rest}{letter}"), &verifying(), &at(0)).is_err(), "{letter}");
    }
}

#[test]
fn deep_json_is_refused_and_ends_no_stack() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(refused(&forged(r#"{"alg":"HS256"}"#, &deep)), Error::Malformed(_)));
}

#[test]
fn a_header_says_what_its_key_says() {
    let extra = claims(json!({"alg": "none"}));
    assert!(encode_with_header(&claims(json!({})), &signing(), &extra).is_err());
    let token = encode(&claims(json!({})), &signing().with_id("one")).expect("a token");
    let header = unverified_header(&token).expect("a header");
    assert_eq!(Value::Object(header), json!({"alg": "HS256", "kid": "one", "typ": "JWT"}));
}

#[test]
fn an_old_secret_beside_the_new_one_still_opens() {
    let old = VerifyingKey::secret(Algorithm::HS256, SECRET).expect("a key");
    let new = VerifyingKey::secret(Algorithm::HS256, &[1; 32]).expect("a key");
    assert!(decode_any(&token(json!({})), &[new.clone(), old], &at(0)).is_ok());
    assert_eq!(decode_any(&token(json!({})), &[new], &at(0)), Err(Error::Signature));
    assert_eq!(decode_any(&token(json!({})), &[], &at(0)), Err(Error::Algorithm));
}

/// RFC 7518 asks for keys of these lengths, RFC 8725 for sets of one kind.
#[test]
fn keys_that_do_not_fit_are_refused() {
    let text = |length: usize| base64(&[&[0xC1][..], &vec![0x5A; length - 1]].concat(), Alphabet::Url);
    let rsa = |length: usize| json!({"kty": "RSA", "kid": "rsa", "n": text(length), "e": "AQAB"});
    let secret = |length: usize| json!({"kty": "oct", "kid": "oct", "k": text(length)});
    let read = |algorithm: Algorithm, jwk: &Value| VerifyingKey::from_jwk(algorithm, &jwk.to_string()).is_ok();
    for (algorithm, least) in [(Algorithm::HS256, 32), (Algorithm::HS384, 48), (Algorithm::HS512, 64)] {
        assert!(read(algorithm, &secret(least)) && !read(algorithm, &secret(least - 1)), "{algorithm}");
    }
    for algorithm in [Algorithm::RS256, Algorithm::PS512] {
        assert!(read(algorithm, &rsa(256)) && !read(algorithm, &rsa(255)), "{algorithm}");
    }
    let set = |keys: &[Value]| KeySet::from_json(Algorithm::HS256, &json!({ "keys": keys }).to_string()).is_ok();
    assert!(set(&[secret(32)]) && set(&[rsa(256)]) && !set(&[secret(32), rsa(256)]));
}

#[test]
fn no_key_is_shown() {
    assert_eq!(format!("{:?} {:?}", signing(), verifying()), "SigningKey(HS256, None) VerifyingKey(HS256, None)");
}
