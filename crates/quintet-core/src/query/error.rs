//! What is wrong with a query, found before any database is asked.

use std::fmt;

/// Why a query cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// What kind of mistake it is.
    pub kind: QueryErrorKind,
    /// What is wrong, for people; the way out behind `hint:`.
    pub message: String,
}

/// What kind of mistake it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// A name that is no field, relation, transform or lookup: the reference's `FieldError`.
    Name,
    /// A value that does not fit its field: `ValueError` and `ValidationError`.
    Value,
    /// What this database cannot do: `NotSupportedError`.
    Unsupported,
    /// Things that do not go together: `TypeError` and the rest.
    Usage,
}

impl QueryError {
    /// A name that is nothing.
    pub fn name(message: impl Into<String>) -> Self {
        Self { kind: QueryErrorKind::Name, message: message.into() }
    }

    /// A value that does not fit.
    pub fn value(message: impl Into<String>) -> Self {
        Self { kind: QueryErrorKind::Value, message: message.into() }
    }

    /// What this database cannot do.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self { kind: QueryErrorKind::Unsupported, message: message.into() }
    }

    /// Things that do not go together.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: QueryErrorKind::Usage, message: message.into() }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for QueryError {}
