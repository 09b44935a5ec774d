//! PostgreSQL by a pool of connections, and a few that readers share.

mod decode;
mod encode;
pub(crate) mod gather;
mod link;
mod lookups;
mod pool;
mod shared;
mod statements;
pub(crate) mod tls;

use std::sync::Arc;

use quintet_core::database_url::PostgresOptions;
use quintet_core::schema::Value;

use crate::error::{ErrorKind, Result};
use crate::find::Find;
use crate::rows::Rows;
use lookups::Lookups;
use pool::Pool;
use shared::Shared;

pub(crate) use pool::Lease;

/// A PostgreSQL database; connected at the first statement.
pub(crate) struct Postgres {
    pool: Arc<Pool>,
    shared: Shared,
    lookups: Lookups,
}

impl Postgres {
    pub(crate) fn new(options: PostgresOptions) -> Self {
        let shared = Shared::new(pool::shared(&options));
        Self { pool: Arc::new(Pool::new(options)), shared, lookups: Lookups::default() }
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

    /// A statement that finds a few rows. Where others look for such at this moment, they are asked for together.
    pub(crate) async fn find(&self, find: &Find<'_>) -> Result<Rows> {
        let Find { sql, params, many } = find;
        let one_of = many.and_then(|many| Some((many, many.value(params)?)));
        let Some((many, value)) = one_of.filter(|_| self.shared.is_in_use()) else {
            return self.read(sql, params).await;
        };
        let _under_way = self.lookups.begin();
        let ask = async |values| self.shared.read(&self.pool, &many.sql, &[values]).await?.ok();
        match self.lookups.find(many, value, ask).await {
            Some(rows) => Ok(rows),
            // What is wrong is told of a statement of one's own.
            None => self.read(sql, params).await,
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
