//! The connections to one database: so many at most, lent one at a time.
//!
//! A connection is lent with a guard, which gives it back however the borrower ends. One whose answer nobody waits for is
//! cancelled on the server and closed before its place is free again; one with an open transaction is rolled back first.
//! While the server cannot be reached, one caller at a time tries, and the others are told at once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quintet_core::database_url::PostgresOptions;
use quintet_core::schema::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::types::Type;

use super::link::Link;
use super::shared::share;
use super::statements::{Changes, Prepared};
use super::under_way::UnderWay;
use crate::connect::ConnectError;
use crate::error::{Error, ErrorKind, Result};
use crate::rows::Rows;
use crate::save::{Gives, Saved};

/// How many connections there are at most.
const CONNECTIONS: usize = 16;

/// How long to wait for one.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection that was not used for so long is asked whether it is well.
const QUIET: Duration = Duration::from_secs(10);

/// How long a server that cannot be reached is left alone: at first, and at most.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_millis(800);

pub(super) struct Pool {
    pub(super) options: PostgresOptions,
    idle: Mutex<Vec<PooledLink>>,
    places: Arc<Semaphore>,
    size: usize,
    pub(super) changes: Changes,
    statements_under_way: Arc<UnderWay>,
    trouble: Mutex<Option<Trouble>>,
}

/// Why the server could not be reached, and when the next one tries.
struct Trouble {
    error: ConnectError,
    until: Instant,
    pause: Duration,
}

/// A connection as it goes from hand to hand: by its address, as it is large.
type PooledLink = Box<Link>;

/// A connection that one borrower has.
pub(crate) struct Lease {
    link: Option<PooledLink>,
    is_fresh: bool,
    pool: Arc<Pool>,
    place: Option<OwnedSemaphorePermit>,
}

/// How many of the connections many readers share. A pooler behind which each statement may go elsewhere does that by
/// itself, and what lives for one use cannot be shared.
pub(super) fn shared(options: &PostgresOptions) -> usize {
    let is_possible = !options.unprepared && options.conn_max_age.is_none_or(|age| !age.is_zero());
    if is_possible { share(options.pool_size.unwrap_or(CONNECTIONS)) } else { 0 }
}

impl Pool {
    pub(super) fn new(options: PostgresOptions) -> Self {
        let size = options.pool_size.unwrap_or(CONNECTIONS) - shared(&options);
        let places = Arc::new(Semaphore::new(size));
        Self {
            options,
            idle: Mutex::default(),
            places,
            size,
            changes: Changes::default(),
            statements_under_way: Arc::default(),
            trouble: Mutex::default(),
        }
    }

    /// A connection; `is_patient` waits for one as long as it takes.
    pub(super) async fn lease(self: &Arc<Self>, is_patient: bool) -> Result<Lease> {
        let place = self.place(is_patient).await?;
        while let Some(mut link) = self.take() {
            // What is held while the answer is awaited goes away with the caller, and so does its place.
            if link.used.elapsed() < QUIET || Box::pin(link.is_well()).await {
                link.used = Instant::now();
                return Ok(self.lend(link, false, place));
            }
        }
        let link = self.connect().await?;
        Ok(self.lend(Box::new(link), true, place))
    }

    fn lend(self: &Arc<Self>, link: PooledLink, is_fresh: bool, place: OwnedSemaphorePermit) -> Lease {
        Lease { link: Some(link), is_fresh, pool: Arc::clone(self), place: Some(place) }
    }

    async fn place(&self, is_patient: bool) -> Result<OwnedSemaphorePermit> {
        let closed = |_| Error::new(ErrorKind::Connection, "the database was closed");
        let places = Arc::clone(&self.places);
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            return Ok(place);
        }
        let waiting = places.acquire_owned();
        if is_patient {
            return Box::pin(waiting).await.map_err(closed);
        }
        let patience = self.options.pool_timeout.unwrap_or(PATIENCE);
        // Boxed: who finds a free one has no room for it.
        let waiting = Box::pin(tokio::time::timeout(patience, waiting));
        waiting.await.map_err(|_| self.crowded(patience))?.map_err(closed)
    }

    fn crowded(&self, patience: Duration) -> Error {
        let (size, seconds) = (self.size, patience.as_secs());
        let message = format!("no connection became free within {seconds} seconds: all {size} are in use");
        Error::new(ErrorKind::Timeout, message).with_hint(
            "look for a transaction that stays open while something else is waited for, or allow more: `pool_size=32` \
             in the database's URL",
        )
    }

    /// Opens a connection, unless the server was away a moment ago.
    pub(super) async fn connect(&self) -> Result<Link> {
        self.is_worth_trying()?;
        // Boxed, as all that is large and seldom: each query would have room for it otherwise.
        match Box::pin(Link::open(&self.options, &self.changes, &self.statements_under_way)).await {
            Ok(link) => {
                *self.trouble() = None;
                Ok(link)
            }
            Err(unopened) => {
                if unopened.is_away {
                    let mut trouble = self.trouble();
                    let pause = trouble.as_ref().map_or(PAUSE, |before| (before.pause * 2).min(LONGEST_PAUSE));
                    let until = Instant::now() + pause;
                    *trouble = Some(Trouble { error: unopened.error.clone(), until, pause });
                }
                Err(unopened.error.into())
            }
        }
    }

    /// One caller tries when the pause is over; the next may try a pause later.
    fn is_worth_trying(&self) -> Result<()> {
        let mut trouble = self.trouble();
        let Some(trouble) = trouble.as_mut() else { return Ok(()) };
        let now = Instant::now();
        if now < trouble.until {
            return Err(trouble.error.clone().into());
        }
        trouble.until = now + trouble.pause;
        Ok(())
    }

    /// The connection that was used last, without those that are lost or too old.
    fn take(&self) -> Option<PooledLink> {
        let mut idle = self.idle();
        while let Some(link) = idle.pop() {
            if !link.is_closed() && !self.is_old(&link) {
                return Some(link);
            }
        }
        None
    }

    fn give(&self, link: PooledLink) {
        if !link.is_closed() && !self.is_old(&link) {
            self.idle().push(link);
        }
    }

    pub(super) fn is_old(&self, link: &Link) -> bool {
        self.options.conn_max_age.is_some_and(|age| link.born.elapsed() >= age)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<PooledLink>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trouble(&self) -> MutexGuard<'_, Option<Trouble>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    pub(crate) fn is_fresh(&self) -> bool {
        self.is_fresh
    }

    /// Whether an answer is on its way that nobody waits for.
    pub(crate) fn is_left(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.is_left())
    }

    pub(crate) async fn fetch(&self, sql: &str, params: &[Value], is_alone: bool) -> Result<Rows> {
        self.link()?.fetch(sql, params, is_alone).await
    }

    pub(crate) async fn fetch_once(&self, sql: &str) -> Result<Rows> {
        self.link()?.fetch_once(sql).await
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value], is_alone: bool) -> Result<u64> {
        self.link()?.execute(sql, params, is_alone).await
    }

    /// A statement that writes one row, outside a transaction.
    pub(crate) async fn save(&self, sql: &str, params: &[Value], gives: Gives) -> Result<Saved> {
        Ok(match gives {
            Gives::Rows => Saved::Rows(self.fetch(sql, params, true).await?),
            Gives::Count => Saved::Count(self.execute(sql, params, true).await?),
        })
    }

    /// Has the server know a statement.
    pub(crate) async fn prepare(&self, sql: &str) -> Result<Option<Prepared>> {
        self.link()?.prepare(sql).await
    }

    /// How many rows a statement touched that was prepared so, within a transaction.
    pub(crate) async fn execute_prepared(
        &self,
        sql: &str,
        prepared: Option<&Prepared>,
        params: &[Value],
    ) -> Result<u64> {
        self.link()?.execute_prepared(sql, prepared, params).await
    }

    /// The types of the parameters of a statement that the server knows.
    pub(crate) fn parameters(&self, sql: &str) -> Option<Vec<Type>> {
        self.link.as_ref()?.parameters(sql)
    }

    /// Several statements in one text.
    pub(crate) async fn script(&self, sql: &str) -> Result<()> {
        self.link()?.script(sql).await
    }

    /// Closes the connection instead of giving it back.
    pub(crate) fn discard(mut self) {
        self.link = None;
    }

    /// Gives back a connection on which a transaction may be open, when that is undone.
    pub(crate) fn recover(mut self) {
        let Some(link) = self.link.take() else { return };
        if link.is_left() {
            return self.cancel(link);
        }
        // Without a runtime nobody can undo it but the server, when the connection is closed.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (pool, place) = (Arc::clone(&self.pool), self.place.take());
        runtime.spawn(async move {
            if link.roll_back().await {
                pool.give(link);
            }
            drop(place);
        });
    }

    fn cancel(&mut self, link: PooledLink) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let place = self.place.take();
        runtime.spawn(async move {
            link.cancel().await;
            drop(place);
        });
    }

    fn link(&self) -> Result<&Link> {
        self.link.as_deref().ok_or_else(|| Error::new(ErrorKind::Connection, "the connection was closed"))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        match self.link.take() {
            Some(link) if link.is_left() => self.cancel(link),
            Some(link) => self.pool.give(link),
            None => {}
        }
    }
}
