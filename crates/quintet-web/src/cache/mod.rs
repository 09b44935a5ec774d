//! Caches: what may be forgotten, by name, shared by processes where it is kept outside of them.
//!
//! [`Cache`] is the face: keys with their prefix and version, values, timeouts. [`CacheBackend`] is where entries are:
//! in this process, in a database, in Redis, or where a project puts them. Values are written as the reference writes
//! plain ones, so that both read each other's.

mod backend;
mod config;
mod database;
mod dummy;
mod memory;
#[cfg(feature = "redis")]
mod redis;
mod url;
mod window;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use quintet_core::python::pickle;
use quintet_db::Databases;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::clock::Clock;
use crate::http::{BoxFuture, Error, Request, Result};

pub use backend::{By, CacheBackend, Old, Until};
pub use config::{CacheSettings, CacheUrlError, Location, default_caches};
pub use url::RedisUrl;
pub use window::{Counted, Window};

/// A cache, as a request or a site has it: `request.cache("default")?`.
#[derive(Clone, Copy)]
pub struct Cache<'a> {
    made: &'a Made,
    by: By<'a>,
    version: u32,
}

/// How long an entry is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Timeout {
    /// As long as the cache's settings say.
    #[default]
    Default,
    /// Until it is deleted, or there is no room.
    Never,
    /// So long; no time at all is not at all.
    For(Duration),
}

impl From<Duration> for Timeout {
    fn from(time: Duration) -> Self {
        Self::For(time)
    }
}

impl From<Option<Duration>> for Timeout {
    fn from(time: Option<Duration>) -> Self {
        time.map_or(Self::Never, Self::For)
    }
}

impl<'a> Cache<'a> {
    /// The same cache, with keys of another version.
    #[must_use]
    pub fn with_version(self, version: u32) -> Self {
        Self { version, ..self }
    }

    /// The value of a key; nothing where there is none, or none any more.
    ///
    /// # Errors
    /// The cache cannot be reached, which is a 503; the value is of another type, or of a class of the reference's.
    pub async fn get<T: DeserializeOwned>(self, key: &str) -> Result<Option<T>> {
        let Some(value) = self.get_value(key).await? else { return Ok(None) };
        serde_json::from_value(value).map(Some).map_err(|error| unreadable(key, &error))
    }

    /// The same as JSON.
    ///
    /// # Errors
    /// The same.
    pub fn get_value(self, key: &str) -> BoxFuture<'a, Result<Option<Value>>> {
        let key = self.key(key);
        Box::pin(async move {
            let Some(packed) = self.made.backend.get(self.by, &key).await? else { return Ok(None) };
            unpacked(&packed).map(Some).map_err(|error| unreadable(&key, &error))
        })
    }

    /// Whether there is an entry.
    ///
    /// # Errors
    /// The cache cannot be reached.
    pub fn has_key(self, key: &str) -> BoxFuture<'a, Result<bool>> {
        let key = self.key(key);
        Box::pin(async move { Ok(self.made.backend.get(self.by, &key).await?.is_some()) })
    }

    /// Keeps a value, whatever was there.
    ///
    /// # Errors
    /// The cache cannot be reached; the value is none that JSON has.
    pub fn set(
        self,
        key: &str,
        value: &(impl Serialize + ?Sized),
        timeout: impl Into<Timeout>,
    ) -> BoxFuture<'a, Result<()>> {
        let (key, packed, until) = (self.key(key), packed(value), self.until(timeout.into()));
        Box::pin(async move {
            let packed = packed?;
            match until {
                Until::Over => self.made.backend.delete(self.by, &key).await.map(drop),
                until => self.made.backend.set(self.by, &key, &packed, until).await,
            }
        })
    }

    /// Keeps a value unless there is one; gives whether it did. Of several that add at once, one does.
    ///
    /// # Errors
    /// As of [`set`](Self::set).
    pub fn add(
        self,
        key: &str,
        value: &(impl Serialize + ?Sized),
        timeout: impl Into<Timeout>,
    ) -> BoxFuture<'a, Result<bool>> {
        let (key, packed, until) = (self.key(key), packed(value), self.until(timeout.into()));
        Box::pin(async move {
            let packed = packed?;
            match until {
                Until::Over => Ok(self.made.backend.get(self.by, &key).await?.is_none()),
                until => self.made.backend.add(self.by, &key, &packed, until).await,
            }
        })
    }

    /// Adds to a whole number, in one step; gives what it is then, and nothing where there is no entry. Its time stays.
    ///
    /// # Errors
    /// The cache cannot be reached; the value is no whole number, or would be too large.
    pub fn incr(self, key: &str, delta: i64) -> BoxFuture<'a, Result<Option<i64>>> {
        let key = self.key(key);
        Box::pin(async move { self.made.backend.incr(self.by, &key, delta).await })
    }

    /// Gives an entry another time; gives whether there is one.
    ///
    /// # Errors
    /// The cache cannot be reached.
    pub fn touch(self, key: &str, timeout: impl Into<Timeout>) -> BoxFuture<'a, Result<bool>> {
        let (key, until) = (self.key(key), self.until(timeout.into()));
        Box::pin(async move {
            match until {
                Until::Over => self.made.backend.delete(self.by, &key).await,
                until => self.made.backend.touch(self.by, &key, until).await,
            }
        })
    }

    /// Deletes an entry; gives whether there was one.
    ///
    /// # Errors
    /// The cache cannot be reached.
    pub fn delete(self, key: &str) -> BoxFuture<'a, Result<bool>> {
        let key = self.key(key);
        Box::pin(async move { self.made.backend.delete(self.by, &key).await })
    }

    /// Deletes every entry with this cache's prefix; in a table and in memory, every entry.
    ///
    /// # Errors
    /// The cache cannot be reached.
    pub fn clear(self) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { self.made.backend.clear(self.by, &self.made.key_prefix).await })
    }

    /// Counts in a sliding window of time, in one step whoever else counts: what throttles are made of.
    pub(crate) fn count(self, key: &str, window: Window, now: f64) -> BoxFuture<'a, Result<Counted>> {
        let key = self.key(key);
        Box::pin(async move { self.made.backend.count(&key, window, now).await })
    }

    /// The key as the backend has it.
    fn key(&self, key: &str) -> String {
        fitted(format!("{}:{}:{key}", self.made.key_prefix, self.version))
    }

    fn until(&self, timeout: Timeout) -> Until {
        let time = match timeout {
            Timeout::Default => self.made.timeout,
            Timeout::Never => None,
            Timeout::For(time) => Some(time),
        };
        match time {
            None => Until::Forever,
            Some(time) if time.is_zero() => Until::Over,
            Some(time) => Until::After(time),
        }
    }
}

impl fmt::Debug for Cache<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cache({:?}, version {})", self.made.key_prefix, self.version)
    }
}

/// The caches of a site, ready.
#[derive(Default)]
pub(crate) struct Caches(BTreeMap<String, Made>);

/// One cache, ready.
struct Made {
    backend: Arc<dyn CacheBackend>,
    key_prefix: String,
    version: u32,
    timeout: Option<Duration>,
}

impl Caches {
    /// The caches of some settings; nothing is opened yet.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(crate) fn build(
        settings: &BTreeMap<String, CacheSettings>,
        databases: Option<&Arc<Databases>>,
        clock: &Clock,
    ) -> Result<Self, Vec<String>> {
        let (mut made, mut problems) = (BTreeMap::new(), vec![]);
        for (name, one) in settings {
            match one.backend(databases, clock) {
                Ok(backend) => {
                    let (key_prefix, version) = (one.key_prefix.clone(), one.version);
                    made.insert(name.clone(), Made { backend, key_prefix, version, timeout: one.timeout });
                }
                Err(problem) => problems.push(format!("`caches` of `{name}`: {problem}")),
            }
        }
        if problems.is_empty() { Ok(Self(made)) } else { Err(problems) }
    }

    /// A cache by its name.
    pub(crate) fn get<'a>(&'a self, name: &str, by: By<'a>) -> Result<Cache<'a>> {
        let made = self.0.get(name).ok_or_else(|| Error::internal(self.unknown(name)))?;
        Ok(Cache { made, by, version: made.version })
    }

    /// What is said of a name that no cache has; nothing where one does.
    pub(crate) fn problem(&self, name: &str) -> Option<String> {
        (!self.0.contains_key(name)).then(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> String {
        let known: Vec<String> = self.0.keys().map(|name| format!("`{name}`")).collect();
        format!(
            "there is no cache `{name}`\nhint: the caches are {}; `caches` in the settings names others",
            known.join(", ")
        )
    }
}

impl Request {
    /// The cache of a name, `default` for one. One in the database is part of this request's transaction, where it has one.
    ///
    /// # Errors
    /// Where the settings name no such cache.
    pub fn cache(&self, name: &str) -> Result<Cache<'_>> {
        self.site().caches().get(name, Some(self))
    }
}

/// Longer keys, and those with letters that a database refuses, are kept by their digest.
const KEY_BYTES: usize = 250;

/// A key that every backend takes.
fn fitted(key: String) -> String {
    if key.len() <= KEY_BYTES && !key.bytes().any(|byte| byte.is_ascii_control()) {
        return key;
    }
    let start = key[..key.floor_char_boundary(64)].replace(|letter: char| letter.is_ascii_control(), "_");
    start + ":" + &digest(key.as_bytes())
}

/// Bytes of any length as a short text of letters and digits. Not to keep anything secret.
pub(crate) fn digest(bytes: &[u8]) -> String {
    use md5::{Digest, Md5};
    let digest = Md5::digest(bytes);
    digest.iter().fold(String::with_capacity(32), |text, byte| text + &format!("{byte:02x}"))
}

/// A value as backends keep it: whole numbers as digits, anything else as the reference's language packs it.
fn packed(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>> {
    serde_json::to_value(value).map(|value| packed_value(&value)).map_err(|error| Error::internal(error.to_string()))
}

fn packed_value(value: &Value) -> Vec<u8> {
    match value.as_i64() {
        Some(number) => number.to_string().into_bytes(),
        None => pickle::write(value),
    }
}

/// The value that a backend kept.
fn unpacked(packed: &[u8]) -> Result<Value, String> {
    match whole_number(packed) {
        Some(number) => Ok(number.into()),
        None => pickle::read(packed).map_err(|error| error.to_string()),
    }
}

/// The whole number of some digits.
fn whole_number(packed: &[u8]) -> Option<i64> {
    // What is packed begins with a byte that no digit is.
    std::str::from_utf8(packed).ok()?.parse().ok()
}

fn unreadable(key: &str, error: &dyn fmt::Display) -> Error {
    let message = format!("the cache's value of `{}` cannot be read: {error}", key.escape_debug());
    Error::internal(
        quintet_db::Error::other(message).with_hint("delete it, or give the cache a `key_prefix` of its own"),
    )
}

/// What is said where a cache is away: worth asking again, as of a database.
#[cfg(feature = "redis")]
fn away(what: &str, error: &dyn fmt::Display) -> Error {
    let message = format!("the cache at {what} is away: {error}");
    Error::internal(quintet_db::Error::new(quintet_db::ErrorKind::Connection, message))
}

#[cfg(test)]
mod tests;
