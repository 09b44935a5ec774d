//! The text of a cell.
//!
//! Most texts of rows are short: names, titles, moments as SQLite keeps them. They stand in the cell itself, so that an
//! answer of some hundred rows does not ask for a thousand pieces of memory, on one thread, that another gives back.

use std::fmt;
use std::ops::Deref;

/// A text; a short one needs no memory beside its cell.
#[derive(Clone)]
pub struct TextCell(Kept);

#[derive(Clone)]
enum Kept {
    /// UTF-8, and so many bytes of it count.
    Short(u8, [u8; SHORT]),
    Long(String),
}

/// What fits into a cell beside what it is.
const SHORT: usize = 30;

impl TextCell {
    /// The text, for whoever keeps it.
    pub fn into_string(self) -> String {
        match self.0 {
            Kept::Long(text) => text,
            Kept::Short(..) => (*self).to_owned(),
        }
    }
}

impl Deref for TextCell {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        match &self.0 {
            // It was made of a text.
            Kept::Short(length, bytes) => std::str::from_utf8(&bytes[..usize::from(*length)]).unwrap_or_default(),
            Kept::Long(text) => text,
        }
    }
}

impl From<&str> for TextCell {
    #[inline]
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match bytes.get_mut(..text.len()) {
            Some(short) => {
                short.copy_from_slice(text.as_bytes());
                Self(Kept::Short(text.len() as u8, bytes))
            }
            None => Self(Kept::Long(text.to_owned())),
        }
    }
}

impl From<String> for TextCell {
    /// Its memory is there already.
    fn from(text: String) -> Self {
        Self(Kept::Long(text))
    }
}

impl From<TextCell> for String {
    fn from(text: TextCell) -> Self {
        text.into_string()
    }
}

impl Default for TextCell {
    fn default() -> Self {
        "".into()
    }
}

impl PartialEq for TextCell {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Display for TextCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl fmt::Debug for TextCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cell;

    #[test]
    fn a_cell_is_no_larger_for_the_text_in_it() {
        assert_eq!(size_of::<Cell>(), 32);
    }

    #[test]
    fn a_text_is_the_same_wherever_it_is_kept() {
        for text in
            ["", "short", "2026-11-23 20:14:21.123456", "thirty bytes, with an \u{fc} in it", &"long ".repeat(20)]
        {
            let (copied, moved) = (TextCell::from(text), TextCell::from(text.to_owned()));
            assert_eq!((&*copied, &*moved), (text, text));
            assert_eq!(copied, moved);
            assert_eq!(format!("{copied:?}"), format!("{text:?}"));
            assert_eq!((copied.clone().into_string(), String::from(moved)), (text.to_owned(), text.to_owned()));
            assert_eq!(matches!(copied.0, Kept::Short(..)), text.len() <= SHORT, "{text}");
        }
    }
}
