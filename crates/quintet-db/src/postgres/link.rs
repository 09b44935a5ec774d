//! One connection to a server, and statements upon it.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use quintet_core::database_url::PostgresOptions;
use quintet_core::schema::Value;
use tokio::task::JoinHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row as Found};

use super::decode;
use super::encode::Parameter;
use super::statements::{Prepared, Statements};
use super::tls::Tls;
use crate::connect::{Unopened, open_postgres};
use crate::error::{Error, ErrorKind, Result};
use crate::rows::Rows;

/// How long a server may take to hear that a statement is not wanted any more, or to undo a transaction.
const FAREWELL: Duration = Duration::from_secs(2);

/// How often it is told meanwhile.
const CANCELLATIONS: u32 = 8;

/// A connection. What is asked while an answer is on its way follows it: the server keeps the order.
pub(super) struct Link {
    client: Client,
    driver: JoinHandle<()>,
    tls: Tls,
    statements: Statements,
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
    pub(super) async fn open(options: &PostgresOptions) -> Result<Self, Unopened> {
        let (client, driver, tls) = open_postgres(options).await?;
        let now = Instant::now();
        Ok(Self {
            client,
            driver,
            tls,
            statements: Statements::default(),
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
    pub(super) fn is_slower_than(&self, limit: Duration) -> bool {
        self.load() > 0 && self.age().saturating_sub(self.progress.load(Ordering::Relaxed)) > micros(limit)
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
        self.watched(sql, async {
            if self.is_unprepared {
                return decode::rows(&self.client.query_typed(sql, &typed(&parameters(params))).await?);
            }
            let given = parameters(params);
            let given: Vec<&(dyn ToSql + Sync)> = given.iter().map(|one| one as _).collect();
            loop {
                let (prepared, is_kept) = self.prepared(sql).await?;
                let found = self.client.query(&prepared.statement, &given).await;
                match found {
                    Err(error) if is_stale(&error) => {
                        self.statements.forget(sql);
                        if !is_kept || !is_alone {
                            return Err(error.into());
                        }
                    }
                    found => return read(&prepared, &found?),
                }
            }
        })
        .await
    }

    /// How many rows a statement touched.
    pub(super) async fn execute(&self, sql: &str, params: &[Value], is_alone: bool) -> Result<u64> {
        self.watched(sql, async {
            if self.is_unprepared {
                return Ok(self.client.execute_typed(sql, &typed(&parameters(params))).await?);
            }
            let given = parameters(params);
            let given: Vec<&(dyn ToSql + Sync)> = given.iter().map(|one| one as _).collect();
            loop {
                let (prepared, is_kept) = self.prepared(sql).await?;
                match self.client.execute(&prepared.statement, &given).await {
                    Err(error) if is_stale(&error) => {
                        self.statements.forget(sql);
                        if !is_kept || !is_alone {
                            return Err(error.into());
                        }
                    }
                    done => return Ok(done?),
                }
            }
        })
        .await
    }

    /// The rows of a statement of our own without parameters, which is not kept.
    pub(super) async fn fetch_once(&self, sql: &str) -> Result<Rows> {
        self.watched(sql, async { decode::rows(&self.client.query_typed(sql, &[]).await?) }).await
    }

    /// Several statements in one text.
    pub(super) async fn script(&self, sql: &str) -> Result<()> {
        self.watched(sql, async { Ok(self.client.batch_execute(sql).await?) }).await
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
        matches!(tokio::time::timeout(FAREWELL, self.client.batch_execute("ROLLBACK")).await, Ok(Ok(())))
    }

    /// A statement that the server knows, and whether it knew it before.
    async fn prepared(&self, sql: &str) -> Result<(Prepared, bool)> {
        if let Some(prepared) = self.statements.get(sql) {
            return Ok((prepared, true));
        }
        let statement = self.client.prepare(sql).await?;
        let prepared = Prepared { columns: decode::Columns::of(&statement), statement };
        self.statements.put(sql, prepared.clone());
        Ok((prepared, false))
    }

    /// Counts what is on its way, and looks at the clock where the server does not.
    async fn watched<T>(&self, sql: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        let flight = Flight::begin(self);
        let done = match self.timeout {
            None => work.await,
            Some(limit) => {
                let Ok(done) = tokio::time::timeout(limit, work).await else {
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
}

impl<'a> Flight<'a> {
    fn begin(link: &'a Link) -> Self {
        if link.in_flight.fetch_add(1, Ordering::AcqRel) == 0 {
            link.progress.store(link.age(), Ordering::Relaxed);
        }
        let number = link.asked.fetch_add(1, Ordering::AcqRel) + 1;
        Self { link, number, is_answered: false }
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

fn read(prepared: &Prepared, found: &[Found]) -> Result<Rows> {
    let width = prepared.columns.width();
    let mut cells = Vec::with_capacity(found.len() * width);
    for row in found {
        decode::push(row, width, &mut cells)?;
    }
    Ok(prepared.columns.rows(cells))
}

/// Whether the server does not know a statement any more, or knows it with other columns than its table has now.
fn is_stale(error: &tokio_postgres::Error) -> bool {
    let Some(error) = error.as_db_error() else { return false };
    *error.code() == SqlState::INVALID_SQL_STATEMENT_NAME
        || (*error.code() == SqlState::FEATURE_NOT_SUPPORTED && error.routine() == Some("RevalidateCachedQuery"))
}
