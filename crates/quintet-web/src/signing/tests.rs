//! What the reference signed, and what it must be signed as here.

use std::time::{Duration, UNIX_EPOCH};

use quintet_core::json::{Json, parse_text};
use serde_json::{Value, json};

use super::*;
use crate::Clock;

/// The recordings; `about` in it says what the fields mean.
#[allow(clippy::disallowed_methods, reason = "a test reads its vectors")]
fn recorded() -> Value {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle/vectors/signing.json");
    serde_json::from_str(&std::fs::read_to_string(file).expect("recordings")).expect("JSON")
}

fn keys(case: &Value) -> Keys {
    let text = |value: &Value| value.as_str().expect("text").to_owned().into();
    let fallbacks = case["fallbacks"].as_array().map(|list| list.iter().map(text).collect()).unwrap_or_default();
    let fallbacks: Vec<quintet_core::secrecy::Secret> = fallbacks;
    Keys::new(&text(&case["key"]), &fallbacks).expect("a key")
}

fn at(seconds: f64) -> Clock {
    Clock::new(move || UNIX_EPOCH + Duration::from_secs_f64(seconds), || Duration::ZERO)
}

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().expect("text")
}

fn verdict<T: std::fmt::Debug>(opened: &Result<T, BadSignature>) -> &'static str {
    match opened {
        Ok(_) => "valid",
        Err(BadSignature::Expired) => "expired",
        Err(_) => "bad",
    }
}

#[test]
fn texts_are_signed_as_recorded() {
    let mut count = 0;
    for case in recorded()["texts"].as_array().expect("a list") {
        let algorithm = match text(case, "algorithm") {
            "sha1" => Algorithm::Sha1,
            "sha384" => Algorithm::Sha384,
            "sha512" => Algorithm::Sha512,
            _ => Algorithm::Sha256,
        };
        let (salt, separator, value) = (text(case, "salt"), text(case, "separator"), text(case, "value"));
        let plain = Signer::new(&keys(case)).salt(salt).separator(separator).algorithm(algorithm);
        assert_eq!(plain.sign(value), text(case, "signed"), "{case}");
        assert_eq!(plain.unsign(text(case, "signed")), Ok(value), "{case}");
        let clock = at(case["now"].as_f64().expect("a number"));
        let timed = TimestampSigner::new(&keys(case), &clock).salt(salt).separator(separator).algorithm(algorithm);
        assert_eq!(timed.sign(value), text(case, "timed"), "{case}");
        assert_eq!(timed.unsign(text(case, "timed"), Some(Duration::from_secs(1))), Ok(value), "{case}");
        count += 1;
    }
    assert!(count >= 100, "{count}");
}

#[test]
fn objects_are_signed_as_recorded_and_smaller_ones_are_read() {
    let mut count = 0;
    for case in recorded()["objects"].as_array().expect("a list") {
        let signer = TimestampSigner::new(&keys(case), &at(case["now"].as_f64().expect("a number")));
        let signer = signer.salt(text(case, "salt"));
        let value = parse_text(text(case, "json")).expect("JSON");
        assert_eq!(signer.sign_json(&value, false).expect("signed"), text(case, "signed"), "{case}");
        let open = |signed: &str| signer.unsign_json(signed, None);
        assert_eq!(open(text(case, "signed")).as_ref(), Ok(&value), "{case}");
        assert_eq!(open(text(case, "compressed")).as_ref(), Ok(&value), "{case}");
        let ours = signer.sign_json(&value, true).expect("signed");
        assert_eq!(open(&ours).as_ref(), Ok(&value), "{case}");
        assert!(ours.len() <= text(case, "signed").len());
        count += 1;
    }
    assert!(count >= 100, "{count}");
}

/// What signed the recorded sessions, cookies and hashes.
fn oracle_keys() -> Keys {
    Keys::new(&"oracle-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ".into(), &[]).expect("a key")
}

#[test]
fn recorded_sessions_are_read_and_small_ones_are_the_same_text() {
    let cases = recorded()["sessions"].as_array().expect("a list").clone();
    assert!(cases.len() > 5);
    for case in &cases {
        let signer = TimestampSigner::new(&oracle_keys(), &at(case["now"].as_f64().expect("a number")));
        let data = parse_text(text(case, "json")).expect("JSON");
        for (salt, name) in [
            ("django.contrib.sessions.SessionStore", "database"),
            ("django.contrib.sessions.backends.signed_cookies", "cookie"),
        ] {
            let signer = signer.clone().salt(salt);
            assert_eq!(signer.unsign_json(text(case, name), None).as_ref(), Ok(&data), "{case}");
            if !text(case, name).starts_with('.') {
                assert_eq!(signer.sign_json(&data, true).expect("signed"), text(case, name), "{case}");
            }
        }
    }
}

#[test]
fn cookies_are_signed_as_recorded() {
    let cases = recorded()["cookies"].as_array().expect("a list").clone();
    assert!(cases.len() > 3);
    for case in &cases {
        let clock = at(case["now"].as_f64().expect("a number"));
        let signer = TimestampSigner::new(&oracle_keys().behind("django.http.cookies"), &clock);
        let (name, salt) = (text(case, "name"), text(case, "salt"));
        let now = signer.clone().salt(cookie::salt_of(name, salt));
        assert_eq!(now.sign(text(case, "value")), text(case, "signed"), "{case}");
        let before = signer.salt(format!("{name}{salt}"));
        assert_eq!(before.sign(text(case, "value")), text(case, "legacy"), "{case}");
    }
}

#[test]
fn what_the_reference_refuses_is_refused_and_what_it_takes_is_taken() {
    for case in recorded()["verdicts"].as_array().expect("a list") {
        let signer = TimestampSigner::new(&keys(case), &at(case["now"].as_f64().expect("a number")));
        let max_age = case["max_age"].as_f64().map(Duration::from_secs_f64);
        let opened = signer.salt(text(case, "salt")).unsign(text(case, "signed"), max_age);
        assert_eq!(verdict(&opened), text(case, "verdict"), "{case}");
    }
}

#[test]
fn a_value_that_was_changed_by_one_letter_is_not_believed() {
    let keys = Keys::new(&"a-key-for-tests-only".into(), &[]).expect("a key");
    let signer = TimestampSigner::new(&keys, &at(1_700_000_000.0)).salt("here");
    let signed = signer.sign("ann");
    for at in 0..signed.len() {
        let mut changed = signed.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("text");
        assert!(signer.unsign(&changed, None).is_err(), "{changed}");
    }
    assert!(signer.clone().salt("there").unsign(&signed, None).is_err(), "another use");
    assert_eq!(signer.unsign("ann", None), Err(BadSignature::Missing));
    assert_eq!(signer.signed_at(&signed), Ok(UNIX_EPOCH + Duration::from_secs(1_700_000_000)));
}

#[test]
fn what_a_former_key_signed_is_believed_until_that_key_is_gone() {
    let (old, new) = ("the-old-key".into(), "the-new-key".into());
    let before = Signer::new(&Keys::new(&old, &[]).expect("a key")).sign("ann");
    let during = Signer::new(&Keys::new(&new, &[old]).expect("keys"));
    assert_eq!(during.unsign(&before), Ok("ann"));
    assert_ne!(during.sign("ann"), before, "the new key signs");
    let after = Signer::new(&Keys::new(&new, &[]).expect("a key"));
    assert_eq!(after.unsign(&before), Err(BadSignature::Mismatch));
}

#[test]
fn an_empty_key_signs_nothing() {
    assert!(Keys::new(&"".into(), &["x".into()]).is_err());
    let keys = Keys::new(&"x".into(), &["".into()]).expect("a key");
    assert_eq!(keys.all().count(), 1, "and an empty fallback believes nothing");
}

#[test]
fn typed_values_come_back_and_others_are_malformed() {
    let signer = Signer::new(&Keys::new(&"x".into(), &[]).expect("a key"));
    let signed = signer.sign_object(&json!({"user": 3, "name": "Ä"}), true).expect("signed");
    assert_eq!(signer.unsign_object::<Value>(&signed), Ok(json!({"user": 3, "name": "Ä"})));
    assert_eq!(signer.unsign_object::<Vec<u8>>(&signed), Err(BadSignature::Malformed));
    assert_eq!(signer.unsign_object::<Value>(&signer.sign("no base64!")), Err(BadSignature::Malformed));
    assert_eq!(object::unpacked(".AAAA"), None::<Json>);
}

#[test]
#[should_panic(expected = "could stand in a signature")]
fn a_separator_that_could_stand_in_a_signature_is_a_mistake() {
    drop(Signer::new(&Keys::new(&"x".into(), &[]).expect("a key")).separator("-_"));
}
