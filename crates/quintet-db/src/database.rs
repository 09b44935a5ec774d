//! A database, its transactions, and the handle by which code that runs statements takes either.

use std::fmt;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use quintet_core::database_url::DatabaseUrl;
use quintet_core::query::Registry;
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use crate::error::{Error, ErrorKind, Result};
use crate::find::Find;
use crate::models::Models;
use crate::postgres::Postgres;
use crate::row::Row;
use crate::rows::Rows;
use crate::save::{Gives, Save, Saved};
use crate::session::Session;
use crate::sqlite::Sqlite;
use crate::stream::RowStream;
use crate::together::Change;
use crate::transaction::{Begin, Transaction};
use crate::watch;

/// How often work is tried that meets other transactions.
const TRIES: u32 = 5;

/// A future in a box.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Work for later.
pub type Callback = Box<dyn FnOnce() -> Boxed<'static, ()> + Send>;

/// What runs statements: a database, a transaction, a request.
///
/// Parameters stand in a statement as `$1`, `$2`, on both databases; each first occurs in this order.
pub trait Connection: Send + Sync {
    /// Which kind of database it is.
    fn dialect(&self) -> Dialect;

    /// The models that its queries are about; nothing where it only runs SQL.
    fn models(&self) -> Option<&Arc<Models>>;

    /// Whether what is done can still be undone.
    fn is_in_transaction(&self) -> bool;

    /// Runs a statement; gives how many rows it touched.
    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<u64>>;

    /// Runs a statement; gives its rows.
    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<Vec<Row>>>;

    /// Runs a statement; gives its rows as the driver has them, by place. An `INSERT` into SQLite that gives no rows gives
    /// the number of the last one that it made.
    fn fetch<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Result<Rows>>;

    /// The same of a statement that only reads, and leaves nothing behind on its connection: it may be asked on one that
    /// others use too, or of a copy of the database.
    fn read<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Result<Rows>> {
        self.fetch(sql, params)
    }

    /// The same of a statement that finds a few rows by an index.
    fn find<'a>(&'a self, find: Find<'a>) -> Boxed<'a, Result<Rows>> {
        let (sql, params) = find.into_parts();
        self.read(sql, params)
    }

    /// Runs a statement that writes one row. Outside a transaction it may be kept together with others, each of which is
    /// answered when it is.
    fn save<'a>(&'a self, save: Save<'a>) -> Boxed<'a, Result<Saved>> {
        let (sql, params, gives) = save.into_parts();
        Box::pin(async move {
            Ok(match gives {
                Gives::Rows => Saved::Rows(self.fetch(sql, params).await?),
                Gives::Count => Saved::Count(self.execute(sql, &params).await?),
            })
        })
    }

    /// Runs a statement that reads; gives its rows in chunks of so many.
    fn stream<'a>(&'a self, sql: &'a str, params: Vec<Value>, chunk: usize) -> Boxed<'a, Result<RowStream>>;

    /// Runs several statements in one text, without parameters.
    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Result<()>>;

    /// Makes changes one behind the other, all or none; gives the place of one that was missed: see
    /// [`Together`](crate::Together).
    fn make_all(&self, changes: Vec<Change>) -> Boxed<'_, Result<Option<usize>>> {
        changes.iter().for_each(|change| watch::tell(&change.sql));
        Box::pin(made_within(self.transaction(), changes))
    }

    /// Begins a transaction; within one, a savepoint.
    fn begin(&self, how: Begin) -> Boxed<'_, Result<Transaction>>;

    /// Begins a transaction as the database begins it; within one, a savepoint.
    fn transaction(&self) -> Boxed<'_, Result<Transaction>> {
        self.begin(Begin::new())
    }

    /// Does something when the transaction is kept; at once where there is none.
    fn on_commit(&self, callback: Callback) -> Boxed<'_, ()>;

    /// The connection for rows of a model, by app and name, where routers choose it; `None` is this one.
    fn routed(&self, model: (&str, &str), is_write: bool) -> Result<Option<&dyn Connection>> {
        let _ = (model, is_write);
        Ok(None)
    }
}

/// A database. Clones are the same database; it connects at the first statement.
#[derive(Clone)]
pub struct Database {
    engine: Arc<Engine>,
    shown: Arc<str>,
    models: Option<Arc<Models>>,
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
            DatabaseUrl::Postgres(options) => Engine::Postgres(Postgres::new((**options).clone())),
        };
        Self { engine: Arc::new(engine), shown: url.to_string().into(), models: None }
    }

    /// The same database, whose queries are about these models.
    #[must_use]
    pub fn with_models(self, registry: Arc<Registry>) -> Self {
        self.with(Models::new(registry))
    }

    /// The same, where more is known of the models: who is told of what happens to their rows.
    #[must_use]
    pub fn with(self, models: Models) -> Self {
        self.with_shared(Arc::new(models))
    }

    /// The same with models that other databases have as well.
    #[must_use]
    pub(crate) fn with_shared(self, models: Arc<Models>) -> Self {
        Self { models: Some(models), ..self }
    }

    /// Runs work in a transaction: committed when it ends well, else rolled back.
    pub async fn atomic<T>(&self, work: impl AsyncFnOnce(&Transaction) -> Result<T>) -> Result<T> {
        Db::from(self).atomic(work).await
    }

    /// The same for work that can be done again: see [`Db::atomic_retry`].
    pub async fn atomic_retry<T>(&self, work: impl AsyncFn(&Transaction) -> Result<T>) -> Result<T> {
        Db::from(self).atomic_retry(work).await
    }

    /// Runs work in a transaction that begins so.
    pub async fn atomic_with<T>(
        &self,
        how: impl Into<Begin>,
        work: impl AsyncFnOnce(&Transaction) -> Result<T>,
    ) -> Result<T> {
        Db::from(self).atomic_with(how, work).await
    }

    /// One connection for a while, without a transaction. Waits for it as long as it takes.
    pub(crate) async fn session(&self) -> Result<Arc<Session>> {
        let models = self.models.clone();
        Ok(Arc::new(match &*self.engine {
            Engine::Sqlite(sqlite) => Session::sqlite(sqlite.lease().await?, models),
            Engine::Postgres(postgres) => Session::postgres(postgres.lease(true).await?, models),
        }))
    }

    /// A transaction on SQLite: the right to write and the beginning are one turn of the thread that writes.
    async fn begin_sqlite(&self, sqlite: &Sqlite) -> Result<Transaction> {
        let session = Session::sqlite_begun(sqlite.lease_soon(true).await?, self.models.clone());
        Ok(Transaction::begun(Arc::new(session)))
    }

    async fn begin_postgres(&self, postgres: &Postgres, how: Begin) -> Result<Transaction> {
        loop {
            let session = Session::postgres(postgres.lease(false).await?, self.models.clone());
            let is_fresh = session.is_fresh();
            match Transaction::begin(Arc::new(session), how).await {
                // Nothing was done yet on the connection that turned out to be lost.
                Err(error) if error.kind() == ErrorKind::Connection && !is_fresh => {}
                other => return other,
            }
        }
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

    fn models(&self) -> Option<&Arc<Models>> {
        self.models.as_ref()
    }

    fn is_in_transaction(&self) -> bool {
        false
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<u64>> {
        watch::tell(sql);
        match &*self.engine {
            Engine::Sqlite(sqlite) => Box::pin(sqlite.execute(sql, params.to_vec())),
            Engine::Postgres(postgres) => Box::pin(postgres.execute(sql, params)),
        }
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<Vec<Row>>> {
        watch::tell(sql);
        Box::pin(async move {
            let rows = match &*self.engine {
                Engine::Sqlite(sqlite) => sqlite.fetch(sql, params.to_vec(), true).await?,
                Engine::Postgres(postgres) => postgres.fetch(sql, params).await?,
            };
            Ok(rows.into_rows())
        })
    }

    fn fetch<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Result<Rows>> {
        watch::tell(sql);
        match &*self.engine {
            Engine::Sqlite(sqlite) => Box::pin(sqlite.fetch(sql, params, false)),
            Engine::Postgres(postgres) => Box::pin(async move { postgres.fetch(sql, &params).await }),
        }
    }

    fn read<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Result<Rows>> {
        watch::tell(sql);
        match &*self.engine {
            Engine::Sqlite(sqlite) => Box::pin(sqlite.fetch(sql, params, false)),
            Engine::Postgres(postgres) => Box::pin(async move { postgres.read(sql, &params).await }),
        }
    }

    fn find<'a>(&'a self, find: Find<'a>) -> Boxed<'a, Result<Rows>> {
        watch::tell(find.sql);
        match &*self.engine {
            Engine::Sqlite(sqlite) => Box::pin(sqlite.find(find)),
            Engine::Postgres(postgres) => Box::pin(async move { postgres.find(find.sql, &find.params).await }),
        }
    }

    fn save<'a>(&'a self, save: Save<'a>) -> Boxed<'a, Result<Saved>> {
        watch::tell(save.sql);
        match &*self.engine {
            Engine::Sqlite(sqlite) => Box::pin(sqlite.save(save)),
            Engine::Postgres(postgres) => Box::pin(postgres.save(save)),
        }
    }

    fn stream<'a>(&'a self, sql: &'a str, params: Vec<Value>, chunk: usize) -> Boxed<'a, Result<RowStream>> {
        watch::tell(sql);
        Box::pin(async move {
            match &*self.engine {
                Engine::Sqlite(sqlite) if sqlite.is_in_memory() => {
                    Ok(RowStream::of(sqlite.fetch(sql, params, false).await?, chunk))
                }
                Engine::Sqlite(sqlite) => Ok(RowStream::by_thread(sqlite.stream(sql, params, chunk.max(1)).await?)),
                Engine::Postgres(_) => RowStream::alone(self.transaction().await?, sql, params, chunk).await,
            }
        })
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Result<()>> {
        watch::tell(sql);
        Box::pin(async move {
            match &*self.engine {
                Engine::Sqlite(sqlite) => sqlite.lease_soon(false).await?.script(sql).await,
                Engine::Postgres(postgres) => postgres.lease(false).await?.script(sql).await,
            }
        })
    }

    fn make_all(&self, changes: Vec<Change>) -> Boxed<'_, Result<Option<usize>>> {
        changes.iter().for_each(|change| watch::tell(&change.sql));
        match &*self.engine {
            Engine::Sqlite(sqlite) => Box::pin(sqlite.make_all(changes)),
            Engine::Postgres(postgres) => {
                let alone = |changes| made_within(self.transaction(), changes);
                Box::pin(postgres.make_all(changes, alone))
            }
        }
    }

    fn begin(&self, how: Begin) -> Boxed<'_, Result<Transaction>> {
        match &*self.engine {
            Engine::Sqlite(sqlite) => Box::pin(self.begin_sqlite(sqlite)),
            Engine::Postgres(postgres) => Box::pin(self.begin_postgres(postgres, how)),
        }
    }

    fn on_commit(&self, callback: Callback) -> Boxed<'_, ()> {
        callback()
    }
}

/// Makes changes in a transaction, or savepoint, of their own.
async fn made_within(begun: Boxed<'_, Result<Transaction>>, changes: Vec<Change>) -> Result<Option<usize>> {
    let transaction = begun.await?;
    // What fails is dropped, and so undone, without waiting for a statement that takes too long.
    let missed = transaction.make_each(&changes).await?;
    if missed.is_some() {
        drop(transaction.rollback().await);
    } else {
        transaction.commit().await?;
    }
    Ok(missed)
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

    /// Runs a statement; gives its rows as the driver has them, by place.
    pub async fn fetch(self, sql: &str, params: Vec<Value>) -> Result<Rows> {
        self.0.fetch(sql, params).await
    }

    /// The connection behind it.
    pub fn connection(self) -> &'a dyn Connection {
        self.0
    }

    /// The handle for rows of a model, where routers choose it.
    pub(crate) fn routed(self, model: (&str, &str), is_write: bool) -> Result<Self> {
        Ok(self.0.routed(model, is_write)?.map_or(self, Self))
    }

    /// The models of its queries, with what was compiled for them.
    pub fn models(self) -> Result<&'a Arc<Models>> {
        self.0.models().ok_or_else(|| {
            Error::new(ErrorKind::Usage, "the database has no models, so that it runs SQL and no queries")
                .with_hint("give it those of the project: `Database::with_models`")
        })
    }

    /// The models of its queries.
    pub fn registry(self) -> Result<&'a Arc<Registry>> {
        self.models().map(|models| models.registry())
    }

    /// Whether both are the same connection, so that a transaction of one is about what the other has.
    pub fn is_same(self, other: Db<'_>) -> bool {
        std::ptr::addr_eq(self.0, other.0)
    }

    /// Whether what is done can still be undone.
    pub fn is_in_transaction(self) -> bool {
        self.0.is_in_transaction()
    }

    /// Does something when the transaction is kept; at once where there is none.
    pub async fn on_commit<F: Future<Output = ()> + Send + 'static>(self, work: impl FnOnce() -> F + Send + 'static) {
        self.0.on_commit(Box::new(move || Box::pin(work()))).await;
    }

    /// Begins a transaction; within one, a savepoint. Dropped, it is rolled back.
    pub async fn transaction(self) -> Result<Transaction> {
        self.0.transaction().await
    }

    /// Begins a transaction that begins so.
    pub async fn begin(self, how: impl Into<Begin>) -> Result<Transaction> {
        self.0.begin(how.into()).await
    }

    /// Runs work in a transaction: committed when it ends well, else rolled back.
    pub async fn atomic<T>(self, work: impl AsyncFnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.atomic_with(Begin::new(), work).await
    }

    /// The same for a transaction that begins so: `atomic_with(Isolation::Serializable, ..)`.
    pub async fn atomic_with<T>(
        self,
        how: impl Into<Begin>,
        work: impl AsyncFnOnce(&Transaction) -> Result<T>,
    ) -> Result<T> {
        let transaction = self.begin(how).await?;
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
