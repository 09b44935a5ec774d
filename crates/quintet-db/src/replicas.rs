//! A database whose reads may go to copies of it.
//!
//! Writes and transactions go to the primary. So do the reads of a handle that wrote, for a while: a copy is a little
//! late, and who wrote wants to see it. Each request has a handle of its own.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::database::{Boxed, Callback, Connection, Database};
use crate::error::{ErrorKind, Result};
use crate::find::Find;
use crate::models::Models;
use crate::row::Row;
use crate::rows::Rows;
use crate::save::{Save, Saved};
use crate::stream::RowStream;
use crate::together::Change;
use crate::transaction::{Begin, Transaction};

/// How long the reads of a handle go to the primary after it wrote.
const LAG: Duration = Duration::from_secs(5);

/// A handle of a primary and its copies.
pub struct Replicated {
    shared: Arc<Shared>,
    wrote: Arc<Wrote>,
}

struct Shared {
    primary: Database,
    replicas: Vec<Database>,
    next: AtomicUsize,
    lag: Duration,
}

/// When a handle wrote last.
#[derive(Default)]
struct Wrote(Mutex<Option<Instant>>);

impl Wrote {
    fn now(&self) {
        *self.when() = Some(Instant::now());
    }

    fn when(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Replicated {
    /// A primary with its copies; without any it is asked itself.
    pub fn new(primary: Database, replicas: Vec<Database>) -> Self {
        let shared = Shared { primary, replicas, next: AtomicUsize::new(0), lag: LAG };
        Self { shared: Arc::new(shared), wrote: Arc::default() }
    }

    /// The same databases, of which the copies are later than others' are: 5 seconds unless said.
    #[must_use]
    pub fn with_lag(self, lag: Duration) -> Self {
        let Shared { primary, replicas, .. } = &*self.shared;
        let shared = Shared { primary: primary.clone(), replicas: replicas.clone(), next: AtomicUsize::new(0), lag };
        Self { shared: Arc::new(shared), ..self }
    }

    /// The same databases, whose queries are about these models.
    pub(crate) fn with_shared(&self, models: &Arc<Models>) -> Self {
        let Shared { primary, replicas, lag, .. } = &*self.shared;
        let with = |database: &Database| database.clone().with_shared(Arc::clone(models));
        Self::new(with(primary), replicas.iter().map(with).collect()).with_lag(*lag)
    }

    /// Another handle of the same databases, which has not written.
    #[must_use]
    pub fn handle(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), wrote: Arc::default() }
    }

    /// The database that is written to.
    pub fn primary(&self) -> &Database {
        &self.shared.primary
    }

    /// One of the copies after the other; the primary where there is none, or where what was written is wanted.
    fn reader(&self) -> &Database {
        let Shared { primary, replicas, next, lag } = &*self.shared;
        if self.wrote.when().is_some_and(|when| when.elapsed() < *lag) {
            return primary;
        }
        let turn = next.fetch_add(1, Ordering::Relaxed);
        turn.checked_rem(replicas.len()).and_then(|turn| replicas.get(turn)).unwrap_or(primary)
    }

    /// The database that is written to, for a statement that may write.
    fn writer(&self) -> &Database {
        self.wrote.now();
        &self.shared.primary
    }
}

/// A copy that cannot be reached is not asked: the primary is.
fn is_away<T>(done: &Result<T>) -> bool {
    matches!(done, Err(error) if error.kind() == ErrorKind::Connection)
}

impl fmt::Debug for Replicated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Replicated({:?}, {:?})", self.shared.primary, self.shared.replicas)
    }
}

impl Connection for Replicated {
    fn dialect(&self) -> Dialect {
        self.shared.primary.dialect()
    }

    fn models(&self) -> Option<&Arc<Models>> {
        self.shared.primary.models()
    }

    fn is_in_transaction(&self) -> bool {
        false
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<u64>> {
        self.then(self.writer().execute(sql, params))
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<Vec<Row>>> {
        self.then(self.writer().query(sql, params))
    }

    fn fetch<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Result<Rows>> {
        self.then(self.writer().fetch(sql, params))
    }

    fn read<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Result<Rows>> {
        Box::pin(async move {
            let done = self.reader().read(sql, params.clone()).await;
            if is_away(&done) { self.primary().read(sql, params).await } else { done }
        })
    }

    fn find<'a>(&'a self, find: Find<'a>) -> Boxed<'a, Result<Rows>> {
        Box::pin(async move {
            let done = self.reader().find(find.clone()).await;
            if is_away(&done) { self.primary().find(find).await } else { done }
        })
    }

    fn save<'a>(&'a self, save: Save<'a>) -> Boxed<'a, Result<Saved>> {
        self.then(self.writer().save(save))
    }

    fn stream<'a>(&'a self, sql: &'a str, params: Vec<Value>, chunk: usize) -> Boxed<'a, Result<RowStream>> {
        Box::pin(async move {
            let done = self.reader().stream(sql, params.clone(), chunk).await;
            if is_away(&done) { self.primary().stream(sql, params, chunk).await } else { done }
        })
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Result<()>> {
        self.then(self.writer().script(sql))
    }

    fn make_all(&self, changes: Vec<Change>) -> Boxed<'_, Result<Option<usize>>> {
        self.then(self.writer().make_all(changes))
    }

    fn begin(&self, how: Begin) -> Boxed<'_, Result<Transaction>> {
        Box::pin(async move {
            let transaction = self.writer().begin(how).await?;
            let wrote = Arc::clone(&self.wrote);
            transaction.on_commit(async move || wrote.now());
            Ok(transaction)
        })
    }

    fn on_commit(&self, callback: Callback) -> Boxed<'_, ()> {
        callback()
    }
}

impl Replicated {
    /// What was written is late from its end on.
    fn then<'a, T: 'a>(&'a self, work: Boxed<'a, Result<T>>) -> Boxed<'a, Result<T>> {
        Box::pin(async move {
            let done = work.await;
            self.wrote.now();
            done
        })
    }
}
