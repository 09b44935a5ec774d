//! A row that a database gave: columns by name, and their values.

use std::sync::Arc;

use quintet_core::schema::Value;

use crate::error::{Error, Result};

/// A row. SQLite gives numbers, text and bytes, whatever the column was declared as; PostgreSQL gives all kinds of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    /// A row out of its columns' names and its values, in the same order.
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// The names of its columns, in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Its values, in order.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Its values, in order, taken out.
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// A column's value.
    pub fn value(&self, column: &str) -> Result<&Value> {
        let at = self.columns.iter().position(|own| own == column);
        at.and_then(|at| self.values.get(at)).ok_or_else(|| {
            Error::other(format!("the row has no column `{column}`, only `{}`", self.columns.join("`, `")))
        })
    }

    /// A column's text. Everything that is kept as text is text: a date, a number with decimals, JSON.
    pub fn text(&self, column: &str) -> Result<&str> {
        match self.value(column)? {
            Value::Text(text)
            | Value::Decimal(text)
            | Value::Date(text)
            | Value::DateTime(text)
            | Value::Time(text)
            | Value::Uuid(text)
            | Value::Json(text) => Ok(text),
            other => Err(unfit(column, "text", other)),
        }
    }

    /// The same, where null is nothing.
    pub fn optional_text(&self, column: &str) -> Result<Option<&str>> {
        if self.is_null(column)? { Ok(None) } else { self.text(column).map(Some) }
    }

    /// A column's whole number.
    pub fn int(&self, column: &str) -> Result<i64> {
        match self.value(column)? {
            Value::Int(number) | Value::Duration(number) => Ok(*number),
            Value::Bool(yes) => Ok((*yes).into()),
            other => Err(unfit(column, "a whole number", other)),
        }
    }

    /// A column's number.
    pub fn float(&self, column: &str) -> Result<f64> {
        match self.value(column)? {
            Value::Float(number) => Ok(*number),
            #[allow(clippy::cast_precision_loss)]
            Value::Int(number) => Ok(*number as f64),
            other => Err(unfit(column, "a number", other)),
        }
    }

    /// A column's truth; SQLite keeps 0 and 1.
    pub fn bool(&self, column: &str) -> Result<bool> {
        match self.value(column)? {
            Value::Bool(yes) => Ok(*yes),
            Value::Int(number @ (0 | 1)) => Ok(*number == 1),
            other => Err(unfit(column, "true or false", other)),
        }
    }

    /// A column's bytes.
    pub fn bytes(&self, column: &str) -> Result<&[u8]> {
        match self.value(column)? {
            Value::Bytes(bytes) => Ok(bytes),
            other => Err(unfit(column, "bytes", other)),
        }
    }

    /// Whether a column is null.
    pub fn is_null(&self, column: &str) -> Result<bool> {
        Ok(*self.value(column)? == Value::Null)
    }
}

fn unfit(column: &str, wanted: &str, found: &Value) -> Error {
    Error::other(format!("the column `{column}` holds {}, not {wanted}", noun(found)))
}

/// What a value is, in words.
pub(crate) fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Int(_) => "a whole number",
        Value::Float(_) => "a floating-point number",
        Value::Decimal(_) => "a decimal number",
        Value::Text(_) => "text",
        Value::Bytes(_) => "bytes",
        Value::Date(_) => "a date",
        Value::DateTime(_) => "a moment",
        Value::Time(_) => "a time of day",
        Value::Duration(_) => "a duration",
        Value::Uuid(_) => "a UUID",
        Value::Json(_) => "JSON",
        Value::List(_) => "a list",
    }
}
