//! How the lists of tokens are asked and written: tables by their names, rows as values.

use std::time::{SystemTime, UNIX_EPOCH};

use quintet_core::query::{Assign, Conflict, Expr, Insert, Ordering, Path, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::{Cell, Db};

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

/// These fields of the rows, one row after the other, in no order: there is an index for all that is asked here.
pub(super) async fn values(db: Db<'_>, mut query: Query, fields: &[&'static str]) -> Result<Vec<Cell>> {
    let fields = fields.iter().map(|field| ((*field).into(), Expr::F(Path::parse(field))));
    query.steps.push(Step::Values(fields.collect()));
    query.ordering = Ordering::By(vec![]);
    let found = db.find(&Statement::Select(&query)).await.map_err(Error::internal)?;
    Ok(found.rows.into_cells())
}

/// What is written into one of the tables.
pub(super) enum Write {
    New(Insert),
    Changed(Query, Vec<Assign>),
}

impl Write {
    /// A row, unless one like it is there.
    pub(super) fn new((app, model): Model, fields: &[&'static str], row: Vec<Expr>) -> Self {
        Self::New(Insert {
            model: (app.into(), model.into()),
            fields: fields.iter().map(|field| (*field).into()).collect(),
            rows: vec![row],
            conflict: Some(Conflict::Ignore),
            returning: vec![],
        })
    }

    fn statement(&self) -> Statement<'_> {
        match self {
            Self::New(insert) => Statement::Insert(insert),
            Self::Changed(rows, assigned) => Statement::Update(rows, assigned),
        }
    }

    /// Writes it by itself; how many rows that touched.
    pub(super) async fn alone(&self, db: Db<'_>) -> Result<u64> {
        db.run(&self.statement()).await.map_err(Error::internal)
    }
}

/// What is written all or not at all.
pub(super) struct Together<'a>(quintet_db::Together<'a>);

impl<'a> Together<'a> {
    pub(super) fn on(db: Db<'a>) -> Self {
        Self(quintet_db::Together::on(db))
    }

    /// Adds what may touch no row.
    pub(super) fn add(&mut self, write: &Write) -> Result<()> {
        self.0.add(&write.statement()).map_err(Error::internal)
    }

    /// Adds what must touch a row; gives its place among what must.
    pub(super) fn need(&mut self, write: &Write) -> Result<usize> {
        self.0.need(&write.statement()).map_err(Error::internal)
    }

    /// Writes it; gives the place of what had to touch a row and touched none, so that nothing is written.
    pub(super) async fn make(self) -> Result<Option<usize>> {
        self.0.make().await.map_err(Error::internal)
    }
}

/// The key of the row of which a field is this.
pub(super) fn key(model: Model, field: &str, value: &str) -> Expr {
    let mut query = of(model);
    query.steps.push(Step::lookup(field, Value::Text(value.to_owned())));
    query.steps.push(Step::Values(vec![("id".into(), Expr::F(Path::parse("id")))]));
    Expr::Subquery(Box::new(query))
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
