//! The reference itself, run upon the databases of the tests.
//!
//! Its Python stands in `oracle/venv`, which `scripts/bootstrap python` makes, and `scripts/test` before anything else.

use std::path::PathBuf;
use std::process::Command;

use quintet_core::database_url::{DatabaseUrl, Host};

use crate::databases::Scratch;
use crate::support::{Said, checkout, command, run};

/// Whether the reference is here; where it is not, a line that says so.
#[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
pub fn is_here() -> bool {
    let here = python().is_file();
    if !here {
        println!("skipped: the reference is not here (scripts/bootstrap python makes oracle/venv)");
    }
    here
}

fn python() -> PathBuf {
    checkout().join("oracle/venv/bin/python")
}

/// Runs the reference's `manage.py` with these words upon a database.
///
/// # Panics
/// As [`run`].
pub fn manage(database: &Scratch, words: &[&str]) -> Said {
    run(django(database).arg(checkout().join("oracle/project/manage.py")).args(words))
}

/// Runs statements of Python with the reference's models at hand, upon a database.
///
/// # Panics
/// Where they fail.
pub fn python_script(database: &Scratch, script: &str) -> String {
    let whole = format!("import django\ndjango.setup()\n{script}");
    let said = run(django(database).args(["-c", &whole]));
    assert_eq!(said.code, 0, "{said:?}");
    said.out
}

/// The same under other settings of the reference's project: `accounts` for one.
///
/// # Panics
/// Where they fail.
pub fn python_script_as(profile: &str, database: &Scratch, script: &str) -> String {
    let whole = format!("import django\ndjango.setup()\n{script}");
    let mut command = django(database);
    command.env("DJANGO_SETTINGS_MODULE", format!("backend.settings_{profile}"));
    let said = run(command.args(["-c", &whole]));
    assert_eq!(said.code, 0, "{said:?}");
    said.out
}

fn django(database: &Scratch) -> Command {
    let mut command = command(python());
    command
        .env("DJANGO_SETTINGS_MODULE", "backend.settings_full")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONPATH", checkout().join("oracle/project"))
        .env_remove("DB_ENGINE")
        .current_dir(checkout().join("oracle/project"));
    let url = DatabaseUrl::parse("DATABASE_URL", &database.url).expect("a URL of the test's own");
    match (database.file(), url) {
        (Some(file), _) => command.env("ORACLE_SQLITE", file),
        (None, DatabaseUrl::Postgres(options)) => {
            let host = match &options.host {
                Some(Host::Tcp(name)) => name.clone(),
                Some(Host::Socket(folder)) => folder.display().to_string(),
                None => String::new(),
            };
            command
                .env("DB_ENGINE", "postgresql")
                .env("DB_NAME", options.name().unwrap_or_default())
                .env("DB_USER", options.user.clone().unwrap_or_default())
                .env(
                    "DB_PWD",
                    options.password.as_ref().map(|password| password.expose().to_owned()).unwrap_or_default(),
                )
                .env("DB_HOST", host)
                .env("DB_PORT", options.port.unwrap_or(5432).to_string())
        }
        (None, DatabaseUrl::Sqlite(_)) => panic!("a file of its own"),
    };
    command
}
