//! A query on its way: a future with a name.
//!
//! The rows come untyped, by code that is compiled once; a plain function gives them their types at the end, so that
//! nothing generic is async.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::database::Boxed;
use crate::error::Result;

/// What a verb of a query gives: awaited, it runs.
#[must_use = "a query runs when it is awaited"]
pub struct Running<'a, T>(Boxed<'a, Result<T>>);

impl<'a, T: Send + 'a> Running<'a, T> {
    /// A future that is boxed here.
    pub(crate) fn new(future: impl Future<Output = Result<T>> + Send + 'a) -> Self {
        Self(Box::pin(future))
    }

    /// What is known already.
    pub(crate) fn ready(value: T) -> Self {
        Self::new(std::future::ready(Ok(value)))
    }

    /// Untyped rows, and what they become.
    pub(crate) fn then<R: Send + 'a>(rows: Boxed<'a, Result<R>>, finish: fn(R) -> Result<T>) -> Self {
        Self(Box::pin(Then { rows, finish }))
    }

    /// What becomes of what comes.
    pub(crate) fn map<R: Send + 'a>(self, finish: fn(T) -> R) -> Running<'a, R> {
        Running(Box::pin(Map { rows: self.0, finish }))
    }
}

impl<T> Future for Running<'_, T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        self.0.as_mut().poll(cx)
    }
}

impl<T> fmt::Debug for Running<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Running")
    }
}

struct Then<'a, R, T> {
    rows: Boxed<'a, Result<R>>,
    finish: fn(R) -> Result<T>,
}

impl<R, T> Future for Then<'_, R, T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        self.rows.as_mut().poll(cx).map(|rows| (self.finish)(rows?))
    }
}

struct Map<'a, R, T> {
    rows: Boxed<'a, Result<R>>,
    finish: fn(R) -> T,
}

impl<R, T> Future for Map<'_, R, T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        self.rows.as_mut().poll(cx).map_ok(self.finish)
    }
}
