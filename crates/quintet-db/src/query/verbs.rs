//! What runs a query, in the types of its model. Each verb is a line around [`ask`].

use std::marker::PhantomData;

use quintet_core::query::{Explain, Expr, Name, Statement, Step};
use quintet_core::schema::Value;

use super::ask::{self, Answer, Asked};
use super::columns;
use super::condition::Condition;
use super::order::{OneOrMore, Order};
use super::plan;
use super::read::Plan;
use super::running::Running;
use super::selection::{Only, Selection, Shape, Whole, With};
use super::set::QuerySet;
use crate::database::Db;
use crate::error::{Error, Result};
use crate::model::{KeyValue, Model};
use crate::rows::{Cell, Rows};
use crate::run::Stream;

/// The row with this primary key.
pub(crate) fn by_key<M: Model>(db: Db<'_>, key: Value) -> Running<'_, M> {
    let mut query = QuerySet::<M>::new();
    query.query.steps.push(Step::Filter(ask::has_key(key)));
    query.get(db)
}

fn all_rows<M: Model, S: Shape<M>>(mut answer: Answer) -> Result<Vec<S::Row>> {
    all_of::<M, S>(&mut answer.rows, &answer.plan)
}

fn first_row<M: Model, S: Shape<M>>(mut answer: Answer) -> Result<Option<S::Row>> {
    let plan = &answer.plan;
    answer.rows.iter_mut().next().map(|row| S::read(row, plan)).transpose()
}

pub(super) fn only_row<M: Model, S: Shape<M>>(answer: Answer) -> Result<S::Row> {
    first_row::<M, S>(answer)?.ok_or_else(|| Error::other("the database gave no row"))
}

fn number(rows: Rows) -> Result<i64> {
    // Nothing comes where it was certain before that there is no row.
    rows.into_first().map_or(Ok(0), crate::model::cells::int)
}

#[allow(clippy::needless_pass_by_value, reason = "the shape of all that end a query")]
fn is_there(rows: Rows) -> Result<bool> {
    Ok(!rows.is_empty())
}

impl<M: Model, S> QuerySet<M, S> {
    pub(crate) fn asked(self) -> Asked {
        Asked { query: self.query, wrong: self.wrong, prefetch: self.prefetch }
    }

    /// How many rows.
    pub fn count<'a>(self, db: impl Into<Db<'a>>) -> Running<'a, i64> {
        Running::then(ask::count(db.into(), self.asked()), number)
    }

    /// Whether there is a row.
    pub fn exists<'a>(self, db: impl Into<Db<'a>>) -> Running<'a, bool> {
        Running::then(ask::exists(db.into(), self.asked()), is_there)
    }

    /// Values of all rows together: `|n| (n.price().max(), n.id().count())`.
    pub fn aggregate<'a, A: Selection>(
        self,
        db: impl Into<Db<'a>>,
        what: impl FnOnce(M::Columns) -> A,
    ) -> Running<'a, A::Output> {
        self.together(db.into(), what(columns::<M>()))
    }

    fn together<A: Selection>(self, db: Db<'_>, what: A) -> Running<'_, A::Output> {
        let mut exprs = vec![];
        what.exprs(&mut exprs);
        let name = |number: usize| Name::Owned(format!("quintet_all_{}", number + 1));
        let values: Vec<(Name, Expr)> = exprs.into_iter().enumerate().map(|(at, expr)| (name(at), expr)).collect();
        Running::then(ask::aggregate(db, self.asked(), values), |mut answer: Answer| {
            let plan = &answer.plan;
            let row = answer.rows.iter_mut().next().map(|row| A::read(row, plan, &mut 0));
            row.unwrap_or_else(|| A::read(&mut Vec::<Cell>::new(), plan, &mut 0))
        })
    }

    /// How the database would go about it, in its own words.
    pub fn explain<'a>(self, db: impl Into<Db<'a>>) -> Running<'a, String> {
        self.explain_with(db, Explain::new())
    }

    /// The same in another form, or with more of it: `Explain::new().analyze(true).format("json")`. PostgreSQL only;
    /// `analyze` runs the query.
    pub fn explain_with<'a>(self, db: impl Into<Db<'a>>, how: Explain) -> Running<'a, String> {
        let (db, asked) = (db.into(), self.asked());
        Running::new(plan::explain(db, asked, how))
    }
}

impl<M: Model, B: Selection, S> QuerySet<M, With<B, S>> {
    /// Values of all rows together, of the values beside them too: `|n, comments| comments.avg()`.
    pub fn aggregate_with<'a, A: Selection>(
        self,
        db: impl Into<Db<'a>>,
        what: impl FnOnce(M::Columns, B::Names) -> A,
    ) -> Running<'a, A::Output> {
        let names = B::names(&self.names, &mut 0);
        self.together(db.into(), what(columns::<M>(), names))
    }
}

impl<M: Model, B: Selection> QuerySet<M, Only<B>> {
    /// Values of all groups together, of what is read of each: `|_, (_, count)| count.max()`.
    pub fn aggregate_with<'a, A: Selection>(
        self,
        db: impl Into<Db<'a>>,
        what: impl FnOnce(M::Columns, B::Names) -> A,
    ) -> Running<'a, A::Output> {
        let names = B::names(&self.names, &mut 0);
        self.together(db.into(), what(columns::<M>(), names))
    }
}

impl<M: Model, S: Shape<M>> QuerySet<M, S> {
    /// All rows.
    pub fn all<'a>(self, db: impl Into<Db<'a>>) -> Running<'a, Vec<S::Row>> {
        Running::then(ask::rows(db.into(), self.asked()), all_rows::<M, S>)
    }

    /// The one row: an error where there is none, and where there are several.
    pub fn get<'a>(self, db: impl Into<Db<'a>>) -> Running<'a, S::Row> {
        Running::then(ask::one(db.into(), self.asked()), only_row::<M, S>)
    }

    /// The first row, by the primary key where there is no order.
    pub fn first<'a>(self, db: impl Into<Db<'a>>) -> Running<'a, Option<S::Row>> {
        Running::then(ask::end(db.into(), self.asked(), false), first_row::<M, S>)
    }

    /// The last row, by the primary key where there is no order.
    pub fn last<'a>(self, db: impl Into<Db<'a>>) -> Running<'a, Option<S::Row>> {
        Running::then(ask::end(db.into(), self.asked(), true), first_row::<M, S>)
    }

    /// The last row by these fields; by those that the model says for `|_| ()`. An error where there is none.
    pub fn latest<'a, O: OneOrMore<Order>>(
        self,
        db: impl Into<Db<'a>>,
        by: impl FnOnce(M::Columns) -> O,
    ) -> Running<'a, S::Row> {
        let by = by(columns::<M>()).all().into_iter().map(|order| order.0).collect();
        Running::then(ask::latest(db.into(), self.asked(), by, true), only_row::<M, S>)
    }

    /// The first row by these fields; by those that the model says for `|_| ()`. An error where there is none.
    pub fn earliest<'a, O: OneOrMore<Order>>(
        self,
        db: impl Into<Db<'a>>,
        by: impl FnOnce(M::Columns) -> O,
    ) -> Running<'a, S::Row> {
        let by = by(columns::<M>()).all().into_iter().map(|order| order.0).collect();
        Running::then(ask::latest(db.into(), self.asked(), by, false), only_row::<M, S>)
    }

    /// The rows one after the other, of which no more than so many are in memory.
    pub fn iterator<'a>(self, db: impl Into<Db<'a>>, at_once: usize) -> Running<'a, Iter<M, S>> {
        let (db, asked) = (db.into(), self.asked());
        Running::then(Box::pin(begin(db, asked, at_once)), |begun| {
            let (stream, plan) = begun;
            Ok(Iter { stream, plan, ready: vec![].into_iter(), of: PhantomData })
        })
    }
}

async fn begin(db: Db<'_>, asked: Asked, at_once: usize) -> Result<(Stream, Plan)> {
    asked.right()?;
    if !asked.prefetch.is_empty() {
        let message = "rows that come along are fetched for many rows at once\nhint: `chunks` gives so many at a time, with what comes along";
        return Err(quintet_core::query::QueryError::usage(message).into());
    }
    let registry = db.registry()?;
    let stream = db.stream(&Statement::Select(&asked.query), at_once.max(1)).await?;
    let plan = plan::read(registry, &asked.query, stream.compiled()).plan;
    Ok((stream, plan))
}

/// Rows, one after the other.
pub struct Iter<M: Model, S: Shape<M>> {
    stream: Stream,
    plan: Plan,
    ready: std::vec::IntoIter<S::Row>,
    of: PhantomData<fn() -> M>,
}

impl<M: Model, S: Shape<M>> std::fmt::Debug for Iter<M, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Iter")
    }
}

impl<M: Model, S: Shape<M>> Iter<M, S> {
    /// The next row; `None` behind the last.
    ///
    /// # Errors
    /// What the database refuses, and what does not fit the types of the fields.
    pub async fn next(&mut self) -> Result<Option<S::Row>> {
        loop {
            if let Some(row) = self.ready.next() {
                return Ok(Some(row));
            }
            let Some(mut rows) = self.stream.next().await? else { return Ok(None) };
            self.ready = all_of::<M, S>(&mut rows, &self.plan)?.into_iter();
        }
    }
}

pub(super) fn all_of<M: Model, S: Shape<M>>(rows: &mut Rows, plan: &Plan) -> Result<Vec<S::Row>> {
    let mut all = Vec::with_capacity(rows.len());
    for row in rows.iter_mut() {
        all.push(S::read(row, plan)?);
    }
    Ok(all)
}

impl<M: Model> QuerySet<M, Whole> {
    /// Whether this row is among them.
    pub fn contains<'a>(self, db: impl Into<Db<'a>>, row: &M) -> Running<'a, bool> {
        let key = ask::has_key(row.key().to_value());
        self.filter(|_| Condition(key)).exists(db)
    }
}
