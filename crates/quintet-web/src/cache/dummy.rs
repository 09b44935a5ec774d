//! A cache that keeps nothing, for development. It counts nothing either, so that no throttle refuses.

use super::backend::{By, CacheBackend, Old, Until};
use super::window::{Counted, Window};
use crate::http::{BoxFuture, Result};

/// Keeps nothing.
pub(super) struct Dummy;

impl CacheBackend for Dummy {
    fn get<'a>(&'a self, _: By<'a>, _: &'a str) -> BoxFuture<'a, Result<Option<Vec<u8>>>> {
        ready(None)
    }

    fn set<'a>(&'a self, _: By<'a>, _: &'a str, _: &'a [u8], _: Until) -> BoxFuture<'a, Result<()>> {
        ready(())
    }

    fn add<'a>(&'a self, _: By<'a>, _: &'a str, _: &'a [u8], _: Until) -> BoxFuture<'a, Result<bool>> {
        ready(true)
    }

    fn swap<'a>(
        &'a self,
        _: By<'a>,
        _: &'a str,
        _: Old<'a>,
        _: &'a [u8],
        _: Option<Until>,
    ) -> BoxFuture<'a, Result<bool>> {
        ready(false)
    }

    fn touch<'a>(&'a self, _: By<'a>, _: &'a str, _: Until) -> BoxFuture<'a, Result<bool>> {
        ready(false)
    }

    fn delete<'a>(&'a self, _: By<'a>, _: &'a str) -> BoxFuture<'a, Result<bool>> {
        ready(false)
    }

    fn clear<'a>(&'a self, _: By<'a>, _: &'a str) -> BoxFuture<'a, Result<()>> {
        ready(())
    }

    fn count<'a>(&'a self, _: &'a str, _: Window, _: f64) -> BoxFuture<'a, Result<Counted>> {
        ready(Counted { is_counted: true, used: 0, oldest: None })
    }
}

fn ready<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, Result<T>> {
    Box::pin(std::future::ready(Ok(value)))
}
