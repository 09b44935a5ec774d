//! A request as a connection: queries take `request` wherever they take a database.
//!
//! It is the site's database, or the transaction that the site began for this request (`atomic_requests`). A transaction
//! is shared by all clones of the request and ends with the view.

use std::sync::{Arc, Mutex, PoisonError};

use quintet_core::schema::Value;
use quintet_core::sql::Dialect;
use quintet_db::{Begin, Boxed, Callback, Connection, ErrorKind, Models, Row, RowStream, Rows, Transaction};

use super::{Error, Request, Result};

type Answer<T> = quintet_db::Result<T>;

/// The transaction of a request, while its view is at work.
#[derive(Default)]
pub(crate) struct Held(Mutex<Option<Arc<Transaction>>>);

impl Held {
    fn get(&self) -> Option<Arc<Transaction>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, transaction: Transaction) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(transaction));
    }

    fn take(&self) -> Option<Arc<Transaction>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What a request's statements run on.
enum Where<'a> {
    Site(&'a dyn Connection),
    Transaction(Arc<Transaction>),
}

impl Where<'_> {
    fn connection(&self) -> &dyn Connection {
        match self {
            Self::Site(connection) => *connection,
            Self::Transaction(transaction) => &**transaction,
        }
    }
}

fn no_database() -> quintet_db::Error {
    quintet_db::Error::new(ErrorKind::Usage, "this site was built without a database")
        .with_hint("set `SiteOptions::database`; a project's settings do")
}

impl Request {
    fn at(&self) -> Answer<Where<'_>> {
        match self.held().get() {
            Some(transaction) => Ok(Where::Transaction(transaction)),
            None => self.site_database().map(Where::Site).ok_or_else(no_database),
        }
    }

    fn site_database(&self) -> Option<&dyn Connection> {
        self.site().options().database.as_deref()
    }

    /// Does something when what this request did is kept: at once, unless it has a transaction.
    pub async fn on_commit(&self, work: impl Future<Output = ()> + Send + 'static) {
        Connection::on_commit(self, Box::new(move || Box::pin(work))).await;
    }

    /// Begins the transaction of this request.
    pub(crate) async fn begin_transaction(&self) -> Result<()> {
        let database = self.site_database().ok_or_else(no_database).map_err(Error::internal)?;
        let transaction = database.begin(Begin::new().durable()).await.map_err(Error::internal)?;
        self.held().put(transaction);
        Ok(())
    }

    /// Ends the transaction of this request: kept where its view has answered, else undone.
    pub(crate) async fn end_transaction(&self, is_kept: bool) -> Result<()> {
        let Some(transaction) = self.held().take() else { return Ok(()) };
        let Some(transaction) = Arc::into_inner(transaction) else {
            // Dropped by whoever has it, it is rolled back.
            return Err(Error::internal(
                "the view left work behind that still uses the transaction of its request, so nothing of it is kept",
            ));
        };
        let ended = if is_kept { transaction.commit().await } else { transaction.rollback().await };
        ended.map_err(Error::internal)
    }
}

impl Connection for Request {
    fn dialect(&self) -> Dialect {
        // Without a database every statement is refused, whatever it is written for.
        self.site_database().map_or(Dialect::Sqlite, Connection::dialect)
    }

    fn models(&self) -> Option<&Arc<Models>> {
        self.site_database()?.models()
    }

    fn is_in_transaction(&self) -> bool {
        self.held().get().is_some()
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Answer<u64>> {
        Box::pin(async move { self.at()?.connection().execute(sql, params).await })
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Answer<Vec<Row>>> {
        Box::pin(async move { self.at()?.connection().query(sql, params).await })
    }

    fn fetch<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Answer<Rows>> {
        Box::pin(async move { self.at()?.connection().fetch(sql, params).await })
    }

    fn read<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Answer<Rows>> {
        Box::pin(async move { self.at()?.connection().read(sql, params).await })
    }

    fn stream<'a>(&'a self, sql: &'a str, params: Vec<Value>, chunk: usize) -> Boxed<'a, Answer<RowStream>> {
        Box::pin(async move { self.at()?.connection().stream(sql, params, chunk).await })
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Answer<()>> {
        Box::pin(async move { self.at()?.connection().script(sql).await })
    }

    fn begin(&self, how: Begin) -> Boxed<'_, Answer<Transaction>> {
        Box::pin(async move { self.at()?.connection().begin(how).await })
    }

    fn on_commit(&self, callback: Callback) -> Boxed<'_, ()> {
        Box::pin(async move {
            match self.at() {
                Ok(at) => at.connection().on_commit(callback).await,
                // Nothing can be undone, as there is nothing.
                Err(_) => callback().await,
            }
        })
    }
}
