//! Chance that nobody can foretell: salts, identifiers of tokens, passwords that nobody knows.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};

use crate::http::{Error, Result};

const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// So many letters and digits by chance.
pub(crate) fn letters(count: usize) -> Result<String> {
    let mut text = String::with_capacity(count);
    while text.len() < count {
        let bytes: [u8; 32] = bytes()?;
        // Values past the last whole multiple of 62 would make some letters likelier.
        let fair = bytes.into_iter().filter(|byte| *byte < 248).map(|byte| LETTERS[usize::from(byte % 62)].into());
        text.extend(fair.take(count - text.len()).collect::<Vec<char>>());
    }
    Ok(text)
}

/// A random UUID of version 4, as 32 hexadecimal digits.
pub(crate) fn uuid_hex() -> Result<String> {
    let mut bytes: [u8; 16] = bytes()?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Ok(hex(&bytes))
}

/// Bytes by chance.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| Error::internal("the system gives no random numbers"))?;
    Ok(bytes)
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_of_the_alphabet_and_never_the_same() {
        let (one, other) = (letters(40).expect("chance"), letters(40).expect("chance"));
        assert_eq!(one.len(), 40);
        assert!(one.bytes().all(|letter| letter.is_ascii_alphanumeric()));
        assert_ne!(one, other);
    }

    #[test]
    fn an_identifier_is_a_random_uuid() {
        let id = uuid_hex().expect("chance");
        assert_eq!((id.len(), &id[12..13]), (32, "4"));
        assert!("89ab".contains(&id[16..17]), "{id}");
    }
}
