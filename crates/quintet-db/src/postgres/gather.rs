//! What is asked in one turn of the runtime goes to the server together.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Runs the driver of a connection, but each time behind the tasks that are ready before it.
///
/// A runtime runs the task next that was woken last: a driver would send each statement by itself as soon as it is asked,
/// while those who ask the next ones stand in the queue behind it.
pub(crate) async fn behind_others<T>(driver: impl Future<Output = T>) -> T {
    let mut driver = pin!(driver);
    let mut has_let_pass = false;
    poll_fn(|cx| {
        has_let_pass = !has_let_pass;
        if has_let_pass {
            // Who wakes itself goes to the end of the queue.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        driver.as_mut().poll(cx)
    })
    .await
}

/// Goes to the end of the queue of the tasks that are ready.
pub(crate) async fn let_others_pass() {
    let mut has_passed = false;
    poll_fn(|cx| {
        if has_passed {
            return Poll::Ready(());
        }
        has_passed = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
