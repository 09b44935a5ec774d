//! A transaction, or a savepoint in one. Dropped, it is rolled back.

use std::fmt;
use std::sync::Arc;

use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::database::{Boxed, Callback, Connection, Db};
use crate::error::{Error, ErrorKind, Result};
use crate::models::Models;
use crate::row::Row;
use crate::rows::Rows;
use crate::session::Session;
use crate::stream::RowStream;
use crate::together::Change;
use crate::watch;

/// What a transaction sees of others. SQLite's are always serializable: one writes at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// What was committed before each statement.
    ReadCommitted,
    /// What was committed before the first statement.
    RepeatableRead,
    /// As if transactions ran one behind the other.
    Serializable,
}

/// How a transaction begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Begin {
    isolation: Option<Isolation>,
    is_durable: bool,
}

impl Begin {
    /// A transaction as the database begins it.
    pub fn new() -> Self {
        Self::default()
    }

    /// What it sees of others. Only the outermost transaction can choose it.
    #[must_use]
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = Some(isolation);
        self
    }

    /// It must be the outermost: what it did is kept when it ends well.
    #[must_use]
    pub fn durable(mut self) -> Self {
        self.is_durable = true;
        self
    }

    pub(crate) fn fits(self, depth: usize) -> Result<()> {
        if depth == 0 {
            return Ok(());
        }
        let problem = match self {
            Self { is_durable: true, .. } => "a durable transaction cannot be within another",
            Self { isolation: Some(_), .. } => "a transaction within another has its isolation",
            _ => return Ok(()),
        };
        Err(Error::new(ErrorKind::Usage, problem).with_hint("begin it on the database, not on a transaction"))
    }

    pub(crate) fn postgres(self) -> String {
        let level = match self.isolation {
            None => return "BEGIN".to_owned(),
            Some(Isolation::ReadCommitted) => "READ COMMITTED",
            Some(Isolation::RepeatableRead) => "REPEATABLE READ",
            Some(Isolation::Serializable) => "SERIALIZABLE",
        };
        format!("BEGIN ISOLATION LEVEL {level}")
    }
}

impl From<Isolation> for Begin {
    fn from(isolation: Isolation) -> Self {
        Self::new().isolation(isolation)
    }
}

/// A transaction, or a savepoint in one.
pub struct Transaction {
    session: Arc<Session>,
    depth: usize,
    is_over: bool,
}

impl Transaction {
    pub(crate) async fn begin(session: Arc<Session>, how: Begin) -> Result<Self> {
        let depth = session.begin(how).await?;
        Ok(Self { session, depth, is_over: false })
    }

    /// The outermost, which was begun on the session already.
    pub(crate) fn begun(session: Arc<Session>) -> Self {
        Self { session, depth: 0, is_over: false }
    }

    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Makes changes up to one that is missed; which one that is.
    pub(crate) async fn make_each(&self, changes: &[Change]) -> Result<Option<usize>> {
        self.session.make_each(changes).await
    }

    /// Keeps what was done; behind the outermost, what [`Transaction::on_commit`] was told is done.
    pub async fn commit(mut self) -> Result<()> {
        self.is_over = true;
        let callbacks = self.session.commit(self.depth).await?;
        // They may need the connection.
        drop(self);
        for callback in callbacks {
            callback().await;
        }
        Ok(())
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

    /// Something to do when the outermost transaction is kept; nothing is done where this one is rolled back.
    pub fn on_commit<F: Future<Output = ()> + Send + 'static>(&self, work: impl FnOnce() -> F + Send + 'static) {
        self.session.on_commit(self.depth, Box::new(move || Box::pin(work())));
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

    fn models(&self) -> Option<&Arc<Models>> {
        self.session.models()
    }

    fn is_in_transaction(&self) -> bool {
        true
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<u64>> {
        watch::tell(sql);
        Box::pin(self.session.execute(sql, params.to_vec()))
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<Vec<Row>>> {
        watch::tell(sql);
        Box::pin(async move { Ok(self.session.fetch(sql, params.to_vec(), true).await?.into_rows()) })
    }

    fn fetch<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Result<Rows>> {
        watch::tell(sql);
        Box::pin(self.session.fetch(sql, params, false))
    }

    fn stream<'a>(&'a self, sql: &'a str, params: Vec<Value>, chunk: usize) -> Boxed<'a, Result<RowStream>> {
        watch::tell(sql);
        Box::pin(RowStream::within(Arc::clone(&self.session), sql, params, chunk))
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Result<()>> {
        watch::tell(sql);
        Box::pin(self.session.script(sql))
    }

    fn begin(&self, how: Begin) -> Boxed<'_, Result<Self>> {
        Box::pin(Self::begin(Arc::clone(&self.session), how))
    }

    fn on_commit(&self, callback: Callback) -> Boxed<'_, ()> {
        self.session.on_commit(self.depth, callback);
        Box::pin(std::future::ready(()))
    }
}
