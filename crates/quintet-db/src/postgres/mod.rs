//! PostgreSQL by a small pool of connections.
//!
//! A connection is lent with a guard, which gives it back however the borrower ends; one with an open transaction is not
//! given back but closed, and the server rolls back. A connection that was lost is replaced by a new one.

mod decode;
mod encode;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quintet_core::database_url::PostgresOptions;
use quintet_core::schema::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

use crate::connect::open_postgres;
use crate::error::{Error, ErrorKind, Result};
use crate::row::Row;

/// How many connections there are at most.
const CONNECTIONS: usize = 16;

/// A PostgreSQL database; connected at the first statement.
pub(crate) struct Postgres {
    pool: Arc<Pool>,
}

struct Pool {
    options: PostgresOptions,
    idle: Mutex<Vec<Client>>,
    places: Arc<Semaphore>,
}

/// A connection that one borrower has.
pub(crate) struct Lease {
    client: Option<Client>,
    is_fresh: bool,
    pool: Arc<Pool>,
    _place: OwnedSemaphorePermit,
}

impl Postgres {
    pub(crate) fn new(options: PostgresOptions) -> Self {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        Self { pool: Arc::new(Pool { options, idle: Mutex::default(), places }) }
    }

    pub(crate) async fn lease(&self) -> Result<Lease> {
        let place = Arc::clone(&self.pool.places).acquire_owned().await;
        let place = place.map_err(|_| Error::new(ErrorKind::Connection, "the database was closed"))?;
        let idle = self.pool.take();
        let is_fresh = idle.is_none();
        let client = match idle {
            Some(client) => client,
            None => connect(&self.pool.options).await?,
        };
        Ok(Lease { client: Some(client), is_fresh, pool: Arc::clone(&self.pool), _place: place })
    }

    /// A statement by itself. One that only reads is asked again where the connection turns out to be lost.
    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        loop {
            let lease = self.lease().await?;
            match lease.query(sql, params).await {
                Err(error) if error.kind() == ErrorKind::Connection && !lease.is_fresh && only_reads(sql) => {
                    lease.discard();
                }
                other => return other,
            }
        }
    }
}

fn only_reads(sql: &str) -> bool {
    let first = sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    first.eq_ignore_ascii_case("select") || first.eq_ignore_ascii_case("show")
}

async fn connect(options: &PostgresOptions) -> Result<Client> {
    let (client, _) = open_postgres(options).await?;
    client.batch_execute("SET TIME ZONE 'UTC'").await?;
    Ok(client)
}

impl Pool {
    fn take(&self) -> Option<Client> {
        let mut idle = self.idle();
        while let Some(client) = idle.pop() {
            if !client.is_closed() {
                return Some(client);
            }
        }
        None
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Client>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    pub(crate) fn is_fresh(&self) -> bool {
        self.is_fresh
    }

    pub(crate) async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let work = async {
            let client = self.client()?;
            let statement = client.prepare(sql).await?;
            let given = encode::parameters(params);
            let given: Vec<&(dyn ToSql + Sync)> = given.iter().map(|one| one as _).collect();
            let found = client.query(&statement, &given).await?;
            decode::rows(&statement, &found)
        };
        work.await.map_err(|error: Error| error.with_sql(sql))
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        let work = async {
            let given = encode::parameters(params);
            let given: Vec<&(dyn ToSql + Sync)> = given.iter().map(|one| one as _).collect();
            Ok(self.client()?.execute(sql, &given).await?)
        };
        work.await.map_err(|error: Error| error.with_sql(sql))
    }

    /// Several statements in one text.
    pub(crate) async fn script(&self, sql: &str) -> Result<()> {
        let work = async { Ok(self.client()?.batch_execute(sql).await?) };
        work.await.map_err(|error: Error| error.with_sql(sql))
    }

    /// Closes the connection instead of giving it back: the server rolls back what is open.
    pub(crate) fn discard(mut self) {
        self.client = None;
    }

    fn client(&self) -> Result<&Client> {
        self.client.as_ref().ok_or_else(|| Error::new(ErrorKind::Connection, "the connection was closed"))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(client) = self.client.take().filter(|client| !client.is_closed()) {
            self.pool.idle().push(client);
        }
    }
}
