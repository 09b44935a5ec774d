//! A value of a statement, compiled: its SQL, and what must be known of it to place it rightly.

use std::rc::Rc;

use crate::query::fragment::{Bind, Fragment, Given, Truth};
use crate::query::{ModelId, Name};
use crate::schema::Kind;

/// A column of a table in a statement.
#[derive(Clone, Debug)]
pub(super) struct Col {
    /// The name under which the table stands in the statement.
    pub(super) alias: Rc<str>,
    /// The model whose table it is.
    pub(super) model: ModelId,
    /// The column's place in that model.
    pub(super) place: usize,
    /// Whether a row around may have several: it was found along a relation from a subquery.
    pub(super) is_many: bool,
}

impl PartialEq for Col {
    fn eq(&self, other: &Self) -> bool {
        (&self.alias, self.model, self.place) == (&other.alias, other.model, other.place)
    }
}

/// What rows are grouped by where a value is given beside an aggregate.
#[derive(Clone, Debug)]
pub(super) enum Group<'q> {
    /// By the value.
    Itself,
    /// By these.
    Of(Vec<Grouped<'q>>),
}

/// One thing that rows are grouped by.
#[derive(Clone, Debug)]
pub(super) struct Grouped<'q> {
    pub(super) sql: Fragment<'q>,
    pub(super) col: Option<Col>,
}

/// A value, compiled.
#[derive(Clone, Debug)]
pub(super) struct Piece<'q> {
    pub(super) sql: Fragment<'q>,
    /// The column, where it is one and nothing else.
    pub(super) col: Option<Col>,
    /// Whether it is of many rows.
    pub(super) aggregate: bool,
    /// Whether it is of the rows around.
    pub(super) window: bool,
    /// Whether another query is in it.
    pub(super) subquery: bool,
    pub(super) group: Group<'q>,
    /// All columns in it.
    pub(super) cols: Vec<Col>,
    /// The annotations of the inner query that it names, where there is an inner query.
    pub(super) refs: Vec<Name>,
    /// Where it is a key: the model at the other end, and the column that it refers to. Only some lookups are for keys.
    pub(super) relation: Option<(ModelId, (ModelId, usize))>,
    /// The parts of a key of several columns.
    pub(super) parts: Vec<Piece<'q>>,
    /// Where it is a condition: what became of it.
    pub(super) truth: Option<Truth<'q>>,
}

impl<'q> Piece<'q> {
    /// A column.
    pub(super) fn column(col: Col, sql: Fragment<'q>) -> Self {
        Self { col: Some(col.clone()), cols: vec![col], ..Self::of(sql, &[]) }
    }

    /// A constant: nothing to group by.
    pub(super) fn constant(sql: Fragment<'q>) -> Self {
        Self { group: Group::Of(vec![]), ..Self::of(sql, &[]) }
    }

    /// Something made of others.
    pub(super) fn of(sql: Fragment<'q>, sources: &[&Self]) -> Self {
        let aggregate = sources.iter().any(|source| source.aggregate);
        let group = if aggregate {
            Group::Of(sources.iter().flat_map(|source| source.grouped()).collect())
        } else {
            Group::Itself
        };
        let mut refs: Vec<Name> = vec![];
        for name in sources.iter().flat_map(|source| &source.refs) {
            if !refs.contains(name) {
                refs.push(name.clone());
            }
        }
        Self {
            col: None,
            aggregate,
            window: sources.iter().any(|source| source.window),
            subquery: sources.iter().any(|source| source.subquery),
            group,
            cols: sources.iter().flat_map(|source| source.cols.iter().cloned()).collect(),
            refs,
            relation: None,
            parts: vec![],
            truth: None,
            sql,
        }
    }

    /// The kind of what it gives.
    pub(super) fn kind(&self) -> Option<&Kind> {
        self.sql.kind.as_ref()
    }

    /// Whether it is true or false.
    pub(super) fn is_condition(&self) -> bool {
        self.truth.is_some() || matches!(self.kind(), Some(Kind::Boolean))
    }

    /// What rows are grouped by where it is given.
    pub(super) fn grouped(&self) -> Vec<Grouped<'q>> {
        match &self.group {
            Group::Itself => vec![Grouped { sql: self.sql.clone(), col: self.col.clone() }],
            Group::Of(those) => those.clone(),
        }
    }

    /// The columns that it selects: those of a key of several, else itself.
    pub(super) fn each(&self) -> Vec<&Self> {
        if self.parts.is_empty() { vec![self] } else { self.parts.iter().collect() }
    }
}

/// Whether two pieces are the same, values included.
pub(super) fn is_same(one: &Fragment<'_>, other: &Fragment<'_>) -> bool {
    one.sql == other.sql
        && one.binds.len() == other.binds.len()
        && one.binds.iter().zip(&other.binds).all(|(one, other)| is_same_bind(one, other))
}

/// Whether two places have the same value for certain.
pub(super) fn is_same_bind(one: &Bind<'_>, other: &Bind<'_>) -> bool {
    let same = match (&one.given, &other.given) {
        (Given::Value(one), Given::Value(other)) => std::ptr::eq(*one, *other),
        (Given::Element(one, at), Given::Element(other, there)) => std::ptr::eq(*one, *other) && at == there,
        (Given::Own(one), Given::Own(other)) => one == other,
        _ => false,
    };
    same && one.prepare == other.prepare
}
