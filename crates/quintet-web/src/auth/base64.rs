//! Base64 in both alphabets, strictly: one text for one value, so that nothing can be written in two ways.

/// Which letters stand for 62 and 63, and whether a text is filled up with `=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// `+` and `/`, filled up: hashes of passwords, PEM.
    Standard,
    /// `+` and `/`, not filled up: argon2.
    Bare,
    /// `-` and `_`, not filled up: tokens.
    Url,
}

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

impl Alphabet {
    fn letter(self, value: u32) -> char {
        match (value & 63, self) {
            (62, Self::Url) => '-',
            (63, Self::Url) => '_',
            (62, _) => '+',
            (63, _) => '/',
            (value, _) => LETTERS[value as usize].into(),
        }
    }

    fn value(self, letter: u8) -> Option<u32> {
        Some(match (letter, self) {
            (b'A'..=b'Z', _) => u32::from(letter - b'A'),
            (b'a'..=b'z', _) => u32::from(letter - b'a') + 26,
            (b'0'..=b'9', _) => u32::from(letter - b'0') + 52,
            (b'-', Self::Url) => 62,
            (b'_', Self::Url) => 63,
            (b'+', Self::Standard | Self::Bare) => 62,
            (b'/', Self::Standard | Self::Bare) => 63,
            _ => return None,
        })
    }
}

/// Bytes as text.
pub(crate) fn encode(bytes: &[u8], alphabet: Alphabet) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            if at <= chunk.len() {
                text.push(alphabet.letter(group >> (18 - 6 * at)));
            } else if alphabet == Alphabet::Standard {
                text.push('=');
            }
        }
    }
    text
}

/// The bytes of a text; nothing where it is not the one text of some bytes.
pub(crate) fn decode(text: &str, alphabet: Alphabet) -> Option<Vec<u8>> {
    let mut letters = text.as_bytes();
    if alphabet == Alphabet::Standard {
        if !letters.len().is_multiple_of(4) {
            return None;
        }
        let filled = letters.iter().rev().take_while(|letter| **letter == b'=').count().min(2);
        letters = &letters[..letters.len() - filled];
        if !(letters.len() + filled).is_multiple_of(4) || (filled > 0 && letters.len() % 4 != 4 - filled) {
            return None;
        }
    }
    let mut bytes = Vec::with_capacity(letters.len() * 3 / 4);
    for chunk in letters.chunks(4) {
        let mut group = 0;
        for at in 0..4 {
            let value = chunk.get(at).map_or(Some(0), |letter| alphabet.value(*letter))?;
            group = group << 6 | value;
        }
        let [_, first, second, third] = group.to_be_bytes();
        // What the last letter says beyond the last byte must be nothing.
        match chunk.len() {
            4 => bytes.extend([first, second, third]),
            3 if third == 0 => bytes.extend([first, second]),
            2 if second == 0 && third == 0 => bytes.push(first),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_in_each_alphabet() {
        for alphabet in [Alphabet::Standard, Alphabet::Bare, Alphabet::Url] {
            for length in 0..70_u8 {
                let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37).wrapping_add(250)).collect();
                assert_eq!(decode(&encode(&bytes, alphabet), alphabet), Some(bytes));
            }
        }
        assert_eq!(encode(b"fo", Alphabet::Standard), "Zm8=");
        assert_eq!(encode(&[251, 255], Alphabet::Url), "-_8");
    }

    #[test]
    fn a_second_text_for_the_same_bytes_is_refused() {
        for text in ["Zm9=", "Zm8", "Zg==Zg==", "Zm8=\n", "====", "Z===", "Zm8==", " Zm8="] {
            assert_eq!(decode(text, Alphabet::Standard), None, "{text}");
        }
        for text in ["Zm8=", "Zm9", "Z", "Zm 8", "+/8"] {
            assert_eq!(decode(text, Alphabet::Url), None, "{text}");
        }
    }
}
