//! Values as SQL text, as the reference's drivers write them into a script.

use super::Dialect;
use crate::schema::Value;

/// A value as a literal. It must be of the form that the column's kind has in this database: see
/// [`default`](super::default).
pub(super) fn literal(dialect: Dialect, value: &Value) -> String {
    match dialect {
        Dialect::Sqlite => sqlite(value),
        Dialect::Postgres => postgres(value),
    }
}

fn sqlite(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(yes) => i32::from(*yes).to_string(),
        Value::Int(number) | Value::Duration(number) => number.to_string(),
        Value::Float(number) => float(*number),
        Value::Bytes(bytes) => format!("X'{}'", hex(bytes)),
        Value::Uuid(text) => text_literal(&text.replace('-', "")),
        Value::Decimal(text)
        | Value::Text(text)
        | Value::Date(text)
        | Value::DateTime(text)
        | Value::Time(text)
        | Value::Json(text) => text_literal(text),
        Value::List(values) => list(values, sqlite),
    }
}

fn postgres(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Int(number) => spaced(number.to_string()),
        Value::Float(number) => spaced(float(*number)),
        Value::Decimal(text) => spaced(text.clone()),
        Value::Text(text) => postgres_text(text),
        Value::Bytes(bytes) => format!("'\\x{}'::bytea", hex(bytes)),
        Value::Date(text) => format!("{}::date", text_literal(text)),
        Value::DateTime(text) => format!("{}::timestamptz", text_literal(&with_zone(text))),
        Value::Time(text) => format!("{}::time", text_literal(text)),
        Value::Duration(micros) => format!("{}::interval", text_literal(&interval(*micros))),
        Value::Uuid(text) => format!("{}::uuid", text_literal(&text.replace('-', ""))),
        Value::Json(text) => format!("{}::jsonb", postgres_text(text)),
        Value::List(values) => list(values, postgres),
    }
}

fn list(values: &[Value], one: fn(&Value) -> String) -> String {
    format!("({})", values.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// Text in quotes.
pub(super) fn text_literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The same for PostgreSQL, where a backslash needs a mark before the quotes.
fn postgres_text(text: &str) -> String {
    if text.contains('\\') { format!(" E{}", text_literal(&text.replace('\\', "\\\\"))) } else { text_literal(text) }
}

/// A number that stays a floating-point one: `1.0`.
fn float(number: f64) -> String {
    format!("{number:?}")
}

/// The reference's driver sets a negative number apart from an operator before it.
fn spaced(number: String) -> String {
    if number.starts_with('-') { format!(" {number}") } else { number }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A moment with the offset of UTC.
fn with_zone(text: &str) -> String {
    let text = text.trim_end_matches('Z').replacen('T', " ", 1);
    if text.contains('+') { text } else { format!("{text}+00:00") }
}

/// Days and a time of day, as the reference's language writes a duration: `-1 day, 23:59:59` without the comma.
fn interval(micros: i64) -> String {
    let days = micros.div_euclid(86_400_000_000);
    let rest = micros.rem_euclid(86_400_000_000);
    let (seconds, micros) = (rest / 1_000_000, rest % 1_000_000);
    let time = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let time = if micros == 0 { time } else { format!("{time}.{micros:06}") };
    let word = if days.abs() == 1 { "day" } else { "days" };
    if days == 0 { time } else { format!("{days} {word} {time}") }
}
