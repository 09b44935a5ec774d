//! The value of a field as the text that a cursor holds: what the reference's language shows for it.

use quintet_core::python;
use quintet_core::schema::Value;

/// A value as `str` of it gives it there.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => python::float_repr(*number),
        Value::DateTime(text) => format!("{text}+00:00"),
        Value::Duration(microseconds) => duration(*microseconds),
        Value::Decimal(text) | Value::Text(text) | Value::Date(text) | Value::Time(text) | Value::Uuid(text) => {
            text.clone()
        }
        Value::Json(text) => text.clone(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::List(values) => {
            let values: Vec<String> = values.iter().map(shown).collect();
            format!("[{}]", values.join(", "))
        }
    }
}

/// `1 day, 2:03:04.000005`.
fn duration(microseconds: i64) -> String {
    const SECOND: i64 = 1_000_000;
    const DAY: i64 = 86_400 * SECOND;
    let (days, rest) = (microseconds.div_euclid(DAY), microseconds.rem_euclid(DAY));
    let (seconds, fraction) = (rest / SECOND, rest % SECOND);
    let mut text = match days {
        0 => String::new(),
        1 | -1 => format!("{days} day, "),
        _ => format!("{days} days, "),
    };
    text += &format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction > 0 {
        text += &format!(".{fraction:06}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_the_reference_shows_them() {
        assert_eq!(shown(&Value::Duration(93_600_000_003)), "1 day, 2:00:00.000003");
        assert_eq!(shown(&Value::Duration(-1_000_000)), "-1 day, 23:59:59");
        assert_eq!(shown(&Value::DateTime("2024-01-01 12:00:00".to_owned())), "2024-01-01 12:00:00+00:00");
        assert_eq!((shown(&Value::Bool(true)), shown(&Value::Null)), ("True".to_owned(), "None".to_owned()));
    }
}
