//! A value that is only looked at: of a validated input, of a row, or of a cell as the driver has it.

use super::Datum;
use crate::schema::Value;

/// A borrowed value. Dates and times are numbers; text where a database keeps them so: the kind of field that writes a
/// value decides what it means.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A decimal number.
    Decimal(&'a str),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Days since 1970.
    Date(i32),
    /// Microseconds since midnight.
    Time(i64),
    /// Microseconds since 1970 in UTC.
    DateTime(i64),
    /// Microseconds.
    Duration(i64),
    /// A UUID.
    Uuid(u128),
    /// A JSON text.
    Json(&'a str),
    /// Several.
    List(Vec<ValueRef<'a>>),
}

impl ValueRef<'_> {
    /// Whether it is nothing.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The same as a value of its own.
    pub(super) fn to_datum(&self) -> Datum {
        use super::write::{moment_text, time_text};
        Datum::Value(match self {
            Self::Null => Value::Null,
            Self::Bool(yes) => Value::Bool(*yes),
            Self::Int(number) => Value::Int(*number),
            Self::Float(number) => Value::Float(*number),
            Self::Decimal(text) => Value::Decimal((*text).to_owned()),
            Self::Text(text) => Value::Text((*text).to_owned()),
            Self::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
            Self::Date(days) => {
                Value::Date(super::calendar::date_of(*days).map_or_else(String::new, |date| date.to_string()))
            }
            Self::Time(microseconds) => Value::Time(time_text(*microseconds)),
            Self::DateTime(microseconds) => {
                let text = moment_text(*microseconds, chrono_tz::Tz::UTC, ' ').unwrap_or_default();
                Value::DateTime(text.trim_end_matches("+00:00").to_owned())
            }
            Self::Duration(microseconds) => Value::Duration(*microseconds),
            Self::Uuid(number) => Value::Uuid(uuid::Uuid::from_u128(*number).to_string()),
            Self::Json(text) => Value::Json((*text).to_owned()),
            Self::List(values) => return Datum::List(values.iter().map(Self::to_datum).collect()),
        })
    }
}

impl<'a> From<&'a Value> for ValueRef<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(yes) => Self::Bool(*yes),
            Value::Int(number) => Self::Int(*number),
            Value::Float(number) => Self::Float(*number),
            Value::Decimal(text) => Self::Decimal(text),
            Value::Text(text) => Self::Text(text),
            Value::Bytes(bytes) => Self::Bytes(bytes),
            Value::Date(text) => super::calendar::days(text).map_or(Self::Text(text), Self::Date),
            Value::Time(text) => super::calendar::time(text).map_or(Self::Text(text), Self::Time),
            Value::DateTime(text) => super::calendar::moment(text).map_or(Self::Text(text), Self::DateTime),
            Value::Duration(microseconds) => Self::Duration(*microseconds),
            Value::Uuid(text) => super::calendar::uuid(text).map_or(Self::Text(text), Self::Uuid),
            Value::Json(text) => Self::Json(text),
            Value::List(values) => Self::List(values.iter().map(Self::from).collect()),
        }
    }
}
