//! A request as a connection: queries take `request` wherever they take a database.
//!
//! It is the site's database, or the one that the project's routers choose for a model; [`Request::using`] names one.
//! With `atomic_requests` each database that a view asks is in a transaction of this request, shared by all clones of
//! the request, which ends with the view.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use quintet_core::schema::Value;
use quintet_core::sql::Dialect;
use quintet_db::{
    Begin, Boxed, Callback, Change, Connection, Databases, Db, ErrorKind, Find, Models, Row, RowStream, Rows, Save,
    Saved, Transaction,
};
use tokio::sync::Mutex;

use super::{Error, Request, Result};

type Answer<T> = quintet_db::Result<T>;

/// What a request has of its site's databases.
#[derive(Default)]
pub(crate) struct Held {
    /// In the order of the site's; made when the first is asked.
    hands: OnceLock<Box<[Hand]>>,
    /// Whether a view is at work that is a transaction; made for the first database, or by the first such view.
    is_atomic: OnceLock<Arc<AtomicBool>>,
    /// Whether it is to be so once the request is let in.
    is_promised: AtomicBool,
}

/// One database, as this request reaches it.
struct Hand {
    connection: Arc<dyn Connection>,
    transaction: Mutex<Option<Arc<Transaction>>>,
    /// The request's own.
    is_atomic: Arc<AtomicBool>,
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

impl Held {
    fn atomic(&self) -> &Arc<AtomicBool> {
        self.is_atomic.get_or_init(Arc::default)
    }
}

fn no_database() -> quintet_db::Error {
    quintet_db::Error::new(ErrorKind::Usage, "this site was built without a database")
        .with_hint("set `SiteOptions::databases`; a project's settings do")
}

impl Request {
    /// The database of a name: `Note::objects().count(request.using("archive")?).await?`. No router is asked.
    ///
    /// # Errors
    /// Where the settings name no such database.
    pub fn using(&self, name: &str) -> Answer<Db<'_>> {
        let place = self.databases()?.known(name)?;
        Ok(Db::of(self.hand(place)?))
    }

    /// Does something when what this request did is kept: at once, unless it has a transaction.
    pub async fn on_commit(&self, work: impl Future<Output = ()> + Send + 'static) {
        Connection::on_commit(self, Box::new(move || Box::pin(work))).await;
    }

    fn databases(&self) -> Answer<&Databases> {
        self.site().options().databases.as_deref().ok_or_else(no_database)
    }

    fn hand(&self, place: usize) -> Answer<&Hand> {
        let (held, databases) = (self.held(), self.databases()?);
        let hands = held.hands.get_or_init(|| {
            let hand =
                |connection| Hand { connection, transaction: Mutex::new(None), is_atomic: Arc::clone(held.atomic()) };
            databases.connections().map(hand).collect()
        });
        hands.get(place).ok_or_else(no_database)
    }

    /// The database that is meant where none is named.
    fn default_hand(&self) -> Answer<&Hand> {
        self.hand(0)
    }

    /// Says that what this request does is to be a transaction once it is let in, behind permissions and throttles.
    pub(crate) fn promise_transaction(&self) {
        self.held().is_promised.store(true, Ordering::Release);
    }

    /// The request was let in: what was promised holds from here on. Each database begins at its first statement.
    pub(crate) fn let_in(&self) {
        let is_promised = &self.held().is_promised;
        // Most views promise nothing: to look is less than to take.
        if is_promised.load(Ordering::Acquire) && is_promised.swap(false, Ordering::AcqRel) {
            self.held().atomic().store(true, Ordering::Release);
        }
    }

    /// Ends the transactions of this request: kept where its view has answered, else undone. After one that cannot be
    /// kept, the others are undone; each database keeps its own, so that those before it are kept.
    pub(crate) async fn end_transaction(&self, is_kept: bool) -> Result<()> {
        self.held().atomic().store(false, Ordering::Release);
        let mut ended = Ok(());
        for hand in self.held().hands.get().into_iter().flatten() {
            let Some(transaction) = hand.transaction.lock().await.take() else { continue };
            let done = end(transaction, is_kept && ended.is_ok()).await;
            ended = ended.and(done);
        }
        ended
    }
}

async fn end(transaction: Arc<Transaction>, is_kept: bool) -> Result<()> {
    let Some(transaction) = Arc::into_inner(transaction) else {
        // Dropped by whoever has it, it is rolled back.
        return Err(Error::internal(
            "the view left work behind that still uses the transaction of its request, so nothing of it is kept",
        ));
    };
    let ended = if is_kept { transaction.commit().await } else { transaction.rollback().await };
    ended.map_err(Error::internal)
}

impl Hand {
    /// The site's own connection, unless the request is a transaction.
    fn bare(&self) -> Option<&dyn Connection> {
        (!self.is_atomic.load(Ordering::Acquire)).then_some(&*self.connection)
    }

    async fn at(&self) -> Answer<Where<'_>> {
        if !self.is_atomic.load(Ordering::Acquire) {
            return Ok(Where::Site(&*self.connection));
        }
        let mut held = self.transaction.lock().await;
        let transaction = match &*held {
            Some(transaction) => Arc::clone(transaction),
            None => {
                let begun = Arc::new(self.connection.begin(Begin::new().durable()).await?);
                // The view may have ended meanwhile, and nobody would end this one.
                if self.is_atomic.load(Ordering::Acquire) {
                    *held = Some(Arc::clone(&begun));
                }
                begun
            }
        };
        Ok(Where::Transaction(transaction))
    }
}

impl Connection for Hand {
    fn dialect(&self) -> Dialect {
        self.connection.dialect()
    }

    fn models(&self) -> Option<&Arc<Models>> {
        self.connection.models()
    }

    fn is_in_transaction(&self) -> bool {
        self.is_atomic.load(Ordering::Acquire)
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Answer<u64>> {
        Box::pin(async move { self.at().await?.connection().execute(sql, params).await })
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Answer<Vec<Row>>> {
        Box::pin(async move { self.at().await?.connection().query(sql, params).await })
    }

    fn fetch<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Answer<Rows>> {
        match self.bare() {
            Some(bare) => bare.fetch(sql, params),
            None => Box::pin(async move { self.at().await?.connection().fetch(sql, params).await }),
        }
    }

    fn read<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Answer<Rows>> {
        match self.bare() {
            Some(bare) => bare.read(sql, params),
            None => Box::pin(async move { self.at().await?.connection().read(sql, params).await }),
        }
    }

    fn find<'a>(&'a self, find: Find<'a>) -> Boxed<'a, Answer<Rows>> {
        match self.bare() {
            Some(bare) => bare.find(find),
            None => Box::pin(async move { self.at().await?.connection().find(find).await }),
        }
    }

    fn save<'a>(&'a self, save: Save<'a>) -> Boxed<'a, Answer<Saved>> {
        match self.bare() {
            Some(bare) => bare.save(save),
            None => Box::pin(async move { self.at().await?.connection().save(save).await }),
        }
    }

    fn stream<'a>(&'a self, sql: &'a str, params: Vec<Value>, chunk: usize) -> Boxed<'a, Answer<RowStream>> {
        Box::pin(async move { self.at().await?.connection().stream(sql, params, chunk).await })
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Answer<()>> {
        Box::pin(async move { self.at().await?.connection().script(sql).await })
    }

    fn make_all(&self, changes: Vec<Change>) -> Boxed<'_, Answer<Option<usize>>> {
        match self.bare() {
            Some(bare) => bare.make_all(changes),
            None => Box::pin(async move { self.at().await?.connection().make_all(changes).await }),
        }
    }

    fn begin(&self, how: Begin) -> Boxed<'_, Answer<Transaction>> {
        Box::pin(async move { self.at().await?.connection().begin(how).await })
    }

    fn on_commit(&self, callback: Callback) -> Boxed<'_, ()> {
        Box::pin(async move {
            match self.at().await {
                Ok(at) => at.connection().on_commit(callback).await,
                // Nothing was written to what cannot be reached.
                Err(_) => callback().await,
            }
        })
    }
}

impl Connection for Request {
    fn dialect(&self) -> Dialect {
        // Without a database every statement is refused, whatever it is written for.
        self.default_hand().map_or(Dialect::Sqlite, Connection::dialect)
    }

    fn models(&self) -> Option<&Arc<Models>> {
        self.default_hand().ok()?.models()
    }

    fn is_in_transaction(&self) -> bool {
        self.held().is_atomic.get().is_some_and(|atomic| atomic.load(Ordering::Acquire))
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Answer<u64>> {
        self.default_hand().map_or_else(refused, |hand| hand.execute(sql, params))
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Answer<Vec<Row>>> {
        self.default_hand().map_or_else(refused, |hand| hand.query(sql, params))
    }

    fn fetch<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Answer<Rows>> {
        self.default_hand().map_or_else(refused, |hand| hand.fetch(sql, params))
    }

    fn read<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Answer<Rows>> {
        self.default_hand().map_or_else(refused, |hand| hand.read(sql, params))
    }

    fn find<'a>(&'a self, find: Find<'a>) -> Boxed<'a, Answer<Rows>> {
        self.default_hand().map_or_else(refused, |hand| hand.find(find))
    }

    fn save<'a>(&'a self, save: Save<'a>) -> Boxed<'a, Answer<Saved>> {
        self.default_hand().map_or_else(refused, |hand| hand.save(save))
    }

    fn stream<'a>(&'a self, sql: &'a str, params: Vec<Value>, chunk: usize) -> Boxed<'a, Answer<RowStream>> {
        self.default_hand().map_or_else(refused, |hand| hand.stream(sql, params, chunk))
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Answer<()>> {
        self.default_hand().map_or_else(refused, |hand| hand.script(sql))
    }

    fn make_all(&self, changes: Vec<Change>) -> Boxed<'_, Answer<Option<usize>>> {
        self.default_hand().map_or_else(refused, |hand| hand.make_all(changes))
    }

    fn begin(&self, how: Begin) -> Boxed<'_, Answer<Transaction>> {
        self.default_hand().map_or_else(refused, |hand| hand.begin(how))
    }

    fn on_commit(&self, callback: Callback) -> Boxed<'_, ()> {
        match self.default_hand() {
            Ok(hand) => Connection::on_commit(hand, callback),
            // Nothing can be undone, as there is nothing.
            Err(_) => callback(),
        }
    }

    fn routed(&self, model: (&str, &str), is_write: bool) -> Answer<Option<&dyn Connection>> {
        // Without a database the statement itself is refused.
        let Ok(databases) = self.databases() else { return Ok(None) };
        match databases.routed(model, is_write)? {
            Some(place) => Ok(Some(self.hand(place)?)),
            None => Ok(None),
        }
    }
}

fn refused<'a, T: Send + 'a>(error: quintet_db::Error) -> Boxed<'a, Answer<T>> {
    Box::pin(std::future::ready(Err(error)))
}
