//! What changes rows, in the types of their model.

use quintet_core::query::{QueryError, Statement};

use super::ask::{self, Asked};
use super::assign::Assignment;
use super::clean::{self, ValidationErrors};
use super::collector::{self, Deleted};
use super::columns;
use super::order::OneOrMore;
use super::running::Running;
use super::save::{self, How};
use super::save_many::{self, Bulk};
use super::selection::Selection;
use super::set::QuerySet;
use crate::database::Db;
use crate::error::{Error, Result};
use crate::model::{Instance, KeyValue, Model};

impl<M: Model, S> QuerySet<M, S> {
    /// New values for all rows, with one statement: `|n| n.views().set(n.views() + 1)`. Gives how many rows there were.
    pub fn update<'a, A: OneOrMore<Assignment>>(
        self,
        db: impl Into<Db<'a>>,
        set: impl FnOnce(M::Columns) -> A,
    ) -> Running<'a, u64> {
        let (db, asked, values) = (db.into(), self.asked(), set(columns::<M>()).all());
        Running::new(update(db, asked, values))
    }

    /// Deletes all rows, with what refers to them, by the rules of the relations.
    pub fn delete<'a>(self, db: impl Into<Db<'a>>) -> Running<'a, Deleted> {
        let (db, asked) = (db.into(), self.asked());
        Running::new(delete(db, asked))
    }
}

async fn update(db: Db<'_>, asked: Asked, values: Vec<Assignment>) -> Result<u64> {
    asked.right()?;
    if asked.query.slice != quintet_core::query::Slice::default() {
        return Err(QueryError::usage("the rows of a slice cannot be updated\nhint: filter by their keys").into());
    }
    if asked.query.combined.is_some() {
        return Err(QueryError::usage("the rows of a union, intersection or difference cannot be updated").into());
    }
    let values = values.into_iter().map(Assignment::into_ast).collect::<Result<Vec<_>, _>>()?;
    if values.is_empty() {
        return Ok(0);
    }
    db.run(&Statement::Update(&asked.query, &values)).await
}

async fn delete(db: Db<'_>, asked: Asked) -> Result<Deleted> {
    asked.right()?;
    collector::delete(db, asked.query).await
}

impl<M: Model> QuerySet<M> {
    /// Makes many rows with few statements, and gives them their keys. No signals.
    pub fn bulk_create<'a>(self, db: impl Into<Db<'a>>, rows: &'a mut [M]) -> Running<'a, ()> {
        self.bulk_create_with(db, rows, Bulk::default())
    }

    /// The same, with a size of statements, and what is done about rows that are there.
    pub fn bulk_create_with<'a>(self, db: impl Into<Db<'a>>, rows: &'a mut [M], how: Bulk) -> Running<'a, ()> {
        let rows = rows.iter_mut().map(|row| row as &mut dyn Instance).collect();
        Running::then(save_many::bulk_create(db.into(), rows, how), Ok)
    }

    /// Writes these fields of many rows with few statements: `|n| (n.title(), n.views())`. Gives how many there were.
    pub fn bulk_update<'a, A: Selection>(
        self,
        db: impl Into<Db<'a>>,
        rows: &'a [M],
        fields: impl FnOnce(M::Columns) -> A,
    ) -> Running<'a, u64> {
        let fields = names_of(fields(columns::<M>()));
        let rows = rows.iter().map(|row| row as &dyn Instance).collect();
        Running::then(save_many::bulk_update(db.into(), rows, fields, None), Ok)
    }

    /// The rows of SQL of the program's own, which names the columns of the model; `$1` stands for the first value.
    pub fn raw<'a>(
        db: impl Into<Db<'a>>,
        sql: &'a str,
        values: Vec<quintet_core::schema::Value>,
    ) -> Running<'a, Vec<M>> {
        let rows = ask::raw(db.into(), (M::APP_LABEL, M::DEF.name), sql, values);
        Running::then(rows, |mut answer| {
            let plan = &answer.plan;
            answer.rows.iter_mut().map(|row| plan.row(row)).collect()
        })
    }
}

/// The names of fields; what is no field has none.
fn names_of(fields: impl Selection) -> Vec<String> {
    let mut exprs = vec![];
    fields.exprs(&mut exprs);
    exprs.iter().map(|expr| super::relation::path_of(expr).to_string()).collect()
}

/// Rows that are there as structs. Every model has these.
pub trait Stored: Model {
    /// Writes the row: changes it where it is there, else makes it and takes its key.
    fn save<'a>(&'a mut self, db: impl Into<Db<'a>>) -> Running<'a, ()> {
        Running::then(save::save(db.into(), self, How::Either), |_| Ok(()))
    }

    /// Makes the row: an error where its key is taken.
    fn insert<'a>(&'a mut self, db: impl Into<Db<'a>>) -> Running<'a, ()> {
        Running::then(save::save(db.into(), self, How::Insert), |_| Ok(()))
    }

    /// Writes these fields of the row, which has to be there, and leaves the others as they are in the database:
    /// `note.save_only(db, |n| (n.title(), n.views()))`.
    fn save_only<'a, A: Selection>(
        &'a mut self,
        db: impl Into<Db<'a>>,
        fields: impl FnOnce(Self::Columns) -> A,
    ) -> Running<'a, ()> {
        Running::then(save::save_only(db.into(), self, names_of(fields(columns::<Self>()))), Ok)
    }

    /// Changes these fields, in the database and here: `note.update(db, |n| n.title().set("x"))`.
    fn update<'a, A: OneOrMore<Assignment>>(
        &'a mut self,
        db: impl Into<Db<'a>>,
        set: impl FnOnce(Self::Columns) -> A,
    ) -> Running<'a, ()> {
        let (key, values) = (self.key().to_value(), set(columns::<Self>()).all());
        Running::then(save::change(db.into(), self, key, values), Ok)
    }

    /// Reads the row again.
    fn refresh<'a>(&'a mut self, db: impl Into<Db<'a>>) -> Running<'a, ()> {
        let key = self.key().to_value();
        Running::then(save::refresh(db.into(), self, key), Ok)
    }

    /// All that is wrong with the row, by field: null, blank, choices, validators, what must be unique, constraints.
    fn problems<'a>(&'a self, db: impl Into<Db<'a>>) -> Running<'a, ValidationErrors> {
        Running::then(clean::clean(db.into(), self), Ok)
    }

    /// The same as an error, unless there is nothing: [`ValidationErrors::of`] takes it out again. `save` does not call
    /// it.
    fn full_clean<'a>(&'a self, db: impl Into<Db<'a>>) -> Running<'a, ()> {
        Running::then(clean::clean(db.into(), self), |errors| match errors.is_empty() {
            true => Ok(()),
            false => Err(Error::wrap(errors)),
        })
    }

    /// Deletes the row, with what refers to it, by the rules of the relations.
    fn delete<'a>(&self, db: impl Into<Db<'a>>) -> Running<'a, Deleted> {
        let mut query = QuerySet::<Self>::new();
        query.query.steps.push(quintet_core::query::Step::Filter(ask::has_key(self.key().to_value())));
        query.delete(db)
    }
}

impl<M: Model> Stored for M {}
