//! Characters and text: which are spaces, digits and printable, what `strip` cuts, how `repr` quotes.

use std::fmt::Write;

use super::tables::{UNPRINTABLE, ZEROS};

/// The text without the spaces around it.
pub fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// The text with a capital letter at its beginning; the rest stays as it is.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Whether `str.isspace` says so: Unicode's spaces and the four separators of ASCII.
pub fn is_space(character: char) -> bool {
    matches!(character, '\u{1c}'..='\u{1f}') || character.is_whitespace()
}

/// The value of a decimal digit of any script.
pub fn digit(character: char) -> Option<u32> {
    if character.is_ascii() {
        return character.to_digit(10);
    }
    let code = u32::from(character);
    let zero = ZEROS[..ZEROS.partition_point(|zero| *zero <= code)].last()?;
    Some(code - zero).filter(|value| *value < 10)
}

/// The text with every digit as ASCII has it.
pub(super) fn ascii_digits(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let ascii = |character| digit(character).and_then(|value| char::from_digit(value, 10)).unwrap_or(character);
    text.chars().map(ascii).collect::<String>().into()
}

/// Whether `repr` leaves the character as it is.
pub fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return matches!(character, ' '..='~');
    }
    let code = u32::from(character);
    let next = UNPRINTABLE.partition_point(|(first, _)| *first <= code);
    next == 0 || UNPRINTABLE[next - 1].1 < code
}

/// A text as `repr` writes it: in single quotes unless it has some and no double ones.
pub fn repr_text(text: &str) -> String {
    repr_code_points(text.chars().map(u32::from), text.len())
}

/// The same for text that may hold surrogates.
pub(super) fn repr_code_points(codes: impl Iterator<Item = u32> + Clone, length: usize) -> String {
    let has = |quote: char| codes.clone().any(|code| code == u32::from(quote));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    let mut written = String::with_capacity(length + 2);
    written.push(quote);
    for code in codes {
        push_escaped(&mut written, code, quote);
    }
    written.push(quote);
    written
}

fn push_escaped(written: &mut String, code: u32, quote: char) {
    let character = char::from_u32(code);
    let done = match character {
        Some('\n') => write!(written, "\\n"),
        Some('\r') => write!(written, "\\r"),
        Some('\t') => write!(written, "\\t"),
        Some(special) if special == quote || special == '\\' => write!(written, "\\{special}"),
        Some(plain) if is_printable(plain) => write!(written, "{plain}"),
        _ if code < 0x100 => write!(written, "\\x{code:02x}"),
        _ if code < 0x1_0000 => write!(written, "\\u{code:04x}"),
        _ => write!(written, "\\U{code:08x}"),
    };
    done.unwrap_or_default(); // a `String` takes everything
}
