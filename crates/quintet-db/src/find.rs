//! Statements that find a few rows by an index, as most statements of a site do.
//!
//! Such a one takes less time than it costs to wake a thread for it, and what several tasks look for at once can be asked
//! together. So a connection is told of it.

use std::fmt;

use quintet_core::schema::Value;

/// A statement that finds a few rows by an index, and only reads.
#[derive(Clone)]
pub struct Find<'a> {
    pub(crate) sql: &'a str,
    pub(crate) params: Vec<Value>,
    pub(crate) many: Option<&'a Many>,
}

/// The statement that finds the rows of several values at once. Of each value there is one row at most.
#[derive(Debug)]
pub(crate) struct Many {
    /// Its SQL; its one parameter is the list of the values, which are whole numbers.
    pub(crate) sql: String,
    /// Which cell of a row is the value.
    pub(crate) cell: usize,
    /// Whether the column has 64 bits. Else it has 32.
    pub(crate) is_wide: bool,
}

impl<'a> Find<'a> {
    /// A statement with its parameters.
    pub fn new(sql: &'a str, params: Vec<Value>) -> Self {
        Self { sql, params, many: None }
    }

    /// The same statement, whose first parameter is one of the values of another.
    #[must_use]
    pub(crate) fn among(self, many: Option<&'a Many>) -> Self {
        Self { many, ..self }
    }

    /// The statement and its parameters.
    pub fn into_parts(self) -> (&'a str, Vec<Value>) {
        (self.sql, self.params)
    }
}

impl Many {
    /// The value that is looked for, where the column can have it.
    pub(crate) fn value(&self, params: &[Value]) -> Option<i64> {
        match params.first()? {
            Value::Int(number) if self.is_wide || i32::try_from(*number).is_ok() => Some(*number),
            _ => None,
        }
    }
}

/// The SQL, without the values.
impl fmt::Debug for Find<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Find({:?})", self.sql)
    }
}
