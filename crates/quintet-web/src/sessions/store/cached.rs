//! Sessions in a cache: alone, or in front of the table. The reference's keys and values, so that both sides read the same
//! entries where they share the cache.

use std::time::Duration;

use quintet_core::json::{Json, Object};
use serde_json::Value;

use super::{database, now};
use crate::cache::Cache;
use crate::http::{Request, Result};
use crate::sessions::Expiry;
use crate::sessions::expiry::{NAME, since_epoch};
use crate::signing::{tree, typed};

/// What the keys of entries begin with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entries(&'static str);

/// Sessions that are nowhere else.
pub(super) const ALONE: Entries = Entries("django.contrib.sessions.cache");
/// Sessions that are in the table too.
pub(super) const IN_FRONT: Entries = Entries("django.contrib.sessions.cached_db");

impl Entries {
    pub(super) async fn load(self, request: &Request, key: &str) -> Result<Option<Object>> {
        let found = cache(request)?.get_value(&self.key(key)).await?;
        Ok(found.and_then(|value| tree(&value).ok()).and_then(|value| match value {
            Json::Object(data) => Some(data),
            _ => None,
        }))
    }

    /// A new entry; whether there was none of this key.
    pub(super) async fn insert(self, request: &Request, key: &str, data: &Object) -> Result<bool> {
        cache(request)?.add(&self.key(key), &value(data), age(request, data)).await
    }

    /// Other data in the entry; whether it is still there.
    pub(super) async fn update(self, request: &Request, key: &str, data: &Object) -> Result<bool> {
        let cache = cache(request)?;
        if !cache.has_key(&self.key(key)).await? {
            return Ok(false);
        }
        cache.set(&self.key(key), &value(data), age(request, data)).await.map(|()| true)
    }

    pub(super) async fn delete(self, request: &Request, key: &str) -> Result<()> {
        cache(request)?.delete(&self.key(key)).await.map(drop)
    }

    /// Keeps a copy of what is in the table, as long as the row is good. A cache that is away costs no session.
    pub(super) async fn copy(self, request: &Request, key: &str, data: &Object, end: Option<i64>) {
        let age = end.map_or_else(|| age(request, data), |end| left(end - since_epoch(now(request))));
        let kept = match cache(request) {
            Ok(cache) => cache.set(&self.key(key), &value(data), age).await,
            Err(error) => Err(error),
        };
        if let Err(error) = kept {
            tracing::error!(target: "quintet.sessions", "a session was not kept in the cache: {}", error.logged());
        }
    }

    /// The copy, or the row where there is none.
    pub(super) async fn load_through(self, request: &Request, key: &str) -> Result<Option<Object>> {
        match self.load(request, key).await {
            Ok(Some(data)) => return Ok(Some(data)),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(target: "quintet.sessions", "a session was not read from the cache: {}", error.logged());
            }
        }
        let Some((data, end)) = database::row(request, key).await? else { return Ok(None) };
        self.copy(request, key, &data, Some(end)).await;
        Ok(Some(data))
    }

    fn key(self, key: &str) -> String {
        format!("{}{key}", self.0)
    }
}

fn cache(request: &Request) -> Result<Cache<'_>> {
    request.cache(&request.site().options().sessions.cache_alias)
}

fn value(data: &Object) -> Value {
    typed(&Json::Object(data.clone())).unwrap_or_default()
}

fn age(request: &Request, data: &Object) -> Duration {
    let seconds = Expiry::age(data.get(NAME), &request.site().options().sessions, now(request));
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

/// Whole seconds out of microseconds; none, where the time is over.
fn left(micros: i64) -> Duration {
    Duration::from_secs(u64::try_from(micros / 1_000_000).unwrap_or(0))
}
