//! One process migrates at a time; the others wait, and say so.
//!
//! On PostgreSQL a row is held by the very transaction that migrates, so that it is free when that ends, however it ends.
//! SQLite has one writer at a time anyway. A migration that does not happen whole holds the row by a second connection on
//! PostgreSQL, and on SQLite writes its name and a time into it, which it renews by a connection of its own: a holder that
//! was killed is overtaken when the time is over. While a statement of the holder's writes, nobody else can, not even to
//! renew; so a waiter that finds the time over gives the holder a moment of quiet to renew it.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use quintet_core::database_url::{DatabaseUrl, SqliteFile, SqliteOptions};
use quintet_core::sql::Dialect;
use tokio::task::JoinHandle;

use super::executor::Notice;
use super::tables::LOCK;
use crate::database::{Database, Db};
use crate::error::{ErrorKind, Result};
use crate::moment;
use crate::session::{Pinned, Session};
use crate::transaction::Transaction;

/// After which time a waiter speaks, and how often then.
const FIRST_WORD: Duration = Duration::from_millis(500);
const NEXT_WORD: Duration = Duration::from_secs(5);

/// How often a waiter on SQLite looks.
pub(super) const LOOK: Duration = Duration::from_millis(50);

/// How long a holder's time is, and how often it is renewed.
const LEASE: Duration = Duration::from_secs(10);
const RENEWAL: Duration = Duration::from_secs(2);

/// How long a waiter must have been able to write, without a renewal, before it overtakes.
const GRACE: Duration = Duration::from_secs(3);

type Tell<'a> = &'a (dyn Fn(Notice<'_>) + Send + Sync);

/// A transaction in which nobody else migrates.
pub(super) async fn begin(db: &Database, tell: Tell<'_>) -> Result<Turn> {
    ensure(db).await?;
    spoken(tell, async {
        match crate::database::Connection::dialect(db) {
            Dialect::Sqlite => begin_sqlite(db).await,
            Dialect::Postgres => begin_postgres(db.session().await?).await,
        }
    })
    .await
}

/// A session and the transaction on it.
pub(super) struct Turn {
    pub(super) session: Arc<Session>,
    pub(super) transaction: Transaction,
}

/// Where what stands between migrations is read: on SQLite where they are written. Each other connection would read the
/// whole schema anew after each migration.
pub(super) enum Near<'a> {
    Writer(Pinned),
    Any(&'a Database),
}

impl<'a> Near<'a> {
    /// It must be gone before the next transaction begins.
    pub(super) async fn of(db: &'a Database) -> Result<Self> {
        Ok(match crate::database::Connection::dialect(db) {
            Dialect::Sqlite => Self::Writer(Pinned(db.session().await?)),
            Dialect::Postgres => Self::Any(db),
        })
    }

    pub(super) fn db(&self) -> Db<'_> {
        match self {
            Self::Writer(session) => Db::from(session),
            Self::Any(database) => Db::from(*database),
        }
    }
}

/// The row is there before anybody holds it.
async fn ensure(db: &Database) -> Result<()> {
    let near = Near::of(db).await?;
    let db = near.db();
    LOCK.ensure(db).await?;
    let here = db.query(r#"SELECT 1 FROM "quintet_migration_lock" WHERE "id" = 1"#, &[]).await?;
    if !here.is_empty() {
        return Ok(());
    }
    let sql = r#"INSERT INTO "quintet_migration_lock" ("id") VALUES (1) ON CONFLICT DO NOTHING"#;
    loop {
        match db.execute(sql, &[]).await {
            Err(error) if error.kind() == ErrorKind::Busy => tokio::time::sleep(LOOK).await,
            done => return done.map(drop),
        }
    }
}

async fn begin_sqlite(db: &Database) -> Result<Turn> {
    let mut over: Option<(Lease, Instant)> = None;
    loop {
        let session = db.session().await?;
        // Rebuilding a table needs this, and it cannot be said within a transaction.
        session.script("PRAGMA foreign_keys = OFF").await?;
        match session.try_begin().await {
            Ok(()) => {
                let transaction = Transaction::begun(Arc::clone(&session));
                let Some(lease) = lease(Db::from(&transaction)).await? else {
                    return Ok(Turn { session, transaction });
                };
                over = match over.take().filter(|(known, _)| *known == lease) {
                    _ if lease.end > moment::microseconds() => None,
                    Some((_, since)) if since.elapsed() >= GRACE => return Ok(Turn { session, transaction }),
                    Some(known) => Some(known),
                    None => Some((lease, Instant::now())),
                };
                transaction.rollback().await?;
            }
            // Who writes may be the holder, which then cannot renew.
            Err(error) if error.kind() == ErrorKind::Busy => over = None,
            Err(error) => return Err(error),
        }
        drop(session);
        tokio::time::sleep(LOOK).await;
    }
}

async fn begin_postgres(session: Arc<Session>) -> Result<Turn> {
    let transaction = Transaction::begin(Arc::clone(&session), crate::transaction::Begin::new()).await?;
    let db = Db::from(&transaction);
    // What was committed while this one waited must be seen; and waiting has no limit, nor has doing nothing meanwhile.
    db.script(
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; \
         SET LOCAL idle_in_transaction_session_timeout = 0",
    )
    .await?;
    db.query(r#"SELECT "id" FROM "quintet_migration_lock" WHERE "id" = 1 FOR UPDATE"#, &[]).await?;
    db.script("SET LOCAL lock_timeout TO DEFAULT; SET LOCAL statement_timeout TO DEFAULT").await?;
    Ok(Turn { session, transaction })
}

/// Who holds the row on SQLite, and until when.
#[derive(PartialEq)]
struct Lease {
    holder: String,
    end: i64,
}

async fn lease(db: Db<'_>) -> Result<Option<Lease>> {
    let sql = r#"SELECT "holder", "expires" FROM "quintet_migration_lock" WHERE "id" = 1 AND "expires" IS NOT NULL"#;
    let rows = db.query(sql, &[]).await?;
    let read = |row: &crate::row::Row| Ok(Lease { holder: row.text("holder")?.to_owned(), end: row.int("expires")? });
    rows.first().map(read).transpose()
}

/// Says that it waits, while it waits.
async fn spoken<T>(tell: Tell<'_>, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    let mut patience = FIRST_WORD;
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(patience) => tell(Notice::Waiting),
        }
        patience = NEXT_WORD;
    }
}

/// Nobody else migrates until this is released or dropped, or its process ends.
pub(super) struct Guard {
    /// The transaction that holds the row.
    row: Option<Transaction>,
    /// Who renews the time.
    renewing: Option<JoinHandle<()>>,
    /// Who it is, in the row.
    holder: String,
}

impl Guard {
    /// Holds the row beyond the transaction in which it was obtained. On PostgreSQL this is that transaction itself, and
    /// the work is done on another connection.
    pub(super) async fn hold(turn: Turn, db: &Database) -> Result<(Self, Arc<Session>)> {
        let Turn { session, transaction } = turn;
        match session.dialect() {
            Dialect::Postgres => {
                Ok((Self { row: Some(transaction), renewing: None, holder: String::new() }, db.session().await?))
            }
            Dialect::Sqlite => {
                let holder = holder();
                take(Db::from(&transaction), &holder).await?;
                let apart = apart(Db::from(&transaction)).await?;
                transaction.commit().await?;
                let own = holder.clone();
                let renewing = apart.map(|apart| {
                    tokio::spawn(async move {
                        loop {
                            tokio::time::sleep(RENEWAL).await;
                            // A renewal that fails is tried again; the time covers several.
                            drop(renew(Db::from(&apart), &own).await);
                        }
                    })
                });
                Ok((Self { row: None, renewing, holder }, session))
            }
        }
    }

    pub(super) async fn release(mut self, db: Db<'_>) -> Result<()> {
        if let Some(row) = self.row.take() {
            return row.rollback().await;
        }
        let sql =
            r#"UPDATE "quintet_migration_lock" SET "holder" = NULL, "expires" = NULL WHERE "id" = 1 AND "holder" = $1"#;
        db.execute(sql, &[self.holder.as_str().into()]).await.map(drop)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(task) = &self.renewing {
            task.abort();
        }
    }
}

/// The same file by connections of its own, which do not wait while a statement of the holder's runs. None in memory,
/// where there is nobody else either.
async fn apart(db: Db<'_>) -> Result<Option<Database>> {
    let files = db.query("PRAGMA database_list", &[]).await?;
    let main = files.iter().find(|row| row.text("name").is_ok_and(|name| name == "main"));
    let file = main.and_then(|row| row.text("file").ok()).filter(|file| !file.is_empty());
    Ok(file.map(|file| {
        let options = SqliteOptions { file: SqliteFile::Path(file.into()) };
        Database::connect(&DatabaseUrl::Sqlite(options), Path::new(""))
    }))
}

/// Becomes the holder, in a transaction that has seen that nobody is.
async fn take(db: Db<'_>, holder: &str) -> Result<()> {
    let sql = r#"UPDATE "quintet_migration_lock" SET "holder" = $1, "expires" = $2 WHERE "id" = 1"#;
    db.execute(sql, &[holder.into(), end_of_lease().into()]).await.map(drop)
}

/// Stays the holder. One that was overtaken, because its process stood still for too long, does not become it again.
async fn renew(db: Db<'_>, holder: &str) -> Result<()> {
    let sql = r#"UPDATE "quintet_migration_lock" SET "expires" = $1 WHERE "id" = 1 AND "holder" = $2"#;
    db.execute(sql, &[end_of_lease().into(), holder.into()]).await.map(drop)
}

fn end_of_lease() -> i64 {
    moment::microseconds() + i64::try_from(LEASE.as_micros()).unwrap_or_default()
}

/// Who holds the row, for people who look.
fn holder() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("process {} since {} UTC ({})", std::process::id(), moment::now(), COUNT.fetch_add(1, Ordering::Relaxed))
}
