//! Values as the reference's texts show them.

use chrono::{NaiveDateTime, Timelike};

use crate::python::float_repr;
use crate::schema::Value;

/// A text with its places filled: `%(limit_value)s`.
pub fn filled(text: &str, values: &[(&str, String)]) -> String {
    let mut text = text.to_owned();
    for (name, value) in values {
        for letter in ['s', 'd', 'r'] {
            text = text.replace(&format!("%({name}){letter}"), value);
        }
    }
    text
}

/// A value as people read it.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(yes) => (if *yes { "True" } else { "False" }).to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => float_repr(*number),
        Value::Decimal(text) | Value::Text(text) | Value::Date(text) | Value::Time(text) => text.clone(),
        Value::DateTime(text) => moment(text),
        Value::Uuid(text) | Value::Json(text) => text.clone(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Duration(microseconds) => duration(*microseconds),
        Value::List(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
    }
}

/// `2024-01-31 12:00:00+00:00`
fn moment(text: &str) -> String {
    match NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f") {
        Ok(moment) if moment.nanosecond() > 0 => moment.format("%Y-%m-%d %H:%M:%S%.6f+00:00").to_string(),
        Ok(moment) => moment.format("%Y-%m-%d %H:%M:%S+00:00").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// `1 day, 2:03:04.500000`
fn duration(microseconds: i64) -> String {
    const DAY: i64 = 86_400_000_000;
    let (days, rest) = (microseconds.div_euclid(DAY), microseconds.rem_euclid(DAY));
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let before = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day, "),
        _ => format!("{days} days, "),
    };
    let behind = if fraction == 0 { String::new() } else { format!(".{fraction:06}") };
    format!("{before}{}:{:02}:{:02}{behind}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_shown_in_days_and_a_time() {
        let shown = |microseconds| shown(&Value::Duration(microseconds));
        assert_eq!(shown(86_400_000_000), "1 day, 0:00:00");
        assert_eq!(shown(-1), "-1 day, 23:59:59.999999");
        assert_eq!(shown(2 * 86_400_000_000 + 3_723_000_000), "2 days, 1:02:03");
    }
}
