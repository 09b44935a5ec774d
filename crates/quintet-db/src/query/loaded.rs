//! What a database gives, as a value of the kind that a column has: SQLite knows numbers, texts and bytes alone, and
//! PostgreSQL gives exact numbers for parts of dates and averages.

use quintet_core::schema::{Kind, Value};

use crate::rows::Cell;

/// The value that a cell is, for rows whose types are known at run time only. What does not fit its kind stays as it came.
pub fn loaded(cell: Cell, kind: Option<&Kind>) -> Value {
    let Some(kind) = kind else { return cell.into() };
    match (kind, Value::from(cell)) {
        (_, Value::Null) => Value::Null,
        (Kind::Boolean, Value::Int(number @ (0 | 1))) => Value::Bool(number == 1),
        (Kind::Decimal { decimal_places, .. }, value @ (Value::Int(_) | Value::Float(_) | Value::Text(_))) => {
            decimal(value, *decimal_places)
        }
        #[allow(clippy::cast_precision_loss, reason = "a floating-point number was asked for")]
        (Kind::Float, Value::Int(number)) => Value::Float(number as f64),
        (Kind::Float, Value::Decimal(text)) => text.parse().map_or(Value::Decimal(text), Value::Float),
        (Kind::Date { .. }, Value::Text(text)) => Value::Date(text.get(..10).unwrap_or(&text).to_owned()),
        (Kind::DateTime { .. }, Value::Text(text)) if text.len() == 10 => Value::DateTime(text + " 00:00:00"),
        (Kind::DateTime { .. }, Value::Text(text)) => Value::DateTime(fraction(text)),
        (Kind::Time { .. }, Value::Text(text)) => Value::Time(fraction(text)),
        #[allow(clippy::cast_possible_truncation, reason = "of microseconds, the part of one is dropped")]
        (Kind::Duration, Value::Float(number)) => Value::Duration(number.round() as i64),
        (Kind::Duration, Value::Int(number)) => Value::Duration(number),
        (kind, Value::Decimal(text)) if is_whole(kind) => whole(text),
        #[allow(clippy::cast_possible_truncation, reason = "a whole number was asked for")]
        (kind, Value::Float(number)) if is_whole(kind) => Value::Int(number as i64),
        (Kind::Uuid, Value::Text(text)) => uuid::Uuid::parse_str(&text).map_or(Value::Text(text), Value::from),
        // A text at the end of a path is not written as JSON.
        (Kind::Json, Value::Text(text)) if serde_json::from_str::<serde_json::Value>(&text).is_err() => {
            Value::Json(serde_json::Value::String(text).to_string())
        }
        (Kind::Json, Value::Text(text)) => Value::Json(text),
        (_, value) => value,
    }
}

fn is_whole(kind: &Kind) -> bool {
    matches!(kind, Kind::Integer | Kind::BigInteger | Kind::SmallInteger | Kind::PositiveInteger)
}

fn whole(text: String) -> Value {
    let number = text.split('.').next().and_then(|whole| whole.parse().ok());
    number.map_or(Value::Decimal(text), Value::Int)
}

/// A decimal number with the digits of its field; of what is computed, with the fifteen digits that mean something.
fn decimal(value: Value, places: Option<u32>) -> Value {
    let number = match value {
        Value::Int(number) => number.to_string(),
        Value::Float(number) => fifteen(number),
        Value::Text(text) => text,
        other => return other,
    };
    Value::Decimal(match (places, number.parse::<f64>()) {
        (Some(places), Ok(_)) => padded(&number, places as usize),
        _ => number,
    })
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
        let exact = number.parse::<rust_decimal::Decimal>();
        return exact.map_or_else(|_| number.to_owned(), |it| it.round_dp(places).to_string());
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
