//! A value in the form of a kind of field, as the reference prepares it.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use super::{json, moment};
use crate::query::error::QueryError;
use crate::schema::Value;
use crate::sql::expression::prepare::plain;
use crate::sql::expression::typed::Type;

/// A value in the form of a type. `digits` count in a decimal number that is made of a floating-point one.
pub(super) fn coerced(of: Option<Type>, digits: Option<u32>, zone: &str, value: &Value) -> Result<Value, QueryError> {
    let Some(of) = of else { return Ok(value.clone()) };
    if *value == Value::Null && of != Type::Json {
        return Ok(Value::Null);
    }
    let found = match of {
        Type::Text => match value {
            Value::List(_) => None,
            value => Some(Value::Text(shown(value))),
        },
        Type::Int => return whole(value),
        Type::Float => float(value).map(Value::Float),
        Type::Decimal => decimal(value, digits).map(Value::Decimal),
        Type::Bool => boolean(value).map(Value::Bool),
        Type::Date => moment::date(value, zone)?,
        Type::DateTime => moment::moment(value, zone)?,
        Type::Time => moment::time(value),
        Type::Duration => moment::duration(value),
        Type::Uuid => uuid(value),
        Type::Json => return json::text(value).map(Value::Json),
        Type::Bytes => matches!(value, Value::Bytes(_)).then(|| value.clone()),
        Type::Ip => address(value),
    };
    found.ok_or_else(|| unfit(of, value))
}

fn unfit(of: Type, value: &Value) -> QueryError {
    let wanted = match of {
        Type::Text => "text",
        Type::Int => "a whole number",
        Type::Float => "a number",
        Type::Decimal => "a decimal number",
        Type::Bool => "true or false",
        Type::Date => "a date, such as `2024-01-31`",
        Type::DateTime => "a moment, such as `2024-01-31 12:00:00+00:00`",
        Type::Time => "a time of day, such as `12:00:00`",
        Type::Duration => "a duration, such as `1 12:00:00`",
        Type::Uuid => "a UUID",
        Type::Json => "JSON",
        Type::Bytes => "bytes",
        Type::Ip => "an address of IPv4 or IPv6",
    };
    QueryError::value(format!("expected {wanted}, not `{}`", shown(value)))
}

/// A value as the reference's language shows it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::DateTime(text) => format!("{text}+00:00"),
        Value::Float(number) => json::float(*number),
        Value::Duration(microseconds) => moment::show_duration(*microseconds),
        value => plain(value),
    }
}

fn whole(value: &Value) -> Result<Value, QueryError> {
    let number = match value {
        // Text is a number only without a fraction; a number loses its own.
        Value::Text(text) => whole_of_plain(text),
        value => super::whole(value, false),
    };
    let Some(number) = number else { return Err(unfit(Type::Int, value)) };
    let fits = i64::try_from(number);
    fits.map(Value::Int).map_err(|_| QueryError::value(format!("`{}` is too large a number", shown(value))))
}

/// The smallest whole number that is no less; of what is no number, one beyond all limits.
pub(super) fn ceiling(number: f64) -> i128 {
    number.ceil() as i128
}

/// A text as a whole number, its fraction cut off.
pub(super) fn whole_of_text(text: &str) -> Option<i128> {
    let text = text.trim();
    let is_number = text.bytes().next().is_some_and(|c| c.is_ascii_digit() || matches!(c, b'-' | b'+' | b'.'));
    if !is_number {
        return None;
    }
    whole_of_plain(text).or_else(|| {
        let plain = plain_decimal(text)?;
        let whole = plain.split('.').next().unwrap_or_default();
        match whole {
            "" | "-" => Some(0),
            // Beyond what any column holds, on one side or on the other.
            whole if whole.len() > 38 => Some(if whole.starts_with('-') { i128::MIN } else { i128::MAX }),
            whole => whole.parse().ok(),
        }
    })
}

/// Digits, with a sign before, underscores between, and blanks around them.
fn whole_of_plain(text: &str) -> Option<i128> {
    let digits = without_underscores(text.trim())?;
    let bare = digits.strip_prefix(['-', '+']).unwrap_or(&digits);
    if bare.is_empty() || !bare.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    if bare.trim_start_matches('0').len() > 38 {
        return Some(if digits.starts_with('-') { i128::MIN } else { i128::MAX });
    }
    digits.parse().ok()
}

/// An underscore may stand between two digits.
fn without_underscores(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('_') {
        return Some(text.into());
    }
    let bytes = text.as_bytes();
    let stands_right =
        |at: usize| at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    let all_right = (0..bytes.len()).filter(|at| bytes[*at] == b'_').all(stands_right);
    all_right.then(|| text.replace('_', "").into())
}

fn float(value: &Value) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    match value {
        Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Decimal(text) | Value::Text(text) => without_underscores(text.trim())?.parse().ok(),
        _ => None,
    }
}

fn decimal(value: &Value, digits: Option<u32>) -> Option<String> {
    match value {
        Value::Bool(yes) => Some(u8::from(*yes).to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) if number.is_finite() => {
            // So many digits as the field has, or as the reference's language takes by itself.
            let digits = digits.unwrap_or(28).max(1) as usize;
            let short = exact(*number);
            let counted = short.bytes().filter(u8::is_ascii_digit).count();
            if counted <= digits { Some(short) } else { plain_decimal(&format!("{number:.*e}", digits - 1)) }
        }
        // Here underscores may stand anywhere.
        Value::Decimal(text) | Value::Text(text) => plain_decimal(&text.trim().replace('_', "")),
        _ => None,
    }
}

/// A floating-point number with all the digits that it has.
fn exact(number: f64) -> String {
    let text = format!("{number:.1074}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `1.23E-8` without its exponent.
fn plain_decimal(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.abs() <= 10_000)?;
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let plain = match usize::try_from(point) {
        Ok(point) if point >= all.len() => format!("{all}{}", "0".repeat(point - all.len())),
        Ok(point) => format!("{}.{}", &all[..point], &all[point..]),
        Err(_) => format!("0.{}{all}", "0".repeat(point.unsigned_abs() as usize)),
    };
    let trimmed = plain.trim_start_matches('0').trim_end_matches('.');
    let zero = if trimmed.is_empty() || trimmed.starts_with('.') { "0" } else { "" };
    Some(format!("{sign}{zero}{trimmed}"))
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(yes) => Some(*yes),
        Value::Int(number @ (0 | 1)) => Some(*number == 1),
        Value::Float(number) if *number == 0.0 || *number == 1.0 => Some(*number == 1.0),
        Value::Text(text) => match text.as_str() {
            "t" | "True" | "1" => Some(true),
            "f" | "False" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn uuid(value: &Value) -> Option<Value> {
    let hex = match value {
        Value::Bool(yes) => format!("{:032x}", u8::from(*yes)),
        Value::Int(number) => format!("{:032x}", u128::try_from(*number).ok()?),
        Value::Text(text) | Value::Uuid(text) => {
            let text = text.replace("urn:", "").replace("uuid:", "");
            text.trim_matches(['{', '}']).replace('-', "").to_lowercase()
        }
        _ => return None,
    };
    let is_hex = hex.len() == 32 && hex.bytes().all(|c| c.is_ascii_hexdigit());
    is_hex
        .then(|| Value::Uuid(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])))
}

/// An address of IPv6 in its shortest form; an empty text is null. What is no address is left to the database.
fn address(value: &Value) -> Option<Value> {
    let Value::Text(text) = value else { return None };
    if text.is_empty() {
        return Some(Value::Null);
    }
    let address: Option<Ipv6Addr> = text.trim().parse().ok();
    Some(Value::Text(match address.map(|address| (address, address.to_ipv4_mapped())) {
        Some((_, Some(mapped))) => format!("::ffff:{mapped}"),
        Some((address, None)) => address.to_string(),
        None => text.clone(),
    }))
}
