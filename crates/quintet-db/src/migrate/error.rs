//! Why a migration was not done: which one, at which operation, by which statement, and the way out.

use std::fmt;

use quintet_core::operation::Migration;

use crate::error::Error;

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
        let hint = match error.hint() {
            Some(hint) => format!("{hint}\nhint: {way_out}"),
            None => way_out.to_owned(),
        };
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
        let count = migration.operations.len();
        let found = operation.and_then(|at| Some((at + 1, migration.operations.get(at)?.describe())));
        self.operation = found.map(|(number, described)| format!("{number} of {count}, `{described}`"));
        self
    }
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
