//! What a field makes of an input.

use std::sync::Arc;

use super::UploadedFile;
use crate::schema::Value;

/// What a field answers.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The field is left out.
    Skip,
    /// It has this value.
    Valid(Datum),
}

/// A value that a field took. A whole number that is too large for 64 bits is a decimal value without a fraction.
#[derive(Clone, Debug)]
pub enum Datum {
    /// One value; nothing is `Value::Null`, JSON is `Value::Json`.
    Value(Value),
    /// Several.
    List(Vec<Datum>),
    /// Several by name.
    Map(Vec<(String, Datum)>),
    /// A file.
    File(Arc<dyn UploadedFile>),
}

impl Datum {
    /// Nothing.
    pub const NULL: Self = Self::Value(Value::Null);

    /// Whether it is nothing.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Value(Value::Null))
    }

    /// The one value that it is.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}

impl<T: Into<Value>> From<T> for Datum {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

impl PartialEq for Datum {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            (Self::File(a), Self::File(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}
