//! Base64 as the reference reads it: what is no digit is skipped, but the padding must be right.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes as text.
pub(super) fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// Text as bytes; nothing where it is not ASCII, or ends too early.
pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() {
        return None;
    }
    let (mut bytes, mut bits, mut place, mut pads) = (vec![], 0u32, 0, 0);
    for byte in text.bytes() {
        if byte == b'=' {
            pads += 1;
            if place >= 2 && place + pads >= 4 {
                return Some(bytes);
            }
            continue;
        }
        let Some(digit) = DIGITS.iter().position(|known| *known == byte) else { continue };
        (pads, bits) = (0, bits << 6 | digit as u32);
        place = (place + 1) % 4;
        if place != 1 {
            bytes.push((bits >> [0, 0, 4, 2][place]) as u8);
        }
    }
    (place == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_come_back() {
        for length in 0..40u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
            assert_eq!(decoded(&encoded(&bytes)), Some(bytes));
        }
        assert_eq!(encoded(b"p=4"), "cD00");
    }

    #[test]
    fn what_is_no_digit_is_skipped_and_wrong_padding_refused() {
        assert_eq!(decoded("cD\n0!0"), Some(b"p=4".to_vec()));
        assert_eq!(decoded("bz0x"), Some(b"o=1".to_vec()));
        assert_eq!((decoded("b"), decoded("bz0"), decoded("bzé=")), (None, None, None));
        assert_eq!(decoded("bw==garbage"), Some(b"o".to_vec()));
    }
}
