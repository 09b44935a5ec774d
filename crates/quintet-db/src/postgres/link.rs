//! One connection to a server, and statements upon it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_core::Stream as _;
use quintet_core::database_url::PostgresOptions;
use quintet_core::schema::Value;
use tokio::task::JoinHandle;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};

use super::decode;
use super::encode::Parameter;
use super::statements::{Changes, Prepared, Statements};
use super::tls::Tls;
use super::under_way::{One, UnderWay};
use crate::connect::{Unopened, open_postgres};
use crate::error::{Error, ErrorKind, Result};
use crate::rows::Rows;

/// How long a server may take to hear that a statement is not wanted any more, or to undo a transaction.
const FAREWELL: Duration = Duration::from_secs(2);

/// How often it is told meanwhile.
const CANCELLATIONS: u32 = 8;

/// For how many rows there is room at once, beyond the first.
const ROWS: usize = 24;

/// A connection. What is asked while an answer is on its way follows it: the server keeps the order.
pub(super) struct Link {
    client: Client,
    driver: JoinHandle<()>,
    tls: Tls,
    statements: Statements,
    changes: Changes,
    /// Those of all connections of the pool.
    statements_under_way: Arc<UnderWay>,
    /// Whether the open transaction has changed tables, which others see when it ends.
    is_changing: AtomicBool,
    is_unprepared: bool,
    timeout: Option<Duration>,
    /// How many answers are on their way.
    in_flight: AtomicU32,
    /// How many were asked for so far, and up to which the answers are known to be here.
    asked: AtomicU64,
    answered: AtomicU64,
    /// How many had been asked for when somebody went away without an answer.
    left: AtomicU64,
    /// When the last answer came, or was asked for while none was on its way: microseconds of its life.
    progress: AtomicU64,
    pub(super) born: Instant,
    pub(super) used: Instant,
}

impl Link {
    pub(super) async fn open(
        options: &PostgresOptions,
        changes: &Changes,
        statements_under_way: &Arc<UnderWay>,
    ) -> Result<Self, Unopened> {
        let (client, driver, tls) = open_postgres(options, statements_under_way).await?;
        let now = Instant::now();
        Ok(Self {
            client,
            driver,
            tls,
            statements: Statements::new(changes.clone()),
            changes: changes.clone(),
            statements_under_way: Arc::clone(statements_under_way),
            is_changing: AtomicBool::new(false),
            is_unprepared: options.unprepared,
            // The server itself looks at the time of what is prepared.
            timeout: options.statement_timeout.filter(|_| options.unprepared),
            in_flight: AtomicU32::new(0),
            asked: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            left: AtomicU64::new(0),
            progress: AtomicU64::new(0),
            born: now,
            used: now,
        })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Whether an answer is on its way that nobody waits for. Answers come in order: one that was asked for afterwards, and
    /// is here, says that the other came too.
    pub(super) fn is_left(&self) -> bool {
        let left = self.left.load(Ordering::Acquire);
        left > 0 && left >= self.answered.load(Ordering::Acquire)
    }

    /// How many answers are on their way.
    pub(super) fn load(&self) -> u32 {
        self.in_flight.load(Ordering::Acquire)
    }

    /// Whether the next answer takes longer than this.
    pub(super) fn is_slower_than(&self, limit: Duration, now: Instant) -> bool {
        let age = micros(now.saturating_duration_since(self.born));
        self.load() > 0 && age.saturating_sub(self.progress.load(Ordering::Relaxed)) > micros(limit)
    }

    fn age(&self) -> u64 {
        micros(self.born.elapsed())
    }

    /// Whether the server answers at all.
    pub(super) async fn is_well(&self) -> bool {
        matches!(tokio::time::timeout(FAREWELL, self.client.simple_query("")).await, Ok(Ok(_)))
    }

    /// The rows of a statement. `is_alone` says that no transaction is open.
    pub(super) async fn fetch(&self, sql: &str, params: &[Value], is_alone: bool) -> Result<Rows> {
        let work = async {
            if self.is_unprepared {
                // Boxed, as all that is large and seldom.
                let found = Box::pin(self.client.query_typed(sql, &typed(&parameters(params)))).await?;
                return decode::rows(&found);
            }
            loop {
                let (prepared, is_kept) = self.prepared(sql).await?;
                match self.rows(&prepared, params).await {
                    Err(error) if is_stale(&error) => {
                        self.changes.add();
                        if !is_kept || !is_alone {
                            return Err(error.into());
                        }
                    }
                    found => {
                        let rows = found?;
                        self.changed_when(prepared.changes_tables);
                        return rows;
                    }
                }
            }
        };
        self.watched(sql, pin!(work)).await
    }

    /// The rows of a prepared statement, or what cannot be read in one of them.
    async fn rows(&self, prepared: &Prepared, params: &[Value]) -> Result<Result<Rows>, tokio_postgres::Error> {
        // Boxed: it is large, and over before the answer begins. Small pieces are what an allocator is quick with.
        let asked = Box::pin(self.client.query_raw(&prepared.statement, params.iter().map(Parameter)));
        let answer = asked.await?;
        let mut answer = pin!(answer);
        let (mut cells, mut read) = (Vec::with_capacity(prepared.columns.width()), Ok(()));
        while let Some(row) = poll_fn(|cx| answer.as_mut().poll_next(cx)).await {
            let row = row?;
            if cells.len() == cells.capacity() {
                cells.reserve(ROWS * prepared.columns.width());
            }
            // Also behind a row that cannot be read the answer is awaited to its end.
            if read.is_ok() {
                read = prepared.columns.push(&row, &mut cells);
            }
        }
        Ok(read.map(|()| prepared.columns.whole(cells)))
    }

    /// How many rows a statement touched.
    pub(super) async fn execute(&self, sql: &str, params: &[Value], is_alone: bool) -> Result<u64> {
        let work = async {
            if self.is_unprepared {
                return Ok(Box::pin(self.client.execute_typed(sql, &typed(&parameters(params)))).await?);
            }
            loop {
                let (prepared, is_kept) = self.prepared(sql).await?;
                let done = Box::pin(self.client.execute_raw(&prepared.statement, params.iter().map(Parameter)));
                match done.await {
                    Err(error) if is_stale(&error) => {
                        self.changes.add();
                        if !is_kept || !is_alone {
                            return Err(error.into());
                        }
                    }
                    done => {
                        let count = done?;
                        self.changed_when(prepared.changes_tables);
                        return Ok(count);
                    }
                }
            }
        };
        self.watched(sql, pin!(work)).await
    }

    /// The rows of a statement of our own without parameters, which is not kept.
    pub(super) async fn fetch_once(&self, sql: &str) -> Result<Rows> {
        self.watched(sql, pin!(async { decode::rows(&self.client.query_typed(sql, &[]).await?) })).await
    }

    /// Several statements in one text.
    pub(super) async fn script(&self, sql: &str) -> Result<()> {
        self.watched(sql, pin!(async { Ok(self.client.batch_execute(sql).await?) })).await?;
        match sql {
            "COMMIT" | "ROLLBACK" => self.ended(),
            _ if sql.starts_with("ROLLBACK TO") => self.changed_when(self.is_changing.load(Ordering::Acquire)),
            _ => self.changed_when(sql.contains(';') || may_change_tables(sql)),
        }
        Ok(())
    }

    /// What was prepared is forgotten after a statement that may have changed tables, and when its transaction ends: only
    /// then do other connections see the change, or it is undone.
    fn changed_when(&self, is_change: bool) {
        if is_change {
            self.is_changing.store(true, Ordering::Release);
            self.changes.add();
        }
    }

    fn ended(&self) {
        if self.is_changing.swap(false, Ordering::AcqRel) {
            self.changes.add();
        }
    }

    /// Ends what the server is doing for nobody, and the connection.
    ///
    /// A pooler is only left: which server's work is meant it may not know any more (pgbouncer 1.18 ends with an error).
    pub(super) async fn cancel(self) {
        if self.is_unprepared {
            return self.driver.abort();
        }
        let token = self.client.cancel_token();
        // One that comes before the server has begun has no effect.
        for _ in 0..CANCELLATIONS {
            #[allow(clippy::clone_on_copy, reason = "without the feature `tls` it is nothing")]
            let cancelled = token.cancel_query(self.tls.clone());
            let is_sent = matches!(tokio::time::timeout(FAREWELL, cancelled).await, Ok(Ok(())));
            let ended = tokio::time::timeout(FAREWELL / CANCELLATIONS, self.client.simple_query("")).await;
            if !is_sent || ended.is_ok() {
                break;
            }
        }
        self.driver.abort();
    }

    /// Undoes the transaction that is open; whether that is done.
    pub(super) async fn roll_back(&self) -> bool {
        let undone = tokio::time::timeout(FAREWELL, self.client.batch_execute("ROLLBACK")).await;
        self.ended();
        matches!(undone, Ok(Ok(())))
    }

    /// Has the server know a statement, where statements are prepared.
    pub(super) async fn prepare(&self, sql: &str) -> Result<Option<Prepared>> {
        if self.is_unprepared {
            return Ok(None);
        }
        if let Some(prepared) = self.statements.get(sql) {
            return Ok(Some(prepared));
        }
        self.watched(sql, pin!(async { self.prepared(sql).await.map(|(prepared, _)| Some(prepared)) })).await
    }

    /// How many rows a statement touched that was prepared so, within a transaction: whatever is forgotten meanwhile, it goes
    /// to the server at once, and none that is asked behind it overtakes it.
    pub(super) async fn execute_prepared(
        &self,
        sql: &str,
        prepared: Option<&Prepared>,
        params: &[Value],
    ) -> Result<u64> {
        let Some(prepared) = prepared else { return self.execute(sql, params, false).await };
        let work = async {
            let done = Box::pin(self.client.execute_raw(&prepared.statement, params.iter().map(Parameter)));
            let count = done.await?;
            self.changed_when(prepared.changes_tables);
            Ok(count)
        };
        self.watched(sql, pin!(work)).await
    }

    /// The types of the parameters of a statement that the server knows.
    pub(super) fn parameters(&self, sql: &str) -> Option<Vec<Type>> {
        self.statements.get(sql).map(|prepared| prepared.statement.params().to_vec())
    }

    /// A statement that the server knows, and whether it knew it before.
    async fn prepared(&self, sql: &str) -> Result<(Prepared, bool)> {
        if let Some(prepared) = self.statements.get(sql) {
            return Ok((prepared, true));
        }
        // Boxed: seldom, and large.
        let statement = Box::pin(self.client.prepare(sql)).await?;
        let columns = decode::Columns::of(&statement);
        let prepared = Prepared { columns, statement, changes_tables: may_change_tables(sql) };
        if !prepared.changes_tables {
            self.statements.put(sql, prepared.clone());
        }
        Ok((prepared, false))
    }

    /// Counts what is on its way, and looks at the clock where the server does not.
    async fn watched<T>(&self, sql: &str, work: Pin<&mut (dyn Future<Output = Result<T>> + Send)>) -> Result<T> {
        let flight = Flight::begin(self);
        let done = match self.timeout {
            None => work.await,
            Some(limit) => {
                // Boxed, as all that is large and seldom.
                let Ok(done) = Box::pin(tokio::time::timeout(limit, work)).await else {
                    let message = format!("the statement took longer than {} milliseconds", limit.as_millis());
                    return Err(Error::new(ErrorKind::Timeout, message).with_sql(sql));
                };
                done
            }
        };
        flight.end();
        done.map_err(|error| error.with_sql(sql))
    }
}

/// An answer that is on its way.
struct Flight<'a> {
    link: &'a Link,
    number: u64,
    is_answered: bool,
    _one: One<'a>,
}

impl<'a> Flight<'a> {
    fn begin(link: &'a Link) -> Self {
        if link.in_flight.fetch_add(1, Ordering::AcqRel) == 0 {
            link.progress.store(link.age(), Ordering::Relaxed);
        }
        let number = link.asked.fetch_add(1, Ordering::AcqRel) + 1;
        Self { link, number, is_answered: false, _one: link.statements_under_way.begin() }
    }

    fn end(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.link.in_flight.fetch_sub(1, Ordering::AcqRel);
        if self.is_answered {
            self.link.progress.store(self.link.age(), Ordering::Relaxed);
            self.link.answered.fetch_max(self.number, Ordering::AcqRel);
        } else {
            self.link.left.fetch_max(self.link.asked.load(Ordering::Acquire), Ordering::AcqRel);
        }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn parameters(params: &[Value]) -> Vec<Parameter<'_>> {
    params.iter().map(Parameter).collect()
}

/// The server finds the types itself.
fn typed<'a>(params: &'a [Parameter<'a>]) -> Vec<(&'a (dyn ToSql + Sync), Type)> {
    params.iter().map(|one| (one as &(dyn ToSql + Sync), Type::UNKNOWN)).collect()
}

/// Whether a statement does more than to read and write rows, and to begin and end what it belongs to.
fn may_change_tables(sql: &str) -> bool {
    const HARMLESS: [&str; 19] = [
        "select",
        "insert",
        "update",
        "delete",
        "with",
        "values",
        "merge",
        "table",
        "explain",
        "show",
        "set",
        "begin",
        "commit",
        "rollback",
        "savepoint",
        "release",
        "declare",
        "fetch",
        "close",
    ];
    let first = sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    !HARMLESS.iter().any(|word| first.eq_ignore_ascii_case(word))
}

/// Whether the server does not know a statement any more, or knows it with other columns than its table has now.
fn is_stale(error: &tokio_postgres::Error) -> bool {
    let Some(error) = error.as_db_error() else { return false };
    *error.code() == SqlState::INVALID_SQL_STATEMENT_NAME
        || (*error.code() == SqlState::FEATURE_NOT_SUPPORTED && error.routine() == Some("RevalidateCachedQuery"))
}
