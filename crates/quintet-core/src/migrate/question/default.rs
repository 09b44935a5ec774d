//! The value that a person types for rows that there are: a Rust literal, or one of a few calls.
//!
//! `7`, `-1.5`, `true`, `"text"`, `b"bytes"`, `date(2024, 1, 31)`, `time(12, 0)`, `datetime(2024, 1, 31, 12, 0)` in UTC,
//! `duration(90.5)` in seconds, `decimal("10.50")`, `uuid("..")`, `json("{}")`, and the functions that the caller knows.

mod literal;

use crate::schema::{Field, Function, Initial, Kind, Value};
use literal::{Call, Literal, read};

/// What a text stands for as the default of a field, or what is wrong with it.
pub fn parse_default(text: &str, field: &Field, functions: &[(&str, Function)]) -> Result<Initial, String> {
    let text = text.trim();
    let without_call = |name: &str| name.trim_end_matches("()").to_owned();
    if let Some((_, function)) = functions.iter().find(|(name, _)| without_call(name) == without_call(text)) {
        return Ok(Initial::Function(function.clone()));
    }
    let value = match read(text)? {
        Literal::Value(Value::Null) => return Err("a value is needed: the column does not take null".to_owned()),
        Literal::Value(value) => value,
        Literal::Call(call) => called(&call)?,
    };
    let fitted = fit(&value, &field.kind)
        .ok_or_else(|| format!("`{text}` is no value of a {}\nhint: {}", field.kind.class(), example(&field.kind)))?;
    check_length(&fitted, &field.kind)?;
    Ok(Initial::Value(fitted))
}

/// The value that a call makes.
fn called(call: &Call) -> Result<Value, String> {
    let wrong = |how: &str| Err(format!("`{}` is called as `{how}`", call.name));
    match (call.name.as_str(), call.arguments.as_slice()) {
        ("date", arguments) => match whole(arguments).as_deref() {
            Some([year, month, day]) => Ok(Value::Date(date(*year, *month, *day)?)),
            _ => wrong("date(2024, 1, 31)"),
        },
        ("time", arguments) => match whole(arguments).as_deref() {
            Some(parts) if (2..=4).contains(&parts.len()) => Ok(Value::Time(time(parts)?)),
            _ => wrong("time(12, 30, 0)"),
        },
        ("datetime", arguments) => match whole(arguments).as_deref() {
            Some([year, month, day, rest @ ..]) if (2..=4).contains(&rest.len()) => {
                Ok(Value::DateTime(format!("{} {}", date(*year, *month, *day)?, time(rest)?)))
            }
            _ => wrong("datetime(2024, 1, 31, 12, 30, 0)"),
        },
        ("duration", [Value::Int(seconds)]) => {
            seconds.checked_mul(1_000_000).map(Value::Duration).ok_or_else(|| "that duration is too long".to_owned())
        }
        ("duration", [Value::Float(seconds)]) => {
            let micros = (seconds * 1e6).round();
            // Whole numbers of this size are exact as floats, and nobody waits longer.
            if micros.abs() < 9e15 {
                Ok(Value::Duration(micros as i64))
            } else {
                Err("that duration is too long".to_owned())
            }
        }
        ("decimal", [Value::Text(text)]) if is_decimal(text) => Ok(Value::Decimal(text.clone())),
        ("uuid", [Value::Text(text)]) => {
            uuid(text).map_or_else(|| wrong("uuid(\"00000000-0000-0000-0000-000000000000\")"), Ok)
        }
        ("json", [Value::Text(text)]) => {
            if literal::is_json(text) {
                Ok(Value::Json(text.clone()))
            } else {
                Err(format!("`{text}` is not JSON"))
            }
        }
        ("duration", _) => wrong("duration(90.5)"),
        ("decimal", _) => wrong("decimal(\"10.50\")"),
        ("uuid", _) => wrong("uuid(\"00000000-0000-0000-0000-000000000000\")"),
        ("json", _) => wrong("json(\"{}\")"),
        (name, _) => Err(format!("there is no function `{name}` here")),
    }
}

fn whole(arguments: &[Value]) -> Option<Vec<i64>> {
    arguments.iter().map(|value| if let Value::Int(number) = value { Some(*number) } else { None }).collect()
}

fn date(year: i64, month: i64, day: i64) -> Result<String, String> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if (1..=9999).contains(&year) && (1..=days).contains(&day) {
        return Ok(format!("{year:04}-{month:02}-{day:02}"));
    }
    Err(format!("there is no date {year}-{month}-{day}"))
}

fn time(parts: &[i64]) -> Result<String, String> {
    let part = |at: usize| parts.get(at).copied().unwrap_or(0);
    let (hour, minute, second, micro) = (part(0), part(1), part(2), part(3));
    let fits = |value: i64, end: i64| (0..end).contains(&value);
    if !(fits(hour, 24) && fits(minute, 60) && fits(second, 60) && fits(micro, 1_000_000)) {
        return Err(format!("there is no time {hour}:{minute}:{second}"));
    }
    let rest = if micro == 0 { String::new() } else { format!(".{micro:06}") };
    Ok(format!("{hour:02}:{minute:02}:{second:02}{rest}"))
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, places].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

fn uuid(text: &str) -> Option<Value> {
    let digits: String = text.chars().filter(|c| *c != '-').collect::<String>().to_ascii_lowercase();
    if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Some(Value::Uuid(parts.join("-")))
}

/// The value as one of a field of this kind.
fn fit(value: &Value, kind: &Kind) -> Option<Value> {
    let negative = matches!(value, Value::Int(number) if *number < 0);
    let same = match kind {
        Kind::PositiveSmallInteger | Kind::PositiveInteger | Kind::PositiveBigInteger if negative => false,
        Kind::ForeignKey(_) | Kind::OneToOne(_) => matches!(value, Value::Int(_) | Value::Text(_) | Value::Uuid(_)),
        Kind::SmallAuto | Kind::SmallInteger | Kind::PositiveSmallInteger => in_bits(value, 16),
        Kind::Auto | Kind::Integer | Kind::PositiveInteger | Kind::OrderWrt => in_bits(value, 32),
        Kind::BigAuto | Kind::BigInteger | Kind::PositiveBigInteger => in_bits(value, 64),
        Kind::Float => matches!(value, Value::Float(_)),
        Kind::Boolean => matches!(value, Value::Bool(_)),
        Kind::Decimal { .. } => matches!(value, Value::Decimal(_)),
        Kind::Date { .. } => matches!(value, Value::Date(_)),
        Kind::DateTime { .. } => matches!(value, Value::DateTime(_)),
        Kind::Time { .. } => matches!(value, Value::Time(_)),
        Kind::Duration => matches!(value, Value::Duration(_)),
        Kind::Uuid => matches!(value, Value::Uuid(_)),
        Kind::Json => matches!(value, Value::Json(_)),
        Kind::Binary { .. } => matches!(value, Value::Bytes(_)),
        Kind::Generated { .. } | Kind::CompositePrimaryKey { .. } | Kind::ManyToMany(_) => false,
        _ => matches!(value, Value::Text(_)),
    };
    match (kind, value) {
        _ if same => Some(value.clone()),
        (Kind::Float, Value::Int(number)) => Some(Value::Float(*number as f64)),
        (Kind::Decimal { .. }, Value::Int(number)) => Some(Value::Decimal(number.to_string())),
        (Kind::Decimal { .. }, Value::Float(number)) => Some(Value::Decimal(number.to_string())),
        (Kind::Uuid, Value::Text(text)) => uuid(text),
        (Kind::Json, Value::Bool(_) | Value::Int(_) | Value::Float(_)) => literal::json_of(value),
        _ => None,
    }
}

fn in_bits(value: &Value, bits: u32) -> bool {
    matches!(value, Value::Int(number) if bits == 64 || number.unsigned_abs() < (1 << (bits - 1)))
}

fn check_length(value: &Value, kind: &Kind) -> Result<(), String> {
    let most = match kind {
        Kind::Char { max_length }
        | Kind::Slug { max_length, .. }
        | Kind::Email { max_length }
        | Kind::Url { max_length }
        | Kind::File { max_length, .. }
        | Kind::Image { max_length, .. }
        | Kind::FilePath { max_length, .. } => *max_length,
        _ => None,
    };
    match (value, most) {
        (Value::Text(text), Some(most)) if text.chars().count() > most as usize => {
            Err(format!("the column takes {most} characters, and these are {}", text.chars().count()))
        }
        _ => Ok(()),
    }
}

fn example(kind: &Kind) -> &'static str {
    match kind {
        Kind::ForeignKey(_) | Kind::OneToOne(_) => "write the key of the row that is meant, as `1`",
        Kind::Float => "write a number, as `1.5`",
        Kind::Boolean => "write `true` or `false`",
        Kind::Decimal { .. } => "write `decimal(\"10.50\")`",
        Kind::Date { .. } => "write `date(2024, 1, 31)`",
        Kind::DateTime { .. } => "write `datetime(2024, 1, 31, 12, 30, 0)` or `now()`",
        Kind::Time { .. } => "write `time(12, 30, 0)`",
        Kind::Duration => "write the seconds, as `duration(90.5)`",
        Kind::Uuid => "write `uuid(\"..\")` or `uuid4()`",
        Kind::Json => "write `json(\"{}\")`",
        Kind::Binary { .. } => "write `b\"..\"`",
        kind if is_whole(kind) => "write a whole number that the column can hold, as `7`",
        _ => "write a text in quotes, as `\"none\"`",
    }
}

fn is_whole(kind: &Kind) -> bool {
    kind.class().contains("Integer") || kind.is_auto()
}
