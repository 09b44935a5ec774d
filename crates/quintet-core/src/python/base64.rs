//! Base64 as the reference's language writes and reads it: what is no letter is passed over, but the padding must be right.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes as text.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * place)) as usize & 63];
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// The bytes that a text stands for. As the reference does, what is no letter of the alphabet is passed over.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() {
        return None;
    }
    let (mut bytes, mut number, mut count) = (vec![], 0_u32, 0_u32);
    let mut padding = 0_u32;
    for letter in text.bytes() {
        if letter == b'=' {
            padding += 1;
            if count % 4 >= 2 && count % 4 + padding >= 4 {
                return Some(bytes);
            }
            continue;
        }
        let Some(value) = LETTERS.iter().position(|known| *known == letter) else { continue };
        padding = 0;
        number = number << 6 | u32::try_from(value).ok()?;
        count += 1;
        if count % 4 != 1 {
            let kept = (count * 6) % 8;
            bytes.push(u8::try_from(number >> kept & 0xff).ok()?);
        }
    }
    (count % 4 == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_again() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|number| number.wrapping_mul(37)).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
        assert_eq!(encode(b"\x00\x01\x02\x03"), "AAECAw==");
    }

    #[test]
    fn what_is_no_letter_is_passed_over_and_wrong_padding_refused() {
        assert_eq!(encode(b"p=4"), "cD00");
        assert_eq!(decode("cD\n0!0"), Some(b"p=4".to_vec()));
        assert_eq!(decode("bz0x"), Some(b"o=1".to_vec()));
        assert_eq!((decode("b"), decode("bz0"), decode("bzé=")), (None, None, None));
        assert_eq!(decode("bw==garbage"), Some(b"o".to_vec()));
    }

    #[test]
    fn a_text_that_ends_too_early_is_none() {
        assert_eq!((decode("A"), decode("AAA"), decode("é")), (None, None, None));
    }
}
