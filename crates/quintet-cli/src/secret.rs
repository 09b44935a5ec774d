//! Randomness: the secret key of a new project, and names for files that are not finished.
//!
//! The only file that asks the system for random bytes.

use crate::error::ScaffoldError;

/// The reference's alphabet and length, so that a key made here is one that its own checks accept.
const ALPHABET: &[u8; 50] = b"abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)";
const LENGTH: usize = 50;

/// A fresh secret key of 50 characters, each drawn with the same chance.
pub fn secret_key() -> Result<String, ScaffoldError> {
    let mut key = String::with_capacity(LENGTH);
    while key.len() < LENGTH {
        key.extend(random_bytes::<64>()?.iter().filter_map(|byte| letter(*byte)).take(LENGTH - key.len()));
    }
    Ok(key)
}

/// Eight letters and digits that make the name of an unfinished file unique.
pub(crate) fn suffix() -> Result<String, ScaffoldError> {
    Ok(format!("{:08x}", u32::from_le_bytes(random_bytes()?)))
}

/// Bytes beyond the last full round of the alphabet are thrown away: they would favour its beginning.
fn letter(byte: u8) -> Option<char> {
    let rounds = 256 / ALPHABET.len();
    let index = usize::from(byte);
    (index < rounds * ALPHABET.len()).then(|| char::from(ALPHABET[index % ALPHABET.len()]))
}

fn random_bytes<const N: usize>() -> Result<[u8; N], ScaffoldError> {
    let mut bytes = [0; N];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(ScaffoldError::new(
            format!("the system gives no random bytes: {error}"),
            "a secret key needs them; try again on a system that is set up completely",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_fifty_characters_of_the_alphabet() {
        let key = secret_key().unwrap();
        assert_eq!(key.len(), 50);
        assert!(key.bytes().all(|byte| ALPHABET.contains(&byte)), "{key}");
    }

    #[test]
    fn two_keys_differ() {
        assert_ne!(secret_key().unwrap(), secret_key().unwrap());
    }

    #[test]
    fn every_character_comes_from_equally_many_bytes() {
        for wanted in ALPHABET {
            let bytes = (0..=255).filter(|byte| letter(*byte) == Some(char::from(*wanted))).count();
            assert_eq!(bytes, 5, "{}", char::from(*wanted));
        }
    }

    #[test]
    fn a_key_can_stand_between_single_quotes() {
        assert!(!ALPHABET.contains(&b'\'') && !ALPHABET.contains(&b'\\'));
    }
}
