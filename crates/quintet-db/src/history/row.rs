//! A row of a historical model: values by name, and which of them were changed.

use std::sync::Arc;

use quintet_core::schema::Value;

use super::columns::Column;
use super::storage;
use crate::error::{Error, Result};
use crate::row::noun;

/// What all rows of a model share.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) label: String,
    pub(super) columns: Vec<Column>,
    pub(super) key: Vec<usize>,
    /// Fields that a parent's table has, with the parent's label.
    pub(super) inherited: Vec<(String, String)>,
}

/// A row of a historical model.
#[derive(Clone, Debug)]
pub struct HistoricalRow {
    pub(super) shape: Arc<Shape>,
    pub(super) values: Vec<Value>,
    pub(super) changed: Vec<bool>,
}

impl HistoricalRow {
    /// A field's value. A key has two names: `author` and `author_id`; the primary key is `pk` too.
    pub fn get(&self, name: &str) -> Result<&Value> {
        let at = self.shape.place(name)?;
        Ok(&self.values[at])
    }

    /// The primary key's value; a list where it has several columns.
    pub fn pk(&self) -> Value {
        let mut values: Vec<Value> = self.key();
        if values.len() == 1 { values.remove(0) } else { Value::List(values) }
    }

    /// A field's text; that of a date, a UUID or a decimal number too.
    pub fn text(&self, name: &str) -> Result<&str> {
        match self.get(name)? {
            Value::Text(text)
            | Value::Decimal(text)
            | Value::Date(text)
            | Value::DateTime(text)
            | Value::Time(text)
            | Value::Uuid(text)
            | Value::Json(text) => Ok(text),
            other => Err(self.unfit(name, "text", other)),
        }
    }

    /// A field's whole number; that of a key, or microseconds of a duration, too.
    pub fn int(&self, name: &str) -> Result<i64> {
        match self.get(name)? {
            Value::Int(number) | Value::Duration(number) => Ok(*number),
            other => Err(self.unfit(name, "a whole number", other)),
        }
    }

    /// A field's number.
    pub fn float(&self, name: &str) -> Result<f64> {
        match self.get(name)? {
            Value::Float(number) => Ok(*number),
            #[allow(clippy::cast_precision_loss)]
            Value::Int(number) => Ok(*number as f64),
            other => Err(self.unfit(name, "a number", other)),
        }
    }

    /// Whether a field is true.
    pub fn bool(&self, name: &str) -> Result<bool> {
        match self.get(name)? {
            Value::Bool(yes) => Ok(*yes),
            other => Err(self.unfit(name, "true or false", other)),
        }
    }

    /// Whether a field is null.
    pub fn is_null(&self, name: &str) -> Result<bool> {
        Ok(*self.get(name)? == Value::Null)
    }

    /// Changes a field; saving writes it.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) -> Result<()> {
        let at = self.shape.place(name)?;
        if self.shape.key.contains(&at) {
            return Err(Error::other(format!(
                "`{}.{name}` is the primary key of a row that there is",
                self.shape.label
            ))
            .with_hint("create another row, then delete this one"));
        }
        let value = self.shape.accept(at, value.into())?;
        if self.values[at] != value {
            self.values[at] = value;
            self.changed[at] = true;
        }
        Ok(())
    }

    pub(super) fn key(&self) -> Vec<Value> {
        self.shape.key.iter().map(|at| self.values[*at].clone()).collect()
    }

    fn unfit(&self, name: &str, wanted: &str, found: &Value) -> Error {
        Error::other(format!("`{}.{name}` holds {}, not {wanted}", self.shape.label, noun(found)))
    }
}

impl Shape {
    /// Where a field stands.
    pub(super) fn place(&self, name: &str) -> Result<usize> {
        if let ("pk", [only]) = (name, self.key.as_slice()) {
            return Ok(*only);
        }
        let found = self.columns.iter().position(|column| column.name == name || column.attname == name);
        found.ok_or_else(|| {
            let label = &self.label;
            let error = Error::other(format!("`{label}` has no column for `{name}` at this point of the history"));
            match self.inherited.iter().find(|(inherited, _)| inherited == name) {
                Some((_, parent)) => {
                    error.with_hint(format!("the table of `{parent}` has it: `apps.model(\"{parent}\")`"))
                }
                None => {
                    let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
                    error.with_hint(format!("it has `{}`", names.join("`, `")))
                }
            }
        })
    }

    /// A value as a field takes it.
    pub(super) fn accept(&self, at: usize, value: Value) -> Result<Value> {
        let column = &self.columns[at];
        let name = format!("{}.{}", self.label, column.name);
        if column.is_generated() {
            return Err(Error::other(format!("`{name}` is computed by the database")));
        }
        if value == Value::Null && !column.field.null {
            return Err(Error::other(format!("`{name}` may not be null")));
        }
        storage::accept(&name, &column.kind, value)
    }
}
