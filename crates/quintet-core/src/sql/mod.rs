//! Operations as SQL, for SQLite and for PostgreSQL: text out of data; somebody else runs it.

use std::fmt;

use crate::schema::Code;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// One thing to do for a migration.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The operation that it belongs to, counted from zero; none for what was put off to the end.
    pub operation: Option<usize>,
    /// What is done.
    pub action: Action,
}

/// What is done in a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A statement.
    Sql(String),
    /// Code of the project's.
    Code(Code),
}

/// Why an operation cannot be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlError {
    /// The operation, counted from zero.
    pub operation: usize,
    /// What is wrong, for people.
    pub message: String,
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SqlError {}
