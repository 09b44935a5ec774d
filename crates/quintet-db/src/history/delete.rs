//! Deletes a row with what refers to it: by the collector of queries, over the models as they were.

use std::sync::Arc;

use quintet_core::query::{Query, Registry, Step};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;

use super::model::HistoricalModel;
use super::row::HistoricalRow;
use crate::database::{Boxed, Callback, Connection, Db};
use crate::error::{Error, Result};
use crate::models::Models;
use crate::query;
use crate::row::Row;
use crate::rows::Rows;
use crate::stream::RowStream;
use crate::transaction::{Begin, Transaction};

/// All of it happens, or nothing. Nobody is told: receivers know the models of today.
pub(super) async fn delete(db: Db<'_>, model: &HistoricalModel, row: &HistoricalRow) -> Result<()> {
    let models = Arc::clone(models(model)?);
    let transaction = db.transaction().await?;
    let then = Then { now: &transaction, models };
    let mut rows = Query::of(model.model.app.clone(), model.model.name.clone());
    rows.steps.push(Step::Filter(query::has_key(row.pk())));
    query::delete_within(Db::of(&then), rows).await?;
    transaction.commit().await
}

/// The models of that time, found once for all clones of a model.
fn models(model: &HistoricalModel) -> Result<&Arc<Models>> {
    if let Some(known) = model.models.get() {
        return Ok(known);
    }
    let registry = Registry::new(&model.state, "UTC").map_err(Error::other)?;
    Ok(model.models.get_or_init(|| Arc::new(Models::new(Arc::new(registry)))))
}

/// A connection whose queries are about the models of that time.
struct Then<'c> {
    now: &'c dyn Connection,
    models: Arc<Models>,
}

impl Connection for Then<'_> {
    fn dialect(&self) -> Dialect {
        self.now.dialect()
    }

    fn models(&self) -> Option<&Arc<Models>> {
        Some(&self.models)
    }

    fn is_in_transaction(&self) -> bool {
        self.now.is_in_transaction()
    }

    fn execute<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<u64>> {
        self.now.execute(sql, params)
    }

    fn query<'a>(&'a self, sql: &'a str, params: &'a [Value]) -> Boxed<'a, Result<Vec<Row>>> {
        self.now.query(sql, params)
    }

    fn fetch<'a>(&'a self, sql: &'a str, params: Vec<Value>) -> Boxed<'a, Result<Rows>> {
        self.now.fetch(sql, params)
    }

    fn stream<'a>(&'a self, sql: &'a str, params: Vec<Value>, chunk: usize) -> Boxed<'a, Result<RowStream>> {
        self.now.stream(sql, params, chunk)
    }

    fn script<'a>(&'a self, sql: &'a str) -> Boxed<'a, Result<()>> {
        self.now.script(sql)
    }

    fn begin(&self, how: Begin) -> Boxed<'_, Result<Transaction>> {
        self.now.begin(how)
    }

    fn on_commit(&self, callback: Callback) -> Boxed<'_, ()> {
        self.now.on_commit(callback)
    }
}
