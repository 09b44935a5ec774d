//! One migration as it is done or undone: its steps, whole in a transaction or one after the other, and its record.
//!
//! Whose turn it is, and what is told of a failure, the executor knows.

use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::{Code, ProjectState};
use quintet_core::sql::{Action, Catalogue, Dialect, Now, SqlError, Step, backwards_in, forwards_in};

use super::catalogue::catalogue;
use super::error::MigrateError;
use super::executor::{Direction, UNCHANGED};
use super::kinds::{may_drop_unnamed, only_makes, runs_what_it_is_given};
use super::lock::Turn;
use super::{progress, recorder};
use crate::database::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::history::{Apps, Body};
use crate::moment;

/// Why a migration that happens whole did not.
pub(super) struct Failed {
    pub(super) error: Error,
    /// The operation.
    pub(super) at: Option<usize>,
    /// Whether all of it was undone; it is not where the transaction had been ended.
    pub(super) is_whole: bool,
}

impl Failed {
    fn whole(error: Error) -> Self {
        Self { error, at: None, is_whole: true }
    }
}

/// A migration that is being done or undone.
pub(super) struct Job<'a> {
    pub(super) migration: &'a Migration,
    pub(super) before: &'a ProjectState,
    pub(super) direction: Direction,
    /// The project's.
    pub(super) zone: &'a str,
}

impl Job<'_> {
    pub(super) async fn steps(&self, db: Db<'_>) -> Result<Vec<Step>, MigrateError> {
        let mut known = if self.needs_names(db.dialect()) {
            catalogue(db).await.map_err(|error| MigrateError::of(self.migration, error, UNCHANGED))?
        } else {
            Catalogue::default()
        };
        let (moment, local) = (moment::now(), moment::now_in_zone(self.zone));
        let (dialect, now) = (db.dialect(), Now { moment: &moment, local: &local });
        let steps = match self.direction {
            Direction::Forwards => forwards_in(dialect, self.migration, self.before, now, &mut known),
            Direction::Backwards => backwards_in(dialect, self.migration, self.before, now, &mut known),
        };
        steps.map_err(|SqlError { operation, message }| {
            MigrateError::new(self.migration, message, UNCHANGED).at(self.migration, Some(operation))
        })
    }

    /// Whether names are wanted that only the database knows. To ask takes a while where there are many tables.
    fn needs_names(&self, dialect: Dialect) -> bool {
        let mut operations = self.migration.operations.iter();
        match dialect {
            Dialect::Sqlite => operations.any(may_drop_unnamed),
            Dialect::Postgres => self.direction == Direction::Backwards || !operations.all(only_makes),
        }
    }

    /// All steps and the record in the transaction, or nothing.
    pub(super) async fn run_whole(&self, turn: Turn, steps: &[Step]) -> Result<(), Failed> {
        let Turn { session: _session, transaction } = turn;
        let done = self.run_within(Db::from(&transaction), steps).await;
        match done {
            Ok(()) => transaction.commit().await.map_err(Failed::whole),
            Err(failed) => {
                // What failed first is what is told.
                drop(transaction.rollback().await);
                Err(failed)
            }
        }
    }

    async fn run_within(&self, db: Db<'_>, steps: &[Step]) -> Result<(), Failed> {
        for step in steps {
            let at = step.operation;
            if at.and_then(|at| self.migration.operations.get(at)).is_some_and(runs_what_it_is_given) {
                self.run_watched(db, step).await?;
            } else {
                self.run_step(db, step).await.map_err(|error| Failed { error, at, is_whole: true })?;
            }
        }
        check_references(db).await.map_err(Failed::whole)?;
        self.record(db).await.map_err(Failed::whole)
    }

    /// What a project has written may end the transaction. A savepoint tells: it goes with the transaction in which it
    /// was made.
    async fn run_watched(&self, db: Db<'_>, step: &Step) -> Result<(), Failed> {
        let at = step.operation;
        let failed = |error| Failed { error, at, is_whole: true };
        db.script(r#"SAVEPOINT "quintet_whole""#).await.map_err(failed)?;
        let done = self.run_step(db, step).await;
        // After a failure, PostgreSQL takes nothing but the way back.
        let probe = if done.is_ok() { "RELEASE" } else { "ROLLBACK TO" };
        let probed = db.script(&format!(r#"{probe} SAVEPOINT "quintet_whole""#)).await;
        match (done, probed) {
            (done, Ok(())) => done.map_err(failed),
            (Err(error), Err(_)) if error.kind() == ErrorKind::Connection => Err(failed(error)),
            (Ok(()), Err(error)) if error.kind() == ErrorKind::Connection => Err(failed(error)),
            (done, Err(_)) => {
                let then = done.err().map(|error| format!("; then it failed: {}", error.message())).unwrap_or_default();
                let message = format!("it ended the transaction of the migration, by `COMMIT` or `ROLLBACK`{then}");
                Err(Failed { error: Error::other(message), at, is_whole: false })
            }
        }
    }

    /// One step after the other, each for itself.
    pub(super) async fn run_steps(&self, db: Db<'_>, steps: &[Step]) -> Result<(), MigrateError> {
        let mut reached = None;
        for step in steps {
            let failed = |error| self.interrupted(error, step.operation);
            if reached != Some(step.operation) {
                progress::reach(db, self.migration, step.operation).await.map_err(failed)?;
                reached = Some(step.operation);
            }
            self.run_step(db, step).await.map_err(failed)?;
        }
        check_references(db).await.map_err(|error| self.interrupted(error, None))
    }

    pub(super) fn interrupted(&self, error: Error, at: Option<usize>) -> MigrateError {
        let (app, name) = (&self.migration.app, &self.migration.name);
        let hint = format!(
            "the migration is not atomic: what came before is done. Finish it by hand, then `migrate {app} {name} \
             --fake`; or undo by hand what it did, then `migrate {app} {name} --forget-progress`"
        );
        MigrateError::of(self.migration, error, &hint).at(self.migration, at)
    }

    async fn run_step(&self, db: Db<'_>, step: &Step) -> Result<()> {
        match &step.action {
            Action::Sql(sql) => db.script(sql).await,
            Action::Code(code) => {
                let Some(body) = code.body::<Body>() else {
                    return Err(Error::other(format!("the code `{}` cannot be run", code.path))
                        .with_hint("name it in the migration as `run(..)` does"));
                };
                let state = state_at(self.migration, self.before, step.operation, code)?;
                let apps = Apps::new(state, db.dialect());
                body.run(&apps, db).await
            }
        }
    }

    /// The record comes and the progress goes, together.
    pub(super) async fn end(&self, db: Db<'_>) -> Result<()> {
        let transaction = db.transaction().await?;
        self.record(Db::from(&transaction)).await?;
        progress::forget(&transaction, &self.migration.app, &self.migration.name).await?;
        transaction.commit().await
    }

    pub(super) async fn record(&self, db: Db<'_>) -> Result<()> {
        match self.direction {
            Direction::Forwards => recorder::record_migration(db, self.migration).await,
            Direction::Backwards => recorder::unrecord_migration(db, self.migration).await,
        }
    }
}

/// The state that code sees: that before its operation, whichever the direction is.
fn state_at(
    migration: &Migration,
    before: &ProjectState,
    operation: Option<usize>,
    code: &Code,
) -> Result<ProjectState> {
    let mut state = before.clone();
    let at = operation.unwrap_or(migration.operations.len());
    let wrong = |error: quintet_core::schema::StateError| Error::other(error.message);
    for earlier in migration.operations.iter().take(at) {
        earlier.apply(&migration.app, &mut state).map_err(wrong)?;
    }
    if let Some(Operation::SeparateDatabaseAndState { database, .. }) = migration.operations.get(at) {
        for earlier in database.iter().take_while(|operation| !runs(operation, code)) {
            earlier.apply(&migration.app, &mut state).map_err(wrong)?;
        }
    }
    Ok(state)
}

fn runs(operation: &Operation, wanted: &Code) -> bool {
    match operation {
        Operation::RunRust { code, reverse, .. } => code == wanted || reverse.as_ref() == Some(wanted),
        _ => false,
    }
}

/// SQLite checked no reference meanwhile; PostgreSQL does it by itself.
async fn check_references(db: Db<'_>) -> Result<()> {
    if db.dialect() == Dialect::Postgres {
        return Ok(());
    }
    let broken = db.query("PRAGMA foreign_key_check", &[]).await?;
    let Some(row) = broken.first() else { return Ok(()) };
    let (table, parent) = (row.text("table")?, row.text("parent")?);
    let rowid = row.int("rowid").map(|id| format!(" with the row id {id}")).unwrap_or_default();
    let message = format!("a row of `{table}`{rowid} refers to a row of `{parent}` that does not exist");
    Err(Error::new(ErrorKind::ForeignKey, message).with_hint(format!(
        "{} such row(s) in all; list them with `PRAGMA foreign_key_check`, then correct or delete them",
        broken.len()
    )))
}
