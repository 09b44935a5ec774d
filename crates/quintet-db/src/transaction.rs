//! A transaction, or a savepoint in one. Dropped, it is rolled back.

use std::fmt;
use std::sync::Arc;

use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::database::{Boxed, Connection, Db};
use crate::error::Result;
use crate::row::Row;
use crate::session::Session;

/// A transaction, or a savepoint in one.
pub struct Transaction {
    session: Arc<Session>,
    depth: usize,
    is_over: bool,
}

impl Transaction {
    pub(crate) async fn begin(session: Arc<Session>) -> Result<Self> {
        let depth = session.begin().await?;
        Ok(Self { session, depth, is_over: false })
    }

    /// One that was begun on the session by [`Session::try_begin`].
    pub(crate) fn begun(session: Arc<Session>) -> Self {
        Self { session, depth: 0, is_over: false }
    }

    /// Keeps what was done.
    pub async fn commit(mut self) -> Result<()> {
        self.is_over = true;
        self.session.commit(self.depth).await
    }

    /// Undoes what was done.
    pub async fn rollback(mut self) -> Result<()> {
        self.is_over = true;
        self.session.rollback(self.depth).await
    }

    /// Runs work in a savepoint: undone where it fails.
    pub async fn atomic<T>(&self, work: impl AsyncFnOnce(&Self) -> Result<T>) -> Result<T> {
        Db::from(self).atomic(work).await
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.is_over {
            self.session.put_off(self.depth);
        }
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transaction({:?}, depth {})", self.session.dialect(), self.depth)
    }
}

impl Connection for Transaction {
    fn dialect(&self) -> Dialect {
        self.session.dialect()
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<u64>> {
        Box::pin(self.session.execute(sql, params))
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<Vec<Row>>> {
        Box::pin(self.session.query(sql, params))
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Result<()>> {
        Box::pin(self.session.script(sql))
    }

    fn transaction(&self) -> Boxed<'_, Result<Self>> {
        Box::pin(Self::begin(Arc::clone(&self.session)))
    }
}
