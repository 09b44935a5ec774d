//! Conditions: from what was said to a tree of comparisons, joining what they need.
//!
//! The tree stays one until the statement is written, because its parts may belong behind `WHERE`, behind `HAVING` or
//! around the whole: see [`having`](super::having).

use std::collections::BTreeSet;

use crate::query::ast::{Condition, Expr};
use crate::query::error::QueryError;
use crate::query::fragment::{Fragment, Truth};
use crate::query::{Name, Path};
use crate::schema::{Kind, Value};

use super::Compiler;
use super::compare::Rhs;
use super::piece::{Grouped, Piece};
use super::promote::Votes;

/// What stands between the parts of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Connector {
    And,
    Or,
    Xor,
}

/// A condition, compiled as far as it can be before its place is known.
#[derive(Clone, Debug)]
pub(super) enum Where<'q> {
    Node { connector: Connector, negated: bool, parts: Vec<Where<'q>> },
    Leaf(Box<Leaf<'q>>),
}

/// One comparison, or one value that is true or false.
#[derive(Clone, Debug)]
pub(super) struct Leaf<'q> {
    pub(super) truth: Truth<'q>,
    pub(super) aggregate: bool,
    pub(super) window: bool,
    pub(super) group: Vec<Grouped<'q>>,
    /// What it was made of, to make it again of other names.
    pub(super) left: Option<Piece<'q>>,
    pub(super) compared: Option<(Name, Rhs<'q>)>,
}

/// What a condition is built under.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flags {
    /// Whether a negation stands around it.
    pub(super) branch: bool,
    /// Whether an odd number of them does.
    pub(super) current: bool,
    /// Whether a negated relation of many becomes a subquery.
    pub(super) splits: bool,
    /// Whether joins may change their type.
    pub(super) promotes: bool,
}

impl Default for Flags {
    fn default() -> Self {
        Self { branch: false, current: false, splits: true, promotes: true }
    }
}

/// What a part of a condition became, and the joins that must find a row for it.
pub(super) type Built<'q> = (Where<'q>, Vec<usize>);

impl<'q> Where<'q> {
    /// Nothing said yet.
    pub(super) fn node(connector: Connector, negated: bool) -> Self {
        Self::Node { connector, negated, parts: vec![] }
    }

    /// One leaf.
    pub(super) fn leaf(truth: Truth<'q>) -> Self {
        Self::Leaf(Box::new(Leaf { truth, aggregate: false, window: false, group: vec![], left: None, compared: None }))
    }

    /// Whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Node { parts, .. } if parts.is_empty())
    }

    /// Adds a part; one that is connected in the same way is taken in.
    pub(super) fn add(&mut self, part: Self) {
        let Self::Node { connector, parts, .. } = self else { return };
        match part {
            Self::Node { connector: own, negated: false, parts: inner } if own == *connector || inner.len() == 1 => {
                parts.extend(inner);
            }
            part => parts.push(part),
        }
    }
}

/// A condition as the reference nests it: its connector, whether it is negated, and its parts.
fn parts(condition: &Condition) -> (Connector, bool, Vec<&Condition>) {
    match condition {
        Condition::And(all) => (Connector::And, false, all.iter().collect()),
        Condition::Or(all) => (Connector::Or, false, all.iter().collect()),
        Condition::Xor(all) => (Connector::Xor, false, all.iter().collect()),
        Condition::Not(inner) => {
            let (connector, negated, all) = parts(inner);
            (connector, !negated, all)
        }
        leaf => (Connector::And, false, vec![leaf]),
    }
}

impl<'q> Compiler<'_, 'q> {
    /// Adds a condition to those of the query; all that is in it may mean the same rows of a relation of many.
    pub(super) fn add_condition(&mut self, condition: &'q Condition, negated: bool) -> Result<(), QueryError> {
        let inner = self.inner_joins();
        self.q_mut().reusable = Some(BTreeSet::new());
        let flags = Flags { branch: negated, current: negated, ..Flags::default() };
        let built = self.build_node(Connector::And, negated, vec![condition], flags);
        self.q_mut().reusable = None;
        let (clause, _) = built?;
        if !clause.is_empty() {
            self.q_mut().conditions.add(clause);
        }
        self.demote(inner);
        Ok(())
    }

    /// A condition as a value: no join may drop a row because of it.
    pub(super) fn condition_value(&mut self, condition: &'q Condition) -> Result<Where<'q>, QueryError> {
        let (connector, negated, all) = parts(condition);
        let flags = Flags { branch: negated, current: negated, splits: false, promotes: true };
        let (clause, needed) = self.build_node(connector, negated, all, flags)?;
        self.promote(needed);
        Ok(clause)
    }

    fn build_node(
        &mut self,
        connector: Connector,
        negated: bool,
        all: Vec<&'q Condition>,
        flags: Flags,
    ) -> Result<Built<'q>, QueryError> {
        let mut clause = Where::node(connector, negated);
        let mut votes = Votes::new(connector, all.len(), flags.current);
        for part in all {
            let (built, needed) = self.build(part, flags)?;
            votes.add(needed);
            if !built.is_empty() {
                clause.add(built);
            }
        }
        let needed = if flags.promotes { votes.count(self) } else { vec![] };
        Ok((clause, needed))
    }

    /// A part of a condition.
    pub(super) fn build(&mut self, condition: &'q Condition, flags: Flags) -> Result<Built<'q>, QueryError> {
        self.deeper(|compiler| match condition {
            Condition::And(_) | Condition::Or(_) | Condition::Xor(_) | Condition::Not(_) => {
                let (connector, negated, all) = parts(condition);
                let flags = Flags { branch: flags.branch || negated, current: flags.current ^ negated, ..flags };
                compiler.build_node(connector, negated, all, flags)
            }
            Condition::Lookup(path, value) => compiler.build_lookup(path, value, None, flags),
            Condition::Compare(left, lookups, right) => {
                let left = compiler.resolve(left)?;
                let right = compiler.rhs(right)?;
                let compared = compiler.compare(lookups.names(), left, right)?;
                Ok((compared.clause, vec![]))
            }
            Condition::Expr(Expr::Condition(inner)) => compiler.build(inner, flags),
            Condition::Expr(expr) => {
                let piece = compiler.resolve(expr)?;
                Ok((holds(piece)?, vec![]))
            }
            Condition::Never => Ok((Where::leaf(Truth::Never), vec![])),
        })
    }

    /// A path with its lookup, compared with a value, or with one that is compiled already.
    pub(super) fn build_lookup(
        &mut self,
        path: &'q Path,
        value: &'q Expr,
        ready: Option<Rhs<'q>>,
        flags: Flags,
    ) -> Result<Built<'q>, QueryError> {
        let names = self.renamed(path.names());
        if names.is_empty() {
            return Err(QueryError::name("a condition without a name"));
        }
        let before: Vec<i32> = self.q().tables.iter().map(|table| table.uses).collect();
        if let Some((found, used)) = self.annotated(&names)? {
            let right = self.ready(ready, value)?;
            return Ok((self.compare(&names[used..], found, right)?.clause, vec![]));
        }
        let model = self.q().model;
        let walked = self.walk(&names, model)?;
        if !self.allows_joins && walked.used() > 1 {
            return Err(joined_reference());
        }
        let right = self.ready(ready.clone(), value)?;
        let mut used: BTreeSet<usize> = self
            .q()
            .tables
            .iter()
            .enumerate()
            .filter_map(|(place, table)| (table.uses > before.get(place).copied().unwrap_or(0)).then_some(place))
            .collect();
        let first = self.first_table();
        if flags.branch && flags.splits && walked.hops.iter().any(|hop| hop.is_many) {
            return self.split_exclude(path, &names, value, &walked);
        }
        let joined = self.setup_joins(&walked, first)?;
        self.q_mut().lookup_joins.clone_from(&joined.tables);
        used.extend(joined.tables.iter().copied());
        let joined = self.trim_joins(joined, &walked.hops);
        if let Some(reusable) = &mut self.q_mut().reusable {
            reusable.extend(joined.tables.iter().copied());
        }
        let left = self.target(&joined, &walked);
        let left = self.exposed(left);
        let right_col = match &right {
            Rhs::Piece(piece) => piece.col.clone(),
            _ => None,
        };
        let compared = self.compare(&names[walked.used()..], left, right)?;
        let mut clause = Where::node(Connector::And, false);
        clause.add(compared.clause);
        let mut needs_outer = compared.is_null == Some(true) && !flags.current;
        if flags.current && compared.is_null != Some(true) && !compared.is_none {
            needs_outer = true;
            let last = joined.tables.last().copied().unwrap_or_default();
            if compared.is_null.is_none() {
                // A null is not equal to anything, nor unequal: a negation must take it for unequal.
                if (joined.targets.first().is_some_and(|target| self.is_nullable(*target)) || self.is_outer(last))
                    && let Some((model, place)) = joined.targets.first()
                {
                    let col = self.column(last, *model, *place);
                    let col = self.exposed(col);
                    clause.add(self.not_null(col)?);
                }
                if let Some(col) = right_col.filter(|col| self.is_nullable((col.model, col.place))) {
                    clause.add(self.not_null(self.column_again(&col))?);
                }
            }
        }
        Ok((clause, if needs_outer { vec![] } else { used.into_iter().collect() }))
    }

    fn ready(&mut self, ready: Option<Rhs<'q>>, value: &'q Expr) -> Result<Rhs<'q>, QueryError> {
        match ready {
            Some(ready) => Ok(ready),
            None => self.rhs(value),
        }
    }

    fn not_null(&self, piece: Piece<'q>) -> Result<Where<'q>, QueryError> {
        static NO: Value = Value::Bool(false);
        Ok(self.compare_plain("isnull".into(), piece, Rhs::Value(&NO))?.clause)
    }

    /// The names of a path, in a condition of a relation with its own name: with that name in the relation's place.
    fn renamed(&self, names: &[Name]) -> Vec<Name> {
        match &self.q().renamed {
            Some((relation, name)) if names.starts_with(relation) => {
                [std::slice::from_ref(name), &names[relation.len()..]].concat()
            }
            _ => names.to_vec(),
        }
    }
}

/// A value that is true or false, as a condition.
pub(super) fn holds(piece: Piece<'_>) -> Result<Where<'_>, QueryError> {
    if !piece.is_condition() {
        return Err(QueryError::usage("cannot filter by a value that is neither true nor false"));
    }
    let truth = piece.truth.clone().unwrap_or_else(|| Truth::Sql(piece.sql.clone()));
    Ok(Where::Leaf(Box::new(Leaf {
        truth,
        aggregate: piece.aggregate,
        window: piece.window,
        group: piece.grouped(),
        left: Some(piece),
        compared: None,
    })))
}

/// A condition's truth as a value.
pub(super) fn truth_value(truth: Truth<'_>) -> Fragment<'_> {
    match truth {
        Truth::Sql(sql) => sql.of_kind(Some(Kind::Boolean)),
        Truth::Always => Fragment::new("TRUE", Some(Kind::Boolean)),
        Truth::Never => Fragment::new("FALSE", Some(Kind::Boolean)),
    }
}

/// A path over a relation where none can be joined.
pub(super) fn joined_reference() -> QueryError {
    QueryError::name("a path over a relation is not permitted here\nhint: use a subquery for the value of another row")
}
