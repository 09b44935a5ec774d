//! Statements that write one row, as most statements do that write.
//!
//! What several tasks write at the same moment can be kept together: one turn to the server, and one wait for its disk. For
//! that a connection has to know that a statement is over soon, and holds what it locks for no longer than it takes.

use std::fmt;

use quintet_core::schema::Value;

use crate::rows::Rows;

/// A statement that writes one row: a new one, or one that is found by its key.
pub struct Save<'a> {
    pub(crate) sql: &'a str,
    pub(crate) params: Vec<Value>,
    pub(crate) gives: Gives,
}

/// What a statement that writes a row is asked to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// What the database knows of the row.
    Rows,
    /// Whether there was one.
    Count,
}

/// What a statement that wrote a row gave.
#[derive(Debug)]
pub enum Saved {
    /// What the database knows of the row.
    Rows(Rows),
    /// How many rows it touched.
    Count(u64),
}

impl<'a> Save<'a> {
    /// A statement with its parameters.
    pub fn new(sql: &'a str, params: Vec<Value>, gives: Gives) -> Self {
        Self { sql, params, gives }
    }

    /// The statement, its parameters, and what it gives.
    pub fn into_parts(self) -> (&'a str, Vec<Value>, Gives) {
        (self.sql, self.params, self.gives)
    }
}

impl Saved {
    /// The rows, where they were wanted.
    pub(crate) fn rows(self) -> Rows {
        match self {
            Self::Rows(rows) => rows,
            Self::Count(_) => Rows::default(),
        }
    }

    /// How many rows were touched.
    pub(crate) fn count(&self) -> u64 {
        match self {
            Self::Rows(rows) => rows.len() as u64,
            Self::Count(count) => *count,
        }
    }
}

/// The SQL, without the values.
impl fmt::Debug for Save<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Save({:?})", self.sql)
    }
}
