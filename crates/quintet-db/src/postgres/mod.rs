//! PostgreSQL by a pool of connections, and a few that readers share.

mod decode;
mod encode;
pub(crate) mod gather;
mod link;
mod pool;
mod shared;
mod statements;
pub(crate) mod tls;

use std::sync::Arc;

use quintet_core::database_url::PostgresOptions;
use quintet_core::schema::Value;

use crate::error::{ErrorKind, Result};
use crate::rows::Rows;
use pool::Pool;
use shared::Shared;

pub(crate) use pool::Lease;

/// A PostgreSQL database; connected at the first statement.
pub(crate) struct Postgres {
    pool: Arc<Pool>,
    shared: Shared,
}

impl Postgres {
    pub(crate) fn new(options: PostgresOptions) -> Self {
        let shared = Shared::new(pool::shared(&options));
        Self { pool: Arc::new(Pool::new(options)), shared }
    }

    /// A connection for a while; `is_patient` waits for one as long as it takes.
    pub(crate) async fn lease(&self, is_patient: bool) -> Result<Lease> {
        self.pool.lease(is_patient).await
    }

    /// A statement that only reads, whichever connection it runs on.
    pub(crate) async fn read(&self, sql: &str, params: &[Value]) -> Result<Rows> {
        match self.shared.read(&self.pool, sql, params).await {
            Some(done) => done,
            None => Box::pin(self.fetch(sql, params)).await,
        }
    }

    /// A statement by itself. One that only reads is asked again where the connection turns out to be lost.
    pub(crate) async fn fetch(&self, sql: &str, params: &[Value]) -> Result<Rows> {
        loop {
            let lease = self.lease(false).await?;
            match lease.fetch(sql, params, true).await {
                Err(error) if error.kind() == ErrorKind::Connection && !lease.is_fresh() && only_reads(sql) => {
                    lease.discard();
                }
                other => return other,
            }
        }
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        self.lease(false).await?.execute(sql, params, true).await
    }
}

fn only_reads(sql: &str) -> bool {
    let first = sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    first.eq_ignore_ascii_case("select") || first.eq_ignore_ascii_case("show")
}
