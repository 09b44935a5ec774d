//! SQLite by threads of its own: one that writes, several that read. No call blocks the async runtime.
//!
//! The file is put into WAL mode, in which readers and the writer do not wait for each other; other programs, the
//! reference among them, go on using the file as before. A database in memory has one connection for everything.

mod functions;
mod values;
mod worker;

use std::path::Path;
use std::sync::Arc;

use quintet_core::schema::Value;
use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, ErrorKind, Result};
use crate::row::Row;
use worker::{Access, Workers};

const READERS: usize = 4;

/// An SQLite database; opened at the first statement.
pub(crate) struct Sqlite {
    writer: Workers,
    readers: Option<Workers>,
    turn: Arc<Semaphore>,
}

/// The sole right to write, for a while. Given back, an open transaction is rolled back.
pub(crate) struct Lease {
    writer: Workers,
    _turn: OwnedSemaphorePermit,
}

impl Sqlite {
    pub(crate) fn new(file: Option<&Path>) -> Self {
        Self {
            writer: Workers::start(1, file, Access::Write),
            readers: file.map(|file| Workers::start(READERS, Some(file), Access::Read)),
            turn: Arc::new(Semaphore::new(1)),
        }
    }

    pub(crate) async fn lease(&self) -> Result<Lease> {
        let turn = Arc::clone(&self.turn).acquire_owned().await;
        let turn = turn.map_err(|_| Error::new(ErrorKind::Connection, "the database was closed"))?;
        Ok(Lease { writer: self.writer.clone(), _turn: turn })
    }

    /// A statement that only reads goes to a reader; whether it does, SQLite knows.
    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        if let Some(readers) = &self.readers {
            let (text, values) = (sql.to_owned(), params.to_vec());
            let found = readers
                .call(move |connection| {
                    let mut statement = connection.prepare_cached(&text)?;
                    if statement.readonly() { values::rows(&mut statement, &values).map(Some) } else { Ok(None) }
                })
                .await;
            if let Some(rows) = found.map_err(|error| error.with_sql(sql))? {
                return Ok(rows);
            }
        }
        self.lease().await?.query(sql, params).await
    }
}

impl Lease {
    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let (text, values) = (sql.to_owned(), params.to_vec());
        self.run(sql, move |connection| values::rows(&mut *connection.prepare_cached(&text)?, &values)).await
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        let (text, values) = (sql.to_owned(), params.to_vec());
        self.run(sql, move |connection| values::execute(&mut *connection.prepare_cached(&text)?, &values)).await
    }

    /// Several statements in one text.
    pub(crate) async fn script(&self, sql: &str) -> Result<()> {
        let text = sql.to_owned();
        self.run(sql, move |connection| Ok(connection.execute_batch(&text)?)).await
    }

    /// Begins to write at once, or says that another process does: it waits for nobody.
    pub(crate) async fn try_begin(&self) -> Result<()> {
        self.run("BEGIN IMMEDIATE", |connection| {
            connection.busy_timeout(std::time::Duration::ZERO)?;
            let begun = connection.execute_batch("BEGIN IMMEDIATE");
            connection.busy_timeout(worker::PATIENCE)?;
            Ok(begun?)
        })
        .await
    }

    /// Whether the transaction that was begun is still open: a full disk, for one, makes SQLite roll back by itself.
    pub(crate) async fn is_open(&self) -> Result<bool> {
        self.writer.call(|connection| Ok(!connection.is_autocommit())).await
    }

    async fn run<T: Send + 'static>(
        &self,
        sql: &str,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.writer.call(work).await.map_err(|error| error.with_sql(sql))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // The queue keeps the order: whoever has the next turn finds the connection as it should be.
        self.writer.post(|connection| {
            if !connection.is_autocommit() {
                connection.execute_batch("ROLLBACK")?;
            }
            Ok(connection.execute_batch(worker::FOREIGN_KEYS_ON)?)
        });
    }
}
