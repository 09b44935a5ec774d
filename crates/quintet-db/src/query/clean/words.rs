//! The reference's words for what is wrong, and how it writes names and values in them.

use quintet_core::python::capital;
use quintet_core::query::Column;
pub(super) use quintet_core::rest::model_name;
pub(super) use quintet_core::rest::rules::filled;
use quintet_core::rest::rules::shown;
use quintet_core::schema::{Field, Value};

/// The field's own message for a code, or else the usual one.
pub(super) fn message<'f>(field: &'f Field, code: &str, usual: &'f str) -> &'f str {
    field.error_messages.iter().find(|(own, _)| own == code).map_or(usual, |(_, text)| text)
}

/// What people call a field, at the beginning of a sentence.
pub(super) fn label(column: &Column) -> String {
    capital(&column.field.verbose_name.clone().unwrap_or_else(|| column.name.replace('_', " ")))
}

/// `a, b and c`
pub(super) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A value as a program would write it: text in quotes.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => {
            let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
            let mut written = String::from(quote);
            for letter in text.chars() {
                match letter {
                    '\\' => written.push_str("\\\\"),
                    '\n' => written.push_str("\\n"),
                    '\r' => written.push_str("\\r"),
                    '\t' => written.push_str("\\t"),
                    letter if letter == quote => written.extend(['\\', letter]),
                    letter if letter.is_control() => written.push_str(&format!("\\x{:02x}", letter as u32)),
                    letter => written.push(letter),
                }
            }
            written.push(quote);
            written
        }
        Value::Decimal(text) => format!("Decimal('{text}')"),
        Value::Uuid(text) => format!("UUID('{text}')"),
        other => shown(other),
    }
}
