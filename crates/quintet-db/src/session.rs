//! One connection that somebody has for a while, with or without a transaction.

use std::sync::{Mutex, MutexGuard, PoisonError};

use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::database::{Boxed, Connection};
use crate::error::{Error, ErrorKind, Result};
use crate::row::Row;
use crate::transaction::Transaction;
use crate::{postgres, sqlite};

/// A connection and what is open on it.
pub(crate) struct Session {
    link: Option<Link>,
    state: Mutex<State>,
}

enum Link {
    Sqlite(sqlite::Lease),
    Postgres(postgres::Lease),
}

#[derive(Default)]
struct State {
    /// How many transactions and savepoints are open.
    depth: usize,
    /// What must run before the next statement: the way back of transactions that were dropped.
    overdue: Vec<String>,
    /// Whether the database rolled back by itself.
    is_broken: bool,
}

impl Session {
    pub(crate) fn sqlite(lease: sqlite::Lease) -> Self {
        Self { link: Some(Link::Sqlite(lease)), state: Mutex::default() }
    }

    pub(crate) fn postgres(lease: postgres::Lease) -> Self {
        Self { link: Some(Link::Postgres(lease)), state: Mutex::default() }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match &self.link {
            Some(Link::Postgres(_)) => Dialect::Postgres,
            _ => Dialect::Sqlite,
        }
    }

    /// Whether the connection was just made, so that it cannot have been lost while nobody used it.
    pub(crate) fn is_fresh(&self) -> bool {
        !matches!(&self.link, Some(Link::Postgres(lease)) if !lease.is_fresh())
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        self.clear().await?;
        let done = match self.link()? {
            Link::Sqlite(lease) => lease.execute(sql, params).await,
            Link::Postgres(lease) => lease.execute(sql, params).await,
        };
        self.checked(done).await
    }

    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.clear().await?;
        let done = match self.link()? {
            Link::Sqlite(lease) => lease.query(sql, params).await,
            Link::Postgres(lease) => lease.query(sql, params).await,
        };
        self.checked(done).await
    }

    pub(crate) async fn script(&self, sql: &str) -> Result<()> {
        self.clear().await?;
        let done = self.raw(sql).await;
        self.checked(done).await
    }

    /// Begins a transaction, or a savepoint in the one that is open; gives how deep it is.
    pub(crate) async fn begin(&self) -> Result<usize> {
        self.clear().await?;
        let depth = self.state().depth;
        let beginning = Beginning::new(self, depth);
        let begun = match (depth, self.link()?) {
            // A transaction that first reads and then writes would fail where another process writes in between.
            (0, Link::Sqlite(_)) => self.raw("BEGIN IMMEDIATE").await,
            (0, Link::Postgres(_)) => self.raw("BEGIN").await,
            _ => self.raw(&format!("SAVEPOINT quintet_{depth}")).await,
        };
        beginning.end(&begun);
        begun.map(|()| depth)
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

    pub(crate) async fn commit(&self, depth: usize) -> Result<()> {
        self.clear().await?;
        let committed = match depth {
            0 => self.raw("COMMIT").await,
            _ => self.raw(&format!("RELEASE SAVEPOINT quintet_{depth}")).await,
        };
        match committed {
            Ok(()) => {
                self.state().depth = depth;
                Ok(())
            }
            Err(error) => {
                // PostgreSQL has rolled back; SQLite has not, where a rule that waited for the end does not hold.
                self.put_off(depth);
                Err(error)
            }
        }
    }

    pub(crate) async fn rollback(&self, depth: usize) -> Result<()> {
        self.put_off(depth);
        self.clear_away().await
    }

    /// The way back of a transaction that nobody ended; it runs before the next statement.
    pub(crate) fn put_off(&self, depth: usize) {
        let mut state = self.state();
        if state.depth <= depth {
            return;
        }
        state.depth = depth;
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

    async fn clear(&self) -> Result<()> {
        self.clear_away().await?;
        if self.state().is_broken {
            return Err(Error::other("the transaction was rolled back by the database after an error"));
        }
        Ok(())
    }

    async fn clear_away(&self) -> Result<()> {
        let overdue = std::mem::take(&mut self.state().overdue);
        for sql in overdue {
            if let (Link::Sqlite(lease), "ROLLBACK") = (self.link()?, sql.as_str()) {
                self.state().is_broken = false;
                if !lease.is_open().await? {
                    continue;
                }
            }
            self.raw(&sql).await?;
        }
        Ok(())
    }

    /// After an error: SQLite may have rolled back by itself, and what follows must not happen outside a transaction.
    async fn checked<T>(&self, done: Result<T>) -> Result<T> {
        if let (Err(_), Link::Sqlite(lease)) = (&done, self.link()?)
            && self.state().depth > 0
            && !lease.is_open().await.unwrap_or(false)
        {
            self.state().is_broken = true;
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
            lease.discard();
        }
    }
}

/// A session by itself: each statement is its own transaction.
pub(crate) struct Pinned(pub(crate) std::sync::Arc<Session>);

impl Connection for Pinned {
    fn dialect(&self) -> Dialect {
        self.0.dialect()
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<u64>> {
        Box::pin(self.0.execute(sql, params))
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<Vec<Row>>> {
        Box::pin(self.0.query(sql, params))
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Result<()>> {
        Box::pin(self.0.script(sql))
    }

    fn transaction(&self) -> Boxed<'_, Result<Transaction>> {
        Box::pin(Transaction::begin(std::sync::Arc::clone(&self.0)))
    }
}
