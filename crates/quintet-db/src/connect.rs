//! Reaching a database: what is there, or why nothing is.
//!
//! Opens a connection, asks for the version, closes it. Keeps nothing, changes nothing, creates no file.

use std::error::Error as _;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use quintet_core::database_url::{DatabaseUrl, Host, PostgresOptions};
use rusqlite::{Connection, OpenFlags};
use tokio::task::JoinHandle;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::postgres::gather::behind_others;
use crate::postgres::tls::{self, Tls};
use crate::postgres::under_way::UnderWay;

/// How long a server may take where the URL does not say.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a database cannot be reached, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectError {
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: String,
}

/// What kind of database answers, with its version: `SQLite 3.50.4`, `PostgreSQL 15.18`.
pub async fn server_version(database: &DatabaseUrl, folder: &Path) -> Result<String, ConnectError> {
    match database {
        DatabaseUrl::Sqlite(options) => sqlite_version(options.path(folder)),
        DatabaseUrl::Postgres(options) => postgres_version(options).await,
    }
}

/// A file that is not there yet is no failure: the first command that writes makes it.
fn sqlite_version(file: Option<PathBuf>) -> Result<String, ConnectError> {
    let version = format!("SQLite {}", rusqlite::version());
    let Some(file) = file else { return Ok(version) };
    let shown = file.display();
    if !file.exists() {
        let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if parent.is_dir() {
            return Ok(format!("{version}, `{shown}` is not there yet"));
        }
        let problem = format!("the folder of the database `{shown}` does not exist");
        return Err(ConnectError { problem, hint: format!("make it: mkdir -p {}", parent.display()) });
    }
    let opened = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|connection| connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())));
    opened.map(|()| version).map_err(|error| ConnectError {
        problem: format!("the database `{shown}` cannot be opened: {error}"),
        hint: "check that it is an SQLite database, and that this user may read and write it".to_owned(),
    })
}

async fn postgres_version(options: &PostgresOptions) -> Result<String, ConnectError> {
    let (client, driver, _) = open_postgres(options, &Arc::default()).await.map_err(|unopened| unopened.error)?;
    let row = client.query_one("SHOW server_version", &[]).await;
    drop(client);
    driver.abort();
    let version = row.and_then(|row| row.try_get::<_, String>(0)).map_err(|error| unreachable(&chain(&error)))?;
    Ok(format!("PostgreSQL {}", version.split(' ').next().unwrap_or_default()))
}

/// Why a connection could not be opened.
pub(crate) struct Unopened {
    pub(crate) error: ConnectError,
    /// Whether the server cannot be reached at this moment; else it answered, and refused.
    pub(crate) is_away: bool,
}

/// A connection, the task that moves its bytes, and how it is encrypted. `statements` are those on their way on all
/// connections of its pool.
pub(crate) async fn open_postgres(
    options: &PostgresOptions,
    statements: &Arc<UnderWay>,
) -> Result<(Client, JoinHandle<()>, Tls), Unopened> {
    let (tls, wanted) = tls::of(options).map_err(|error| Unopened { error, is_away: false })?;
    let mut config = postgres_config(options);
    config.ssl_mode(wanted);
    let connect = async {
        #[allow(clippy::clone_on_copy, reason = "without the feature `tls` it is nothing")]
        let (client, connection) = config.connect(tls.clone()).await?;
        // What ends a connection is told to whoever uses it next.
        let statements = Arc::clone(statements);
        let driver = tokio::spawn(async move { drop(behind_others(connection, &statements).await) });
        if options.unprepared {
            // A pooler passes this on, but not what a connection may be opened with.
            client.batch_execute("SET TIME ZONE 'UTC'").await?;
        }
        Ok::<_, tokio_postgres::Error>((client, driver))
    };
    let away = |problem: &str| Unopened { error: unreachable(problem), is_away: true };
    match tokio::time::timeout(options.connect_timeout.unwrap_or(PATIENCE), connect).await {
        Ok(Ok((client, driver))) => Ok((client, driver, tls)),
        Ok(Err(error)) => {
            let is_away = error.code().is_none_or(is_passing);
            Err(refused(options, &error).map_or_else(|| away(&chain(&error)), |error| Unopened { error, is_away }))
        }
        Err(_) => Err(away("it does not answer in time")),
    }
}

/// Whether a server that says this may take connections in a moment.
fn is_passing(code: &SqlState) -> bool {
    [SqlState::CANNOT_CONNECT_NOW, SqlState::TOO_MANY_CONNECTIONS, SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN]
        .contains(code)
}

fn unreachable(problem: &str) -> ConnectError {
    ConnectError {
        problem: format!("PostgreSQL cannot be reached: {problem}"),
        hint: "check that the server runs, and host, port, user, password and name in the database's URL".to_owned(),
    }
}

/// What the server itself says, by its code; or that there is none.
fn refused(options: &PostgresOptions, error: &tokio_postgres::Error) -> Option<ConnectError> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>()).map(std::io::Error::kind);
    let (problem, hint) = match (error.code(), io) {
        (Some(code), _) if *code == SqlState::INVALID_CATALOG_NAME => {
            let name = options.name().map(str::to_owned).unwrap_or_default();
            (format!("the database `{name}` does not exist"), format!("make it: createdb {name}"))
        }
        (Some(code), _) if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            let user = text(&options.user);
            (format!("the role `{user}` may not connect, or does not exist"), format!("make it: createuser {user}"))
        }
        (Some(code), _) if *code == SqlState::INVALID_PASSWORD => {
            let user = text(&options.user);
            (format!("the password of the role `{user}` is wrong"), "correct it in the database's URL".to_owned())
        }
        (None, Some(ErrorKind::ConnectionRefused | ErrorKind::NotFound)) => {
            let place = place(options);
            (
                format!("nothing listens at `{place}`"),
                "start PostgreSQL, or correct host and port in the database's URL".to_owned(),
            )
        }
        _ => return None,
    };
    Some(ConnectError { problem, hint })
}

fn place(options: &PostgresOptions) -> String {
    let port = options.port.unwrap_or(5432);
    match &options.host {
        Some(Host::Tcp(host)) if host.contains(':') => format!("[{host}]:{port}"),
        Some(Host::Tcp(host)) => format!("{host}:{port}"),
        Some(Host::Socket(folder)) => folder.join(format!(".s.PGSQL.{port}")).display().to_string(),
        None => format!("localhost:{port}"),
    }
}

fn postgres_config(options: &PostgresOptions) -> tokio_postgres::Config {
    let mut config = tokio_postgres::Config::new();
    match &options.host {
        Some(Host::Tcp(name)) => drop(config.host(name)),
        #[cfg(unix)]
        Some(Host::Socket(folder)) => drop(config.host_path(folder)),
        #[cfg(not(unix))]
        Some(Host::Socket(folder)) => drop(config.host(folder.to_string_lossy())),
        None => usual_host(&mut config),
    }
    options.port.map(|port| config.port(port));
    options.user.as_ref().map(|user| config.user(user));
    options.password.as_ref().map(|password| config.password(password.expose()));
    options.name.as_ref().map(|name| config.dbname(name));
    options.application_name.as_ref().map(|name| config.application_name(name));
    if !options.unprepared {
        let limit = options
            .statement_timeout
            .map_or(String::new(), |limit| format!(" -c statement_timeout={}", limit.as_millis()));
        config.options(format!("-c TimeZone=UTC{limit}"));
    }
    config
}

/// Where libpq looks when it is told nothing: the socket of Debian's or of the usual folder, then this machine.
fn usual_host(config: &mut tokio_postgres::Config) {
    #[cfg(unix)]
    for folder in ["/var/run/postgresql", "/tmp"] {
        config.host_path(folder);
    }
    config.host("localhost");
}

/// The driver's errors say what they are about only in their causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(url: &str, folder: &Path) -> Result<String, ConnectError> {
        let database = DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(server_version(&database, folder))
    }

    #[test]
    fn a_file_that_is_not_there_yet_is_said_and_not_made() {
        let folder = std::env::temp_dir();
        let found = version("sqlite://quintet-no-such-file.sqlite3", &folder).expect("no failure");
        assert!(found.contains("is not there yet"), "{found}");
        assert!(!folder.join("quintet-no-such-file.sqlite3").exists());
    }

    #[test]
    fn a_missing_folder_is_an_error_with_the_command_that_makes_it() {
        let error = version("sqlite:///no/such/folder/db.sqlite3", Path::new("/")).expect_err("no folder");
        assert!(error.hint.contains("mkdir -p /no/such/folder"), "{error:?}");
    }

    #[test]
    fn a_file_that_is_no_database_is_refused() {
        let file = std::env::temp_dir().join(format!("quintet-not-a-database-{}", std::process::id()));
        std::fs::write(&file, "this is not a database, it is a text of some length").expect("written");
        let error = version(&format!("sqlite://{}", file.display()), Path::new("/")).expect_err("no database");
        std::fs::remove_file(&file).expect("removed");
        assert!(error.problem.contains("file is not a database"), "{error:?}");
    }

    #[test]
    fn a_server_that_is_not_there_is_a_fast_clear_error() {
        let error = version("postgres://u:secret@127.0.0.1:1/db", Path::new("/")).expect_err("nothing listens there");
        assert_eq!(error.problem, "nothing listens at `127.0.0.1:1`");
        assert!(!format!("{error:?}").contains("secret"));
    }

    #[test]
    fn a_database_that_does_not_exist_is_named_with_the_command_that_makes_it() {
        let Ok(url) = std::env::var("QUINTET_TEST_POSTGRES") else {
            println!("skipped: QUINTET_TEST_POSTGRES is not set (make test sets it)");
            return;
        };
        let missing = url.replacen("/postgres?", "/no_such_database?", 1);
        assert_ne!(missing, url, "the cluster's URL names the database `postgres`");
        let error = version(&missing, Path::new("/")).expect_err("no such database");
        assert_eq!(error.problem, "the database `no_such_database` does not exist");
        assert!(error.hint.contains("createdb no_such_database"), "{error:?}");
    }

    #[cfg(not(feature = "tls"))]
    #[test]
    fn encryption_that_is_not_there_is_refused_before_anything_is_sent() {
        let error = version("postgres://u:p@127.0.0.1:1/db?sslmode=require", Path::new("/")).expect_err("not yet");
        assert!(error.problem.contains("sslmode=require"), "{error:?}");
    }

    #[test]
    fn the_test_cluster_answers_with_its_version() {
        let Ok(url) = std::env::var("QUINTET_TEST_POSTGRES") else {
            println!("skipped: QUINTET_TEST_POSTGRES is not set (make test sets it)");
            return;
        };
        assert!(version(&url, Path::new("/")).expect("the cluster runs").starts_with("PostgreSQL 1"));
    }
}
