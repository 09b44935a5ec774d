//! Values in the form that a field compares and keeps them in, as the reference prepares them.

use crate::schema::{Kind, Value};
use crate::sql::literal::literal;
use crate::sql::place::Column;
use crate::sql::{Dialect, default};

/// The kind that decides how values are written: that of the column which a foreign key refers to.
pub(super) fn kind_of(column: &Column<'_>) -> Result<Kind, String> {
    Ok(match (column.referred()?, &column.field.kind) {
        (Some(referred), _) => referred.key_kind()?,
        (None, Kind::Generated { output, .. }) => output.kind.clone(),
        (None, kind) => kind.clone(),
    })
}

/// A value as text, in the form of a kind.
pub(super) fn literal_for(dialect: Dialect, kind: &Kind, value: &Value) -> String {
    let sql = literal(dialect, &prepared(kind, value));
    match (dialect, kind) {
        (Dialect::Postgres, Kind::GenericIpAddress { .. }) if *value != Value::Null => format!("{sql}::inet"),
        _ => sql,
    }
}

/// A value in the form of a kind.
pub(super) fn prepared(kind: &Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Json, Value::Json(_)) => value.clone(),
        (Kind::Json, _) => Value::Json(default::json(value)),
        (_, Value::Null) => Value::Null,
        (Kind::Boolean, Value::Int(number)) => Value::Bool(*number != 0),
        (Kind::Boolean, Value::Text(text)) => match text.as_str() {
            "t" | "True" | "1" => Value::Bool(true),
            "f" | "False" | "0" => Value::Bool(false),
            _ => value.clone(),
        },
        (Kind::Float, Value::Int(number)) => Value::Float(*number as f64),
        (Kind::Float, Value::Decimal(text) | Value::Text(text)) => {
            text.parse().map_or_else(|_| value.clone(), Value::Float)
        }
        (Kind::Decimal { .. }, Value::Int(number)) => Value::Decimal(number.to_string()),
        (Kind::Decimal { .. }, Value::Float(number)) => Value::Decimal(number.to_string()),
        (Kind::Decimal { .. }, Value::Text(text)) => Value::Decimal(text.clone()),
        (Kind::Uuid, Value::Text(text)) => Value::Uuid(text.clone()),
        (Kind::Date { .. }, Value::Text(text)) => Value::Date(text.clone()),
        (Kind::Date { .. }, Value::DateTime(text)) => Value::Date(text.chars().take(10).collect()),
        (Kind::DateTime { .. }, Value::Text(text)) => Value::DateTime(text.clone()),
        (Kind::DateTime { .. }, Value::Date(text)) => Value::DateTime(format!("{text} 00:00:00")),
        (Kind::Time { .. }, Value::Text(text)) => Value::Time(text.clone()),
        _ if is_text(kind) => Value::Text(plain(value)),
        _ if is_whole(kind) => whole(value),
        _ => value.clone(),
    }
}

/// A value as people write it, without quotes.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int(number) | Value::Duration(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Decimal(text)
        | Value::Text(text)
        | Value::Date(text)
        | Value::DateTime(text)
        | Value::Time(text)
        | Value::Uuid(text)
        | Value::Json(text) => text.clone(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::List(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
    }
}

fn is_text(kind: &Kind) -> bool {
    kind.empty_strings_allowed() && !matches!(kind, Kind::Binary { .. })
}

/// Whether a kind holds whole numbers.
pub(crate) fn is_whole(kind: &Kind) -> bool {
    super::typed::of_kind(kind) == Some(super::Type::Int)
}

/// A number without its fraction.
fn whole(value: &Value) -> Value {
    match value {
        Value::Bool(yes) => Value::Int(i64::from(*yes)),
        Value::Float(number) => Value::Int(*number as i64),
        Value::Text(text) | Value::Decimal(text) => {
            text.split('.').next().and_then(|text| text.parse().ok()).map_or_else(|| value.clone(), Value::Int)
        }
        _ => value.clone(),
    }
}
