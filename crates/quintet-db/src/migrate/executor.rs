//! Does or undoes one migration, together with its record.

use std::fmt;

use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::{Code, ProjectState};
use quintet_core::sql::{Action, Catalogue, Dialect, SqlError, Step, backwards_in, forwards_in};

use super::catalogue::catalogue;
use super::error::MigrateError;
use super::lock::{self, Guard, Near, Turn};
use super::{initial, progress, recorder, tables};
use crate::database::{Boxed, Database, Db};
use crate::error::{Error, ErrorKind, Result};
use crate::history::{Apps, Body};
use crate::moment;
use crate::session::Pinned;

/// Whether a migration is done or undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Done.
    Forwards,
    /// Undone.
    Backwards,
}

/// Whether a migration runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It runs.
    Run,
    /// It is only recorded.
    Fake,
    /// It is only recorded where it is an initial one whose tables and columns are there already.
    FakeInitial,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done, or undone.
    Done,
    /// It was only recorded.
    Faked,
    /// Another process had done it meanwhile.
    Already,
}

/// What is said while migrating.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Notice<'a> {
    /// Another process migrates; said after a moment, then every few seconds.
    Waiting,
    /// The migration is not atomic.
    NotAtomic(&'a Migration),
}

impl fmt::Display for Notice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting => f.write_str("another process is migrating this database; waiting"),
            Self::NotAtomic(migration) => write!(
                f,
                "the migration `{}` is not atomic: if it is interrupted, it cannot be resumed by itself",
                migration.label()
            ),
        }
    }
}

/// Does and undoes migrations on a database.
pub struct Executor<'a> {
    db: &'a Database,
    tell: &'a (dyn Fn(Notice<'_>) + Send + Sync),
}

impl fmt::Debug for Executor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Executor({:?})", self.db)
    }
}

const UNCHANGED: &str = "nothing was changed; correct the cause, then run `migrate` again";

impl<'a> Executor<'a> {
    /// One that says what there is to say.
    pub fn new(db: &'a Database, tell: &'a (dyn Fn(Notice<'_>) + Send + Sync)) -> Self {
        Self { db, tell }
    }

    /// Does or undoes a migration. `before` is the state before it, in either direction.
    pub fn apply<'b>(
        &'b self,
        migration: &'b Migration,
        before: &'b ProjectState,
        direction: Direction,
        mode: Mode,
    ) -> Boxed<'b, Result<Outcome, MigrateError>> {
        Box::pin(self.apply_one(migration, before, direction, mode))
    }

    async fn apply_one(
        &self,
        migration: &Migration,
        before: &ProjectState,
        direction: Direction,
        mode: Mode,
    ) -> Result<Outcome, MigrateError> {
        let unchanged = |error| MigrateError::of(migration, error, UNCHANGED);
        self.prepare().await.map_err(unchanged)?;
        if self.is_over(migration, direction).await.map_err(unchanged)? {
            return Ok(Outcome::Already);
        }
        let turn = lock::begin(self.db, self.tell).await.map_err(unchanged)?;
        let job = Job { migration, before, direction };
        let db = Db::from(&turn.transaction);
        let unfinished = progress::unfinished(db).await.map_err(unchanged)?;
        let is_this = unfinished.as_ref().is_some_and(|one| (&one.app, &one.name) == (&migration.app, &migration.name));
        let is_done =
            recorder::is_applied(db, migration).await.map_err(unchanged)? == (direction == Direction::Forwards);
        match unfinished {
            Some(_) if is_this && mode == Mode::Fake => {
                progress::forget(db, &migration.app, &migration.name).await.map_err(unchanged)?;
            }
            _ if is_done && !is_this => return Ok(Outcome::Already),
            Some(unfinished) => {
                return Err(MigrateError::new(migration, unfinished.problem(), unfinished.hint()).not_begun());
            }
            None => {}
        }
        let is_fake = match mode {
            Mode::Fake => true,
            Mode::FakeInitial if direction == Direction::Forwards => {
                initial::is_there(db, migration, before).await.map_err(unchanged)?
            }
            _ => false,
        };
        if is_fake {
            job.record(db).await.map_err(unchanged)?;
            turn.transaction.commit().await.map_err(unchanged)?;
            return Ok(Outcome::Faked);
        }
        let steps = job.steps(db).await?;
        if migration.atomic {
            if let Err(failed) = job.run_whole(turn, &steps).await {
                return Err(self.told(&job, failed).await);
            }
        } else {
            (self.tell)(Notice::NotAtomic(migration));
            self.run_by_steps(&job, turn, &steps).await?;
        }
        Ok(Outcome::Done)
    }

    /// What failed, and what of it stayed. Where the migration ended its transaction by itself, the next `migrate` finds
    /// it begun.
    async fn told(&self, job: &Job<'_>, failed: Failed) -> MigrateError {
        let Failed { error, at, is_whole } = failed;
        if is_whole {
            return MigrateError::of(job.migration, error, UNCHANGED).at(job.migration, at);
        }
        let kept = async {
            let Turn { session: _session, transaction } = lock::begin(self.db, self.tell).await?;
            let db = Db::from(&transaction);
            progress::begin(db, job.migration, job.direction).await?;
            progress::reach(db, job.migration, at).await?;
            transaction.commit().await
        };
        let (app, name) = (&job.migration.app, &job.migration.name);
        let begun = match kept.await {
            Ok(()) => "",
            Err(_) => "; even this could not be written into the database, and the next `migrate` begins it anew",
        };
        let way_out = format!(
            "take the statement out, or write `.not_atomic()`. What was done before a `COMMIT` and after it is kept, and \
             the migration is not recorded: finish it by hand, then `migrate {app} {name} --fake`; or undo by hand what \
             it did, then `migrate {app} {name} --forget-progress`{begun}"
        );
        MigrateError::of(job.migration, error, &way_out).at(job.migration, at)
    }

    /// Forgets that a migration was begun, when nobody migrates: see [`progress::forget`]. Whether it was begun.
    pub async fn forget(&self, app: &str, name: &str) -> Result<bool> {
        let Turn { session: _session, transaction } = lock::begin(self.db, self.tell).await?;
        let forgotten = progress::forget(Db::from(&transaction), app, name).await?;
        transaction.commit().await?;
        Ok(forgotten)
    }

    /// The table of records is there. It is made by one process at a time: the name of its sequence would else be left to
    /// chance.
    async fn prepare(&self) -> Result<()> {
        if tables::MIGRATIONS.exists(Near::of(self.db).await?.db()).await? {
            return Ok(());
        }
        let Turn { session: _session, transaction } = lock::begin(self.db, self.tell).await?;
        tables::MIGRATIONS.ensure(Db::from(&transaction)).await?;
        transaction.commit().await
    }

    /// Whether another process has done it meanwhile: then nobody has to wait for a turn to see that.
    async fn is_over(&self, migration: &Migration, direction: Direction) -> Result<bool> {
        let near = Near::of(self.db).await?;
        let db = near.db();
        let is_done = recorder::is_applied(db, migration).await? == (direction == Direction::Forwards);
        Ok(is_done && progress::unfinished(db).await?.is_none())
    }

    async fn run_by_steps(&self, job: &Job<'_>, turn: Turn, steps: &[Step]) -> Result<(), MigrateError> {
        let unchanged = |error| MigrateError::of(job.migration, error, UNCHANGED);
        let (guard, session) = {
            let begun = async {
                if turn.session.dialect() == Dialect::Sqlite {
                    progress::begin(Db::from(&turn.transaction), job.migration, job.direction).await?;
                }
                let (guard, session) = Guard::hold(turn, self.db).await?;
                if session.dialect() == Dialect::Postgres {
                    progress::begin(Db::from(&Pinned(std::sync::Arc::clone(&session))), job.migration, job.direction)
                        .await?;
                }
                Ok((guard, session))
            };
            begun.await.map_err(unchanged)?
        };
        let pinned = Pinned(session);
        let db = Db::from(&pinned);
        let done = job.run_steps(db, steps).await;
        let ended = if done.is_ok() { job.end(db).await } else { Ok(()) };
        let released = guard.release(db).await;
        done?;
        ended.and(released).map_err(|error| job.interrupted(error, None))
    }
}

/// Why a migration that happens whole did not.
struct Failed {
    error: Error,
    /// The operation.
    at: Option<usize>,
    /// Whether all of it was undone; it is not where the transaction had been ended.
    is_whole: bool,
}

impl Failed {
    fn whole(error: Error) -> Self {
        Self { error, at: None, is_whole: true }
    }
}

/// A migration that is being done or undone.
struct Job<'a> {
    migration: &'a Migration,
    before: &'a ProjectState,
    direction: Direction,
}

impl Job<'_> {
    async fn steps(&self, db: Db<'_>) -> Result<Vec<Step>, MigrateError> {
        let mut known = if self.needs_names(db.dialect()) {
            catalogue(db).await.map_err(|error| MigrateError::of(self.migration, error, UNCHANGED))?
        } else {
            Catalogue::default()
        };
        let make = match self.direction {
            Direction::Forwards => forwards_in,
            Direction::Backwards => backwards_in,
        };
        make(db.dialect(), self.migration, self.before, &moment::now(), &mut known).map_err(
            |SqlError { operation, message }| {
                MigrateError::new(self.migration, message, UNCHANGED).at(self.migration, Some(operation))
            },
        )
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
    async fn run_whole(&self, turn: Turn, steps: &[Step]) -> Result<(), Failed> {
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
    async fn run_steps(&self, db: Db<'_>, steps: &[Step]) -> Result<(), MigrateError> {
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

    fn interrupted(&self, error: Error, at: Option<usize>) -> MigrateError {
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
    async fn end(&self, db: Db<'_>) -> Result<()> {
        let transaction = db.transaction().await?;
        self.record(Db::from(&transaction)).await?;
        progress::forget(&transaction, &self.migration.app, &self.migration.name).await?;
        transaction.commit().await
    }

    async fn record(&self, db: Db<'_>) -> Result<()> {
        match self.direction {
            Direction::Forwards => recorder::record_migration(db, self.migration).await,
            Direction::Backwards => recorder::unrecord_migration(db, self.migration).await,
        }
    }
}

/// Whether SQLite must be asked for a name: it makes tables anew, and only rules of `unique_together` stand beside them.
fn may_drop_unnamed(operation: &Operation) -> bool {
    match operation {
        Operation::AlterUniqueTogether { .. } => true,
        Operation::SeparateDatabaseAndState { database, .. } => database.iter().any(may_drop_unnamed),
        _ => false,
    }
}

/// Whether an operation runs SQL or code that the project has written.
fn runs_what_it_is_given(operation: &Operation) -> bool {
    match operation {
        Operation::RunSql { .. } | Operation::RunRust { .. } => true,
        Operation::SeparateDatabaseAndState { database, .. } => database.iter().any(runs_what_it_is_given),
        _ => false,
    }
}

/// Whether an operation makes what it names by itself, and drops nothing.
fn only_makes(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::CreateModel { .. }
            | Operation::AddIndex { .. }
            | Operation::AlterModelOptions { .. }
            | Operation::AlterModelManagers { .. }
            | Operation::RunSql { .. }
            | Operation::RunRust { .. }
    )
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
