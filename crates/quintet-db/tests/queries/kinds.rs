//! What a database gives, as a value of the kind that a column has: SQLite knows numbers, texts and bytes alone, and
//! PostgreSQL gives exact numbers for parts of dates and averages.

use quintet_core::schema::{Kind, Value};

/// The value that a cell is.
pub(crate) fn loaded(kind: Option<&Kind>, cell: Value) -> Result<Value, String> {
    let Some(kind) = kind else { return Ok(cell) };
    Ok(match (kind, cell) {
        (_, Value::Null) => Value::Null,
        (Kind::Boolean, Value::Int(number @ (0 | 1))) => Value::Bool(number == 1),
        (Kind::Decimal { decimal_places, .. }, cell @ (Value::Int(_) | Value::Float(_) | Value::Text(_))) => {
            Value::Decimal(decimal(&cell, *decimal_places))
        }
        #[allow(clippy::cast_precision_loss)]
        (Kind::Float, Value::Int(number)) => Value::Float(number as f64),
        (Kind::Float, Value::Decimal(text)) => Value::Float(text.parse().map_err(|_| text)?),
        (Kind::Date { .. }, Value::Text(text)) => Value::Date(text.get(..10).unwrap_or(&text).to_owned()),
        (Kind::DateTime { .. }, Value::Text(text)) if text.len() == 10 => Value::DateTime(text + " 00:00:00"),
        (Kind::DateTime { .. }, Value::Text(text)) => Value::DateTime(fraction(text)),
        (Kind::Time { .. }, Value::Text(text)) => Value::Time(fraction(text)),
        #[allow(clippy::cast_possible_truncation)]
        (Kind::Duration, Value::Float(number)) => Value::Duration(number.round() as i64),
        (Kind::Integer | Kind::BigInteger | Kind::SmallInteger, Value::Decimal(text)) => {
            Value::Int(text.split('.').next().unwrap_or(&text).parse().map_err(|_| text.clone())?)
        }
        #[allow(clippy::cast_possible_truncation)]
        (Kind::Integer | Kind::BigInteger | Kind::SmallInteger | Kind::PositiveInteger, Value::Float(number)) => {
            Value::Int(number as i64)
        }
        (Kind::Duration, Value::Int(number)) => Value::Duration(number),
        (Kind::Uuid, Value::Text(text)) => Value::Uuid(hyphenated(&text)),
        // A text at the end of a path is not written as JSON.
        (Kind::Json, Value::Text(text)) if serde_json::from_str::<serde_json::Value>(&text).is_err() => {
            Value::Json(serde_json::Value::String(text).to_string())
        }
        (Kind::Json, Value::Text(text)) => Value::Json(text),
        (_, cell) => cell,
    })
}

/// A decimal number with the digits of its field; of what is computed, with the fifteen digits that mean something.
fn decimal(cell: &Value, places: Option<u32>) -> String {
    let number = match cell {
        Value::Int(number) => number.to_string(),
        Value::Float(number) => fifteen(*number),
        Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    match (places, number.parse::<f64>()) {
        (Some(places), Ok(_)) => padded(&number, places as usize),
        _ => number,
    }
}

fn fifteen(number: f64) -> String {
    // A binary number with more digits is cut, and then all fifteen stand there.
    let exact = format!("{number:.1074}");
    let exact = exact.trim_end_matches('0').trim_end_matches('.');
    let digits = exact.trim_start_matches(['-', '0', '.']).chars().filter(char::is_ascii_digit).count();
    if digits <= 15 {
        return exact.to_owned();
    }
    let text = format!("{number:.14e}");
    let exponent = text.split_once('e').map_or("0", |(_, exponent)| exponent);
    let places = usize::try_from((14 - exponent.parse::<i32>().unwrap_or(0)).max(0)).unwrap_or(0);
    format!("{number:.places$}")
}

/// With so many digits behind the point; what is in the middle goes to the even digit.
fn padded(number: &str, places: usize) -> String {
    let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
    if rest.len() > places {
        let places = u32::try_from(places).unwrap_or_default();
        return number
            .parse::<rust_decimal::Decimal>()
            .map_or_else(|_| number.to_owned(), |it| it.round_dp(places).to_string());
    }
    if places == 0 { whole.to_owned() } else { format!("{whole}.{rest:0<places$}") }
}

/// Six digits behind the seconds, or none.
fn fraction(text: String) -> String {
    match text.split_once('.') {
        None => text,
        Some((whole, digits)) if digits.bytes().all(|digit| digit == b'0') => whole.to_owned(),
        Some((whole, digits)) => format!("{whole}.{digits:0<6}"),
    }
}

fn hyphenated(digits: &str) -> String {
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| digits.get(part).unwrap_or_default());
    parts.join("-")
}
