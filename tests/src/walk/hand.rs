//! Who brings a migration to a database: our executor, or the reference's editor in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use quintet_core::database_url::{DatabaseUrl, Host};
use quintet_core::operation::Migration;
use quintet_core::schema::ProjectState;
use quintet_db::migrate::{Direction, Executor, Mode, Notice, Outcome};
use quintet_db::{Boxed, Database};
use serde_json::json;

use super::python;
use crate::databases::Scratch;
use crate::support::checkout;

/// Who brings a migration to a database.
pub trait Hand {
    /// Does or undoes a migration; `before` is the state before it, in either direction.
    fn apply<'a>(
        &'a mut self,
        db: &'a Database,
        migration: &'a Migration,
        before: &'a ProjectState,
        direction: Direction,
    ) -> Boxed<'a, Result<(), String>>;
}

/// Our executor.
#[derive(Debug)]
pub struct Ours;

impl Hand for Ours {
    fn apply<'a>(
        &'a mut self,
        db: &'a Database,
        migration: &'a Migration,
        before: &'a ProjectState,
        direction: Direction,
    ) -> Boxed<'a, Result<(), String>> {
        Box::pin(async move {
            let silent = |_: Notice<'_>| {};
            let outcome = Executor::new(db, &silent).apply(migration, before, direction, Mode::Run).await;
            match outcome.map_err(|error| error.to_string())? {
                Outcome::Done => Ok(()),
                other => Err(format!("{} came out as {other:?}", migration.label())),
            }
        })
    }
}

/// The reference, which is told one migration after the other.
#[derive(Debug)]
pub struct Reference {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Reference {
    /// Starts it upon a database.
    ///
    /// # Panics
    /// Where it does not start.
    pub fn start(database: &Scratch) -> Self {
        let url = DatabaseUrl::parse("DATABASE_URL", &database.url).expect("a URL of the test's own");
        let settings = match (database.file(), url) {
            (Some(file), _) => json!({"ENGINE": "django.db.backends.sqlite3", "NAME": file}),
            (None, DatabaseUrl::Postgres(options)) => {
                let host = match &options.host {
                    Some(Host::Tcp(name)) => name.clone(),
                    Some(Host::Socket(folder)) => folder.display().to_string(),
                    None => String::new(),
                };
                let password = options.password.as_ref().map(|password| password.expose().to_owned());
                json!({
                    "ENGINE": "django.db.backends.postgresql",
                    "NAME": options.name(),
                    "USER": options.user,
                    "PASSWORD": password.unwrap_or_default(),
                    "HOST": host,
                    "PORT": options.port.unwrap_or(5432).to_string(),
                })
            }
            (None, DatabaseUrl::Sqlite(_)) => panic!("a file of its own"),
        };
        let mut process = Command::new(checkout().join("oracle/venv/bin/python"))
            .arg(checkout().join("tests/src/walk/reference.py"))
            .arg(settings.to_string())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the reference starts");
        let input = process.stdin.take().expect("a pipe");
        let output = BufReader::new(process.stdout.take().expect("a pipe"));
        Self { process, input, output }
    }

    fn ask(&mut self, question: &serde_json::Value) -> Result<(), String> {
        let mut line = String::new();
        writeln!(self.input, "{question}").and_then(|()| self.input.flush()).map_err(|error| error.to_string())?;
        self.output.read_line(&mut line).map_err(|error| error.to_string())?;
        match serde_json::from_str(&line) {
            Ok(serde_json::Value::Null) => Ok(()),
            Ok(serde_json::Value::String(problem)) => Err(format!("the reference: {problem}\n{question}")),
            _ => Err(format!("the reference says {line:?}")),
        }
    }
}

impl Hand for Reference {
    fn apply<'a>(
        &'a mut self,
        _: &'a Database,
        migration: &'a Migration,
        _: &'a ProjectState,
        direction: Direction,
    ) -> Boxed<'a, Result<(), String>> {
        let forwards = direction == Direction::Forwards;
        let operations: Vec<String> = migration.operations.iter().map(python::operation).collect();
        let question = json!({
            "forwards": forwards, "app": migration.app, "name": migration.name, "operations": operations,
        });
        Box::pin(async move { self.ask(&question) })
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
