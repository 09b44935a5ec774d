//! Secrets, and tokens: a secret under a mask.
//!
//! A page shows another token every time, so that its compressed length tells nothing of the secret.

use crate::auth::chance;
use crate::http::Result;
use crate::signing::is_equal;

const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const SECRET_LENGTH: usize = 32;
const TOKEN_LENGTH: usize = 2 * SECRET_LENGTH;

/// Why a text is neither a secret nor a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadFormat(pub(super) &'static str);

/// A new secret.
pub(super) fn new_secret() -> Result<String> {
    chance::letters(SECRET_LENGTH)
}

/// A token of a secret.
pub(super) fn masked(secret: &str) -> Result<String> {
    let mask = new_secret()?;
    let cipher = combined(secret, &mask, |secret, mask| secret + mask).unwrap_or_default();
    Ok(mask + &cipher)
}

/// The secret of a text that is a secret or a token.
pub(super) fn secret_of(text: &str) -> Result<String, BadFormat> {
    let length = text.chars().count();
    if length != SECRET_LENGTH && length != TOKEN_LENGTH {
        return Err(BadFormat("has incorrect length"));
    }
    if !text.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
        return Err(BadFormat("has invalid characters"));
    }
    if length == SECRET_LENGTH {
        return Ok(text.to_owned());
    }
    let (mask, cipher) = text.split_at(SECRET_LENGTH);
    combined(cipher, mask, |cipher, mask| cipher + LETTERS.len() - mask).ok_or(BadFormat("has invalid characters"))
}

/// Whether a text is this secret, or a token of it.
pub(super) fn matches(text: &str, secret: &str) -> Result<bool, BadFormat> {
    Ok(is_equal(&secret_of(text)?, secret))
}

fn combined(one: &str, other: &str, how: fn(usize, usize) -> usize) -> Option<String> {
    let place = |letter: u8| LETTERS.iter().position(|known| *known == letter);
    let pairs = one.bytes().zip(other.bytes());
    pairs.map(|(one, other)| Some(char::from(LETTERS[how(place(one)?, place(other)?) % LETTERS.len()]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods, reason = "a test reads its vectors")]
    fn recorded_tokens_have_the_recorded_secrets() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle/vectors/signing.json");
        let recorded: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(file).expect("recordings")).expect("JSON");
        let masks = recorded["masks"].as_array().expect("a list");
        assert!(masks.len() >= 50);
        for case in masks {
            let text = |name: &str| case[name].as_str().expect("text");
            assert_eq!(secret_of(text("token")).as_deref(), Ok(text("secret")));
            let cipher = combined(text("secret"), text("mask"), |secret, mask| secret + mask);
            assert_eq!(cipher.map(|cipher| text("mask").to_owned() + &cipher).as_deref(), Some(text("token")));
        }
    }

    #[test]
    fn a_secret_has_another_token_every_time() {
        let secret = new_secret().expect("chance");
        let (one, other) = (masked(&secret).expect("a token"), masked(&secret).expect("a token"));
        assert_ne!(one, other);
        for text in [&one, &other, &secret] {
            assert_eq!(matches(text, &secret), Ok(true));
        }
        let stranger = masked(&new_secret().expect("chance")).expect("a token");
        assert_eq!(matches(&stranger, &secret), Ok(false));
    }

    #[test]
    fn a_text_that_is_no_token_says_why() {
        for text in ["", "abc", &"a".repeat(31), &"a".repeat(65), &"ä".repeat(16)] {
            assert_eq!(secret_of(text), Err(BadFormat("has incorrect length")), "{text}");
        }
        for text in [&"-".repeat(32), &"ä".repeat(32), &("a".repeat(63) + " ")] {
            assert_eq!(secret_of(text), Err(BadFormat("has invalid characters")), "{text}");
        }
    }
}
