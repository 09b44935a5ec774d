//! Scratch databases, one of each kind, which are gone when the test ends.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use quintet_core::database_url::DatabaseUrl;
use quintet_core::operation::Migration;
use quintet_core::schema::{ProjectState, Value};
use quintet_core::sql::Dialect;
use quintet_db::migrate::{Direction, Executor, MigrateError, Mode, Notice, Outcome};
use quintet_db::{Connection as _, Database, Result};

/// A database of its own.
pub(crate) struct Scratch {
    pub(crate) db: Database,
    pub(crate) url: String,
    folder: Option<PathBuf>,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

fn name() -> String {
    format!("quintet_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn open(url: &str) -> Database {
    let url = DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own");
    Database::connect(&url, Path::new("/"))
}

impl Scratch {
    pub(crate) fn sqlite() -> Self {
        // A folder: who still closes a connection cannot make the files beside the database anew.
        let folder = std::env::temp_dir().join(name());
        std::fs::create_dir(&folder).expect("a folder for the test");
        let url = format!("sqlite://{}/db.sqlite3", folder.display());
        Self { db: open(&url), url, folder: Some(folder) }
    }

    /// Nothing where there is no server, which is said.
    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("QUINTET_TEST_POSTGRES") else {
            #[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
            let () = println!("skipped: QUINTET_TEST_POSTGRES is not set (make test sets it)");
            return None;
        };
        let name = name();
        open(&server).script(&format!("CREATE DATABASE {name}")).await.expect("a scratch database");
        let url = server.replacen("/postgres?", &format!("/{name}?"), 1);
        assert_ne!(url, server, "the cluster's URL names the database `postgres`");
        Some(Self { db: open(&url), url, folder: None })
    }

    /// One of each kind that there is.
    pub(crate) async fn each() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres().await].into_iter().flatten().collect()
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.db.dialect() == Dialect::Sqlite
    }

    pub(crate) async fn count(&self, table: &str) -> i64 {
        let rows = self.db.query(&format!("SELECT COUNT(*) AS n FROM {table}"), &[]).await.expect("a table");
        rows[0].int("n").expect("a number")
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        self.db.execute(sql, params).await
    }
}

impl Drop for Scratch {
    /// Databases of the server are gone with the server.
    fn drop(&mut self) {
        let Some(folder) = &self.folder else { return };
        // A connection that closes at this moment removes files of its own, under the feet of who removes all of them.
        for _ in 0..5 {
            match std::fs::remove_dir_all(folder) {
                Err(_) if folder.exists() => std::thread::yield_now(),
                _ => return,
            }
        }
    }
}

/// What was said while migrating.
#[derive(Default)]
pub(crate) struct Heard(pub(crate) Mutex<Vec<String>>);

impl Heard {
    pub(crate) fn tell(&self) -> impl Fn(Notice<'_>) + Send + Sync {
        |notice| self.0.lock().expect("no panic").push(notice.to_string())
    }
}

/// Applies migrations one after the other, from nothing.
pub(crate) async fn migrate(db: &Database, migrations: &[Migration], mode: Mode) -> Result<Vec<Outcome>, MigrateError> {
    let silent = |_: Notice<'_>| {};
    let executor = Executor::new(db, &silent);
    let mut state = ProjectState::new("auth.User");
    let mut outcomes = vec![];
    for migration in migrations {
        outcomes.push(executor.apply(migration, &state, Direction::Forwards, mode).await?);
        migration.apply(&mut state).expect("a good migration");
    }
    Ok(outcomes)
}

/// The state before the last one.
pub(crate) fn state_before(migrations: &[Migration]) -> ProjectState {
    let mut state = ProjectState::new("auth.User");
    for migration in &migrations[..migrations.len() - 1] {
        migration.apply(&mut state).expect("a good migration");
    }
    state
}

/// The migrations that are recorded.
pub(crate) async fn recorded(db: &Database) -> Vec<String> {
    let applied = quintet_db::migrate::applied(db).await.expect("a list");
    applied.into_iter().map(|one| format!("{}.{}", one.app, one.name)).collect()
}
