//! How the lists of tokens are asked and written: tables by their names, rows as values.

use std::time::{SystemTime, UNIX_EPOCH};

use quintet_core::query::{Conflict, Expr, Insert, Ordering, Path, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::{Cell, Db};

use crate::http::{Error, Result};

/// An app and a model of it.
pub(super) type Model = (&'static str, &'static str);

/// Whether the project has a table.
pub(super) fn is_there(db: Db<'_>, (app, model): Model) -> bool {
    db.registry().is_ok_and(|registry| registry.find(app, model).is_some())
}

/// The connection that a table is written on, where routers choose it: for a transaction.
pub(super) fn home(db: Db<'_>, model: Model) -> Result<Db<'_>> {
    let routed = db.connection().routed(model, true).map_err(Error::internal)?;
    Ok(routed.map_or(db, Db::of))
}

/// All rows of a table.
pub(super) fn of((app, model): Model) -> Query {
    Query::of(app, model)
}

/// These fields of the rows, one row after the other, in no order.
pub(super) async fn values(db: Db<'_>, mut query: Query, fields: &[&'static str]) -> Result<Vec<Cell>> {
    let fields = fields.iter().map(|field| ((*field).into(), Expr::F(Path::parse(field))));
    query.steps.push(Step::Values(fields.collect()));
    query.ordering = Ordering::By(vec![]);
    let found = db.select(&Statement::Select(&query)).await.map_err(Error::internal)?;
    Ok(found.rows.into_cells())
}

/// A row, unless one like it is there; gives how many were made.
pub(super) async fn insert(db: Db<'_>, (app, model): Model, fields: &[&'static str], row: Vec<Value>) -> Result<u64> {
    let insert = Insert {
        model: (app.into(), model.into()),
        fields: fields.iter().map(|field| (*field).into()).collect(),
        rows: vec![row.into_iter().map(Expr::Value).collect()],
        conflict: Some(Conflict::Ignore),
        returning: vec![],
    };
    db.run(&Statement::Insert(&insert)).await.map_err(Error::internal)
}

/// A moment in microseconds since 1970.
pub(super) fn micros(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    i64::try_from(since).unwrap_or(i64::MAX)
}

/// A moment as a value of a column.
pub(super) fn moment(time: SystemTime) -> Value {
    Value::from(Cell::DateTime(micros(time)))
}

/// The text of a cell; empty where it is none.
pub(super) fn text(cell: Option<Cell>) -> String {
    match cell {
        Some(Cell::Text(text)) => text,
        _ => String::new(),
    }
}
