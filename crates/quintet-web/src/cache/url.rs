//! URLs of caches. A password is read and never shown.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use quintet_core::secrecy::{MASK, Secret};

use super::config::{CacheSettings, CacheUrlError, Location};

/// How to reach a Redis server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisUrl {
    /// Where it listens.
    pub host: RedisHost,
    /// Who logs in; `None` is the server's default user.
    pub user: Option<String>,
    /// The password; without one nobody logs in.
    pub password: Option<Secret>,
    /// The number of the database there.
    pub number: u32,
    /// How long to wait for a connection, and for an answer.
    pub wait: Duration,
}

/// Where a Redis server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedisHost {
    /// A name or an address, and a port.
    Tcp(String, u16),
    /// A Unix socket.
    Socket(PathBuf),
}

/// The URL, its password masked.
impl fmt::Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.user.as_deref().unwrap_or_default();
        let who = if self.password.is_some() { format!("{user}:{MASK}@") } else { String::new() };
        match &self.host {
            RedisHost::Tcp(host, port) if host.contains(':') => {
                write!(f, "redis://{who}[{host}]:{port}/{}", self.number)
            }
            RedisHost::Tcp(host, port) => write!(f, "redis://{who}{host}:{port}/{}", self.number),
            RedisHost::Socket(path) => write!(f, "redis+unix://{who}{}?db={}", path.display(), self.number),
        }
    }
}

/// The names of a URL's parameters, besides those of one kind.
const PARAMETERS: [&str; 7] = ["timeout", "key_prefix", "version", "max_entries", "cull_frequency", "db", "wait"];

pub(super) fn parse(text: &str) -> Result<CacheSettings, CacheUrlError> {
    let (scheme, rest) = text.trim().split_once("://").ok_or_else(|| {
        wrong("is no URL of a cache", "write `memory://`, `database://cache_table` or `redis://localhost:6379/0`")
    })?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let parameters = parameters(query)?;
    let is_redis = matches!(scheme, "redis" | "redis+unix" | "unix");
    let location = match scheme {
        "memory" | "locmem" if place.is_empty() => Location::Memory,
        "dummy" if place.is_empty() => Location::Dummy,
        "database" | "db" => Location::Database(table(place)?),
        "redis" => Location::Redis(server(place)?),
        "redis+unix" | "unix" => Location::Redis(socket(place)?),
        "rediss" => {
            return Err(wrong(
                "asks for encryption, which this client does not have",
                "reach Redis by a Unix socket, or by a tunnel such as stunnel: `redis://localhost:6379/0`",
            ));
        }
        _ => {
            let known = "the kinds are `memory://`, `dummy://`, `database://TABLE`, `redis://HOST:PORT/NUMBER` and `redis+unix:///SOCKET`";
            return Err(wrong("is no URL of a cache", known));
        }
    };
    let mut settings = CacheSettings::from(location);
    for (name, value) in &parameters {
        set(&mut settings, is_redis, name, value)?;
    }
    Ok(settings)
}

fn parameters(query: &str) -> Result<Vec<(&str, String)>, CacheUrlError> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((name, decoded(value)?))
        })
        .collect()
}

fn set(settings: &mut CacheSettings, is_redis: bool, name: &str, value: &str) -> Result<(), CacheUrlError> {
    let number =
        || value.parse::<u32>().map_err(|_| wrong(format!("has a `{name}` that is no number"), "write digits"));
    match name {
        "timeout" if value == "none" => settings.timeout = None,
        "timeout" => settings.timeout = Some(Duration::from_secs(number()?.into())),
        "key_prefix" => value.clone_into(&mut settings.key_prefix),
        "version" => settings.version = number()?,
        "max_entries" => settings.max_entries = number()? as usize,
        "cull_frequency" => settings.cull_frequency = number()? as usize,
        "db" | "wait" if is_redis => {
            let number = number()?;
            let Location::Redis(url) = &mut settings.location else { return Ok(()) };
            if name == "db" {
                url.number = number;
            } else {
                url.wait = Duration::from_secs(number.max(1).into());
            }
        }
        _ => {
            let known = PARAMETERS.map(|name| format!("`{name}`")).join(", ");
            return Err(wrong(
                format!("has a parameter `{}` that nothing reads", name.escape_debug()),
                format!("the parameters are {known}"),
            ));
        }
    }
    Ok(())
}

fn table(place: &str) -> Result<String, CacheUrlError> {
    let table = decoded(place)?;
    if table.is_empty() || table.len() > 63 || table.contains('\0') {
        return Err(wrong("names no table", "write `database://cache_table`, and run `createcachetable`"));
    }
    Ok(table)
}

fn server(place: &str) -> Result<RedisUrl, CacheUrlError> {
    let (user, password, place) = who(place)?;
    let (address, number) = place.split_once('/').unwrap_or((place, ""));
    let number = if number.is_empty() { Ok(0) } else { number.parse() };
    let number = number.map_err(|_| wrong("has a database that is no number", "write `redis://localhost:6379/0`"))?;
    let (host, port) = match address.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':').unwrap_or(port)),
        None => address.rsplit_once(':').unwrap_or((address, "")),
    };
    let port = if port.is_empty() { Ok(6379) } else { port.parse() };
    let port = port.map_err(|_| wrong("has a port that is none", "write `redis://localhost:6379/0`"))?;
    let host = if host.is_empty() { "localhost".to_owned() } else { decoded(host)? };
    Ok(RedisUrl { host: RedisHost::Tcp(host, port), user, password, number, wait: WAIT })
}

fn socket(place: &str) -> Result<RedisUrl, CacheUrlError> {
    let (user, password, place) = who(place)?;
    let path = decoded(place)?;
    if !path.starts_with('/') {
        return Err(wrong("names no socket", "write the whole path: `redis+unix:///run/redis/redis.sock?db=0`"));
    }
    Ok(RedisUrl { host: RedisHost::Socket(path.into()), user, password, number: 0, wait: WAIT })
}

const WAIT: Duration = Duration::from_secs(5);

type Who<'a> = (Option<String>, Option<Secret>, &'a str);

/// Who logs in, and what stands behind that.
fn who(place: &str) -> Result<Who<'_>, CacheUrlError> {
    let Some((who, place)) = place.rsplit_once('@') else { return Ok((None, None, place)) };
    let (user, password) = who.split_once(':').unwrap_or(("", who));
    let user = Some(decoded(user)?).filter(|user| !user.is_empty());
    Ok((user, Some(Secret::new(decoded(password)?)), place))
}

fn decoded(text: &str) -> Result<String, CacheUrlError> {
    let text = percent_decode_str(text).decode_utf8();
    text.map(Into::into)
        .map_err(|_| wrong("is no UTF-8 once `%..` is replaced", "encode each byte of a letter as `%` and two digits"))
}

fn wrong(problem: impl Into<String>, hint: impl Into<String>) -> CacheUrlError {
    CacheUrlError { problem: problem.into(), hint: hint.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        parse(text).map_or_else(|error| format!("{error:?}"), |settings| format!("{:?}", settings.location))
    }

    #[test]
    fn each_kind_of_cache_has_a_url() {
        for (text, expected) in [
            ("memory://", "memory://"),
            ("dummy://", "dummy://"),
            ("database://cache_table", "database://cache_table"),
            ("redis://", "redis://localhost:6379/0"),
            ("redis://cache.example/2", "redis://cache.example:6379/2"),
            ("redis://:p%40ss@[::1]:6380/1", "redis://:****@[::1]:6380/1"),
            ("redis://ann:pass@host", "redis://ann:****@host:6379/0"),
            ("redis+unix:///run/redis.sock?db=3", "redis+unix:///run/redis.sock?db=3"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn parameters_are_settings() {
        let settings = parse("redis://?timeout=60&key_prefix=a%26b&version=2&db=4&wait=1").expect("a URL");
        assert_eq!((settings.timeout, settings.version), (Some(Duration::from_secs(60)), 2));
        assert_eq!(settings.key_prefix, "a&b");
        let Location::Redis(url) = settings.location else { panic!("it is Redis") };
        assert_eq!((url.number, url.wait), (4, Duration::from_secs(1)));
        assert_eq!(parse("memory://?timeout=none").expect("a URL").timeout, None);
    }

    #[test]
    fn what_is_wrong_is_told_and_no_password_is() {
        for text in [
            "",
            "redis",
            "file:///tmp",
            "memory://x",
            "database://",
            "redis://:hush@h:port",
            "redis://:hush@h/x",
            "redis+unix://:hush@socket",
            "rediss://:hush@h",
            "memory://?timeout=soon",
            "memory://?db=1",
            "redis://:hush@h?hsh=1",
        ] {
            let error = parse(text).map(|_| ()).expect_err(text);
            assert!(!error.hint.is_empty() && !format!("{error:?}").contains("hush"), "{text}: {error:?}");
        }
    }
}
