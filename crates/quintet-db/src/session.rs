//! One connection that somebody has for a while, with or without a transaction.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::database::{Boxed, Callback, Connection};
use crate::error::{Error, ErrorKind, Result};
use crate::models::Models;
use crate::row::Row;
use crate::rows::Rows;
use crate::stream::RowStream;
use crate::together::{Change, at_once, missed};
use crate::transaction::{Begin, Transaction};
use crate::{postgres, sqlite, watch};

/// A connection and what is open on it.
pub(crate) struct Session {
    link: Option<Link>,
    models: Option<Arc<Models>>,
    state: Mutex<State>,
}

enum Link {
    Sqlite(sqlite::Lease),
    Postgres(Box<postgres::Lease>),
}

#[derive(Default)]
struct State {
    /// How many transactions and savepoints are open.
    depth: usize,
    /// What must run before the next statement: the way back of transactions that were dropped.
    overdue: Vec<String>,
    /// Whether a statement failed, after which PostgreSQL only takes the way back.
    is_failed: bool,
    /// What is done when all of it is kept, and by the transaction of which depth it was said.
    callbacks: Vec<(usize, Callback)>,
    /// How many cursors were opened.
    cursors: usize,
}

impl Session {
    pub(crate) fn sqlite(lease: sqlite::Lease, models: Option<Arc<Models>>) -> Self {
        Self { link: Some(Link::Sqlite(lease)), models, state: Mutex::default() }
    }

    /// One on which a transaction is open.
    pub(crate) fn sqlite_begun(lease: sqlite::Lease, models: Option<Arc<Models>>) -> Self {
        let state = State { depth: 1, ..State::default() };
        Self { link: Some(Link::Sqlite(lease)), models, state: Mutex::new(state) }
    }

    pub(crate) fn postgres(lease: postgres::Lease, models: Option<Arc<Models>>) -> Self {
        Self { link: Some(Link::Postgres(Box::new(lease))), models, state: Mutex::default() }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match &self.link {
            Some(Link::Postgres(_)) => Dialect::Postgres,
            _ => Dialect::Sqlite,
        }
    }

    pub(crate) fn models(&self) -> Option<&Arc<Models>> {
        self.models.as_ref()
    }

    /// Whether the connection was just made, so that it cannot have been lost while nobody used it.
    pub(crate) fn is_fresh(&self) -> bool {
        !matches!(&self.link, Some(Link::Postgres(lease)) if !lease.is_fresh())
    }

    pub(crate) async fn execute(&self, sql: &str, params: Vec<Value>) -> Result<u64> {
        self.clear().await?;
        let done = match self.link()? {
            Link::Sqlite(lease) => lease.execute(sql, params).await,
            Link::Postgres(lease) => lease.execute(sql, &params, self.is_alone()).await,
        };
        self.checked(done)
    }

    /// The rows of a statement; with the names of their columns where they are wanted.
    pub(crate) async fn fetch(&self, sql: &str, params: Vec<Value>, named: bool) -> Result<Rows> {
        self.clear().await?;
        let done = match self.link()? {
            Link::Sqlite(lease) => lease.fetch(sql, params, named).await,
            Link::Postgres(lease) => lease.fetch(sql, &params, self.is_alone()).await,
        };
        self.checked(done)
    }

    /// The rows of a statement of our own without parameters, which is not kept for later.
    pub(crate) async fn fetch_once(&self, sql: &str) -> Result<Rows> {
        self.clear().await?;
        let done = match self.link()? {
            Link::Sqlite(lease) => lease.fetch(sql, vec![], false).await,
            Link::Postgres(lease) => lease.fetch_once(sql).await,
        };
        self.checked(done)
    }

    pub(crate) async fn script(&self, sql: &str) -> Result<()> {
        self.clear().await?;
        let done = self.raw(sql).await;
        self.checked(done)
    }

    /// Begins a transaction, or a savepoint in the one that is open; gives how deep it is.
    pub(crate) async fn begin(&self, how: Begin) -> Result<usize> {
        self.clear().await?;
        let depth = self.state().depth;
        how.fits(depth)?;
        let beginning = Beginning::new(self, depth);
        let begun = match (depth, self.link()?) {
            (0, Link::Sqlite(lease)) => lease.begin().await,
            (0, Link::Postgres(lease)) => lease.script(&how.postgres()).await,
            (_, Link::Sqlite(lease)) => lease.control(format!("SAVEPOINT quintet_{depth}")).await,
            (_, Link::Postgres(lease)) => lease.script(&format!("SAVEPOINT quintet_{depth}")).await,
        };
        beginning.end(&begun);
        begun.map(|()| depth)
    }

    /// Makes changes in the transaction that is open, of which each is sent before the one before it is answered; which of
    /// them was missed first. Whoever began the transaction undoes it then.
    pub(crate) async fn make_each(&self, changes: &[Change]) -> Result<Option<usize>> {
        // What is not prepared yet would be overtaken by what is.
        let mut prepared = Vec::with_capacity(changes.len());
        for change in changes {
            prepared.push(self.prepare(&change.sql).await?);
        }
        let mut works: Vec<Boxed<'_, Result<u64>>> = Vec::with_capacity(changes.len());
        for (change, prepared) in changes.iter().zip(prepared) {
            works.push(Box::pin(self.execute_prepared(change, prepared)));
        }
        for (change, count) in changes.iter().zip(at_once(works).await) {
            let missed = missed(change, count?);
            if missed.is_some() {
                return Ok(missed);
            }
        }
        Ok(None)
    }

    /// Has the server know a statement, where there is one.
    async fn prepare(&self, sql: &str) -> Result<Option<postgres::Prepared>> {
        match self.link()? {
            Link::Sqlite(_) => Ok(None),
            Link::Postgres(lease) => lease.prepare(sql).await,
        }
    }

    async fn execute_prepared(&self, change: &Change, prepared: Option<postgres::Prepared>) -> Result<u64> {
        self.clear().await?;
        let Change { sql, params, .. } = change;
        let done = match self.link()? {
            Link::Sqlite(lease) => lease.execute(sql, params.clone()).await,
            Link::Postgres(lease) => lease.execute_prepared(sql, prepared.as_ref(), params).await,
        };
        self.checked(done)
    }

    /// Begins a transaction that writes, or says that another process does.
    pub(crate) async fn try_begin(&self) -> Result<()> {
        let beginning = Beginning::new(self, 0);
        let begun = match self.link()? {
            Link::Sqlite(lease) => lease.try_begin().await,
            Link::Postgres(lease) => lease.script("BEGIN").await,
        };
        beginning.end(&begun);
        begun
    }

    /// Keeps what was done; gives what is to be done then.
    pub(crate) async fn commit(&self, depth: usize) -> Result<Vec<Callback>> {
        self.clear().await?;
        match self.keep(depth).await {
            Ok(()) => Ok(self.kept(depth)),
            Err(error) => {
                // PostgreSQL has rolled back; SQLite has not, where a rule that waited for the end does not hold.
                self.put_off(depth);
                Err(error)
            }
        }
    }

    async fn keep(&self, depth: usize) -> Result<()> {
        if self.state().is_failed {
            return Err(Error::other("nothing of the transaction is kept, because a statement in it had failed")
                .with_hint("run what may fail in a transaction of its own within it: `tx.atomic(..)`"));
        }
        match self.link()? {
            Link::Sqlite(lease) if depth == 0 => lease.end("COMMIT").await,
            Link::Sqlite(lease) => lease.control(format!("RELEASE SAVEPOINT quintet_{depth}")).await,
            Link::Postgres(lease) => {
                if lease.is_left() {
                    // Nobody saw how it ended; after a failure the server would roll back and say nothing.
                    lease.script("SELECT 1").await?;
                }
                match depth {
                    0 => lease.script("COMMIT").await,
                    _ => lease.script(&format!("RELEASE SAVEPOINT quintet_{depth}")).await,
                }
            }
        }
    }

    /// What is to be done now that this is kept; what a savepoint was told waits for the transaction around it.
    fn kept(&self, depth: usize) -> Vec<Callback> {
        let mut state = self.state();
        state.depth = depth;
        if depth == 0 {
            return std::mem::take(&mut state.callbacks).into_iter().map(|(_, callback)| callback).collect();
        }
        for (said, _) in &mut state.callbacks {
            *said = (*said).min(depth - 1);
        }
        vec![]
    }

    pub(crate) async fn rollback(&self, depth: usize) -> Result<()> {
        self.put_off(depth);
        self.clear_away().await
    }

    /// Keeps a callback until all of it is kept.
    pub(crate) fn on_commit(&self, depth: usize, callback: Callback) {
        self.state().callbacks.push((depth, callback));
    }

    /// A name for a cursor that no other on this connection has.
    pub(crate) fn cursor(&self) -> String {
        let mut state = self.state();
        state.cursors += 1;
        format!("quintet_cursor_{}", state.cursors)
    }

    /// The way back of a transaction that nobody ended; it runs before the next statement.
    pub(crate) fn put_off(&self, depth: usize) {
        let mut state = self.state();
        if state.depth <= depth {
            return;
        }
        state.depth = depth;
        state.is_failed = false;
        state.callbacks.retain(|(said, _)| *said < depth);
        if depth == 0 {
            state.overdue = vec!["ROLLBACK".to_owned()];
        } else {
            state.overdue.push(format!("ROLLBACK TO SAVEPOINT quintet_{depth}; RELEASE SAVEPOINT quintet_{depth}"));
        }
    }

    fn is_busy(&self) -> bool {
        let state = self.state();
        state.depth > 0 || !state.overdue.is_empty()
    }

    fn is_alone(&self) -> bool {
        self.state().depth == 0
    }

    async fn clear(&self) -> Result<()> {
        self.clear_away().await?;
        if matches!(self.link()?, Link::Sqlite(lease) if lease.is_lost()) {
            return Err(Error::other("the transaction was rolled back by the database after an error"));
        }
        Ok(())
    }

    async fn clear_away(&self) -> Result<()> {
        let overdue = std::mem::take(&mut self.state().overdue);
        for sql in overdue {
            match self.link()? {
                Link::Sqlite(lease) if sql == "ROLLBACK" => lease.end("ROLLBACK").await?,
                // What SQLite rolled back by itself has no savepoints any more.
                Link::Sqlite(lease) if lease.is_lost() => {}
                _ => self.raw(&sql).await?,
            }
        }
        Ok(())
    }

    /// After an error: PostgreSQL takes no statement any more but the way back.
    fn checked<T>(&self, done: Result<T>) -> Result<T> {
        if let Err(error) = &done
            && error.is_of_server()
        {
            let mut state = self.state();
            state.is_failed = state.depth > 0;
        }
        done
    }

    async fn raw(&self, sql: &str) -> Result<()> {
        match self.link()? {
            Link::Sqlite(lease) => lease.script(sql).await,
            Link::Postgres(lease) => lease.script(sql).await,
        }
    }

    fn link(&self) -> Result<&Link> {
        self.link.as_ref().ok_or_else(|| Error::new(ErrorKind::Connection, "the connection was closed"))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A transaction whose beginning is on its way. Who goes away meanwhile leaves one that is open, and that nobody would end.
struct Beginning<'a> {
    session: &'a Session,
    depth: usize,
    is_answered: bool,
}

impl<'a> Beginning<'a> {
    fn new(session: &'a Session, depth: usize) -> Self {
        session.state().depth = depth + 1;
        Self { session, depth, is_answered: false }
    }

    /// The answer is here.
    fn end(mut self, begun: &Result<()>) {
        if begun.is_err() {
            self.session.state().depth = self.depth;
        }
        self.is_answered = true;
    }
}

impl Drop for Beginning<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            self.session.put_off(self.depth);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.is_busy()
            && let Some(Link::Postgres(lease)) = self.link.take()
        {
            lease.recover();
        }
    }
}

/// A session by itself: each statement is its own transaction.
pub(crate) struct Pinned(pub(crate) Arc<Session>);

impl Connection for Pinned {
    fn dialect(&self) -> Dialect {
        self.0.dialect()
    }

    fn models(&self) -> Option<&Arc<Models>> {
        self.0.models()
    }

    fn is_in_transaction(&self) -> bool {
        !self.0.is_alone()
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<u64>> {
        watch::tell(sql);
        Box::pin(self.0.execute(sql, params.to_vec()))
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<Vec<Row>>> {
        watch::tell(sql);
        Box::pin(async move { Ok(self.0.fetch(sql, params.to_vec(), true).await?.into_rows()) })
    }

    fn fetch<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Result<Rows>> {
        watch::tell(sql);
        Box::pin(self.0.fetch(sql, params, false))
    }

    fn stream<'a>(&'a self, sql: &'a str, params: Vec<Value>, chunk: usize) -> Boxed<'a, Result<RowStream>> {
        watch::tell(sql);
        Box::pin(RowStream::within(Arc::clone(&self.0), sql, params, chunk))
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Result<()>> {
        watch::tell(sql);
        Box::pin(self.0.script(sql))
    }

    fn begin(&self, how: Begin) -> Boxed<'_, Result<Transaction>> {
        Box::pin(Transaction::begin(Arc::clone(&self.0), how))
    }

    fn on_commit(&self, callback: Callback) -> Boxed<'_, ()> {
        Box::pin(callback())
    }
}
