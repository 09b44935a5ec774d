//! A value that is only looked at: of a validated input, of a row, or of a cell as the driver has it.

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
        *self == Self::Null
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
