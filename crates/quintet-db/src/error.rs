//! What a database refuses, in words that name the cause and the way out.
//!
//! One type for both databases: a kind that programs can match, the database's own message, and the SQL.

use std::error::Error as StdError;
use std::fmt;

use quintet_core::query::{QueryError, QueryErrorKind};
use rusqlite::ffi;
use tokio_postgres::error::{DbError, SqlState};

use crate::connect::ConnectError;

/// What a fallible call of this crate gives.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a database did not do what it was told.
#[derive(Debug)]
pub struct Error(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    sql: Option<String>,
    constraint: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Two rows would be the same where they must not.
    Unique,
    /// A row refers to one that is not there.
    ForeignKey,
    /// A column that must have a value has none.
    NotNull,
    /// A rule of the table does not hold.
    Check,
    /// A table, or a column, that is not there.
    NoSuchTable,
    /// The database may not be written to.
    ReadOnly,
    /// There is no room.
    DiskFull,
    /// Somebody else holds it.
    Busy,
    /// It cannot be reached, or was lost.
    Connection,
    /// Two transactions at once; the whole transaction may be tried again.
    Serialization,
    /// It took longer than it may: a statement, or the wait for a connection.
    Timeout,
    /// More than the database takes: connections, parameters.
    TooMany,
    /// One row was wanted, and there is none.
    NotFound,
    /// One row was wanted, and there are several.
    MultipleFound,
    /// A query that cannot be asked; [`Error::query`] says why.
    Query,
    /// Calls that do not go together.
    Usage,
    /// Anything else.
    Other,
}

impl Error {
    /// An error in words.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Parts { kind, message: message.into(), hint: None, sql: None, constraint: None, source: None }))
    }

    /// An error of another kind in words.
    pub fn other(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Other, message)
    }

    /// Another error, carried through a transaction as it is; [`Error::into_source`] takes it out again.
    pub fn wrap(error: impl StdError + Send + Sync + 'static) -> Self {
        let mut made = Self::other(error.to_string());
        made.0.source = Some(Box::new(error));
        made
    }

    /// With the way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// With the statement, unless one is known.
    #[must_use]
    pub fn with_sql(mut self, sql: &str) -> Self {
        self.0.sql.get_or_insert_with(|| sql.to_owned());
        self
    }

    /// The same in the same words, for somebody else; without what it came from, and the statement.
    pub(crate) fn told_again(&self) -> Self {
        let Parts { kind, message, hint, sql: _, constraint, source: _ } = &*self.0;
        let (message, hint, constraint) = (message.clone(), hint.clone(), constraint.clone());
        Self(Box::new(Parts { kind: *kind, message, hint, sql: None, constraint, source: None }))
    }

    /// What kind of refusal it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The database's own words.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The way out, where one is known.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The statement, where there was one.
    pub fn sql(&self) -> Option<&str> {
        self.0.sql.as_deref()
    }

    /// The name of the rule that does not hold. SQLite has no names of unique rules, and says `table.column` for each of
    /// their columns; both databases say it of a column that must have a value. Nothing where the database does not say.
    pub fn constraint(&self) -> Option<&str> {
        self.0.constraint.as_deref()
    }

    /// Why a query cannot be asked, where that is what is wrong.
    pub fn query(&self) -> Option<QueryErrorKind> {
        let source = self.0.source.as_deref()?;
        source.downcast_ref::<QueryError>().map(|error| error.kind)
    }

    /// Whether a PostgreSQL server said it of a statement.
    pub(crate) fn is_of_server(&self) -> bool {
        let source = self.0.source.as_deref();
        let source = source.and_then(|source| source.downcast_ref::<tokio_postgres::Error>());
        source.is_some_and(|error| error.as_db_error().is_some())
    }

    /// The error that was carried through, or this one.
    pub fn into_source(mut self) -> Result<Box<dyn StdError + Send + Sync>, Self> {
        self.0.source.take().ok_or(self)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(sql) = &self.0.sql {
            write!(f, "\nsql: {sql}")?;
        }
        if let Some(hint) = &self.0.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<ConnectError> for Error {
    fn from(error: ConnectError) -> Self {
        Self::new(ErrorKind::Connection, error.problem).with_hint(error.hint)
    }
}

/// The way out of each kind that the database cannot tell by itself.
fn hint(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::ReadOnly => {
            "the database may not be written to: give this user the right to write to it (for SQLite: to the file \
             and its folder)"
        }
        ErrorKind::DiskFull => "the disk is full: make room, then run the command again; nothing was changed",
        ErrorKind::Busy => {
            "another process holds the database: wait until it ends, or look for one that was forgotten with an open \
             transaction"
        }
        ErrorKind::NoSuchTable => "if the table or column belongs to an app of the project, run `migrate`",
        ErrorKind::Serialization => "two transactions met: run the command again",
        _ => return None,
    })
}

fn taught(kind: ErrorKind, message: String) -> Error {
    let error = Error::new(kind, message);
    match hint(kind) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let (code, message) = match &error {
            rusqlite::Error::SqliteFailure(failure, message) => {
                (failure.extended_code, message.clone().unwrap_or_else(|| error.to_string()))
            }
            rusqlite::Error::SqlInputError { error: failure, msg, .. } => (failure.extended_code, msg.clone()),
            _ => (0, error.to_string()),
        };
        let mut made = taught(sqlite_kind(code, &message), message);
        if code & 0xff == ffi::SQLITE_IOERR {
            made = made.with_hint(
                "the file cannot be read or written: look for room on the disk, a quota or a limit of file sizes, and \
                 whether the disk is in order; then run the command again",
            );
        }
        made.0.constraint = sqlite_constraint(made.message());
        made.0.source = Some(Box::new(error));
        made
    }
}

/// `UNIQUE constraint failed: t.a, t.b`, `UNIQUE constraint failed: index 'name'`, `CHECK constraint failed: name`
fn sqlite_constraint(message: &str) -> Option<String> {
    let (_, rest) = message.split_once(" constraint failed: ")?;
    let index = rest.strip_prefix("index '").and_then(|name| name.strip_suffix('\''));
    Some(index.unwrap_or(rest).to_owned())
}

fn sqlite_kind(code: i32, message: &str) -> ErrorKind {
    match (code, code & 0xff) {
        (ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID, _) => {
            ErrorKind::Unique
        }
        (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, _) => ErrorKind::ForeignKey,
        (ffi::SQLITE_CONSTRAINT_NOTNULL, _) => ErrorKind::NotNull,
        (ffi::SQLITE_CONSTRAINT_CHECK, _) => ErrorKind::Check,
        (_, ffi::SQLITE_READONLY | ffi::SQLITE_PERM) => ErrorKind::ReadOnly,
        (_, ffi::SQLITE_INTERRUPT) => ErrorKind::Timeout,
        (_, ffi::SQLITE_TOOBIG) => ErrorKind::TooMany,
        (_, ffi::SQLITE_FULL) => ErrorKind::DiskFull,
        (_, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED) => ErrorKind::Busy,
        (_, ffi::SQLITE_CANTOPEN | ffi::SQLITE_NOTADB) => ErrorKind::Connection,
        _ if message.starts_with("too many SQL variables") => ErrorKind::TooMany,
        _ if message.starts_with("no such table") || message.starts_with("no such column") => ErrorKind::NoSuchTable,
        _ => ErrorKind::Other,
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        // The way out is a part of the text.
        let mut made = match error.message.split_once("\nhint: ") {
            Some((message, hint)) => Self::new(ErrorKind::Query, message).with_hint(hint),
            None => Self::new(ErrorKind::Query, error.message.as_str()),
        };
        made.0.source = Some(Box::new(error));
        made
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let kind = postgres_kind(&error);
        let message = match error.as_db_error() {
            Some(db) => {
                let detail = db.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
                format!("{}{detail}", db.message())
            }
            None => crate::connect::chain(&error),
        };
        let mut made = taught(kind, message);
        if kind == ErrorKind::Connection {
            made = made.with_hint("the connection to the server was lost or could not be made: run the command again");
        }
        made.0.constraint = error.as_db_error().and_then(postgres_constraint);
        made.0.source = Some(Box::new(error));
        made
    }
}

fn postgres_constraint(error: &DbError) -> Option<String> {
    let column = || Some(format!("{}.{}", error.table()?, error.column()?));
    error.constraint().map(str::to_owned).or_else(column)
}

const POSTGRES_KINDS: &[(&SqlState, ErrorKind)] = &[
    (&SqlState::UNIQUE_VIOLATION, ErrorKind::Unique),
    (&SqlState::FOREIGN_KEY_VIOLATION, ErrorKind::ForeignKey),
    (&SqlState::NOT_NULL_VIOLATION, ErrorKind::NotNull),
    (&SqlState::CHECK_VIOLATION, ErrorKind::Check),
    (&SqlState::UNDEFINED_TABLE, ErrorKind::NoSuchTable),
    (&SqlState::UNDEFINED_COLUMN, ErrorKind::NoSuchTable),
    (&SqlState::READ_ONLY_SQL_TRANSACTION, ErrorKind::ReadOnly),
    (&SqlState::DISK_FULL, ErrorKind::DiskFull),
    (&SqlState::LOCK_NOT_AVAILABLE, ErrorKind::Busy),
    (&SqlState::T_R_SERIALIZATION_FAILURE, ErrorKind::Serialization),
    (&SqlState::T_R_DEADLOCK_DETECTED, ErrorKind::Serialization),
    (&SqlState::ADMIN_SHUTDOWN, ErrorKind::Connection),
    (&SqlState::CRASH_SHUTDOWN, ErrorKind::Connection),
    (&SqlState::CANNOT_CONNECT_NOW, ErrorKind::Connection),
    (&SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT, ErrorKind::Connection),
    (&SqlState::IDLE_SESSION_TIMEOUT, ErrorKind::Connection),
    (&SqlState::PROTOCOL_VIOLATION, ErrorKind::Connection),
    (&SqlState::EXCLUSION_VIOLATION, ErrorKind::Unique),
    (&SqlState::QUERY_CANCELED, ErrorKind::Timeout),
    (&SqlState::TOO_MANY_CONNECTIONS, ErrorKind::TooMany),
    (&SqlState::CONFIGURATION_LIMIT_EXCEEDED, ErrorKind::TooMany),
    (&SqlState::STATEMENT_TOO_COMPLEX, ErrorKind::TooMany),
    (&SqlState::TOO_MANY_COLUMNS, ErrorKind::TooMany),
    (&SqlState::TOO_MANY_ARGUMENTS, ErrorKind::TooMany),
];

fn postgres_kind(error: &tokio_postgres::Error) -> ErrorKind {
    match error.code() {
        Some(code) => {
            POSTGRES_KINDS.iter().find(|(known, _)| *known == code).map_or(ErrorKind::Other, |(_, kind)| *kind)
        }
        None if error.is_closed() => ErrorKind::Connection,
        None => {
            let io = error.source().is_some_and(|source| source.is::<std::io::Error>());
            if io { ErrorKind::Connection } else { ErrorKind::Other }
        }
    }
}
