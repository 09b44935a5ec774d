//! The databases of one test: copies of templates, which are migrated once in a process, or once for a build.
//!
//! Which kind, the settings say; the variable `TEST_DATABASE_URL` says it in their place. The database that the settings
//! name is never opened: an SQLite file is made elsewhere, and on a PostgreSQL server a database beside it. Each is gone
//! when the last handle of it is, a panic of the test included.

mod postgres;
mod sqlite;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use quintet_core::database_url::{DatabaseUrl, SqliteFile, SqliteOptions};

use super::{aside, command_with, scratch::Scratch};
use crate::settings::{Env, Settings};

use postgres::PostgresCopy;

pub use postgres::remove_leftovers;

/// The databases of one test. Dropped, they are gone.
#[derive(Debug)]
pub(super) struct TestDatabases {
    /// What has to be dropped on servers; before the folder, whose removal nobody waits for.
    _servers: Vec<PostgresCopy>,
    _folder: Option<Scratch>,
}

/// What a process keeps of a database that was migrated.
enum Template {
    Sqlite(Arc<[u8]>),
    Postgres(postgres::Template),
}

/// A template is that of a settings function, a name and a URL.
type Key = (usize, String, DatabaseUrl);
type Made = Arc<OnceLock<Result<Template, String>>>;

static TEMPLATES: Mutex<Vec<(Key, Made)>> = Mutex::new(Vec::new());

/// Points settings to new databases, with all tables and without rows but those of migrations.
pub(super) fn make(project: fn(&Env) -> Settings, settings: &mut Settings) -> Result<TestDatabases, String> {
    if let Some(url) = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty()) {
        settings.database = DatabaseUrl::parse("TEST_DATABASE_URL", &url).map_err(|error| error.to_string())?;
    }
    // What a test has written, it reads.
    settings.replicas = BTreeMap::new();
    let mut made = TestDatabases { _servers: vec![], _folder: None };
    let original = settings.clone();
    let names = std::iter::once("default").chain(original.databases.keys().map(String::as_str));
    for name in names {
        let url = url_of(&original, name).clone();
        let template = template(&(project as usize, name.to_owned(), url.clone()), &original)?;
        let Some(Ok(template)) = template.get() else { return Err("the template is gone".to_owned()) };
        let own = match template {
            Template::Sqlite(bytes) => {
                if made._folder.is_none() {
                    made._folder = Some(Scratch::made().map_err(|error| format!("no folder can be made: {error}"))?);
                }
                let file = made._folder.as_ref().map(|folder| folder.path().join(format!("{name}.sqlite3")));
                let file = file.unwrap_or_default();
                std::fs::write(&file, bytes).map_err(|error| format!("cannot write `{}`: {error}", file.display()))?;
                sqlite_url(file)
            }
            Template::Postgres(template) => {
                let copy = aside::run(|| template.copy())?;
                let url = copy.url(&url);
                made._servers.push(copy);
                url
            }
        };
        set_url(settings, name, own);
    }
    Ok(made)
}

/// Points settings to databases in memory, in which there is nothing.
pub(super) fn none(settings: &mut Settings) {
    let memory = DatabaseUrl::Sqlite(SqliteOptions { file: SqliteFile::Memory });
    settings.replicas = BTreeMap::new();
    settings.databases.values_mut().for_each(|url| *url = memory.clone());
    settings.database = memory;
}

/// The template of a key, made by the first who asks; the others wait.
fn template(key: &Key, settings: &Settings) -> Result<Made, String> {
    let made = {
        let mut templates = TEMPLATES.lock().unwrap_or_else(PoisonError::into_inner);
        match templates.iter().find(|(known, _)| known == key) {
            Some((_, made)) => Arc::clone(made),
            None => {
                let made = Made::default();
                templates.push((key.clone(), Arc::clone(&made)));
                made
            }
        }
    };
    let (project, name, url) = key;
    let template = made.get_or_init(|| match url {
        DatabaseUrl::Sqlite(_) => sqlite::template(settings, name).map(|bytes| Template::Sqlite(bytes.into())),
        DatabaseUrl::Postgres(options) => {
            // Where a function is in memory differs from run to run; how far it is from another one does not.
            let project = project.wrapping_sub(make as *const () as usize);
            aside::run(|| postgres::Template::make(settings, name, project, options)).map(Template::Postgres)
        }
    });
    match template {
        Ok(_) => Ok(made),
        Err(problem) => Err(problem.clone()),
    }
}

/// Brings a database to where the migrations of the settings say.
fn migrate(settings: &Settings, name: &str, url: DatabaseUrl) -> Result<(), String> {
    let mut settings = settings.clone();
    set_url(&mut settings, name, url);
    let words = ["migrate", "--database", name, "--verbosity", "0", "--skip-checks", "--noinput"];
    match command_with(&settings, &words) {
        (0, _) => {}
        (_, said) => {
            return Err(format!("the migrations of the test database `{name}` fail: {}", said.err().trim_end()));
        }
    }
    match command_with(&settings, &["createcachetable", "--database", name, "--verbosity", "0"]) {
        (0, _) => Ok(()),
        (_, said) => Err(format!("the test database `{name}` has no table for caches: {}", said.err().trim_end())),
    }
}

fn url_of<'a>(settings: &'a Settings, name: &str) -> &'a DatabaseUrl {
    settings.databases.get(name).filter(|_| name != "default").unwrap_or(&settings.database)
}

fn set_url(settings: &mut Settings, name: &str, url: DatabaseUrl) {
    match settings.databases.get_mut(name).filter(|_| name != "default") {
        Some(place) => *place = url,
        None => settings.database = url,
    }
}

fn sqlite_url(file: std::path::PathBuf) -> DatabaseUrl {
    DatabaseUrl::Sqlite(SqliteOptions { file: SqliteFile::Path(file) })
}
