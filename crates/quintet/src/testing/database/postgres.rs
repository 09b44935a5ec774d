//! PostgreSQL: a migrated template database, and copies of it for the tests.
//!
//! A template is kept from run to run, under a name that says whose it is: the next process of the same build of the same
//! tests copies it and migrates nothing. What another build left is removed, and what nobody has used for a week. A copy
//! is gone with its test; those of a process that was killed are removed by the next one. Locks say who lives.

mod desk;
mod leftovers;
mod name;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quintet_core::database_url::{DatabaseUrl, PostgresOptions};

use super::migrate;
use crate::settings::Settings;

use desk::Desk;
use name::{TemplateName, prefix};

pub use leftovers::remove_leftovers;

/// Where databases are made from; every server has it.
const ADMIN: &str = "postgres";

/// The migrated database.
pub(super) struct Template {
    name: TemplateName,
    /// What the names of this process's copies begin with.
    owner: String,
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
    /// Finds it, or makes it: an empty database that is migrated. `project` is the place of the settings function in the
    /// program.
    pub(super) fn make(
        settings: &Settings,
        name: &str,
        project: usize,
        options: &PostgresOptions,
    ) -> Result<Self, String> {
        let owner = format!("{}{}_{:08x}", prefix(options), std::process::id(), crate::clock::seed() as u32);
        let template = TemplateName::of(settings, name, project, options);
        let desk = Arc::new(Desk::open(options, &owner, template.clone())?);
        let making = || build(settings, name, options, &template, &desk);
        desk.held(&template.making_lock(), || {
            // Whoever removes templates may have been faster than the lock that keeps this one.
            for _ in 0..3 {
                if !desk.has(&template.whole())? {
                    making()?;
                }
                desk.keep(&template.whole())?;
                if desk.has(&template.whole())? {
                    return Ok(());
                }
            }
            Err(format!("the test database `{}` is removed again and again", template.whole()))
        })?;
        drop(desk.run(&template.mark()));
        Ok(Self { name: template, owner, desk, copies: AtomicU64::new(0) })
    }

    /// A copy of it.
    pub(super) fn copy(&self) -> Result<PostgresCopy, String> {
        let name = format!("{}_{}", self.owner, self.copies.fetch_add(1, Ordering::Relaxed));
        let sql = format!("CREATE DATABASE {} TEMPLATE {}", quoted(&name), quoted(&self.name.whole()));
        // Twice as fast as by the log; a server before version 15 knows no other way, nor the word.
        match self.desk.run(&format!("{sql} STRATEGY file_copy")) {
            Err(problem) if problem.contains("strategy") => self.desk.run(&sql)?,
            other => other?,
        }
        Ok(PostgresCopy { name, desk: Arc::clone(&self.desk) })
    }
}

/// Makes a template under another name, so that one that has the right name is whole.
fn build(
    settings: &Settings,
    name: &str,
    options: &PostgresOptions,
    template: &TemplateName,
    desk: &Desk,
) -> Result<(), String> {
    let (half, whole) = (quoted(&template.half()), quoted(&template.whole()));
    desk.run(&format!("DROP DATABASE IF EXISTS {half} WITH (FORCE)"))?;
    desk.run(&format!("CREATE DATABASE {half}"))?;
    let url = DatabaseUrl::Postgres(Box::new(options.clone()));
    if let Err(problem) = migrate(settings, name, named(&template.half(), &url)) {
        drop(desk.run(&format!("DROP DATABASE {half} WITH (FORCE)")));
        return Err(problem);
    }
    desk.run(&format!("ALTER DATABASE {half} RENAME TO {whole}"))
}

impl PostgresCopy {
    /// Its URL, beside this one.
    pub(super) fn url(&self, beside: &DatabaseUrl) -> DatabaseUrl {
        named(&self.name, beside)
    }
}

impl Drop for PostgresCopy {
    fn drop(&mut self) {
        // A test that panics must not panic again; what stays is removed by the next process.
        drop(self.desk.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(&self.name))));
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

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
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
