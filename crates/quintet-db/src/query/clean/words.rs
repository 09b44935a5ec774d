//! The reference's words for what is wrong, and how it writes names and values in them.

use quintet_core::query::{Column, ModelInfo};
use quintet_core::schema::{Field, Value};

/// A text with its places filled: `%(limit_value)s`.
pub(super) fn filled(text: &str, values: &[(&str, String)]) -> String {
    let mut text = text.to_owned();
    for (name, value) in values {
        for letter in ['s', 'd', 'r'] {
            text = text.replace(&format!("%({name}){letter}"), value);
        }
    }
    text
}

/// The field's own message for a code, or else the usual one.
pub(super) fn message<'f>(field: &'f Field, code: &str, usual: &'f str) -> &'f str {
    field.error_messages.iter().find(|(own, _)| own == code).map_or(usual, |(_, text)| text)
}

/// What people call a model: `printed book`.
pub(super) fn model_name(info: &ModelInfo) -> String {
    if let Some(name) = &info.state.options.verbose_name {
        return name.clone();
    }
    let mut words = String::new();
    let name: Vec<char> = info.state.name.chars().collect();
    for (at, letter) in name.iter().enumerate() {
        let after_small = at > 0 && (name[at - 1].is_lowercase() || name[at - 1] == '_');
        let before_small =
            at > 0 && name[at - 1].is_uppercase() && name.get(at + 1).is_some_and(|it| it.is_lowercase());
        if letter.is_uppercase() && (after_small || before_small) {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// What people call a field, at the beginning of a sentence.
pub(super) fn label(column: &Column) -> String {
    capital(&column.field.verbose_name.clone().unwrap_or_else(|| column.name.replace('_', " ")))
}

/// With a capital letter.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `a, b and c`
pub(super) fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A value as people read it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(yes) => (if *yes { "True" } else { "False" }).to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Decimal(text) | Value::Text(text) | Value::Date(text) | Value::DateTime(text) | Value::Time(text) => {
            text.clone()
        }
        Value::Uuid(text) | Value::Json(text) => text.clone(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Duration(microseconds) => format!("{}", chrono::TimeDelta::microseconds(*microseconds)),
        Value::List(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
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
