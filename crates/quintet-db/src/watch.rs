//! Who is told of statements: tests that count them, and a site under development that looks for repeated ones.
//!
//! What is watched is a piece of work, not a connection: whatever the work asks, of whichever database. Where nobody
//! watches, a statement costs one look at a number.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Told of a statement before it runs: of its SQL, without the values.
pub type Watcher = Arc<dyn Fn(&str) + Send + Sync>;

tokio::task_local! {
    static WATCHER: Watcher;
}

/// How many pieces of work are watched in this process.
static WATCHED: AtomicUsize = AtomicUsize::new(0);

/// Does work, and tells of each of its statements, except for the beginning and the end of transactions.
///
/// A watcher around this one is told as well. What the work spawns is other work, and not watched.
pub async fn watched<T>(watcher: Watcher, work: impl Future<Output = T>) -> T {
    let all: Watcher = match WATCHER.try_with(Arc::clone) {
        Ok(outer) => Arc::new(move |sql: &str| {
            outer(sql);
            watcher(sql);
        }),
        Err(_) => watcher,
    };
    let _counted = Counted::new();
    WATCHER.scope(all, work).await
}

/// Tells of a statement, if somebody watches.
pub(crate) fn tell(sql: &str) {
    if WATCHED.load(Ordering::Relaxed) > 0 {
        // Somebody watches other work.
        let _ = WATCHER.try_with(|watcher| watcher(sql));
    }
}

/// Work that is watched, until it ends or is dropped.
struct Counted;

impl Counted {
    fn new() -> Self {
        WATCHED.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        WATCHED.fetch_sub(1, Ordering::Relaxed);
    }
}
