//! The value that rows which are there already get for a new column, in the form that the column has.

use super::editor::{Editor, Now};
use super::place::Column;
use super::{Dialect, expression};
use crate::schema::{Initial, Kind, Value};

/// What rows get that say nothing, as text; nothing where that is null.
pub(super) fn effective_default(editor: &Editor<'_>, column: &Column<'_>) -> Result<Option<String>, String> {
    let value = match default_value(column, editor.now) {
        Some(value) => value,
        None => return Ok(None),
    };
    if value == Value::Null && !matches!(column.field.kind, Kind::Json) {
        return Ok(None);
    }
    default_sql(editor.dialect, column, &value).map(Some)
}

fn default_value(column: &Column<'_>, now: Now<'_>) -> Option<Value> {
    let field = &column.field;
    match &field.default {
        Some(Initial::Value(value)) => return Some(value.clone()),
        Some(Initial::Function(function)) => return Some(function.call()),
        None => {}
    }
    let kind = &field.kind;
    if column.is_generated() {
        return None;
    }
    if !field.null && field.blank && kind.empty_strings_allowed() {
        return Some(match kind {
            Kind::Binary { .. } => Value::Bytes(vec![]),
            _ => Value::Text(String::new()),
        });
    }
    let [moment, local] = [now.moment, now.local].map(|now| now.trim_end_matches('Z').replacen('T', " ", 1));
    let (date, time) = local.split_once(' ').unwrap_or((&local, "00:00:00"));
    let time = time.split('+').next().unwrap_or(time);
    match kind {
        Kind::DateTime { auto_now, auto_now_add } if *auto_now || *auto_now_add => Some(Value::DateTime(moment)),
        Kind::Date { auto_now, auto_now_add } if *auto_now || *auto_now_add => Some(Value::Date(date.to_owned())),
        Kind::Time { auto_now, auto_now_add } if *auto_now || *auto_now_add => Some(Value::Time(time.to_owned())),
        _ => None,
    }
}

/// A value as the text of a default of a column.
pub(super) fn default_sql(dialect: Dialect, column: &Column<'_>, value: &Value) -> Result<String, String> {
    expression::literal_of(dialect, column, value)
}

/// A value as JSON text, as the reference writes it.
pub(super) fn json(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Int(number) | Value::Duration(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::List(values) => format!("[{}]", values.iter().map(json).collect::<Vec<_>>().join(", ")),
        Value::Json(text) => text.clone(),
        Value::Decimal(text)
        | Value::Text(text)
        | Value::Date(text)
        | Value::DateTime(text)
        | Value::Time(text)
        | Value::Uuid(text) => json_text(text),
        Value::Bytes(_) => "null".to_owned(),
    }
}

fn json_text(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 || (c as u32) > 0x7e => {
                let mut units = [0u16; 2];
                c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
