//! PostgreSQL by a pool of connections, and a few that readers share.

mod decode;
mod encode;
pub(crate) mod gather;
mod group;
mod joint;
mod joint_save;
mod line;
mod link;
mod lookups;
mod pool;
mod shared;
mod statements;
pub(crate) mod tls;
pub(crate) mod under_way;

use std::sync::Arc;

use quintet_core::database_url::PostgresOptions;
use quintet_core::schema::Value;

use crate::error::{ErrorKind, Result};
use crate::rows::Rows;
use crate::save::{Save, Saved};
use crate::together::Change;
use group::Group;
use joint::Joint;
use lookups::Lookups;
use pool::Pool;
use shared::Shared;

pub(crate) use pool::Lease;
pub(crate) use statements::Prepared;

/// A PostgreSQL database; connected at the first statement.
pub(crate) struct Postgres {
    pool: Arc<Pool>,
    shared: Arc<Shared>,
    lookups: Arc<Lookups>,
    group: Arc<Group>,
}

impl Postgres {
    pub(crate) fn new(options: PostgresOptions) -> Self {
        let shared = Arc::new(Shared::new(pool::shared(&options)));
        let pool = Arc::new(Pool::new(options));
        let lookups = Arc::new(Lookups::new(pool.changes.clone()));
        let group = Arc::new(Group::new(pool.changes.clone()));
        Self { pool, shared, lookups, group }
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

    /// A statement that finds a few rows. Where others look by the same at this moment, it is asked once for all.
    pub(crate) async fn find(&self, sql: &str, params: &[Value]) -> Result<Rows> {
        let one = self.lookups.begin();
        if one.is_alone() || !self.shared.is_in_use() {
            return self.read(sql, params).await;
        }
        match self.lookups.joint(sql) {
            Some(Some(joint)) if joint.takes(params) => {
                if let Some(found) = self.find_with_others(&joint, params).await {
                    return found.map_err(|error| error.with_sql(sql));
                }
                // What is wrong is told of a statement of one's own.
                self.read(sql, params).await
            }
            Some(_) => self.read(sql, params).await,
            None => {
                let rows = self.read(sql, params).await;
                if let Some(types) = self.shared.parameters(sql) {
                    self.lookups.learn(sql, &types);
                }
                rows
            }
        }
    }

    async fn find_with_others(&self, joint: &Arc<Joint>, params: &[Value]) -> Option<Result<Rows>> {
        let (shared, pool, asked) = (Arc::clone(&self.shared), Arc::clone(&self.pool), Arc::clone(joint));
        let ask = |params: Vec<Value>| async move { shared.read(&pool, &asked.sql, &params).await };
        self.lookups.find(joint, params, ask).await
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

    /// A statement that writes one row. Where others write rows at this moment, they are kept together.
    pub(crate) async fn save(&self, save: Save<'_>) -> Result<Saved> {
        let one = self.group.begin();
        // Behind a pooler each statement may go elsewhere.
        if one.is_alone() || self.pool.options.unprepared {
            return self.save_alone(save).await;
        }
        match self.group.save(&self.pool, save).await {
            Ok(saved) => saved,
            Err(save) => Box::pin(self.save_alone(save)).await,
        }
    }

    /// Changes that are kept all or not at all; which of them was missed. Where others make such changes at this moment, they
    /// are made together; `alone` makes them otherwise.
    pub(crate) async fn make_all<F>(
        &self,
        changes: Vec<Change>,
        alone: impl FnOnce(Vec<Change>) -> F,
    ) -> Result<Option<usize>>
    where
        F: Future<Output = Result<Option<usize>>>,
    {
        let one = self.group.begin();
        if one.is_alone() || self.pool.options.unprepared {
            return alone(changes).await;
        }
        match self.group.make_all(&self.pool, changes).await {
            Ok(made) => made.map(|()| None),
            Err(changes) => alone(changes).await,
        }
    }

    async fn save_alone(&self, save: Save<'_>) -> Result<Saved> {
        self.lease(false).await?.save(save.sql, &save.params, save.gives).await
    }

    pub(crate) async fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        self.lease(false).await?.execute(sql, params, true).await
    }
}

fn only_reads(sql: &str) -> bool {
    let first = sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    first.eq_ignore_ascii_case("select") || first.eq_ignore_ascii_case("show")
}
