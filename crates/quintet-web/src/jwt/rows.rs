//! How the lists of tokens are asked and written: tables by their names, rows as values.

use std::time::{SystemTime, UNIX_EPOCH};

use quintet_core::query::{Conflict, Expr, Insert, Ordering, Path, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::{Cell, Db, Made, Recipe};

use crate::http::{Error, Result};

/// An app and a model of it.
pub(super) type Model = (&'static str, &'static str);

/// Whether the project has a table.
pub(super) fn is_there(db: Db<'_>, (app, model): Model) -> bool {
    db.registry().is_ok_and(|registry| registry.find(app, model).is_some())
}

/// The connection that a table is written on, where routers choose it: for what is written together.
pub(super) fn home(db: Db<'_>, model: Model) -> Result<Db<'_>> {
    let routed = db.connection().routed(model, true).map_err(Error::internal)?;
    Ok(routed.map_or(db, Db::of))
}

/// All rows of a table.
pub(super) fn of((app, model): Model) -> Query {
    Query::of(app, model)
}

/// These fields of rows, in no order: there is an index for all that is asked here.
pub(super) fn values(mut query: Query, fields: &[&'static str]) -> Query {
    let fields = fields.iter().map(|field| ((*field).into(), Expr::F(Path::parse(field))));
    query.steps.push(Step::Values(fields.collect()));
    query.ordering = Ordering::By(vec![]);
    query
}

/// What a query of [`values`] gives, one row after the other.
pub(super) async fn asked(db: Db<'_>, query: &Query) -> Result<Vec<Cell>> {
    let found = db.find(&Statement::Select(query)).await.map_err(Error::internal)?;
    Ok(found.rows.into_cells())
}

/// The same by a recipe.
pub(super) async fn found(db: Db<'_>, recipe: &'static Recipe, values: Vec<Value>) -> Result<Vec<Cell>> {
    Ok(db.find_by(recipe, values).await.map_err(Error::internal)?.into_cells())
}

/// What is written into one of the tables.
pub(super) struct Write(pub(super) &'static Recipe, pub(super) Vec<Value>);

impl Write {
    /// Writes it by itself; how many rows that touched.
    pub(super) async fn alone(self, db: Db<'_>) -> Result<u64> {
        db.run_by(self.0, self.1).await.map_err(Error::internal)
    }
}

/// A row of these values, unless one like it is there.
pub(super) fn row(model: Model, fields: &[&'static str], row: Vec<Value>) -> Made {
    unless(model, fields, row.into_iter().map(Expr::Value).collect())
}

/// The same, where the first field leads to the row of another model that has the first value in a field of it.
pub(super) fn row_beside(model: Model, fields: &[&'static str], (other, by): (Model, &str), row: Vec<Value>) -> Made {
    let mut row = row.into_iter();
    let key = key(other, by, row.next().unwrap_or(Value::Null));
    unless(model, fields, std::iter::once(key).chain(row.map(Expr::Value)).collect())
}

fn unless((app, model): Model, fields: &[&'static str], row: Vec<Expr>) -> Made {
    Made::New(Insert {
        model: (app.into(), model.into()),
        fields: fields.iter().map(|field| (*field).into()).collect(),
        rows: vec![row],
        conflict: Some(Conflict::Ignore),
        returning: vec![],
    })
}

/// The key of the row of which a field is this.
fn key(model: Model, field: &str, value: Value) -> Expr {
    let mut query = of(model);
    query.steps.push(Step::lookup(field, value));
    query.steps.push(Step::Values(vec![("id".into(), Expr::F(Path::parse("id")))]));
    Expr::Subquery(Box::new(query))
}

/// What is written all or not at all.
pub(super) struct Together<'a>(quintet_db::Together<'a>);

impl<'a> Together<'a> {
    pub(super) fn on(db: Db<'a>) -> Self {
        Self(quintet_db::Together::on(db))
    }

    /// Adds what may touch no row.
    pub(super) fn add(&mut self, Write(recipe, values): Write) -> Result<()> {
        self.0.add_by(recipe, values).map_err(Error::internal)
    }

    /// Adds what must touch a row; gives its place among what must.
    pub(super) fn need(&mut self, Write(recipe, values): Write) -> Result<usize> {
        self.0.need_by(recipe, values).map_err(Error::internal)
    }

    /// Writes it; gives the place of what had to touch a row and touched none, so that nothing is written.
    pub(super) async fn make(self) -> Result<Option<usize>> {
        self.0.make().await.map_err(Error::internal)
    }
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
        Some(Cell::Text(text)) => text.into_string(),
        _ => String::new(),
    }
}
