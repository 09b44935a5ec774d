//! The statements of a piece of a test: counted, or kept to be looked at.

use std::future::Future;
use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};

use quintet_db::{Watcher, watched};

/// Does work, and gives the SQL of its statements, on whichever database, with what the work gave.
///
/// Beginnings and ends of transactions are none, and values are no part of the SQL. What the work spawns is not seen.
pub async fn capture_queries<T>(work: impl AsyncFnOnce() -> T) -> (T, Vec<String>) {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let keep = Arc::clone(&seen);
    let watcher: Watcher =
        Arc::new(move |sql| keep.lock().unwrap_or_else(PoisonError::into_inner).push(sql.to_owned()));
    let made = watched(watcher, work()).await;
    let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    (made, seen)
}

/// Does work that asks exactly so many statements, as [`capture_queries`] sees them.
///
/// # Panics
/// Where there are more or fewer; the panic lists them.
#[track_caller]
pub fn assert_queries<T>(count: usize, work: impl AsyncFnOnce() -> T) -> impl Future<Output = T> {
    let place = Location::caller();
    async move {
        let (made, seen) = capture_queries(work).await;
        assert!(seen.len() == count, "{place}: {}", listed(count, &seen));
        made
    }
}

fn listed(expected: usize, seen: &[String]) -> String {
    let lines = seen.iter().enumerate().map(|(at, sql)| format!("\n{}. {sql}", at + 1));
    format!("{} queries were asked, and {expected} expected{}", seen.len(), lines.collect::<String>())
}
