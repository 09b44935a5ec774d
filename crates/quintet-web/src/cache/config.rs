//! The settings of caches, by the reference's names, and the URLs by which the environment says where one is.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use quintet_db::Databases;

use super::backend::CacheBackend;
use super::database::Table;
use super::dummy::Dummy;
use super::memory::Memory;
use super::url::{self, RedisUrl};
use crate::clock::Clock;

/// One cache of the reference's `CACHES`.
#[derive(Clone, Debug)]
pub struct CacheSettings {
    /// Where its entries are; the reference's `BACKEND` and `LOCATION`.
    pub location: Location,
    /// How long an entry is kept of which nothing is said; `None` is until it is deleted. `TIMEOUT`.
    pub timeout: Option<Duration>,
    /// What stands before each key, so that several sites can share a place. `KEY_PREFIX`.
    pub key_prefix: String,
    /// The version of keys of which nothing is said. `VERSION`.
    pub version: u32,
    /// How many entries there may be, in memory and in a table; Redis has limits of its own. `MAX_ENTRIES`.
    pub max_entries: usize,
    /// Where there are too many, one of so many goes; with 0 all go. `CULL_FREQUENCY`.
    pub cull_frequency: usize,
}

/// Where the entries of a cache are.
#[derive(Clone, Default)]
pub enum Location {
    /// In each process for itself, and gone with it: `memory://`.
    #[default]
    Memory,
    /// Nowhere: `dummy://`.
    Dummy,
    /// In a table, which `createcachetable` makes: `database://TABLE`.
    Database(String),
    /// In Redis: `redis://HOST:PORT/NUMBER`. Needs the feature `redis` of `quintet`.
    Redis(RedisUrl),
    /// Where a project puts them.
    Own(Arc<dyn CacheBackend>),
}

/// No password is shown.
impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory://"),
            Self::Dummy => f.write_str("dummy://"),
            Self::Database(table) => write!(f, "database://{table}"),
            Self::Redis(url) => write!(f, "{url}"),
            Self::Own(_) => f.write_str("Own(..)"),
        }
    }
}

impl Default for CacheSettings {
    fn default() -> Self {
        Location::default().into()
    }
}

impl From<Location> for CacheSettings {
    fn from(location: Location) -> Self {
        Self {
            location,
            timeout: Some(Duration::from_secs(300)),
            key_prefix: String::new(),
            version: 1,
            max_entries: 100_000,
            cull_frequency: 3,
        }
    }
}

/// The caches of a site whose settings say nothing: `default`, in memory.
pub fn default_caches() -> BTreeMap<String, CacheSettings> {
    [("default".to_owned(), CacheSettings::default())].into()
}

impl CacheSettings {
    /// Reads a URL: `memory://`, `dummy://`, `database://TABLE`, `redis://HOST:PORT/NUMBER`, `redis+unix:///SOCKET`; with
    /// `?timeout=SECONDS`, `key_prefix=`, `version=`, `max_entries=` and `cull_frequency=`, joined by `&`.
    ///
    /// # Errors
    /// What is wrong with it, in words that show no password.
    pub fn parse(text: &str) -> Result<Self, CacheUrlError> {
        url::parse(text)
    }

    /// What keeps its entries; nothing is opened yet.
    pub(super) fn backend(
        &self,
        databases: Option<&Arc<Databases>>,
        clock: &Clock,
    ) -> Result<Arc<dyn CacheBackend>, String> {
        Ok(match &self.location {
            Location::Memory => Arc::new(Memory::new(clock.clone(), self.max_entries, self.cull_frequency)),
            Location::Dummy => Arc::new(Dummy),
            Location::Database(table) => {
                let limits = (self.max_entries, self.cull_frequency);
                Arc::new(Table::new(databases, table, clock.clone(), limits)?)
            }
            Location::Redis(url) => redis(url)?,
            Location::Own(backend) => Arc::clone(backend),
        })
    }
}

#[cfg(feature = "redis")]
fn redis(url: &RedisUrl) -> Result<Arc<dyn CacheBackend>, String> {
    Ok(Arc::new(super::redis::Redis::new(url)?))
}

#[cfg(not(feature = "redis"))]
fn redis(url: &RedisUrl) -> Result<Arc<dyn CacheBackend>, String> {
    Err(format!(
        "it is in Redis ({url}), which this program was built without\nhint: say `features = [\"redis\"]` of `quintet` in \
         Cargo.toml"
    ))
}

/// What is wrong with the URL of a cache, and the way out. Shows no password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheUrlError {
    /// What is wrong; reads on from the variable's name.
    pub problem: String,
    /// What to write.
    pub hint: String,
}
