//! Operations as SQL, for SQLite and for PostgreSQL: text out of data; somebody else runs it.
//!
//! `editor` takes the operations of a migration one by one, `operations` tells what each means for tables, and the
//! files of the two databases do what the other cannot. What the database itself would have to be asked, such as the
//! name of a constraint, is computed from the state, or looked up in a [`Catalogue`] where one is given.

mod alter;
mod catalogue;
pub(crate) mod columns;
mod constraints;
pub(crate) mod default;
mod editor;
pub(crate) mod expression;
mod literal;
mod operations;
mod place;
mod postgres;
mod related;
mod script;
mod sqlite;
mod statement;
mod tables;

use std::fmt;

pub use catalogue::{Catalogue, Known, KnownKind};
pub use editor::{Now, backwards, backwards_in, forwards, forwards_in};
pub use script::{script, script_in, script_of};

use crate::schema::Code;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// The most characters of a name; none where there is no limit.
    pub fn name_limit(self) -> Option<usize> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(63),
        }
    }
}

/// A name as an identifier; one that is in quotes already stays as it is.
pub(crate) fn quote(name: &str) -> String {
    if name.len() > 1 && name.starts_with('"') && name.ends_with('"') { name.to_owned() } else { format!("\"{name}\"") }
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
