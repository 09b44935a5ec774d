//! The recorded verdicts and words.

use serde_json::Value;

use super::*;

fn recorded() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../oracle/vectors/messages.json");
    #[allow(clippy::disallowed_methods, reason = "a test reads its recordings")]
    let text = std::fs::read_to_string(path).expect("the recordings");
    serde_json::from_str::<Value>(&text).expect("JSON")["password_validators"].clone()
}

fn of_class(name: &str) -> PasswordValidator {
    match name {
        "UserAttributeSimilarityValidator" => PasswordValidator::user_attribute_similarity(),
        "MinimumLengthValidator" => PasswordValidator::MinimumLength(8),
        "CommonPasswordValidator" => PasswordValidator::Common,
        "NumericPasswordValidator" => PasswordValidator::Numeric,
        other => panic!("`{other}` is no validator of ours"),
    }
}

fn alice() -> PasswordOwner {
    let field = |name: &str, label: &str, value: &str| (name.to_owned(), label.to_owned(), value.to_owned());
    PasswordOwner(vec![field("username", "username", "alice"), field("email", "email address", "wonder@example.com")])
}

#[test]
fn verdicts_and_words_are_the_recorded_ones() {
    let recorded = recorded();
    let mut count = 0;
    for (class, facts) in recorded.as_object().expect("classes") {
        let validator = of_class(class);
        assert_eq!(validator.help_text(), facts["help"], "{class}");
        for (password, wanted) in facts["cases"].as_object().expect("cases") {
            let found = validator.validate(password, &alice());
            let found = found.map(|found| serde_json::json!({ "messages": [found.message], "code": found.code }));
            assert_eq!(found.unwrap_or_default(), *wanted, "{class}: {password}");
            count += 1;
        }
    }
    assert_eq!(count, 24);
}

#[test]
fn digits_of_every_kind_are_digits() {
    for password in ["12345678", "１２３", "²³", "①②", "٣٤"] {
        assert!(PasswordValidator::Numeric.validate(password, &alice()).is_some(), "{password}");
    }
    for password in ["", "12a", "½", "Ⅷ", "1 2"] {
        assert!(PasswordValidator::Numeric.validate(password, &alice()).is_none(), "{password}");
    }
}

#[test]
fn a_common_password_is_one_in_any_case_and_with_spaces_around() {
    assert!(PasswordValidator::Common.validate(" PassWord ", &alice()).is_some());
    assert!(PasswordValidator::Common.validate("correct horse battery staple", &alice()).is_none());
}

#[test]
fn one_character_is_one() {
    let message = PasswordValidator::MinimumLength(1).validate("", &alice()).expect("too short").message;
    assert_eq!(message, "This password is too short. It must contain at least 1 character.");
}
