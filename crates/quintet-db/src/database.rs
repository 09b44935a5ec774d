//! A database, its transactions, and the handle by which code that runs statements takes either.

use std::fmt;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use quintet_core::database_url::DatabaseUrl;
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::error::{ErrorKind, Result};
use crate::postgres::Postgres;
use crate::row::Row;
use crate::session::Session;
use crate::sqlite::Sqlite;
use crate::transaction::Transaction;

/// How often work is tried that meets other transactions.
const TRIES: u32 = 5;

/// A future in a box.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What runs statements: a database, a transaction, a request.
///
/// Parameters stand in a statement as `$1`, `$2`, on both databases; each first occurs in this order.
pub trait Connection: Send + Sync {
    /// Which kind of database it is.
    fn dialect(&self) -> Dialect;

    /// Runs a statement; gives how many rows it touched.
    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<u64>>;

    /// Runs a statement; gives its rows.
    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<Vec<Row>>>;

    /// Runs several statements in one text, without parameters.
    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Result<()>>;

    /// Begins a transaction; within one, a savepoint.
    fn transaction(&self) -> Boxed<'_, Result<Transaction>>;
}

/// A database. Clones are the same database; it connects at the first statement.
#[derive(Clone)]
pub struct Database {
    engine: Arc<Engine>,
    shown: Arc<str>,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Database {
    /// The database of a URL; `folder` is the project's, from which a relative path counts. Nothing is opened yet.
    pub fn connect(url: &DatabaseUrl, folder: &Path) -> Self {
        let engine = match url {
            DatabaseUrl::Sqlite(options) => Engine::Sqlite(Sqlite::new(options.path(folder).as_deref())),
            DatabaseUrl::Postgres(options) => Engine::Postgres(Postgres::new(options.clone())),
        };
        Self { engine: Arc::new(engine), shown: url.to_string().into() }
    }

    /// Runs work in a transaction: committed when it ends well, else rolled back.
    pub async fn atomic<T>(&self, work: impl AsyncFnOnce(&Transaction) -> Result<T>) -> Result<T> {
        Db::from(self).atomic(work).await
    }

    /// The same for work that can be done again: see [`Db::atomic_retry`].
    pub async fn atomic_retry<T>(&self, work: impl AsyncFn(&Transaction) -> Result<T>) -> Result<T> {
        Db::from(self).atomic_retry(work).await
    }

    /// One connection for a while, without a transaction.
    pub(crate) async fn session(&self) -> Result<Arc<Session>> {
        Ok(Arc::new(match &*self.engine {
            Engine::Sqlite(sqlite) => Session::sqlite(sqlite.lease().await?),
            Engine::Postgres(postgres) => Session::postgres(postgres.lease().await?),
        }))
    }
}

/// The URL, its password masked.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Database({})", self.shown)
    }
}

impl Connection for Database {
    fn dialect(&self) -> Dialect {
        match &*self.engine {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
        }
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<u64>> {
        Box::pin(async move { self.session().await?.execute(sql, params).await })
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<Vec<Row>>> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => Box::pin(sqlite.query(sql, params)),
            Engine::Postgres(postgres) => Box::pin(postgres.query(sql, params)),
        }
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Result<()>> {
        Box::pin(async move { self.session().await?.script(sql).await })
    }

    fn transaction(&self) -> Boxed<'_, Result<Transaction>> {
        Box::pin(async move {
            loop {
                let session = self.session().await?;
                let is_fresh = session.is_fresh();
                match Transaction::begin(session).await {
                    // Nothing was done yet on the connection that turned out to be lost.
                    Err(error) if error.kind() == ErrorKind::Connection && !is_fresh => {}
                    other => return other,
                }
            }
        })
    }
}

/// What code that runs statements takes: whichever connection it is.
#[derive(Clone, Copy)]
pub struct Db<'a>(&'a dyn Connection);

impl<'a, C: Connection> From<&'a C> for Db<'a> {
    fn from(connection: &'a C) -> Self {
        Self(connection)
    }
}

impl fmt::Debug for Db<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Db({:?})", self.dialect())
    }
}

impl<'a> Db<'a> {
    /// A handle of a connection whose type is not known.
    pub fn of(connection: &'a dyn Connection) -> Self {
        Self(connection)
    }

    /// Which kind of database it is.
    pub fn dialect(self) -> Dialect {
        self.0.dialect()
    }

    /// Runs a statement; gives how many rows it touched.
    pub async fn execute(self, sql: &str, params: &[Value]) -> Result<u64> {
        self.0.execute(sql, params).await
    }

    /// Runs a statement; gives its rows.
    pub async fn query(self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.0.query(sql, params).await
    }

    /// Runs several statements in one text, without parameters.
    pub async fn script(self, sql: &str) -> Result<()> {
        self.0.script(sql).await
    }

    /// Begins a transaction; within one, a savepoint. Dropped, it is rolled back.
    pub async fn transaction(self) -> Result<Transaction> {
        self.0.transaction().await
    }

    /// Runs work in a transaction: committed when it ends well, else rolled back.
    pub async fn atomic<T>(self, work: impl AsyncFnOnce(&Transaction) -> Result<T>) -> Result<T> {
        let transaction = self.transaction().await?;
        match work(&transaction).await {
            Ok(made) => {
                transaction.commit().await?;
                Ok(made)
            }
            Err(error) => {
                // What failed first is what is told.
                drop(transaction.rollback().await);
                Err(error)
            }
        }
    }

    /// The same for work that can be done again: it is, where two transactions met and the database chose this one to give
    /// way, a few times.
    pub async fn atomic_retry<T>(self, work: impl AsyncFn(&Transaction) -> Result<T>) -> Result<T> {
        let mut tries = 1;
        loop {
            match self.atomic(&work).await {
                Err(error) if error.kind() == ErrorKind::Serialization && tries < TRIES => tries += 1,
                other => return other,
            }
        }
    }
}
