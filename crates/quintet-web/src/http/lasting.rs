//! Values of headers that are the same for each answer.

use std::sync::{Mutex, PoisonError};

use http::HeaderValue;
use http::header::InvalidHeaderValue;

/// A header's value that the settings say, or a view: it lasts as long as the program, so that nobody counts who holds a
/// copy. There are as many as different texts.
///
/// # Errors
/// No header can carry the text.
pub(crate) fn lasting(text: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    static KEPT: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    let value = HeaderValue::try_from(text)?;
    if !text.is_ascii() {
        return Ok(value);
    }
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let known = kept.iter().find(|known| **known == text).copied();
    Ok(HeaderValue::from_static(known.unwrap_or_else(|| {
        let text: &str = Box::leak(text.into());
        kept.push(text);
        text
    })))
}

/// A number as a header's value. Most are lengths of short answers: up to three digits nobody counts who holds a copy either.
pub(crate) fn number(number: usize) -> HeaderValue {
    static THREE: [[u8; 3]; 1000] = three_digits();
    let digits = match number {
        0..10 => 1,
        10..100 => 2,
        100..1000 => 3,
        _ => return number.into(),
    };
    std::str::from_utf8(&THREE[number][3 - digits..]).map_or_else(|_| number.into(), HeaderValue::from_static)
}

const fn three_digits() -> [[u8; 3]; 1000] {
    let mut all = [[b'0'; 3]; 1000];
    let mut number = 0;
    while number < 1000 {
        all[number] = [b'0' + (number / 100) as u8, b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{lasting, number};

    #[test]
    fn a_number_has_its_digits() {
        for length in 0..=12_345 {
            assert_eq!(number(length).to_str().unwrap(), length.to_string());
        }
    }

    #[test]
    fn a_text_is_kept_once_and_what_no_header_carries_is_refused() {
        let (one, other) = (lasting("no-referrer").unwrap(), lasting("no-referrer").unwrap());
        assert_eq!(one, "no-referrer");
        assert_eq!(one.as_bytes().as_ptr(), other.as_bytes().as_ptr());
        assert_eq!(lasting("caf\u{e9}").unwrap().as_bytes(), "caf\u{e9}".as_bytes());
        assert!(lasting("two\nlines").is_err());
    }
}
