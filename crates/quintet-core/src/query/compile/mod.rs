//! From a query to a statement.
//!
//! The steps of a query are replayed in their order upon a [`Build`], which knows the tables that are joined so far; then
//! the statement is written. What a value is, is never asked, only its shape: a statement serves all queries of the same
//! shape, see [`shape`](super::shape).
//!
//! A way through the files: `steps` replays, `names` and `joins` find tables, `condition` with `compare`, `promote` and
//! `exclude` builds what is filtered by, `expression` values, `subquery` queries in queries; `select`, `order`, `group` and
//! `having` decide what stands where; `write` writes, and `count`, `firsts`, `combined`, `window`, `lock`, `insert`, `update` and
//! `delete` are the kinds of statements.

mod combined;
mod compare;
mod condition;
mod count;
mod delete;
mod exclude;
mod expression;
mod firsts;
mod group;
mod having;
mod insert;
mod joins;
mod lock;
mod names;
mod order;
mod output;
mod piece;
mod promote;
mod select;
mod steps;
mod subquery;
mod update;
mod window;
mod write;

use std::collections::BTreeSet;

pub(super) use names::shown;
pub use output::{Bind, Compiled, Outcome, Output, Part, Row, Split, SplitPart};

use crate::schema::Value;
use crate::sql::Dialect;

use super::ast::{Query, Statement, Step};
use super::error::QueryError;
use super::fragment::Context;
use super::{ModelId, Name, Registry};
use condition::{Connector, Where};
use count::Wrapped;
use group::GroupBy;
use joins::{Filtered, Table};
use piece::Piece;

/// How deep conditions and expressions may stand in each other: the stack of a thread must do.
const DEEPEST: usize = 100;

/// How deep queries may stand in each other.
const DEEPEST_QUERY: usize = 24;

/// The statement in a dialect's SQL.
///
/// # Errors
/// Names that are nothing, things that do not go together, and what the dialect cannot do.
pub fn compile(registry: &Registry, dialect: Dialect, statement: &Statement<'_>) -> Result<Outcome, QueryError> {
    let mut compiler = Compiler::new(Context { registry, dialect });
    let written = match statement {
        Statement::Select(query) => compiler.select(query)?,
        Statement::Count(query) => compiler.count(query)?,
        Statement::Exists(query) => compiler.exists(query)?,
        Statement::Firsts(queries) => compiler.firsts(queries)?,
        Statement::Aggregate(query, values) => compiler.aggregates(query, values)?,
        Statement::Update(query, assigned) => match compiler.split_update(query, assigned)? {
            Some(split) => return output::split(statement, split),
            None => compiler.update(query, assigned)?,
        },
        Statement::Delete(query) => compiler.delete(query)?,
        Statement::Insert(insert) => compiler.insert(insert)?,
    };
    output::finish(statement, written)
}

/// What a statement is compiled with.
struct Compiler<'c, 'q> {
    cx: Context<'c>,
    /// The queries around the one that is compiled, and that one on top.
    stack: Vec<Build<'q>>,
    /// Whether a path may lead over a relation.
    allows_joins: bool,
    /// Whether a function of windows may stand here.
    in_window: bool,
    /// Where aggregates are over the rows of a query inside: what they need of it.
    wrapped: Option<Wrapped<'q>>,
    /// What the parts of combined queries name of the query around.
    parts_outer: Vec<Piece<'q>>,
    /// The aggregates of all rows so far, which later ones may name.
    summaries: Vec<(Name, Piece<'q>)>,
    /// Whether a statement is written though its condition is true of no row: aggregates have a value even so.
    keeps_empty: bool,
    /// Whether the rows of combined queries go to the caller as they are.
    is_outermost: bool,
    depth: usize,
}

/// A query as far as its steps were replayed.
#[derive(Clone, Debug)]
struct Build<'q> {
    model: ModelId,
    /// How many queries are around it.
    depth: usize,
    /// The tables in the order in which they were joined, and the order in which they stand.
    tables: Vec<Table<'q>>,
    order: Vec<usize>,
    /// The joins of many rows that the condition at hand may use again; all where it is none.
    reusable: Option<BTreeSet<usize>>,
    /// The tables of the last path that was compared.
    lookup_joins: Vec<usize>,
    filtered: Vec<Filtered<'q>>,
    /// Where the condition of such a relation is built: its path, and the name that stands for it.
    renamed: Option<(Vec<Name>, Name)>,
    annotations: Vec<(Name, Piece<'q>)>,
    /// The annotations that are given; all where it is none.
    mask: Option<Vec<Name>>,
    conditions: Where<'q>,
    group_by: GroupBy<'q>,
    /// The fields that were chosen.
    columns: Vec<(Name, Piece<'q>)>,
    /// What was chosen, in order; the model's fields and all annotations where it is none.
    chosen: Option<Vec<(Name, Choice)>>,
    /// Whether the model's fields are given.
    gives_model: bool,
    /// Whether fields were chosen, be it all.
    has_values: bool,
    /// Values of the query around that it names.
    outer: Vec<Piece<'q>>,
}

/// What was chosen.
#[derive(Clone, Debug)]
enum Choice {
    /// A field, by its place among those.
    Column(usize),
    /// An annotation.
    Annotation,
}

impl<'q> Build<'q> {
    fn new(model: ModelId, depth: usize) -> Self {
        Self {
            model,
            depth,
            tables: vec![],
            order: vec![],
            reusable: None,
            lookup_joins: vec![],
            filtered: vec![],
            renamed: None,
            annotations: vec![],
            mask: None,
            conditions: Where::node(Connector::And, false),
            group_by: GroupBy::None,
            columns: vec![],
            chosen: None,
            gives_model: true,
            has_values: false,
            outer: vec![],
        }
    }

    fn annotation(&self, name: &str) -> Option<&Piece<'q>> {
        self.annotations.iter().find(|(own, _)| own == name).map(|(_, piece)| piece)
    }

    fn is_given(&self, name: &str) -> bool {
        self.mask.as_ref().is_none_or(|mask| mask.iter().any(|own| own == name))
    }

    /// The annotations that are given.
    fn given(&self) -> impl Iterator<Item = &(Name, Piece<'q>)> {
        self.annotations.iter().filter(|(name, _)| self.is_given(name))
    }
}

impl<'c, 'q> Compiler<'c, 'q> {
    fn new(cx: Context<'c>) -> Self {
        Self {
            cx,
            stack: vec![],
            allows_joins: true,
            in_window: false,
            wrapped: None,
            parts_outer: vec![],
            summaries: vec![],
            keeps_empty: false,
            is_outermost: true,
            depth: 0,
        }
    }

    /// The query that is compiled. There is always one while anything is.
    fn q(&self) -> &Build<'q> {
        &self.stack[self.stack.len() - 1]
    }

    fn q_mut(&mut self) -> &mut Build<'q> {
        let last = self.stack.len() - 1;
        &mut self.stack[last]
    }

    /// Begins a query inside the one at hand.
    fn push_query(&mut self, model: ModelId) -> Result<(), QueryError> {
        if self.stack.len() > DEEPEST_QUERY {
            return Err(QueryError::usage(format!("queries are nested more than {DEEPEST_QUERY} times")));
        }
        self.stack.push(Build::new(model, self.stack.len()));
        Ok(())
    }

    /// Ends it.
    fn pop_query(&mut self) -> Build<'q> {
        let last = self.stack.len() - 1;
        self.stack.remove(last)
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, QueryError>) -> Result<T, QueryError> {
        if self.depth >= DEEPEST {
            return Err(too_deep());
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    /// A model by the names that a query gives it.
    fn model(&self, (app, name): &(Name, Name)) -> Result<ModelId, QueryError> {
        self.cx
            .registry
            .find(app, name)
            .ok_or_else(|| QueryError::name(format!("there is no model `{}.{}`", shown(app), shown(name))))
    }
}

fn too_deep() -> QueryError {
    QueryError::usage(format!("a query is nested more than {DEEPEST} times"))
}

/// Whether fields were chosen.
fn has_values(query: &Query) -> bool {
    let chooses = |query: &Query| query.steps.iter().any(|step| matches!(step, Step::Values(_)));
    let first = query.combined.as_ref().and_then(|combined| combined.queries.first());
    chooses(query) || first.is_some_and(chooses)
}

/// Whether rows are left out or cut off.
fn is_sliced(query: &Query) -> bool {
    query.slice.limit.is_some() || query.slice.offset.as_ref().is_some_and(|offset| *offset != Value::Int(0))
}

/// Whether one row comes at most.
fn is_one_row(query: &Query) -> bool {
    query.slice.limit == Some(Value::Int(1))
}
