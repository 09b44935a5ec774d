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

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The value of each letter; [`NONE`] for what is none.
const STANDARD_VALUES: [u8; 256] = values(STANDARD);
const URL_VALUES: [u8; 256] = values(URL);
const NONE: u8 = 0xff;

const fn values(letters: &[u8; 64]) -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 64 {
        values[letters[value as usize] as usize] = value;
        value += 1;
    }
    values
}

impl Alphabet {
    fn letters(self) -> &'static [u8; 64] {
        if self == Self::Url { URL } else { STANDARD }
    }

    fn values(self) -> &'static [u8; 256] {
        if self == Self::Url { &URL_VALUES } else { &STANDARD_VALUES }
    }
}

/// Bytes as text.
pub(crate) fn encode(bytes: &[u8], alphabet: Alphabet) -> String {
    let mut text = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    encode_onto(&mut text, bytes, alphabet);
    String::from_utf8(text).unwrap_or_default()
}

/// The same at the end of a text.
pub(crate) fn encode_onto(text: &mut Vec<u8>, bytes: &[u8], alphabet: Alphabet) {
    let letters = alphabet.letters();
    let four = |group: u32| [18, 12, 6, 0].map(|shift| letters[(group >> shift & 63) as usize]);
    let (whole, rest) = bytes.as_chunks::<3>();
    let start = text.len();
    text.reserve(4 * whole.len() + 4);
    text.resize(start + 4 * whole.len(), 0);
    for ([one, two, three], into) in whole.iter().zip(text[start..].as_chunks_mut::<4>().0) {
        *into = four(u32::from_be_bytes([0, *one, *two, *three]));
    }
    if let Some(one) = rest.first() {
        let group = four(u32::from_be_bytes([0, *one, rest.get(1).copied().unwrap_or(0), 0]));
        text.extend_from_slice(&group[..=rest.len()]);
        if alphabet == Alphabet::Standard {
            text.extend_from_slice(&b"=="[..3 - rest.len()]);
        }
    }
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
    let values = alphabet.values();
    let (whole, rest) = letters.as_chunks::<4>();
    let mut bytes = Vec::with_capacity(whole.len() * 3 + 3);
    bytes.resize(whole.len() * 3, 0);
    // Every value is below 64, unless a letter was none: gathered here, looked at once.
    let mut all = 0;
    for (four, into) in whole.iter().zip(bytes.as_chunks_mut::<3>().0) {
        let [one, two, three, last] = four.map(|letter| u32::from(values[usize::from(letter)]));
        all |= one | two | three | last;
        let [_, group @ ..] = (one << 18 | two << 12 | three << 6 | last).to_be_bytes();
        *into = group;
    }
    let rest_values = [0, 1, 2].map(|place| rest.get(place).map_or(0, |letter| values[usize::from(*letter)]));
    let [one, two, three] = rest_values;
    if all > 63 || (one | two | three) > 63 {
        return None;
    }
    // What the last letter says beyond the last byte must be nothing.
    match rest.len() {
        0 => {}
        2 if two & 15 == 0 => bytes.push(one << 2 | two >> 4),
        3 if three & 3 == 0 => bytes.extend_from_slice(&[one << 2 | two >> 4, two << 4 | three >> 2]),
        _ => return None,
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
