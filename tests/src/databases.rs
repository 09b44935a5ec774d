//! Databases of a test's own, of both kinds, and what stands in them.
//!
//! An SQLite database is a file that goes with the test. A PostgreSQL database is on the throwaway server that
//! `QUINTET_TEST_POSTGRES` names (`scripts/postgres` starts one), and is gone with the test as well.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use quintet_core::database_url::DatabaseUrl;
use quintet_core::schema::Value;
use quintet_db::introspect::{self, Schema};
use quintet_db::{Connection, Database};

use crate::support::{Folder, Said, command, program, run};

/// A database of a test's own.
#[derive(Debug)]
pub struct Scratch {
    /// Its URL.
    pub url: String,
    /// The server's URL, and the name of the database there; nothing for SQLite.
    server: Option<(String, String)>,
    /// Where an SQLite database is.
    folder: Option<Folder>,
}

impl Scratch {
    /// A new SQLite database, which does not exist yet.
    pub fn sqlite() -> Self {
        let folder = Folder::new("database");
        let url = format!("sqlite://{}/db.sqlite3", folder.path().display());
        Self { url, server: None, folder: Some(folder) }
    }

    /// A new empty PostgreSQL database; nothing, and a line that says so, where there is no server.
    ///
    /// # Panics
    /// Where there is one and it cannot be used.
    #[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
    pub fn postgres() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("QUINTET_TEST_POSTGRES") else {
            println!("skipped: QUINTET_TEST_POSTGRES is not set (scripts/postgres sets it)");
            return None;
        };
        let name = format!("quintet_whole_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let url = server.replacen("/postgres?", &format!("/{name}?"), 1);
        assert_ne!(url, server, "QUINTET_TEST_POSTGRES names the database `postgres`");
        script(&server, &format!("CREATE DATABASE {name}"));
        Some(Self { url, server: Some((server, name)), folder: None })
    }

    /// Whether it is an SQLite database.
    pub fn is_sqlite(&self) -> bool {
        self.server.is_none()
    }

    /// The file of an SQLite database.
    pub fn file(&self) -> Option<std::path::PathBuf> {
        Some(self.folder.as_ref()?.path().join("db.sqlite3"))
    }

    /// The name of a PostgreSQL database, and the URL of its server.
    pub fn on_server(&self) -> Option<(&str, &str)> {
        self.server.as_ref().map(|(server, name)| (name.as_str(), server.as_str()))
    }

    /// The program `conformance`, with every app, upon this database.
    pub fn conformance(&self) -> Command {
        let mut command = command(program("conformance"));
        command
            .env("SECRET_KEY", "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz")
            .env("PROFILE", "full")
            .env("DATABASE_URL", &self.url)
            .env("CARGO_MANIFEST_DIR", crate::support::checkout().join("examples/conformance"));
        command
    }

    /// Runs `conformance` with these words.
    pub fn manage(&self, words: &[&str]) -> Said {
        run(self.conformance().args(words))
    }

    /// Runs statements without parameters.
    ///
    /// # Panics
    /// Where one fails.
    pub fn script(&self, sql: &str) {
        script(&self.url, sql);
    }

    /// The rows of a query, each value as text.
    ///
    /// # Panics
    /// Where it fails.
    pub fn rows(&self, sql: &str) -> Vec<String> {
        let rows =
            within(&self.url, async |db| db.query(sql, &[]).await.unwrap_or_else(|error| panic!("{sql}: {error:?}")));
        rows.into_iter().map(|row| row.values().iter().map(text).collect::<Vec<_>>().join("|")).collect()
    }

    /// Its tables, without our own.
    ///
    /// # Panics
    /// Where they cannot be read.
    pub fn schema(&self) -> Schema {
        within(&self.url, async |db| introspect::schema(db).await.expect("a schema")).without_own()
    }

    /// The names of its tables, our own as well.
    ///
    /// # Panics
    /// Where they cannot be read.
    pub fn tables(&self) -> Vec<String> {
        within(&self.url, async |db| introspect::schema(db).await.expect("a schema")).tables.into_keys().collect()
    }

    /// The rows of these tables, whatever the order of their columns.
    ///
    /// # Panics
    /// Where a table is not there.
    pub fn content(&self, tables: &[&str]) -> Vec<String> {
        within(&self.url, async |db| {
            let mut lines = vec![];
            for table in tables {
                let rows = db.query(&format!("SELECT * FROM {table}"), &[]).await;
                for row in rows.unwrap_or_else(|error| panic!("{table}: {error:?}")) {
                    let named = row.columns().iter().zip(row.values());
                    let mut pairs: Vec<String> = named.map(|(name, value)| format!("{name}={}", text(value))).collect();
                    pairs.sort();
                    lines.push(format!("{table}: {}", pairs.join(" ")));
                }
            }
            lines.sort();
            lines
        })
    }

    /// The migrations that are recorded, sorted; each as often as it is recorded.
    pub fn recorded(&self) -> Vec<String> {
        let mut rows = self.rows("SELECT app, name FROM django_migrations");
        rows.sort();
        rows
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let Some((server, name)) = &self.server else { return };
        // What is left goes with the server.
        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        drop(std::panic::catch_unwind(|| within(server, async |db| drop(db.script(&sql).await))));
    }
}

/// One database of each kind that there is.
pub fn each() -> Vec<Scratch> {
    [Some(Scratch::sqlite()), Scratch::postgres()].into_iter().flatten().collect()
}

fn script(url: &str, sql: &str) {
    within(url, async |db| db.script(sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}")));
}

/// Connects, works, and leaves.
fn within<T>(url: &str, work: impl AsyncFnOnce(&Database) -> T) -> T {
    let url = DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { work(&Database::connect(&url, Path::new("/"))).await })
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(yes) => u8::from(*yes).to_string(),
        Value::Int(number) | Value::Duration(number) => number.to_string(),
        Value::Text(text)
        | Value::Decimal(text)
        | Value::Date(text)
        | Value::DateTime(text)
        | Value::Time(text)
        | Value::Uuid(text)
        | Value::Json(text) => text.clone(),
        other => format!("{other:?}"),
    }
}
