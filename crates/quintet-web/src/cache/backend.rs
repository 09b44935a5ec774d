//! Where the entries of a cache are, behind one trait: keys as they are kept, values as bytes.
//!
//! Besides what the reference's backends do, an entry can be exchanged for another if it is still what it was. Adding to
//! numbers and counting requests are made of that, so that no count is lost whoever else counts.

use std::time::Duration;

use quintet_db::ErrorKind;

use super::whole_number;
use super::window::{self, Counted, Window};
use crate::http::{BoxFuture, Error, Request, Result};

/// For whom something is done: what is in the database is then part of the request's transaction, where it has one.
pub type By<'a> = Option<&'a Request>;

/// How long an entry stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Until it is deleted.
    Forever,
    /// So long from now.
    After(Duration),
    /// Its time is over: it is not kept at all. Backends are never given this.
    Over,
}

/// What an entry must be, so that it is exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Old<'a>(pub &'a [u8]);

/// Where the entries of a cache are.
///
/// Several processes may use it at once. Each method is one step: nobody sees half of it.
pub trait CacheBackend: Send + Sync + 'static {
    /// The value of a key whose time is not over.
    fn get<'a>(&'a self, by: By<'a>, key: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>>>;

    /// Keeps a value, whatever was there.
    fn set<'a>(&'a self, by: By<'a>, key: &'a str, value: &'a [u8], until: Until) -> BoxFuture<'a, Result<()>>;

    /// Keeps a value unless there is one; gives whether it did.
    fn add<'a>(&'a self, by: By<'a>, key: &'a str, value: &'a [u8], until: Until) -> BoxFuture<'a, Result<bool>>;

    /// Keeps a value where the old one is still there; gives whether it did. Without a time, that of the old one stays.
    fn swap<'a>(
        &'a self,
        by: By<'a>,
        key: &'a str,
        old: Old<'a>,
        new: &'a [u8],
        until: Option<Until>,
    ) -> BoxFuture<'a, Result<bool>>;

    /// Gives an entry another time; gives whether there is one.
    fn touch<'a>(&'a self, by: By<'a>, key: &'a str, until: Until) -> BoxFuture<'a, Result<bool>>;

    /// Deletes an entry; gives whether there was one.
    fn delete<'a>(&'a self, by: By<'a>, key: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// Deletes all entries, of this prefix at least.
    fn clear<'a>(&'a self, by: By<'a>, prefix: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Adds to a whole number, whose time stays; gives what it is then, and nothing where there is no entry.
    fn incr<'a>(&'a self, by: By<'a>, key: &'a str, delta: i64) -> BoxFuture<'a, Result<Option<i64>>> {
        Box::pin(incr_by_swapping(self, by, key, delta))
    }

    /// Counts a request in a window of time, unless that is full: see [`Window`]. `now` is in seconds since 1970. Never
    /// part of a transaction, which may be undone.
    fn count<'a>(&'a self, key: &'a str, window: Window, now: f64) -> BoxFuture<'a, Result<Counted>> {
        Box::pin(window::count_by_swapping(self, key, window, now))
    }
}

/// So often an exchange is tried. Each that fails is one that somebody else has made.
pub(super) const TRIES: usize = 1000;

pub(super) async fn incr_by_swapping<B: CacheBackend + ?Sized>(
    backend: &B,
    by: By<'_>,
    key: &str,
    delta: i64,
) -> Result<Option<i64>> {
    for _ in 0..TRIES {
        let Some(old) = backend.get(by, key).await? else { return Ok(None) };
        let number = number(&old).ok_or_else(|| no_number(key))?;
        let sum = number.checked_add(delta).ok_or_else(|| no_number(key))?;
        if backend.swap(by, key, Old(&old), sum.to_string().as_bytes(), None).await? {
            return Ok(Some(sum));
        }
    }
    Err(too_busy(key))
}

/// A whole number, as we keep it or as the reference does.
pub(super) fn number(packed: &[u8]) -> Option<i64> {
    whole_number(packed).or_else(|| super::unpacked(packed).ok()?.as_i64())
}

pub(super) fn no_number(key: &str) -> Error {
    let message = format!("the cache's value of `{}` is no whole number, or would be too large", key.escape_debug());
    Error::internal(quintet_db::Error::new(ErrorKind::Usage, message))
}

pub(super) fn too_busy(key: &str) -> Error {
    let message = format!("the cache's value of `{}` is changed by too many at once", key.escape_debug());
    Error::internal(quintet_db::Error::new(ErrorKind::Busy, message))
}
