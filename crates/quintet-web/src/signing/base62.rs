//! Whole numbers in digits and letters, as times stand in signed values.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A number as text.
pub(super) fn encode(number: i64) -> String {
    let mut left = number.unsigned_abs();
    let mut digits = vec![];
    loop {
        digits.push(DIGITS[(left % 62) as usize]);
        left /= 62;
        if left == 0 {
            break;
        }
    }
    let sign = if number < 0 { "-" } else { "" };
    sign.chars().chain(digits.iter().rev().copied().map(char::from)).collect()
}

/// The number of a text, where it is one of 64 bits.
pub(super) fn decode(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    digits.bytes().try_fold(0_i64, |number, digit| {
        let digit = DIGITS.iter().position(|known| *known == digit)?;
        number.checked_mul(62)?.checked_add(sign * i64::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for number in [0, 1, 61, 62, -1, -62, 1_763_756_000, i64::MAX, i64::MIN] {
            assert_eq!(decode(&encode(number)), Some(number));
        }
        assert_eq!(
            (encode(0), encode(61), encode(62), encode(-63)),
            ("0".into(), "z".into(), "10".into(), "-11".into())
        );
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "!", "1 ", "ä", "zzzzzzzzzzzz", "1-1"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
