//! Which database a project uses, out of one URL or out of separate variables.
//!
//! Knows the two kinds of databases and how they are written down. Opens nothing and looks nothing up: what a URL leaves
//! out stays out, and the driver decides. No message and no `Debug` shows a password.

mod parse;

use crate::secrecy::{MASK, Secret};
use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parse::{parse_host, parse_port, sqlite};

/// A database, not yet opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// SQLite.
    Sqlite(SqliteOptions),
    /// PostgreSQL.
    Postgres(Box<PostgresOptions>),
}

/// Where an SQLite database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteOptions {
    /// Its file.
    pub file: SqliteFile,
}

/// The file of an SQLite database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqliteFile {
    /// None: it lives as long as its connections.
    Memory,
    /// A path as written, absolute or relative to the project's folder.
    Path(PathBuf),
}

/// How to reach a PostgreSQL database. What is `None` is the driver's to choose, as libpq chooses it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PostgresOptions {
    /// Where the server listens; `None` is the usual socket, or this machine.
    pub host: Option<Host>,
    /// The port, or the number in a socket's name; `None` is 5432.
    pub port: Option<u16>,
    /// The role; `None` is the name of the process's user.
    pub user: Option<String>,
    /// The role's password.
    pub password: Option<Secret>,
    /// The database; `None` is named as the role. See [`PostgresOptions::name`].
    pub name: Option<String>,
    /// Whether to encrypt, and whom to trust.
    pub sslmode: SslMode,
    /// The file of certificates to trust; `None` is the system's.
    pub sslrootcert: Option<PathBuf>,
    /// How long to try; `None` is without end.
    pub connect_timeout: Option<Duration>,
    /// The name under which the server lists the connection.
    pub application_name: Option<String>,
    /// How many connections there are at most; `None` is 16.
    pub pool_size: Option<usize>,
    /// How long to wait for one of them; `None` is 30 seconds.
    pub pool_timeout: Option<Duration>,
    /// How old a connection becomes; `None` is without end, and zero makes one for each use.
    pub conn_max_age: Option<Duration>,
    /// How long a statement may take; `None` is as long as the server lets it.
    pub statement_timeout: Option<Duration>,
    /// Whether each statement goes by itself, with no name by which the server keeps it: for poolers that give each
    /// transaction another connection.
    pub unprepared: bool,
}

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A name or an address; an IPv6 address stands without brackets.
    Tcp(String),
    /// The folder of a Unix socket.
    Socket(PathBuf),
}

/// Whether a connection is encrypted, in libpq's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SslMode {
    /// Never.
    Disable,
    /// Where the server can.
    #[default]
    Prefer,
    /// Always, with any certificate.
    Require,
    /// Always, with a certificate from an authority that is trusted.
    VerifyCa,
    /// Always, with such a certificate for this very host.
    VerifyFull,
}

const SSL_MODES: &[(&str, SslMode)] = &[
    ("disable", SslMode::Disable),
    ("prefer", SslMode::Prefer),
    ("require", SslMode::Require),
    ("verify-ca", SslMode::VerifyCa),
    ("verify-full", SslMode::VerifyFull),
];

impl SslMode {
    /// The word for it in a URL.
    pub fn as_str(self) -> &'static str {
        SSL_MODES.iter().find(|(_, mode)| *mode == self).map_or("", |(word, _)| word)
    }
}

/// What is wrong with a variable, and the way to mend it. Shows no password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUrlError {
    /// The variable, as the caller named it.
    pub variable: String,
    /// What is wrong with it; reads on from the variable's name.
    pub problem: String,
    /// What to write.
    pub hint: String,
}

impl fmt::Display for DatabaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}\nhint: {}", self.variable, self.problem, self.hint)
    }
}

impl std::error::Error for DatabaseUrlError {}

/// A problem and its hint, before the variable is known.
struct Fault {
    problem: Cow<'static, str>,
    hint: Cow<'static, str>,
}

fn fault(problem: impl Into<Cow<'static, str>>, hint: impl Into<Cow<'static, str>>) -> Fault {
    Fault { problem: problem.into(), hint: hint.into() }
}

impl Fault {
    fn of(self, variable: &str) -> DatabaseUrlError {
        DatabaseUrlError { variable: variable.to_owned(), problem: self.problem.into(), hint: self.hint.into() }
    }
}

impl DatabaseUrl {
    /// Reads a URL; `variable` is where it comes from, for the message.
    ///
    /// `sqlite://` is followed by the path as written: `sqlite://db.sqlite3`, `sqlite:///srv/db.sqlite3`,
    /// `sqlite::memory:`. `postgres://` is libpq's: `postgres://user:password@host:5432/name?sslmode=require`.
    pub fn parse(variable: &str, url: &str) -> Result<Self, DatabaseUrlError> {
        parse::parse(url.trim()).map_err(|fault| fault.of(variable))
    }

    /// What is probably not meant, though it can be read.
    pub fn hint(&self) -> Option<String> {
        let Self::Sqlite(SqliteOptions { file: SqliteFile::Path(path) }) = self else {
            return None;
        };
        let name = path.to_str()?.strip_prefix('/')?;
        let in_root = !name.is_empty() && !name.contains('/');
        in_root.then(|| {
            format!("`sqlite:///{name}` is the file `/{name}`; for one in the project's folder write `sqlite://{name}`")
        })
    }
}

impl SqliteOptions {
    /// The file's path; `base` is the project's folder. `None` for a database in memory.
    pub fn path(&self, base: &Path) -> Option<PathBuf> {
        match &self.file {
            SqliteFile::Memory => None,
            SqliteFile::Path(path) => Some(base.join(path)),
        }
    }
}

impl PostgresOptions {
    /// The database's name, which is the role's where it has none of its own.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref().or(self.user.as_deref())
    }
}

/// A database in separate variables. Empty is the same as missing.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// `DB_ENGINE`: one of [`ENGINES`]; PostgreSQL where it is missing, which is what the other variables are for.
    pub engine: Option<String>,
    /// `DB_NAME`: the database, or the file.
    pub name: Option<String>,
    /// `DB_USER`
    pub user: Option<String>,
    /// `DB_PWD`
    pub password: Option<Secret>,
    /// `DB_HOST`: a name, an address, or a socket's folder.
    pub host: Option<String>,
    /// `DB_PORT`
    pub port: Option<String>,
}

/// What `DB_ENGINE` may be, and whether it is SQLite; the longer names are the reference's.
pub const ENGINES: &[(&str, bool)] = &[
    ("sqlite", true),
    ("sqlite3", true),
    ("django.db.backends.sqlite3", true),
    ("postgres", false),
    ("postgresql", false),
    ("django.db.backends.postgresql", false),
];

impl DatabaseUrl {
    /// Puts separate variables together. They hold plain text: nothing is percent-encoded.
    pub fn from_parts(parts: &Parts) -> Result<Self, DatabaseUrlError> {
        let name = filled(parts.name.as_deref());
        if is_sqlite(filled(parts.engine.as_deref()))? {
            let missing = || fault("is missing", "set it to the database's file: `DB_NAME=db.sqlite3`").of("DB_NAME");
            return Ok(sqlite(name.ok_or_else(missing)?));
        }
        let missing = || fault("is missing", "set it to the database's name, or set `DATABASE_URL`").of("DB_NAME");
        let host = filled(parts.host.as_deref()).map(|host| parse_host(host).map_err(|fault| fault.of("DB_HOST")));
        let port = filled(parts.port.as_deref()).map(|port| parse_port(port).map_err(|fault| fault.of("DB_PORT")));
        Ok(Self::Postgres(Box::new(PostgresOptions {
            host: host.transpose()?,
            port: port.transpose()?,
            user: filled(parts.user.as_deref()).map(str::to_owned),
            password: parts.password.clone().filter(|password| !password.is_empty()),
            name: Some(name.ok_or_else(missing)?.to_owned()),
            ..PostgresOptions::default()
        })))
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn is_sqlite(engine: Option<&str>) -> Result<bool, DatabaseUrlError> {
    let Some(engine) = engine else { return Ok(false) };
    let known = ENGINES.iter().find(|(name, _)| *name == engine);
    let unknown = || {
        fault(format!("is `{engine}`, which is not supported"), "set it to `sqlite` or `postgresql`").of("DB_ENGINE")
    };
    known.map(|(_, is_sqlite)| *is_sqlite).ok_or_else(unknown)
}

/// The URL with a masked password; reads back as the same database.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(SqliteOptions { file: SqliteFile::Memory }) => f.write_str("sqlite::memory:"),
            Self::Sqlite(SqliteOptions { file: SqliteFile::Path(path) }) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(options) => options.fmt(f),
        }
    }
}

impl fmt::Display for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        f.write_str(&self.user_info())?;
        match &self.host {
            Some(Host::Tcp(host)) if host.contains(':') => write!(f, "[{}]", host.replace('%', "%25"))?,
            Some(Host::Tcp(host)) => f.write_str(&encoded(host))?,
            Some(Host::Socket(_)) | None => {}
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "/{}", encoded(self.name.as_deref().unwrap_or_default()))?;
        f.write_str(&self.query())
    }
}

impl PostgresOptions {
    fn user_info(&self) -> String {
        let user = encoded(self.user.as_deref().unwrap_or_default());
        match &self.password {
            Some(_) => format!("{user}:{MASK}@"),
            None if user.is_empty() => user,
            None => format!("{user}@"),
        }
    }

    fn query(&self) -> String {
        let socket = match &self.host {
            Some(Host::Socket(folder)) => Some(folder.display().to_string()),
            _ => None,
        };
        let rows = [
            ("host", socket),
            ("sslmode", (self.sslmode != SslMode::default()).then(|| self.sslmode.as_str().to_owned())),
            ("sslrootcert", self.sslrootcert.as_ref().map(|path| path.display().to_string())),
            ("connect_timeout", self.connect_timeout.map(|timeout| timeout.as_secs().to_string())),
            ("application_name", self.application_name.clone()),
            ("pool_size", self.pool_size.map(|size| size.to_string())),
            ("pool_timeout", self.pool_timeout.map(|timeout| timeout.as_secs().to_string())),
            ("conn_max_age", self.conn_max_age.map(|age| age.as_secs().to_string())),
            ("statement_timeout", self.statement_timeout.map(|timeout| timeout.as_millis().to_string())),
            ("prepare", self.unprepared.then(|| "false".to_owned())),
        ];
        let set = rows.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", encoded(&value?))));
        let query = set.collect::<Vec<_>>().join("&");
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

fn encoded(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-._~/".contains(c);
    text.chars()
        .map(|c| if plain(c) { c.to_string() } else { c.to_string().bytes().map(|b| format!("%{b:02X}")).collect() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> DatabaseUrl {
        DatabaseUrl::parse("DATABASE_URL", url).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    fn postgres(url: &str) -> PostgresOptions {
        match read(url) {
            DatabaseUrl::Postgres(options) => *options,
            DatabaseUrl::Sqlite(_) => panic!("{url} is not PostgreSQL"),
        }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_file_right_under_root_gets_a_hint_with_the_relative_form() {
        let hint = read("sqlite:///db.sqlite3").hint();
        assert!(hint.as_deref().is_some_and(|hint| hint.ends_with("write `sqlite://db.sqlite3`")), "{hint:?}");
    }

    #[test]
    fn other_urls_get_no_hint() {
        for url in ["sqlite://db.sqlite3", "sqlite:///srv/db.sqlite3", "sqlite::memory:", "postgres://u@h/n"] {
            assert_eq!(read(url).hint(), None, "{url}");
        }
    }

    #[test]
    fn a_database_without_name_is_named_as_its_user() {
        assert_eq!(postgres("postgres://ann@h").name(), Some("ann"));
        assert_eq!(postgres("postgres://ann@h/shop").name(), Some("shop"));
        assert_eq!(postgres("postgres://h").name(), None);
    }

    #[test]
    fn a_message_begins_with_the_variable_and_ends_with_the_hint() {
        let error = DatabaseUrl::parse("REPLICA_URL", "mysql://h").expect_err("an unknown scheme");
        assert!(error.to_string().starts_with("`REPLICA_URL` has the scheme `mysql`"), "{error}");
        assert!(error.to_string().contains("\nhint: write `sqlite://db.sqlite3`"), "{error}");
    }

    #[test]
    fn neither_display_nor_debug_shows_the_password() {
        let url = read("postgres://u:hunter2@h:5432/n?sslmode=require");
        assert_eq!(url.to_string(), "postgres://u:****@h:5432/n?sslmode=require");
        assert!(!format!("{url:?} {url:#?}").contains("hunter2"));
    }

    #[test]
    fn what_is_displayed_reads_back_as_the_same() {
        let urls = [
            "sqlite://db.sqlite3",
            "sqlite:///srv/db.sqlite3",
            "sqlite::memory:",
            "postgres:///",
            "postgres://u@[::1]:5433/n",
            "postgres://u@[fe80::1%25eth0]/n",
            "postgres://a%40b%25@h/n%3F%20x?sslmode=disable&connect_timeout=3&application_name=a%26b%3Dc",
            "postgres://u@/n?host=/var/run&sslrootcert=/etc/ca.pem",
            "postgres://h/n?pool_size=4&pool_timeout=2&conn_max_age=0&statement_timeout=1500&prepare=false",
        ];
        for url in urls {
            assert_eq!(read(url).to_string(), url);
        }
    }

    #[test]
    fn separate_variables_are_postgres_unless_they_say_otherwise() {
        let parts = Parts {
            name: some("n"),
            user: some("u"),
            password: Some("p%40/w".into()),
            host: some("h"),
            port: some("5433"),
            engine: None,
        };
        let expected = PostgresOptions { password: Some("p%40/w".into()), ..postgres("postgres://u@h:5433/n") };
        assert_eq!(DatabaseUrl::from_parts(&parts), Ok(DatabaseUrl::Postgres(Box::new(expected))));
    }

    #[test]
    fn empty_variables_are_missing_ones() {
        let parts = Parts {
            name: some("n"),
            user: some(""),
            password: Some("".into()),
            host: some(""),
            port: some(""),
            engine: some(""),
        };
        assert_eq!(DatabaseUrl::from_parts(&parts), Ok(read("postgres:///n")));
    }

    #[test]
    fn every_engine_is_known_by_its_short_and_its_reference_name() {
        for (engine, is_sqlite) in ENGINES {
            let database =
                DatabaseUrl::from_parts(&Parts { engine: some(engine), name: some("n"), ..Parts::default() });
            assert_eq!(database, Ok(read(if *is_sqlite { "sqlite://n" } else { "postgres:///n" })), "{engine}");
        }
    }

    #[test]
    fn a_socket_folder_and_a_database_in_memory_can_be_variables() {
        let socket = DatabaseUrl::from_parts(&Parts { name: some("n"), host: some("/run"), ..Parts::default() });
        assert_eq!(socket, Ok(read("postgres:///n?host=/run")));
        let memory =
            DatabaseUrl::from_parts(&Parts { engine: some("sqlite"), name: some(":memory:"), ..Parts::default() });
        assert_eq!(memory, Ok(read("sqlite::memory:")));
    }

    #[test]
    fn each_wrong_variable_is_named() {
        let named = |change: fn(&mut Parts)| {
            let mut parts = Parts { name: some("n"), ..Parts::default() };
            change(&mut parts);
            DatabaseUrl::from_parts(&parts).expect_err("a wrong variable").variable
        };
        assert_eq!(named(|parts| parts.name = None), "DB_NAME");
        assert_eq!(named(|parts| (parts.name, parts.engine) = (None, Some("sqlite".to_owned()))), "DB_NAME");
        assert_eq!(named(|parts| parts.port = Some("x".to_owned())), "DB_PORT");
        assert_eq!(named(|parts| parts.host = Some("a b".to_owned())), "DB_HOST");
        assert_eq!(named(|parts| parts.engine = Some("mysql".to_owned())), "DB_ENGINE");
    }
}
