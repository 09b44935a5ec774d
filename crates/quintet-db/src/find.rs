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
}

impl<'a> Find<'a> {
    /// A statement with its parameters.
    pub fn new(sql: &'a str, params: Vec<Value>) -> Self {
        Self { sql, params }
    }

    /// The statement and its parameters.
    pub fn into_parts(self) -> (&'a str, Vec<Value>) {
        (self.sql, self.params)
    }
}

/// The SQL, without the values.
impl fmt::Debug for Find<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Find({:?})", self.sql)
    }
}
