//! Does or undoes migrations, each when it is its turn, and tells what became of it.

use std::fmt;

use quintet_core::operation::Migration;
use quintet_core::schema::ProjectState;
use quintet_core::sql::{Dialect, Step};

use super::error::MigrateError;
use super::job::{Failed, Job};
use super::lock::{self, Guard, Near, Turn};
use super::{initial, progress, recorder, tables};
use crate::database::{Boxed, Database, Db};
use crate::error::Result;
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
    zone: &'a str,
}

impl fmt::Debug for Executor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Executor({:?})", self.db)
    }
}

pub(super) const UNCHANGED: &str = "nothing was changed; correct the cause, then run `migrate` again";

impl<'a> Executor<'a> {
    /// One that says what there is to say.
    pub fn new(db: &'a Database, tell: &'a (dyn Fn(Notice<'_>) + Send + Sync)) -> Self {
        Self { db, tell, zone: "UTC" }
    }

    /// The same for a project whose clocks show this time zone: a new column for a date or a time of day that is that of
    /// its row's making is given theirs.
    #[must_use]
    pub fn in_zone(self, zone: &'a str) -> Self {
        Self { zone, ..self }
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
        let job = Job { migration, before, direction, zone: self.zone };
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
