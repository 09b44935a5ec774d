//! Rows in chunks, so that an answer of any length needs the memory of a few of them.
//!
//! PostgreSQL keeps the place in the answer by a cursor, which lives in a transaction. SQLite reads on a connection of
//! its own; within a transaction, whose connection has other work meanwhile, the answer is first put into a temporary
//! table.

use std::fmt;
use std::sync::Arc;

use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::error::Result;
use crate::rows::{Cell, Rows};
use crate::session::Session;
use crate::sqlite::Chunks;
use crate::transaction::Transaction;

/// Rows in chunks.
pub struct RowStream(Source);

enum Source {
    Thread(Chunks),
    Cursor(Cursor),
    Table(Table),
    Whole(Vec<Rows>),
    Over,
}

struct Cursor {
    session: Arc<Session>,
    /// The transaction in which the cursor is, where it is only for the cursor.
    own: Option<Transaction>,
    name: String,
    chunk: usize,
}

struct Table {
    session: Arc<Session>,
    name: String,
    chunk: usize,
    behind: i64,
}

impl RowStream {
    /// Chunks that a thread reads.
    pub(crate) fn by_thread(chunks: Chunks) -> Self {
        Self(Source::Thread(chunks))
    }

    /// Chunks of an answer that is in memory, as its database is.
    pub(crate) fn of(rows: Rows, chunk: usize) -> Self {
        let mut chunks = rows.split(chunk.max(1));
        chunks.reverse();
        Self(Source::Whole(chunks))
    }

    /// Chunks out of a transaction of their own.
    pub(crate) async fn alone(transaction: Transaction, sql: &str, params: Vec<Value>, chunk: usize) -> Result<Self> {
        let mut stream = Self::within(Arc::clone(transaction.session()), sql, params, chunk).await?;
        if let Source::Cursor(cursor) = &mut stream.0 {
            cursor.own = Some(transaction);
        }
        Ok(stream)
    }

    /// Chunks within the transaction of a session.
    pub(crate) async fn within(session: Arc<Session>, sql: &str, params: Vec<Value>, chunk: usize) -> Result<Self> {
        let (name, chunk) = (session.cursor(), chunk.max(1));
        match session.dialect() {
            Dialect::Postgres => {
                session.execute(&format!("DECLARE {name} NO SCROLL CURSOR FOR {sql}"), params).await?;
                Ok(Self(Source::Cursor(Cursor { session, own: None, name, chunk })))
            }
            Dialect::Sqlite => {
                session.execute(&format!("CREATE TEMP TABLE {name} AS {sql}"), params).await?;
                Ok(Self(Source::Table(Table { session, name, chunk, behind: 0 })))
            }
        }
    }

    /// The next rows, so many as a chunk has or the last few; nothing behind the last.
    pub async fn next(&mut self) -> Result<Option<Rows>> {
        let found = match &mut self.0 {
            Source::Thread(chunks) => chunks.next().await,
            Source::Cursor(cursor) => cursor.next().await,
            Source::Table(table) => table.next().await,
            Source::Whole(chunks) => Ok(chunks.pop()),
            Source::Over => return Ok(None),
        };
        // An end is an end, and so is an error.
        if !matches!(found, Ok(Some(_))) {
            self.0 = Source::Over;
        }
        found
    }
}

impl Cursor {
    async fn next(&mut self) -> Result<Option<Rows>> {
        let rows = self.session.fetch_once(&format!("FETCH FORWARD {} FROM {}", self.chunk, self.name)).await?;
        if !rows.is_empty() {
            return Ok(Some(rows));
        }
        match self.own.take() {
            Some(transaction) => transaction.rollback().await?,
            None => self.session.script(&format!("CLOSE {}", self.name)).await?,
        }
        Ok(None)
    }
}

impl Table {
    async fn next(&mut self) -> Result<Option<Rows>> {
        let Self { session, name, chunk, .. } = self;
        let sql = format!("SELECT rowid, * FROM temp.{name} WHERE rowid > $1 ORDER BY rowid LIMIT {chunk}");
        let rows = session.fetch(&sql, vec![Value::Int(self.behind)], false).await?;
        if rows.is_empty() {
            session.script(&format!("DROP TABLE temp.{name}")).await?;
            return Ok(None);
        }
        if let Some([Cell::Int(number), ..]) = rows.iter().next_back() {
            self.behind = *number;
        }
        Ok(Some(rows.without_first()))
    }
}

impl fmt::Debug for RowStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream").finish_non_exhaustive()
    }
}
