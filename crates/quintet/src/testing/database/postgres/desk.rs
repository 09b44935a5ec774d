//! The one thread that asks the server for databases, as tests have runtimes that end with them.
//!
//! It holds a lock as long as the process lives: by that, another process knows what was left behind.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};

use quintet_core::database_url::PostgresOptions;
use quintet_core::schema::Value;
use quintet_db::{Connection, Database, Transaction};

use super::leftovers::{admin, is_free, remove_orphans};
use super::name::TemplateName;
use super::told;
use crate::testing::block_on;

/// Statements for the server.
#[derive(Debug)]
pub(super) struct Desk(Mutex<Sender<Job>>);

#[derive(Debug)]
struct Job {
    what: Work,
    done: Sender<Result<bool, String>>,
}

#[derive(Debug)]
enum Work {
    /// Statements, outside of any transaction.
    Script(String),
    /// A question about a name, in the session that lasts: locks taken there stay.
    Ask(&'static str, String),
}

impl Desk {
    /// Opens it for a process, and removes what others left that are gone.
    pub(super) fn open(options: &PostgresOptions, owner: &str, template: TemplateName) -> Result<Self, String> {
        let (jobs, asked) = channel::<Job>();
        let (opened, is_open) = channel();
        let (options, owner) = (options.clone(), owner.to_owned());
        let work = move || {
            block_on(async {
                let admin = admin(&options);
                let session = match hold(&admin, &owner).await {
                    Ok(session) => session,
                    Err(problem) => return drop(opened.send(Err(problem))),
                };
                drop(opened.send(remove_orphans(&admin, &options, Some(&template)).await));
                // Not many at a time, and nothing else is done by this thread.
                while let Ok(job) = asked.recv() {
                    drop(job.done.send(answer(&admin, &session, job.what).await));
                }
                drop(session);
            });
        };
        let thread = std::thread::Builder::new().name("test-databases".to_owned()).spawn(work);
        thread.map_err(|error| format!("no thread can be started: {error}"))?;
        is_open.recv().unwrap_or_else(|_| gone())?;
        Ok(Self(Mutex::new(jobs)))
    }

    /// Runs statements.
    pub(super) fn run(&self, sql: &str) -> Result<(), String> {
        self.ask(Work::Script(sql.to_owned())).map(|_| ())
    }

    /// Whether there is a database of this name.
    pub(super) fn has(&self, name: &str) -> Result<bool, String> {
        self.ask(Work::Ask("SELECT EXISTS(SELECT 1 FROM pg_database WHERE datname::text = $1) AS yes", name.to_owned()))
    }

    /// Keeps a database from being removed, as long as this process lives.
    pub(super) fn keep(&self, name: &str) -> Result<(), String> {
        let lock = "SELECT true AS yes FROM pg_advisory_xact_lock_shared(hashtextextended($1, 0))";
        self.ask(Work::Ask(lock, name.to_owned())).map(|_| ())
    }

    /// Does work while no other process does work under the same name.
    pub(super) fn held<T>(&self, name: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        self.ask(Work::Ask("SELECT true AS yes FROM pg_advisory_lock(hashtextextended($1, 0))", name.to_owned()))?;
        let done = work();
        self.ask(Work::Ask("SELECT pg_advisory_unlock(hashtextextended($1, 0)) AS yes", name.to_owned()))?;
        done
    }

    fn ask(&self, what: Work) -> Result<bool, String> {
        let (done, is_done) = channel();
        let sent = self.0.lock().unwrap_or_else(PoisonError::into_inner).send(Job { what, done });
        sent.or_else(|_| gone())?;
        is_done.recv().unwrap_or_else(|_| gone())
    }
}

fn gone<T>() -> Result<T, String> {
    Err("the thread of test databases is gone".to_owned())
}

async fn answer(admin: &Database, session: &Transaction, what: Work) -> Result<bool, String> {
    match what {
        Work::Script(sql) => admin.script(&sql).await.map(|()| true).map_err(|error| told(&error)),
        Work::Ask(sql, name) => {
            let rows = session.query(sql, &[Value::Text(name)]).await.map_err(|error| told(&error))?;
            Ok(rows.first().is_some_and(|row| row.bool("yes").unwrap_or(false)))
        }
    }
}

/// Holds the lock that says that the owner lives, in a transaction that lasts.
async fn hold(admin: &Database, owner: &str) -> Result<Transaction, String> {
    let session = admin.transaction().await.map_err(|error| told(&error))?;
    session.script("SET LOCAL idle_in_transaction_session_timeout = 0").await.map_err(|error| told(&error))?;
    session
        .script("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        .await
        .map_err(|error| told(&error))?;
    if is_free(&session, owner).await { Ok(session) } else { Err(format!("the name `{owner}` is taken")) }
}
