//! A panic in a project's code, made an error like any other.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::http::{Error, Result};
use crate::view::BoxFuture;

/// What a function returns, or the error of its panic.
pub(crate) fn caught<T>(what: &'static str, function: impl FnOnce() -> T) -> Result<T> {
    caught_of(|| what, function)
}

/// The same where it shows only then what panicked.
pub(crate) fn caught_of<T>(what: impl FnOnce() -> &'static str, function: impl FnOnce() -> T) -> Result<T> {
    catch_unwind(AssertUnwindSafe(function)).map_err(|payload| panicked(what(), &*payload))
}

/// A future whose panic is its error. `what` panicked, for the log.
pub(crate) struct Unpanicked<'a, T> {
    pub(crate) what: &'static str,
    pub(crate) future: BoxFuture<'a, T>,
}

impl<T> Future for Unpanicked<'_, T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        let what = self.what;
        match caught(what, || self.future.as_mut().poll(context)) {
            Ok(polled) => polled.map(Ok),
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

fn panicked(what: &'static str, payload: &(dyn Any + Send)) -> Error {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    Error::internal(format!("{what} panicked: {}", text.unwrap_or("without a text")))
}
