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

#[cfg(test)]
mod tests {
    use super::lasting;

    #[test]
    fn a_text_is_kept_once_and_what_no_header_carries_is_refused() {
        let (one, other) = (lasting("no-referrer").unwrap(), lasting("no-referrer").unwrap());
        assert_eq!(one, "no-referrer");
        assert_eq!(one.as_bytes().as_ptr(), other.as_bytes().as_ptr());
        assert_eq!(lasting("caf\u{e9}").unwrap().as_bytes(), "caf\u{e9}".as_bytes());
        assert!(lasting("two\nlines").is_err());
    }
}
