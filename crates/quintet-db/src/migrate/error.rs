//! Why a migration was not done: which one, at which operation, by which statement, and the way out.

use std::fmt;

use quintet_core::operation::Migration;

use super::numbered;
use crate::error::{Error, ErrorKind};

/// Why a migration was not done.
#[derive(Debug)]
pub struct MigrateError {
    /// The migration: `api.0002_note_slug`.
    pub migration: String,
    /// The file that it stands in, where that is known.
    pub file: Option<String>,
    /// The operation: `2 of 3, Add field slug to note`; none where it is the migration as a whole.
    pub operation: Option<String>,
    /// Whether it was begun; it is not while another one is unfinished.
    pub is_begun: bool,
    /// What is wrong, in the database's words where it was the database.
    pub problem: String,
    /// The statement, where there was one.
    pub sql: Option<String>,
    /// The way out.
    pub hint: String,
    /// What the database said, where it was the database.
    pub source: Option<Error>,
}

impl MigrateError {
    pub(super) fn new(migration: &Migration, problem: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            migration: migration.label(),
            file: migration.file.clone(),
            operation: None,
            is_begun: true,
            problem: problem.into(),
            sql: None,
            hint: hint.into(),
            source: None,
        }
    }

    /// What the database said; its own hint comes first.
    pub(super) fn of(migration: &Migration, error: Error, way_out: &str) -> Self {
        let cause = cause(migration, &error).or_else(|| error.hint().map(str::to_owned));
        let hint = cause.map_or_else(|| way_out.to_owned(), |cause| format!("{cause}\nhint: {way_out}"));
        let mut made = Self::new(migration, error.message(), hint);
        made.sql = error.sql().map(str::to_owned);
        made.source = Some(error);
        made
    }

    pub(super) fn not_begun(mut self) -> Self {
        self.is_begun = false;
        self
    }

    /// At an operation of the migration.
    pub(super) fn at(mut self, migration: &Migration, operation: Option<usize>) -> Self {
        let count = numbered::count(migration);
        let found = operation.and_then(|at| numbered::told(migration, at));
        self.operation = found.map(|(number, described)| format!("{number} of {count}, `{described}`"));
        self
    }
}

/// What a refusal means in the middle of a history: the database is not as the migrations before this one left it.
fn cause(migration: &Migration, error: &Error) -> Option<String> {
    let (app, name, message) = (&migration.app, &migration.name, error.message());
    if error.kind() == ErrorKind::NoSuchTable {
        return Some(
            "the database is not as the migrations before this one make it: if one of them was edited after it was \
             applied, undo the edit and put it into a new migration (`makemigrations`)"
                .to_owned(),
        );
    }
    let is_there = message.contains("already exists") || message.starts_with("duplicate column name");
    is_there.then(|| {
        format!(
            "if everything that the migration makes is there already, record it: `migrate {app} {name} --fake`, or \
             `migrate --fake-initial` for all that begin an app"
        )
    })
}

impl fmt::Display for MigrateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the migration `{}` {}", self.migration, if self.is_begun { "failed" } else { "was not begun" })?;
        if let Some(operation) = &self.operation {
            write!(f, " at operation {operation}")?;
        }
        write!(f, ": {}", self.problem)?;
        if let Some(file) = &self.file {
            write!(f, "\nfile: {file}")?;
        }
        if let Some(sql) = &self.sql {
            write!(f, "\nsql: {sql}")?;
        }
        write!(f, "\nhint: {}", self.hint)
    }
}

impl std::error::Error for MigrateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
