//! PostgreSQL: a template database of this process, and copies of it for the tests.
//!
//! One thread of the process asks the server, as tests have runtimes that end with them. It holds a lock as long as the
//! process lives: by that, another process knows databases that were left behind by one that is gone, and removes them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use quintet_core::database_url::{DatabaseUrl, PostgresOptions};
use quintet_core::schema::Value;
use quintet_db::{Connection, Database};

use super::migrate;
use crate::settings::Settings;
use crate::testing::block_on;

/// Where databases are made from; every server has it.
const ADMIN: &str = "postgres";

/// How much of a database's own name is in those of its tests: a name has at most 63 bytes.
const LONGEST: usize = 20;

/// The migrated database of a process.
pub(super) struct Template {
    name: String,
    desk: Arc<Desk>,
    copies: AtomicU64,
}

/// A copy for one test, gone when this is dropped.
#[derive(Debug)]
pub(super) struct PostgresCopy {
    name: String,
    desk: Arc<Desk>,
}

impl Template {
    /// Makes it: an empty database that is migrated.
    pub(super) fn make(settings: &Settings, name: &str, options: &PostgresOptions) -> Result<Self, String> {
        let owner = format!("{}{}_{:08x}", prefix(options), std::process::id(), crate::clock::seed() as u32);
        let desk = Arc::new(Desk::open(options, &owner)?);
        let template = format!("{owner}_template");
        desk.run(&format!("CREATE DATABASE {}", quoted(&template)))?;
        // From here on it lives as long as the process.
        let url = DatabaseUrl::Postgres(Box::new(options.clone()));
        if let Err(problem) = migrate(settings, name, named(&template, &url)) {
            drop(desk.run(&format!("DROP DATABASE {} WITH (FORCE)", quoted(&template))));
            return Err(problem);
        }
        Ok(Self { name: template, desk, copies: AtomicU64::new(0) })
    }

    /// A copy of it.
    pub(super) fn copy(&self) -> Result<PostgresCopy, String> {
        let number = self.copies.fetch_add(1, Ordering::Relaxed);
        let owner = self.name.trim_end_matches("_template");
        let name = format!("{owner}_{number}");
        let sql = format!("CREATE DATABASE {} TEMPLATE {}", quoted(&name), quoted(&self.name));
        // Twice as fast as by the log; a server before version 15 knows no other way, nor the word.
        match self.desk.run(&format!("{sql} STRATEGY file_copy")) {
            Err(problem) if problem.contains("strategy") => self.desk.run(&sql)?,
            other => other?,
        }
        Ok(PostgresCopy { name, desk: Arc::clone(&self.desk) })
    }
}

impl PostgresCopy {
    /// Its URL, beside this one.
    pub(super) fn url(&self, beside: &DatabaseUrl) -> DatabaseUrl {
        named(&self.name, beside)
    }
}

/// The URL of another database on the same server.
fn named(name: &str, beside: &DatabaseUrl) -> DatabaseUrl {
    match beside {
        DatabaseUrl::Postgres(options) => {
            DatabaseUrl::Postgres(Box::new(PostgresOptions { name: Some(name.to_owned()), ..(**options).clone() }))
        }
        other => other.clone(),
    }
}

impl Drop for PostgresCopy {
    fn drop(&mut self) {
        // A test that panics must not panic again; what stays is removed by the next process.
        drop(self.desk.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(&self.name))));
    }
}

/// Statements for the server, by the one thread that speaks to it.
#[derive(Debug)]
struct Desk(Mutex<Sender<Job>>);

struct Job {
    sql: String,
    done: Sender<Result<(), String>>,
}

impl Desk {
    fn open(options: &PostgresOptions, owner: &str) -> Result<Self, String> {
        let (jobs, asked) = channel::<Job>();
        let (opened, is_open) = channel();
        let (options, owner) = (options.clone(), owner.to_owned());
        let work = move || {
            block_on(async {
                let admin = admin(&options);
                let lock = match hold(&admin, &owner).await {
                    Ok(lock) => lock,
                    Err(problem) => return drop(opened.send(Err(problem))),
                };
                drop(opened.send(remove_orphans(&admin, &prefix(&options)).await));
                // Not many at a time, and nothing else is done by this thread.
                while let Ok(job) = asked.recv() {
                    drop(job.done.send(admin.script(&job.sql).await.map_err(|error| told(&error))));
                }
                drop(lock);
            });
        };
        let thread = std::thread::Builder::new().name("test-databases".to_owned()).spawn(work);
        thread.map_err(|error| format!("no thread can be started: {error}"))?;
        is_open.recv().unwrap_or_else(|_| Err("the thread of test databases is gone".to_owned()))?;
        Ok(Self(Mutex::new(jobs)))
    }

    fn run(&self, sql: &str) -> Result<(), String> {
        let (done, is_done) = channel();
        let job = Job { sql: sql.to_owned(), done };
        let sent = self.0.lock().unwrap_or_else(PoisonError::into_inner).send(job);
        sent.map_err(|_| "the thread of test databases is gone".to_owned())?;
        is_done.recv().unwrap_or_else(|_| Err("the thread of test databases is gone".to_owned()))
    }
}

/// Removes test databases of these settings that processes left behind which are gone: their templates, and what one
/// that was killed had. `cargo manage test` does it at its end.
///
/// # Errors
/// What the server says.
pub fn remove_leftovers(settings: &Settings) -> Result<(), String> {
    let all = std::iter::once(&settings.database).chain(settings.databases.values());
    for url in all {
        if let DatabaseUrl::Postgres(options) = url {
            super::aside::run(|| block_on(async { remove_orphans(&admin(options), &prefix(options)).await }))?;
        }
    }
    Ok(())
}

async fn remove_orphans(admin: &Database, prefix: &str) -> Result<(), String> {
    let sql = "SELECT datname::text AS name FROM pg_database WHERE left(datname::text, length($1)) = $1 ORDER BY 1";
    let rows = admin.query(sql, &[Value::Text(prefix.to_owned())]).await.map_err(|error| told(&error))?;
    for row in rows {
        let Ok(name) = row.text("name") else { continue };
        let Some(owner) = owner(name, prefix) else { continue };
        // Whoever has the lock lives. A failure is another process that removes it at this moment.
        if let Ok(lock) = admin.transaction().await
            && is_free(&lock, owner).await
        {
            drop(admin.script(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name))).await);
        }
    }
    Ok(())
}

/// Holds the lock that says that the owner lives, in a transaction that lasts.
async fn hold(admin: &Database, owner: &str) -> Result<quintet_db::Transaction, String> {
    let lock = admin.transaction().await.map_err(|error| told(&error))?;
    lock.script("SET LOCAL idle_in_transaction_session_timeout = 0").await.map_err(|error| told(&error))?;
    if is_free(&lock, owner).await { Ok(lock) } else { Err(format!("the name `{owner}` is taken")) }
}

async fn is_free(transaction: &quintet_db::Transaction, owner: &str) -> bool {
    let sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free";
    let rows = transaction.query(sql, &[Value::Text(owner.to_owned())]).await;
    rows.is_ok_and(|rows| rows.first().is_some_and(|row| row.bool("free").unwrap_or(false)))
}

fn admin(options: &PostgresOptions) -> Database {
    let options = PostgresOptions { name: Some(ADMIN.to_owned()), ..options.clone() };
    Database::connect(&DatabaseUrl::Postgres(Box::new(options)), std::path::Path::new("."))
}

/// What the names of all test databases of a database begin with.
fn prefix(options: &PostgresOptions) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let name: String = options.name().unwrap_or_default().chars().take(LONGEST).map(word).collect();
    format!("test_{name}_quintet_")
}

/// Whose a test database is: the process's id and chance, `test_shop_quintet_1234_0badcafe`.
fn owner<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let mut parts = name.strip_prefix(prefix)?.splitn(3, '_');
    let (process, chance, _) = (parts.next()?, parts.next()?, parts.next()?);
    let is_ours = process.bytes().all(|byte| byte.is_ascii_digit())
        && chance.len() == 8
        && chance.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_ours.then(|| &name[..prefix.len() + process.len() + 1 + chance.len()])
}

/// What the server says, with the way out.
fn told(error: &quintet_db::Error) -> String {
    let message = format!("the test database cannot be made: {}", error.message());
    let hint = if error.message().contains("permission denied to create database") {
        Some("let the role make databases: `ALTER ROLE .. CREATEDB`")
    } else {
        error.hint()
    };
    hint.map_or(message.clone(), |hint| format!("{message}\nhint: {hint}"))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_tests_give_are_those_of_tests() {
        let prefix = "test_shop_quintet_";
        assert_eq!(owner("test_shop_quintet_12_0badcafe_template", prefix), Some("test_shop_quintet_12_0badcafe"));
        assert_eq!(owner("test_shop_quintet_12_0badcafe_7", prefix), Some("test_shop_quintet_12_0badcafe"));
        for other in ["test_shop_quintet_12_0badcafe", "test_shop_quintet_ab_0badcafe_7", "test_shop", "shop"] {
            assert_eq!(owner(other, prefix), None, "{other}");
        }
    }
}
