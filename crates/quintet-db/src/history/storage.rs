//! Values of fields, as code sees them and as each database keeps them.

use quintet_core::schema::{Kind, Value};
use quintet_core::sql::Dialect;

use super::json;
use crate::error::{Error, Result};
use crate::row::noun;

/// A value as a field of a kind takes it, or why it does not.
pub(crate) fn accept(name: &str, kind: &Kind, value: Value) -> Result<Value> {
    let refuse = |wanted: &str| {
        let shown = match &value {
            Value::Text(text) => format!("`{text}`"),
            other => noun(other).to_owned(),
        };
        Err(Error::other(format!("`{name}` takes {wanted}, not {shown}")))
    };
    Ok(match (kind, &value) {
        (_, Value::Null) => value,
        (Kind::Boolean, Value::Bool(_))
        | (Kind::Float, Value::Float(_))
        | (Kind::Date { .. }, Value::Date(_))
        | (Kind::Time { .. }, Value::Time(_))
        | (Kind::Duration, Value::Duration(_))
        | (Kind::Binary { .. }, Value::Bytes(_)) => value,
        (Kind::Float, Value::Int(number)) =>
        {
            #[allow(clippy::cast_precision_loss)]
            Value::Float(*number as f64)
        }
        (Kind::Duration, Value::Int(number)) => Value::Duration(*number),
        (Kind::Decimal { .. }, Value::Decimal(text) | Value::Text(text)) => {
            if !is_decimal(text) {
                return refuse("a decimal number");
            }
            Value::Decimal(text.clone())
        }
        (Kind::Decimal { .. }, Value::Int(number)) => Value::Decimal(number.to_string()),
        (Kind::Date { .. }, Value::Text(text)) if has_shape(text, "0000-00-00") => Value::Date(text.clone()),
        (Kind::Time { .. }, Value::Text(text)) if is_time(text) => Value::Time(text.clone()),
        (Kind::DateTime { .. }, Value::Text(text) | Value::DateTime(text)) => match moment(text) {
            Some(text) => Value::DateTime(text),
            None => return refuse("a moment in UTC, such as `2024-01-31 12:00:00`"),
        },
        (Kind::Uuid, Value::Text(text) | Value::Uuid(text)) => match uuid(text) {
            Some(text) => Value::Uuid(text),
            None => return refuse("a UUID"),
        },
        (Kind::Json, Value::Json(text)) => match json::checked(text) {
            Ok(()) => value,
            Err(problem) => return refuse(&format!("JSON ({problem})")),
        },
        (Kind::Json, Value::Text(text)) => Value::Json(json::text(text)),
        (Kind::Json, Value::Bool(yes)) => Value::Json(yes.to_string()),
        (Kind::Json, Value::Int(number)) => Value::Json(number.to_string()),
        (Kind::Json, Value::Float(number)) if number.is_finite() => Value::Json(json::float(*number)),
        (kind, Value::Int(_)) if is_whole(kind) => value,
        (kind, Value::Text(_)) if is_text(kind) => value,
        (kind, _) => return refuse(wanted(kind)),
    })
}

/// A value as the database keeps it.
pub(crate) fn store(dialect: Dialect, kind: &Kind, value: &Value) -> Value {
    match (dialect, kind, value) {
        (Dialect::Sqlite, Kind::Json, Value::Json(text)) => Value::Json(json::as_reference(text)),
        _ => value.clone(),
    }
}

/// A value as a field has it, out of what the database gave.
pub(crate) fn load(name: &str, kind: &Kind, value: Value) -> Result<Value> {
    Ok(match (kind, value) {
        (_, Value::Null) => Value::Null,
        (Kind::Boolean, Value::Int(number)) => Value::Bool(number != 0),
        (Kind::Date { .. }, Value::Text(text)) => Value::Date(text),
        (Kind::DateTime { .. }, Value::Text(text)) => Value::DateTime(moment(&text).unwrap_or(text)),
        (Kind::Time { .. }, Value::Text(text)) => Value::Time(text),
        (Kind::Duration, Value::Int(number)) => Value::Duration(number),
        (Kind::Json, Value::Text(text)) => Value::Json(text),
        #[allow(clippy::cast_precision_loss)]
        (Kind::Float, Value::Int(number)) => Value::Float(number as f64),
        (Kind::Decimal { decimal_places, .. }, Value::Int(number)) => decimal(&number.to_string(), *decimal_places),
        (Kind::Decimal { decimal_places, .. }, Value::Float(number)) => decimal(&digits(number), *decimal_places),
        (Kind::Decimal { decimal_places, .. }, Value::Text(text)) => decimal(&text, *decimal_places),
        (Kind::Uuid, Value::Text(text)) => {
            let read = uuid(&text);
            Value::Uuid(read.ok_or_else(|| Error::other(format!("`{name}` holds `{text}`, which is no UUID")))?)
        }
        (_, value) => value,
    })
}

fn wanted(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean => "true or false",
        Kind::Float => "a floating-point number",
        Kind::Decimal { .. } => "a decimal number",
        Kind::Date { .. } => "a date, such as `2024-01-31`",
        Kind::Time { .. } => "a time of day, such as `12:00:00`",
        Kind::Duration => "a duration in microseconds",
        Kind::Binary { .. } => "bytes",
        Kind::Json => "JSON",
        kind if is_whole(kind) => "a whole number",
        _ => "text",
    }
}

fn is_text(kind: &Kind) -> bool {
    (kind.empty_strings_allowed() && !matches!(kind, Kind::Binary { .. }))
        || matches!(kind, Kind::GenericIpAddress { .. })
}

pub(crate) fn is_whole(kind: &Kind) -> bool {
    kind.is_auto()
        || matches!(
            kind,
            Kind::SmallInteger
                | Kind::Integer
                | Kind::BigInteger
                | Kind::PositiveSmallInteger
                | Kind::PositiveInteger
                | Kind::PositiveBigInteger
                | Kind::OrderWrt
        )
}

/// Whether a text has digits where the pattern has `0`, and the pattern's signs elsewhere.
fn has_shape(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(c, wanted)| if wanted == b'0' { c.is_ascii_digit() } else { c == wanted })
}

fn is_time(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_fraction = (1..=6).contains(&fraction.len()) && fraction.bytes().all(|c| c.is_ascii_digit());
    has_shape(whole, "00:00:00") && is_fraction
}

/// `2024-01-31T12:00:00Z` and the like, as they are kept.
fn moment(text: &str) -> Option<String> {
    let text = ["Z", "+00:00", "+00"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text);
    let (date, time) = text.split_once([' ', 'T'])?;
    (has_shape(date, "0000-00-00") && is_time(time)).then(|| format!("{date} {time}"))
}

fn uuid(text: &str) -> Option<String> {
    let hex: String = text.chars().filter(|c| *c != '-').collect::<String>().to_lowercase();
    let is_hex = hex.len() == 32 && hex.bytes().all(|c| c.is_ascii_hexdigit());
    is_hex.then(|| format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
    !(whole.is_empty() && fraction.is_empty()) && are_digits(whole) && are_digits(fraction)
}

/// A number with 15 digits that count, which is what the reference takes of it.
fn digits(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let all = mantissa.replace('.', "");
    let point = exponent + 1;
    let text = match usize::try_from(point) {
        Ok(point) if point >= all.len() => format!("{all}{}", "0".repeat(point - all.len())),
        Ok(point) if point > 0 => format!("{}.{}", &all[..point], &all[point..]),
        _ => format!("0.{}{all}", "0".repeat(point.unsigned_abs() as usize)),
    };
    format!("{sign}{text}")
}

/// A decimal number with so many digits after the point; a half goes to the even neighbour.
pub(crate) fn decimal(text: &str, places: Option<u32>) -> Value {
    let Some(places) = places.filter(|_| is_decimal(text)) else { return Value::Decimal(text.to_owned()) };
    let places = places as usize;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(places).collect();
    let rest = fraction.get(places..).unwrap_or_default();
    let mut all: Vec<u8> = whole.bytes().chain(kept.bytes()).collect();
    let is_odd = all.last().is_some_and(|last| last % 2 == 1);
    let (first, others) = (rest.bytes().next().unwrap_or(b'0'), rest.bytes().skip(1).any(|c| c != b'0'));
    if first > b'5' || (first == b'5' && (others || is_odd)) {
        let mut at = all.len();
        loop {
            if at == 0 {
                all.insert(0, b'1');
                break;
            }
            at -= 1;
            if all[at] < b'9' {
                all[at] += 1;
                break;
            }
            all[at] = b'0';
        }
    }
    let all: String = all.into_iter().map(char::from).collect();
    let (whole, fraction) = all.split_at(all.len() - places);
    let point = if places > 0 { "." } else { "" };
    Value::Decimal(format!("{sign}{}{point}{fraction}", if whole.is_empty() { "0" } else { whole }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_number_out_of_sqlite_has_all_its_places() {
        let places =
            |value| load("t.n", &Kind::Decimal { max_digits: Some(8), decimal_places: Some(2) }, value).unwrap();
        for (kept, read) in [
            (Value::Int(10), "10.00"),
            (Value::Float(10.5), "10.50"),
            (Value::Float(0.07), "0.07"),
            (Value::Float(-1234.56), "-1234.56"),
            (Value::Float(2.675), "2.68"),
            (Value::Float(0.125), "0.12"),
            (Value::Float(99.999), "100.00"),
            (Value::Text("+99.999".to_owned()), "100.00"),
        ] {
            assert_eq!(places(kept), Value::Decimal(read.to_owned()));
        }
    }

    #[test]
    fn a_moment_is_kept_without_its_zone() {
        let read =
            accept("t.at", &Kind::DateTime { auto_now: false, auto_now_add: false }, "2024-01-31T12:00:00Z".into());
        assert_eq!(read.unwrap(), Value::DateTime("2024-01-31 12:00:00".to_owned()));
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        let error = accept("api.Note.id", &Kind::BigAuto, "x".into()).expect_err("no number");
        assert_eq!(error.message(), "`api.Note.id` takes a whole number, not `x`");
    }
}
