//! A query of a model, being made. Nothing here runs: see `verbs`.

mod along;
mod selected;

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};

use quintet_core::query::{
    Combined, Distinct, Expr, Lock, Name, OrderBy, Ordering, Path, Query, QueryError, SetOperation, Step,
};
use quintet_core::schema::Value;

use super::columns;
use super::condition::{Condition, q};
use super::order::{OneOrMore, Order};
use super::prefetch::Prefetch;
use super::selection::{Selection, Whole};
use crate::model::Model;

pub use along::{FieldPath, RelatedPath};
pub(super) use selected::paths_of;

/// A query of a model's rows. A value: a verb with a `db` runs it.
#[must_use = "a query does nothing until `.all(db)`, `.get(db)` or another verb runs it"]
pub struct QuerySet<M, S = Whole> {
    pub(crate) query: Query,
    /// What is wrong with how it was made, the first of it.
    pub(crate) wrong: Option<QueryError>,
    /// The names of the values that come along.
    pub(crate) names: Vec<Name>,
    pub(crate) prefetch: Vec<Prefetch>,
    of: PhantomData<fn() -> (M, S)>,
}

impl<M, S> Clone for QuerySet<M, S> {
    fn clone(&self) -> Self {
        Self {
            query: self.query.clone(),
            wrong: self.wrong.clone(),
            names: self.names.clone(),
            prefetch: self.prefetch.clone(),
            of: PhantomData,
        }
    }
}

impl<M, S> fmt::Debug for QuerySet<M, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QuerySet({:?})", self.query)
    }
}

impl<M: Model> Default for QuerySet<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Model> QuerySet<M> {
    /// All rows.
    pub fn new() -> Self {
        Self::from(Query::of(M::APP_LABEL, M::DEF.name))
    }

    /// A query that only tells what is wrong.
    pub(crate) fn failed(why: String) -> Self {
        let mut made = Self::new();
        made.refuse(QueryError::usage(why));
        made
    }
}

/// A query of the core's, as one of a model.
impl<M: Model> From<Query> for QuerySet<M> {
    fn from(query: Query) -> Self {
        Self { query, wrong: None, names: vec![], prefetch: vec![], of: PhantomData }
    }
}

impl<M: Model, S> QuerySet<M, S> {
    /// As the core has it.
    pub fn ast(&self) -> &Query {
        &self.query
    }

    pub(crate) fn refuse(&mut self, why: QueryError) {
        self.wrong.get_or_insert(why);
    }

    /// Notes a mistake where rows were chosen by number before, or where several queries are one.
    pub(super) fn open(&mut self, what: &str) -> bool {
        if self.query.slice.limit.is_some() || self.query.slice.offset.is_some() {
            self.refuse(QueryError::usage(format!(
                "{what} comes before the slice\nhint: a query whose rows were counted out cannot be changed"
            )));
        } else if self.query.combined.is_some() {
            self.refuse(QueryError::usage(format!(
                "{what} is not possible behind a union, intersection or difference"
            )));
        }
        self.wrong.is_none()
    }

    fn sortable(&mut self, what: &str) -> bool {
        if self.is_sliced() {
            self.refuse(QueryError::usage(format!(
                "{what} comes before the slice\nhint: a query whose rows were counted out cannot be changed"
            )));
        }
        self.wrong.is_none()
    }

    pub(crate) fn is_sliced(&self) -> bool {
        self.query.slice.limit.is_some() || self.query.slice.offset.is_some()
    }

    /// As a part of another query. What is wrong with it stays wrong there.
    pub(crate) fn into_nested(self) -> Query {
        let mut query = self.query;
        if let Some(wrong) = self.wrong {
            let path = Path::from_iter(["pk".to_owned(), wrong.message]);
            query.steps.push(Step::Filter(quintet_core::query::Condition::Lookup(path, Expr::Value(Value::Null))));
        }
        query
    }

    pub(super) fn shaped<T>(self) -> QuerySet<M, T> {
        let Self { query, wrong, names, prefetch, .. } = self;
        QuerySet { query, wrong, names, prefetch, of: PhantomData }
    }

    /// Only rows of which this is true. Conditions said together may mean the same row of a relation of many.
    pub fn filter<C: Into<Condition>>(mut self, condition: impl FnOnce(M::Columns) -> C) -> Self {
        if self.open("`filter`") {
            self.query.steps.push(Step::Filter(condition(columns::<M>()).into().0));
        }
        self
    }

    /// Only rows of which this is not true.
    pub fn exclude<C: Into<Condition>>(mut self, condition: impl FnOnce(M::Columns) -> C) -> Self {
        if self.open("`exclude`") {
            self.query.steps.push(Step::Exclude(condition(columns::<M>()).into().0));
        }
        self
    }

    /// The same by a path as the reference writes it: `("author__username__icontains", "x")`.
    pub fn filter_by(self, path: &str, value: impl Into<Value>) -> Self {
        self.filter(|_| q(path, value))
    }

    /// The same for rows of which it is not true.
    pub fn exclude_by(self, path: &str, value: impl Into<Value>) -> Self {
        self.exclude(|_| q(path, value))
    }

    /// In this order, and no other.
    pub fn order_by<O: OneOrMore<Order>>(mut self, order: impl FnOnce(M::Columns) -> O) -> Self {
        if self.sortable("`order_by`") {
            let order = order(columns::<M>()).all();
            self.query.ordering = Ordering::By(order.into_iter().map(|order| order.0).collect());
        }
        self
    }

    /// The same by names, `-` in front for largest first: `&["-created_at", "author__username"]`; none for no order.
    pub fn order_by_names(mut self, names: &[&str]) -> Self {
        if self.sortable("`order_by`") {
            self.query.ordering = Ordering::By(names.iter().map(|name| OrderBy::parse(name)).collect());
        }
        self
    }

    /// The other way around.
    pub fn reverse(mut self) -> Self {
        if self.sortable("`reverse`") {
            self.query.reversed = !self.query.reversed;
        }
        self
    }

    /// Equal rows once.
    pub fn distinct(mut self) -> Self {
        if self.open("`distinct`") {
            self.query.distinct = Distinct::Yes;
        }
        self
    }

    /// The first of those that are equal in these fields. PostgreSQL only.
    pub fn distinct_on(mut self, fields: &[&str]) -> Self {
        if self.open("`distinct_on`") {
            self.query.distinct = Distinct::On(fields.iter().map(|field| Path::parse(field)).collect());
        }
        self
    }

    /// No rows, without asking.
    pub fn none(mut self) -> Self {
        self.query.is_none = true;
        self
    }

    /// At most so many, of those that come.
    pub fn limit(self, rows: u64) -> Self {
        self.slice(..rows)
    }

    /// Without the first of them.
    pub fn offset(self, rows: u64) -> Self {
        self.slice(rows..)
    }

    /// Those from one number to another, counted from 0, of those that come.
    pub fn slice(mut self, range: impl RangeBounds<u64>) -> Self {
        let start = match range.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => Some(last.saturating_add(1)),
            Bound::Excluded(end) => Some(*end),
            Bound::Unbounded => None,
        };
        let whole = |value: &Option<Value>| match value {
            Some(Value::Int(number)) => u64::try_from(*number).ok(),
            _ => None,
        };
        let (offset, limit) = (whole(&self.query.slice.offset).unwrap_or(0), whole(&self.query.slice.limit));
        let wanted = end.map(|end| end.saturating_sub(start));
        let left = limit.map(|limit| limit.saturating_sub(start));
        let limit = match (wanted, left) {
            (Some(wanted), Some(left)) => Some(wanted.min(left)),
            (one, other) => one.or(other),
        };
        let value = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
        let offset = offset.saturating_add(start);
        self.query.slice.offset = (offset > 0).then(|| value(offset));
        self.query.slice.limit = limit.map(value);
        self
    }

    fn combine(self, operation: SetOperation, all: bool, other: Self) -> Self {
        let wrong = self.wrong.clone().or_else(|| other.wrong.clone());
        let mut query = Query::of(self.query.model.0.clone(), self.query.model.1.clone());
        // The rows of several queries have no order of their own.
        query.ordering = Ordering::By(vec![]);
        let names = self.names.clone();
        let prefetch = self.prefetch.clone();
        let queries = match self.query.combined {
            // The same said again goes into the same list.
            Some(before)
                if before.operation == operation
                    && before.all == all
                    && operation != SetOperation::Difference
                    && self.query.slice == quintet_core::query::Slice::default() =>
            {
                let mut queries = before.queries;
                queries.push(other.query);
                queries
            }
            _ => vec![self.query, other.query],
        };
        query.combined = Some(Box::new(Combined { operation, all, queries }));
        Self { query, wrong, names, prefetch, of: PhantomData }
    }

    /// The rows of both, each once.
    pub fn union(self, other: Self) -> Self {
        self.combine(SetOperation::Union, false, other)
    }

    /// The rows of both, those that are in both twice.
    pub fn union_all(self, other: Self) -> Self {
        self.combine(SetOperation::Union, true, other)
    }

    /// The rows that are in both.
    pub fn intersection(self, other: Self) -> Self {
        self.combine(SetOperation::Intersection, false, other)
    }

    /// The rows that are in this one and not in the other.
    pub fn difference(self, other: Self) -> Self {
        self.combine(SetOperation::Difference, false, other)
    }

    /// A value by name, for later steps and for string paths; not read.
    pub fn alias<A: Selection>(mut self, name: impl Into<Name>, what: impl FnOnce(M::Columns) -> A) -> Self {
        if self.open("`alias`") {
            let name = name.into();
            let mut exprs = vec![];
            what(columns::<M>()).exprs(&mut exprs);
            match <[Expr; 1]>::try_from(exprs) {
                Ok([expr]) => self.query.steps.push(Step::Alias(name, expr)),
                Err(_) => self.refuse(QueryError::usage(format!("`{name}` is the name of one value, not of several"))),
            }
        }
        self
    }

    /// A relation under a name of its own, with a condition upon its rows: `("recent", "notes", |u| ..)`.
    pub fn filtered_relation(
        mut self,
        name: impl Into<Name>,
        relation: &str,
        condition: impl FnOnce(M::Columns) -> Condition,
    ) -> Self {
        if self.open("`filtered_relation`") {
            let condition = condition(columns::<M>()).0;
            self.query.steps.push(Step::FilteredRelation(name.into(), Path::parse(relation), condition));
        }
        self
    }

    /// Rows are locked until the transaction ends.
    pub fn select_for_update(self) -> Self {
        self.lock(Lock::default())
    }

    /// The same, with what is done about rows that another has.
    pub fn lock(mut self, lock: Lock) -> Self {
        if self.open("`select_for_update`") {
            self.query.lock = Some(lock);
        }
        self
    }
}
