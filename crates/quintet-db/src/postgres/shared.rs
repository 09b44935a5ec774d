//! A few connections that many readers share: what one asks follows what others asked, without waiting for the answers.
//!
//! That saves most of the work of many small queries. A connection on which an answer takes long is left alone until it
//! is here, and readers take a connection of their own meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quintet_core::schema::Value;
use tokio_postgres::types::Type;

use super::link::Link;
use super::pool::Pool;
use crate::error::{ErrorKind, Result};
use crate::rows::Rows;

/// A connection whose next answer takes longer than this is not asked more.
const SLOW: Duration = Duration::from_millis(10);

/// How many answers may be on their way on one connection.
const AT_ONCE: u32 = 64;

/// How many of a pool's connections are shared: none of a small one.
pub(super) fn share(size: usize) -> usize {
    if size < 8 { 0 } else { (size / 4).min(4) }
}

/// The connections.
pub(super) struct Shared {
    links: Mutex<Vec<Arc<Link>>>,
    is_opening: AtomicBool,
    size: usize,
}

impl Shared {
    pub(super) fn new(size: usize) -> Self {
        Self { links: Mutex::default(), is_opening: AtomicBool::new(false), size }
    }

    /// Whether there are any.
    pub(super) fn is_in_use(&self) -> bool {
        self.size > 0
    }

    /// The types of the parameters of a statement that one of them knows.
    pub(super) fn parameters(&self, sql: &str) -> Option<Vec<Type>> {
        self.links().iter().find_map(|link| link.parameters(sql))
    }

    /// The rows of a statement that only reads; the parameters again where it should be asked elsewhere.
    pub(super) async fn read(&self, pool: &Pool, sql: &str, params: &[Value]) -> Option<Result<Rows>> {
        if self.size == 0 {
            return None;
        }
        // Before the connection, so that it is dropped after it.
        let leaving = Leaving { shared: self, pool, is_answered: false };
        let link = match self.pick(pool) {
            Some(link) => link,
            // Boxed, as all that is large and seldom: each query would have room for it otherwise.
            None => Box::pin(self.open(pool)).await?,
        };
        let done = link.fetch(sql, params, true).await;
        leaving.answered();
        match done {
            Err(error) if error.kind() == ErrorKind::Connection => None,
            done => Some(done),
        }
    }

    /// The connection with the least to do, unless there should be one more.
    fn pick(&self, pool: &Pool) -> Option<Arc<Link>> {
        let mut links = self.links();
        Self::sweep(&mut links, pool);
        let now = Instant::now();
        let free = links.iter().filter(|link| link.load() < AT_ONCE && !link.is_slower_than(SLOW, now));
        let link = free.min_by_key(|link| link.load())?;
        (link.load() == 0 || links.len() >= self.size).then(|| Arc::clone(link))
    }

    /// Ends what is over.
    fn sweep(links: &mut Vec<Arc<Link>>, pool: &Pool) {
        let mut at = 0;
        while let Some(link) = links.get(at) {
            // Nobody else has it who could ask, and nobody waits for what it does.
            let is_over = link.is_closed() || pool.is_old(link) || (link.is_left() && link.load() == 0);
            if !is_over {
                at += 1;
                continue;
            }
            if let Ok(link) = Arc::try_unwrap(links.swap_remove(at)) {
                farewell(link);
            }
        }
    }

    /// One more, by one caller at a time; the others go elsewhere.
    async fn open(&self, pool: &Pool) -> Option<Arc<Link>> {
        if self.links().len() >= self.size || self.is_opening.swap(true, Ordering::AcqRel) {
            return None;
        }
        let opening = Opening(&self.is_opening);
        // What is wrong is told by the way that the caller takes then.
        let link = Arc::new(pool.connect().await.ok()?);
        self.links().push(Arc::clone(&link));
        drop(opening);
        Some(link)
    }

    fn links(&self) -> MutexGuard<'_, Vec<Arc<Link>>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever goes away last from what nobody waits for ends it.
struct Leaving<'a> {
    shared: &'a Shared,
    pool: &'a Pool,
    is_answered: bool,
}

impl Leaving<'_> {
    fn answered(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            Shared::sweep(&mut self.shared.links(), self.pool);
        }
    }
}

/// Also who goes away while it opens one, lets the next try.
struct Opening<'a>(&'a AtomicBool);

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

fn farewell(link: Link) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current()
        && link.is_left()
        && !link.is_closed()
    {
        runtime.spawn(link.cancel());
    }
}
