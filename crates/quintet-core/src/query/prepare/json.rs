//! JSON as the reference writes it, and the paths by which SQLite finds a key in it.

use serde_json::Value as Json;

use crate::query::error::QueryError;
use crate::schema::Value;

/// A JSON text in the reference's form, or why it is none: with spaces behind signs, in ASCII.
///
/// # Errors
/// A text that is no JSON.
pub fn dumps(text: &str) -> Result<String, String> {
    let read = serde_json::from_str::<Json>(text);
    read.map(|value| write(&value)).map_err(|error| error.to_string())
}

/// A value as JSON text.
pub(super) fn text(value: &Value) -> Result<String, QueryError> {
    Ok(match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => yes.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) if number.is_finite() => float(*number),
        Value::Text(text) => quoted(text),
        Value::Json(text) => {
            dumps(text).map_err(|problem| QueryError::value(format!("expected JSON, not `{text}`: {problem}")))?
        }
        Value::List(values) => {
            let all = values.iter().map(text).collect::<Result<Vec<_>, _>>()?;
            format!("[{}]", all.join(", "))
        }
        other => {
            return Err(QueryError::value(format!(
                "`{}` is no JSON\nhint: write it as text",
                super::coerce::shown(other)
            )));
        }
    })
}

/// A number or a text, as SQLite takes it out of JSON; the rest stays JSON.
pub(super) fn scalar(value: &Value) -> Result<Value, QueryError> {
    let text = text(value)?;
    Ok(match serde_json::from_str::<Json>(&text) {
        Ok(Json::Bool(yes)) => Value::Bool(yes),
        Ok(Json::Number(number)) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Value::Int(whole),
            (None, Some(number)) => Value::Float(number),
            (None, None) => Value::Text(text),
        },
        Ok(Json::String(text)) => Value::Text(text),
        Ok(Json::Null) => Value::Null,
        _ => return Err(QueryError::value("a list or an object of JSON has no order in SQLite")),
    })
}

/// Whether a JSON text is one of its three words.
pub(super) fn is_word(text: &str) -> bool {
    matches!(text.trim(), "true" | "false" | "null")
}

/// The path to the last of several keys, each within the one before: a whole number is a place in a list.
pub(crate) fn path(keys: &[String]) -> String {
    let mut path = "$".to_owned();
    keys.iter().for_each(|key| path.push_str(&step(key)));
    path
}

pub(super) fn last_key(key: &str) -> String {
    format!(".{}", quoted(key))
}

fn step(key: &str) -> String {
    place(key).map_or_else(|| last_key(key), |place| format!("[{place}]"))
}

/// A key as a place in a list, where it is one.
pub(crate) fn place(key: &str) -> Option<i64> {
    let bare = key.trim();
    let digits = bare.strip_prefix(['-', '+']).unwrap_or(bare);
    let is_number = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
    if is_number { bare.parse().ok() } else { None }
}

/// A number as the reference writes it.
pub(super) fn float(number: f64) -> String {
    let text = format!("{number:?}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{}e{sign}{digits:0>2}", mantissa.strip_suffix(".0").unwrap_or(mantissa))
}

fn write(value: &Json) -> String {
    match value {
        Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(number) => float(number),
            None => number.to_string(),
        },
        Json::String(text) => quoted(text),
        Json::Array(values) => format!("[{}]", values.iter().map(write).collect::<Vec<_>>().join(", ")),
        Json::Object(pairs) => {
            let pair = |(key, value): (&String, &Json)| format!("{}: {}", quoted(key), write(value));
            format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}

/// A text in quotes; what is not ASCII is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in Json::from(text).to_string().chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
    }
    out
}
