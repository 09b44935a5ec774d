//! Scratch databases, one of each kind, which are gone when the test ends.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use quintet_core::database_url::DatabaseUrl;
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;
use quintet_db::{Connection as _, Database};

/// A database of its own.
pub(crate) struct Scratch {
    pub(crate) db: Database,
    pub(crate) url: String,
    folder: Option<PathBuf>,
}

pub(crate) fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("quintet_store_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn open(url: &str) -> Database {
    let url = DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own");
    Database::connect(&url, Path::new("/"))
}

/// The URL of the tests' server; where there is none, that is said.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub(crate) fn server() -> Option<String> {
    let server = std::env::var("QUINTET_TEST_POSTGRES").ok();
    if server.is_none() {
        println!("skipped: QUINTET_TEST_POSTGRES is not set (make test sets it)");
    }
    server
}

impl Scratch {
    pub(crate) fn sqlite() -> Self {
        // A folder: who still closes a connection cannot make the files beside the database anew.
        let folder = std::env::temp_dir().join(unique());
        std::fs::create_dir(&folder).expect("a folder for the test");
        let url = format!("sqlite://{}/db.sqlite3", folder.display());
        Self { db: open(&url), url, folder: Some(folder) }
    }

    /// On the tests' server, with more parameters in the URL: `&pool_size=2`.
    pub(crate) async fn postgres(parameters: &str) -> Option<Self> {
        let server = server()?;
        let name = unique();
        open(&server).script(&format!("CREATE DATABASE {name}")).await.expect("a scratch database");
        let url = server.replacen("/postgres?", &format!("/{name}?"), 1);
        assert_ne!(url, server, "the cluster's URL names the database `postgres`");
        let url = format!("{url}{parameters}");
        Some(Self { db: open(&url), url, folder: None })
    }

    /// One of each kind that there is, with the table `t`.
    pub(crate) async fn each() -> Vec<Self> {
        let each: Vec<Self> = [Some(Self::sqlite()), Self::postgres("").await].into_iter().flatten().collect();
        for scratch in &each {
            scratch.table().await;
        }
        each
    }

    /// The table `t` of most tests.
    pub(crate) async fn table(&self) {
        let sql = "CREATE TABLE t (id integer PRIMARY KEY, name varchar(20) NOT NULL UNIQUE)";
        self.db.script(sql).await.expect("a table");
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.db.dialect() == Dialect::Sqlite
    }

    pub(crate) async fn ids(&self) -> Vec<i64> {
        let rows = self.db.query("SELECT id FROM t ORDER BY id", &[]).await.expect("a table");
        rows.iter().map(|row| row.int("id").expect("a number")).collect()
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

pub(crate) const INSERT: &str = "INSERT INTO t (id, name) VALUES ($1, $2)";

pub(crate) fn row(id: i64) -> [Value; 2] {
    [id.into(), format!("n{id}").into()]
}
