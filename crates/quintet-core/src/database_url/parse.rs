//! Reads a database's URL, and the pieces that separate variables share with it.
//!
//! Knows the grammar of the URLs and how people get it wrong. Does not know which variable a text comes from.

use super::{DatabaseUrl, Fault, Host, PostgresOptions, SSL_MODES, SqliteFile, SqliteOptions, fault};
use crate::secrecy::Secret;
use std::net::Ipv6Addr;
use std::time::Duration;

const FORMS: &str = "write `sqlite://db.sqlite3`, `sqlite:///srv/db.sqlite3`, `sqlite::memory:` or `postgres://user:password@host:5432/name`";

pub(super) fn parse(url: &str) -> Result<DatabaseUrl, Fault> {
    if url.is_empty() {
        return Err(fault("is empty", FORMS));
    }
    if url.starts_with(['"', '\'']) {
        return Err(fault("is in quotes", "leave the quotes out: here they are part of the value"));
    }
    let (scheme, rest) = url.split_once(':').ok_or_else(|| fault("is not a URL: it has no scheme", FORMS))?;
    match (scheme.to_ascii_lowercase().as_str(), rest.strip_prefix("//")) {
        ("sqlite", Some(path)) => parse_sqlite(path),
        ("sqlite", None) if rest == MEMORY => Ok(sqlite(MEMORY)),
        ("postgres" | "postgresql", Some(rest)) => parse_postgres(rest),
        (scheme @ ("sqlite" | "postgres" | "postgresql"), None) => Err(no_slashes(scheme)),
        (scheme, _) => Err(unknown_scheme(scheme)),
    }
}

fn no_slashes(scheme: &str) -> Fault {
    fault(format!("has no `//` after `{scheme}:`"), FORMS)
}

/// A scheme is shown only where it is one: a text without any may be a password up to its first `:`.
fn unknown_scheme(scheme: &str) -> Fault {
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if is_scheme {
        fault(format!("has the scheme `{scheme}`, but only `sqlite`, `postgres` and `postgresql` are supported"), FORMS)
    } else {
        fault("is not a URL: it has no scheme", FORMS)
    }
}

const MEMORY: &str = ":memory:";

fn parse_sqlite(path: &str) -> Result<DatabaseUrl, Fault> {
    if path.is_empty() || path == "/" {
        return Err(fault("names no file", "write `sqlite://db.sqlite3` for a file in the project's folder"));
    }
    if path.contains('?') {
        return Err(fault(
            "has parameters, and a `sqlite` URL takes none",
            "leave out the `?` and what follows; give a file of such a name in `DB_NAME`",
        ));
    }
    Ok(sqlite(without_slash_before_drive(path)))
}

pub(super) fn sqlite(path: &str) -> DatabaseUrl {
    let file = if path == MEMORY { SqliteFile::Memory } else { SqliteFile::Path(path.into()) };
    DatabaseUrl::Sqlite(SqliteOptions { file })
}

/// `sqlite:///C:/db.sqlite3` is how other tools write a path on Windows.
fn without_slash_before_drive(path: &str) -> &str {
    match path.as_bytes() {
        [b'/', drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic() => &path[1..],
        _ => path,
    }
}

fn parse_postgres(rest: &str) -> Result<DatabaseUrl, Fault> {
    let (location, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, name) = location.split_once('/').unwrap_or((location, ""));
    let (user_info, address) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let mut options = PostgresOptions {
        user: decoded("user", user)?,
        password: decoded("password", password)?.map(Secret::from),
        name: decoded("name", name)?,
        ..PostgresOptions::default()
    };
    set_address(&mut options, address).map_err(|fault| blame_password(fault, rest, authority))?;
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        set_parameter(&mut options, parameter).map_err(|fault| blame_password(fault, rest, authority))?;
    }
    Ok(DatabaseUrl::Postgres(Box::new(options)))
}

/// An `@` that comes only after a `/` or `?` means that a password has such a character in it, and that half of it was
/// read as a port or as a parameter. The message must not show that half.
fn blame_password(fault: Fault, rest: &str, authority: &str) -> Fault {
    if !rest.contains('@') || authority.contains('@') {
        return fault;
    }
    self::fault(
        "cannot be read: its user or password seems to hold `/` or `?`",
        "write the character as `%2F` for `/`, `%3F` for `?`, `%40` for `@`, `%25` for `%`, or use `DB_USER` and `DB_PWD`",
    )
}

fn set_address(options: &mut PostgresOptions, address: &str) -> Result<(), Fault> {
    if address.contains(',') {
        return Err(fault("names several hosts", "name one host"));
    }
    let (host, port) = split_address(address)?;
    if let Some(host) = decoded("host", host)? {
        options.host = Some(parse_host(&host)?);
    }
    if !port.is_empty() {
        options.port = Some(parse_port(port)?);
    }
    Ok(())
}

/// Host and port; an IPv6 address keeps its brackets.
fn split_address(address: &str) -> Result<(&str, &str), Fault> {
    if !address.starts_with('[') {
        return Ok(address.split_once(':').unwrap_or((address, "")));
    }
    let malformed =
        || fault("has an IPv6 address without its `]`, or something between `]` and the port", "write `[::1]:5432`");
    let (host, port) = address.split_at(address.find(']').ok_or_else(malformed)? + 1);
    if port.is_empty() {
        return Ok((host, ""));
    }
    Ok((host, port.strip_prefix(':').ok_or_else(malformed)?))
}

pub(super) fn parse_host(host: &str) -> Result<Host, Fault> {
    if host.starts_with('/') {
        return Ok(Host::Socket(host.into()));
    }
    let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let address = bracketed.unwrap_or(host);
    let (number, _zone) = address.split_once('%').unwrap_or((address, ""));
    let is_v6 = number.parse::<Ipv6Addr>().is_ok();
    let is_name =
        bracketed.is_none() && !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || "-._".contains(c));
    if is_v6 || is_name {
        return Ok(Host::Tcp(address.to_owned()));
    }
    Err(fault(
        "has a host that is neither a name, an address nor a folder",
        "write `localhost`, `127.0.0.1`, `[::1]`, or a socket's folder as in `?host=/var/run/postgresql`",
    ))
}

pub(super) fn parse_port(port: &str) -> Result<u16, Fault> {
    let digits = port.bytes().all(|b| b.is_ascii_digit());
    let number = if digits { port.parse().ok().filter(|port| *port != 0) } else { None };
    number.ok_or_else(|| {
        fault(
            "has a port that is not a number from 1 to 65535",
            "write `5432`, the port of most servers, or leave it out",
        )
    })
}

/// Sets one option from its text.
type Setter = fn(&mut PostgresOptions, &str) -> Result<(), Fault>;

/// The parameters of a PostgreSQL URL.
const PARAMETERS: &[(&str, Setter)] = &[
    ("application_name", |options, text| {
        options.application_name = Some(text.to_owned());
        Ok(())
    }),
    ("conn_max_age", |options, text| {
        let hint = "write `conn_max_age=600`; 0 makes a connection for each use, and none lets them live on";
        options.conn_max_age = Some(Duration::from_secs(whole("conn_max_age", "a number of seconds", hint, text)?));
        Ok(())
    }),
    ("connect_timeout", |options, text| {
        let wrong = |_| {
            fault(
                "has a `connect_timeout` that is not a number of seconds",
                "write `connect_timeout=10`; 0 waits without end",
            )
        };
        options.connect_timeout = Some(text.parse::<u32>().map_err(wrong)?)
            .filter(|seconds| *seconds != 0)
            .map(|seconds| Duration::from_secs(seconds.into()));
        Ok(())
    }),
    ("host", |options, text| {
        options.host = Some(parse_host(text)?);
        Ok(())
    }),
    ("pool_size", |options, text| {
        let hint = "write `pool_size=16`";
        let size = whole("pool_size", "a number from 1 to 1000", hint, text)?;
        let wrong = || fault("has a `pool_size` that is not a number from 1 to 1000", hint);
        options.pool_size =
            Some(usize::try_from(size).ok().filter(|size| (1..=1000).contains(size)).ok_or_else(wrong)?);
        Ok(())
    }),
    ("pool_timeout", |options, text| {
        let hint = "write `pool_timeout=30`";
        options.pool_timeout = Some(Duration::from_secs(whole("pool_timeout", "a number of seconds", hint, text)?));
        Ok(())
    }),
    ("port", |options, text| {
        options.port = Some(parse_port(text)?);
        Ok(())
    }),
    ("prepare", |options, text| {
        options.unprepared = match text {
            "true" => false,
            "false" => true,
            _ => return Err(fault("has a `prepare` that is neither `true` nor `false`", "write `prepare=false`")),
        };
        Ok(())
    }),
    ("sslmode", |options, text| {
        let words: Vec<String> = SSL_MODES.iter().map(|(word, _)| format!("`{word}`")).collect();
        let wrong = || fault("has an `sslmode` that is not known", format!("write one of {}", words.join(", ")));
        options.sslmode = SSL_MODES.iter().find(|(word, _)| *word == text).map(|(_, mode)| *mode).ok_or_else(wrong)?;
        Ok(())
    }),
    ("sslrootcert", |options, text| {
        options.sslrootcert = Some(text.into());
        Ok(())
    }),
    ("statement_timeout", |options, text| {
        let hint = "write `statement_timeout=5000` for five seconds; 0 is without end";
        let time = whole("statement_timeout", "a number of milliseconds", hint, text)?;
        options.statement_timeout = Some(Duration::from_millis(time)).filter(|time| !time.is_zero());
        Ok(())
    }),
];

fn whole(name: &'static str, what: &'static str, hint: &'static str, text: &str) -> Result<u64, Fault> {
    let wrong = |_| fault(format!("has a `{name}` that is not {what}"), hint);
    text.parse::<u32>().map(u64::from).map_err(wrong)
}

fn set_parameter(options: &mut PostgresOptions, parameter: &str) -> Result<(), Fault> {
    let malformed =
        || fault("has a parameter without `=`", "write parameters as in `?sslmode=require&connect_timeout=10`");
    let (name, value) = parameter.split_once('=').ok_or_else(malformed)?;
    match PARAMETERS.iter().find(|(known, _)| *known == name) {
        Some((_, set)) => set(options, &decoded("parameters", value)?.unwrap_or_default()),
        None => Err(unknown_parameter(name)),
    }
}

fn unknown_parameter(name: &str) -> Fault {
    let known: Vec<String> = PARAMETERS.iter().map(|(known, _)| format!("`{known}`")).collect();
    fault(format!("has the parameter `{name}`, which is not known"), format!("the parameters are {}", known.join(", ")))
}

/// The text without its percent-encoding; `None` where it is empty.
fn decoded(part: &str, text: &str) -> Result<Option<String>, Fault> {
    let decoded = percent_decode(text).and_then(|bytes| String::from_utf8(bytes).ok());
    let text = decoded.filter(|text| !text.contains('\0'));
    let wrong = || {
        fault(
            format!("has a `%` in its {part} that encodes nothing"),
            "write `%25` for `%`; two hexadecimal digits follow any other `%`",
        )
    };
    Ok(Some(text.ok_or_else(wrong)?).filter(|text| !text.is_empty()))
}

fn percent_decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(if byte == b'%' { hex(bytes.next()?)? * 16 + hex(bytes.next()?)? } else { byte });
    }
    Some(out)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::super::{DatabaseUrlError, SslMode};
    use super::*;
    use std::path::{Path, PathBuf};

    fn read(url: &str) -> DatabaseUrl {
        DatabaseUrl::parse("DATABASE_URL", url).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    fn postgres(url: &str) -> PostgresOptions {
        match read(url) {
            DatabaseUrl::Postgres(options) => *options,
            DatabaseUrl::Sqlite(_) => panic!("{url} is not PostgreSQL"),
        }
    }

    fn refused(url: &str) -> DatabaseUrlError {
        DatabaseUrl::parse("DATABASE_URL", url).expect_err(url)
    }

    fn path_in_project(url: &str) -> Option<PathBuf> {
        match read(url) {
            DatabaseUrl::Sqlite(options) => options.path(Path::new("/project")),
            DatabaseUrl::Postgres(_) => panic!("{url} is not SQLite"),
        }
    }

    fn tcp(host: &str) -> Option<Host> {
        Some(Host::Tcp(host.to_owned()))
    }

    #[test]
    fn a_relative_file_is_in_the_project_and_an_absolute_one_where_it_says() {
        let rows = [
            ("sqlite://db.sqlite3", "/project/db.sqlite3"),
            ("sqlite://data/my db.sqlite3", "/project/data/my db.sqlite3"),
            ("sqlite:///srv/db.sqlite3", "/srv/db.sqlite3"),
            (" SQLite://100%.db\n", "/project/100%.db"),
        ];
        for (url, path) in rows {
            assert_eq!(path_in_project(url), Some(PathBuf::from(path)), "{url}");
        }
    }

    #[test]
    fn memory_has_no_path() {
        assert_eq!([path_in_project("sqlite::memory:"), path_in_project("sqlite://:memory:")], [None, None]);
    }

    #[test]
    fn a_windows_path_may_have_a_slash_before_its_drive() {
        let drive = DatabaseUrl::Sqlite(SqliteOptions { file: SqliteFile::Path("C:/x/db.sqlite3".into()) });
        assert_eq!([read("sqlite://C:/x/db.sqlite3"), read("sqlite:///C:/x/db.sqlite3")], [drive.clone(), drive]);
    }

    #[test]
    fn every_part_of_a_postgres_url_is_read() {
        let url = "postgresql://u:pw@db.example:6432/n?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=5&application_name=my%20app";
        let expected = PostgresOptions {
            host: tcp("db.example"),
            port: Some(6432),
            user: Some("u".to_owned()),
            password: Some("pw".into()),
            name: Some("n".to_owned()),
            sslmode: SslMode::VerifyFull,
            sslrootcert: Some("/etc/ca.pem".into()),
            connect_timeout: Some(Duration::from_secs(5)),
            application_name: Some("my app".to_owned()),
            ..PostgresOptions::default()
        };
        assert_eq!(postgres(url), expected);
    }

    #[test]
    fn a_url_may_leave_out_everything() {
        assert_eq!(
            [postgres("postgres://"), postgres("postgres:///"), postgres("postgres://:@:/?")]
                .map(|options| options == PostgresOptions::default()),
            [true; 3]
        );
    }

    #[test]
    fn percent_encoding_is_undone_in_every_part() {
        let options = postgres("postgres://a%40b:p%3A%2F%3f%23%25@%2Fvar%2Frun/n%20%C3%A9");
        assert_eq!((options.user.as_deref(), options.name.as_deref()), (Some("a@b"), Some("n é")));
        assert_eq!(options.password.as_ref().map(Secret::expose), Some("p:/?#%"));
        assert_eq!(options.host, Some(Host::Socket("/var/run".into())));
    }

    #[test]
    fn a_password_may_hold_colons_at_signs_and_hashes_as_they_are() {
        assert_eq!(postgres("postgres://u:p:w@d#+@h/n").password.as_ref().map(Secret::expose), Some("p:w@d#+"));
    }

    #[test]
    fn a_percent_sign_that_encodes_nothing_is_refused() {
        for url in [
            "postgres://u:p%zz@h",
            "postgres://u:p%@h",
            "postgres://u:p%f@h",
            "postgres://u:p%00@h",
            "postgres://u:p%ff@h",
            "postgres://u:p%+1@h",
        ] {
            assert!(refused(url).problem.contains("password"), "{url}");
        }
    }

    #[test]
    fn ipv6_addresses_are_read_without_their_brackets() {
        assert_eq!(
            (postgres("postgres://[::1]:5433/n").host, postgres("postgres://[::1]:5433/n").port),
            (tcp("::1"), Some(5433))
        );
        assert_eq!(postgres("postgres://u@[fe80::1%25eth0]").host, tcp("fe80::1%eth0"));
        assert_eq!(postgres("postgres:///n?host=::1").host, tcp("::1"));
    }

    #[test]
    fn malformed_hosts_and_ports_are_refused() {
        for url in [
            "postgres://[::1",
            "postgres://[::1]5432/n",
            "postgres://[h]/n",
            "postgres://::1/n",
            "postgres://a b/n",
            "postgres://h1,h2/n",
            "postgres:///n?host=",
        ] {
            assert!(
                refused(url).problem.contains("host")
                    || refused(url).problem.contains("IPv6")
                    || refused(url).problem.contains("port"),
                "{url}"
            );
        }
        for port in ["0", "65536", "x", "+1", "-1", "5432x"] {
            assert!(refused(&format!("postgres://h:{port}/n")).problem.contains("port"), "{port}");
        }
    }

    #[test]
    fn a_socket_folder_comes_from_the_host_parameter() {
        let options = postgres("postgres://u@/n?host=/var/run/postgresql&port=5433");
        assert_eq!((options.host, options.port), (Some(Host::Socket("/var/run/postgresql".into())), Some(5433)));
    }

    #[test]
    fn the_parameter_names_the_host_where_both_do() {
        assert_eq!(postgres("postgres://a/n?host=b").host, tcp("b"));
    }

    #[test]
    fn an_unknown_parameter_is_refused_with_the_known_ones() {
        let error = refused("postgres://h/n?sslmod=require");
        assert!(error.problem.contains("`sslmod`"), "{error}");
        for (name, _) in PARAMETERS {
            assert!(error.hint.contains(&format!("`{name}`")), "{error}");
        }
    }

    #[test]
    fn an_unknown_sslmode_is_refused_with_the_known_ones() {
        let error = refused("postgres://h/n?sslmode=on");
        assert!(
            error.problem.contains("sslmode")
                && error.hint.contains("`disable`, `prefer`, `require`, `verify-ca`, `verify-full`"),
            "{error}"
        );
    }

    #[test]
    fn a_timeout_is_seconds_and_0_waits_without_end() {
        assert_eq!(postgres("postgres://h?connect_timeout=0").connect_timeout, None);
        for value in ["", "x", "-1", "1.5"] {
            assert!(
                refused(&format!("postgres://h?connect_timeout={value}")).problem.contains("connect_timeout"),
                "{value}"
            );
        }
    }

    #[test]
    fn what_is_no_database_url_is_refused_with_the_forms_that_are() {
        let rows = [
            ("", "is empty"),
            ("  ", "is empty"),
            ("db.sqlite3", "no scheme"),
            ("mysql://u:pw@h/n", "`mysql`"),
            ("oracle://h", "`oracle`"),
            ("postgres:/x", "no `//`"),
            ("postgres:x", "no `//`"),
            ("sqlite:db.sqlite3", "no `//`"),
            ("sqlite3://db.sqlite3", "`sqlite3`"),
            ("s3cr&t:x", "no scheme"),
        ];
        for (url, part) in rows {
            let error = refused(url);
            assert!(
                error.problem.contains(part)
                    && error.hint.contains("sqlite://db.sqlite3")
                    && error.hint.contains("postgres://"),
                "{url}: {error}"
            );
        }
    }

    #[test]
    fn an_sqlite_url_without_file_or_with_parameters_is_refused() {
        for url in ["sqlite://", "sqlite:///", "sqlite://db.sqlite3?mode=ro"] {
            assert!(!refused(url).hint.is_empty(), "{url}");
        }
    }

    #[test]
    fn quotes_around_the_url_are_named_as_such() {
        assert!(refused("\"postgres://h\"").problem.contains("quotes"));
    }

    #[test]
    fn no_message_shows_a_password_however_it_is_broken() {
        for password in [
            "hunter2/x",
            "hunter2?x",
            "hunter2?x=1",
            "1/hunter2",
            "1?hunter2",
            "1?hunter2=1&x",
            "hunter2%zz",
            "[hunter2",
            "hunter2,x",
            "hunter2 x/",
        ] {
            let url = format!("postgres://u:{password}@h/n");
            if let Err(error) = DatabaseUrl::parse("DATABASE_URL", &url) {
                assert!(!format!("{error} {error:?}").contains("hunter2"), "{url}: {error}");
            }
        }
        assert!(refused("postgres://u:hunter2/x@h/n").hint.contains("%2F"));
        assert!(refused("postgres://u:1?hunter2@h/n").hint.contains("%3F"));
    }
}
