//! A negated condition over a relation of many: no row of it is so.
//!
//! `not a row of it is so` and `a row of it is not so` are different questions, and a join can only ask the second. The
//! first is asked by a subquery, which begins at the relation's own table.

use crate::query::ast::Expr;
use crate::query::error::QueryError;
use crate::query::fragment::{Fragment, Truth};
use crate::query::{Name, Path};
use crate::schema::{Kind, Value};

use super::Compiler;
use super::compare::Rhs;
use super::condition::{Built, Connector, Flags, Where};
use super::names::Walked;
use super::piece::Piece;

impl<'q> Compiler<'_, 'q> {
    /// The condition as a subquery: whether there is such a row.
    pub(super) fn split_exclude(
        &mut self,
        path: &'q Path,
        names: &[Name],
        value: &'q Expr,
        walked: &Walked,
    ) -> Result<Built<'q>, QueryError> {
        // A path on the right side is one of this query, not of the subquery.
        let ready = match value {
            Expr::F(_) | Expr::Outer(_) | Expr::OuterOf(..) => {
                let reusable = self.q_mut().reusable.take();
                let piece = self.resolve(value);
                self.q_mut().reusable = reusable;
                Some(Rhs::Piece(Box::new(piece?)))
            }
            _ => None,
        };
        let many = walked.hops.iter().position(|hop| hop.is_many).unwrap_or_default();
        self.push_query(self.q().model)?;
        self.q_mut().filtered = self.outer_filtered();
        let inner = self.inner_condition(path, value, ready);
        let result = inner.and_then(|()| self.trim_start(names, walked, many));
        let inner = self.pop_query();
        let Trimmed { prefix, has_outer, select, table } = result?;
        let natural = inner.tables[table].natural.clone();
        let reusable = self.q().reusable.clone().unwrap_or_default();
        let same = reusable.into_iter().find(|place| self.q().tables[*place].natural == natural);
        let outer = match same {
            // The row that the conditions beside it mean must not be such a row.
            Some(place) => {
                let model = self.q().tables[place].model;
                let key = self.cx.registry.model(model).key.first().copied().unwrap_or_default();
                let here = self.column(place, model, key);
                self.stack.push(inner);
                let there = self.column(table, model, key);
                let restriction = self.equal(there, here);
                self.restrict(restriction?);
                self.pop_query()
            }
            None => {
                let reusable = self.q_mut().reusable.take();
                let here = self.path_value(&prefix, false);
                self.q_mut().reusable = reusable;
                let here = here?;
                self.stack.push(inner);
                let restriction = self.equal(select, here);
                self.restrict(restriction?);
                self.pop_query()
            }
        };
        self.stack.push(outer);
        let exists = self.exists_clause();
        self.pop_query();
        let mut clause = Where::node(Connector::And, false);
        clause.add(exists?);
        if !has_outer {
            return Ok((clause, vec![]));
        }
        // Rows without anything on the way have no such row either, but would be lost between nulls.
        static YES: Value = Value::Bool(true);
        let model = self.q().model;
        let missing = self.walk(&prefix, model)?;
        let first = self.first_table();
        let joined = self.setup_joins(&missing, first)?;
        let joined = self.trim_joins(joined, &missing.hops);
        let left = self.target(&joined, &missing);
        let null = self.compare_plain("isnull".into(), left, Rhs::Value(&YES))?.clause;
        let mut either = Where::node(Connector::Or, false);
        either.add(clause);
        either.add(null);
        Ok((either, vec![]))
    }

    fn outer_filtered(&self) -> Vec<super::joins::Filtered<'q>> {
        self.stack.len().checked_sub(2).map(|outer| self.stack[outer].filtered.clone()).unwrap_or_default()
    }

    fn inner_condition(&mut self, path: &'q Path, value: &'q Expr, ready: Option<Rhs<'q>>) -> Result<(), QueryError> {
        let inner = self.inner_joins();
        self.q_mut().reusable = Some(std::collections::BTreeSet::new());
        let (clause, needed) = self.build_lookup(path, value, ready, Flags::default())?;
        let mut votes = super::promote::Votes::new(Connector::And, 1, false);
        votes.add(needed);
        votes.count(self);
        self.restrict(clause);
        self.demote(inner);
        Ok(())
    }

    /// Takes the tables before the relation of many out of the subquery.
    fn trim_start(&mut self, names: &[Name], walked: &Walked, many: usize) -> Result<Trimmed<'q>, QueryError> {
        let q = self.q();
        let tables: Vec<usize> =
            q.order.iter().copied().filter(|place| *place == 0 || q.lookup_joins.contains(place)).collect();
        let lacks = || QueryError::usage("a condition over a relation of many that has no table");
        let at = |number: usize| tables.get(number).copied().ok_or_else(lacks);
        let mut has_outer = false;
        for number in 0..many {
            has_outer |= self.is_outer(at(number + 1)?);
            self.unuse(at(number)?);
        }
        let hop = walked.hops.get(many).ok_or_else(lacks)?;
        let mut prefix: Vec<Name> =
            names.iter().zip(&walked.ends).take_while(|(_, end)| **end <= many).map(|(name, _)| name.clone()).collect();
        prefix.push(self.cx.registry.model(hop.from).columns[hop.here].name.clone().into());
        let (start, next) = (at(many)?, at(many + 1)?);
        let (select, table) = if !self.is_outer(next) && hop.filtered.is_none() {
            self.unuse(start);
            (self.column(next, hop.to, hop.there), next)
        } else {
            (self.column(start, hop.from, hop.here), start)
        };
        // The first that is left begins the statement.
        let first = self.q().order.iter().copied().find(|place| self.q().tables[*place].uses > 0);
        if let Some(first) = first {
            self.q_mut().tables[first].join = None;
        }
        Ok(Trimmed { prefix, has_outer, select, table })
    }

    fn equal(&self, left: Piece<'q>, right: Piece<'q>) -> Result<Where<'q>, QueryError> {
        let mut left = left;
        left.relation = None;
        Ok(self.compare_plain("exact".into(), left, Rhs::Piece(Box::new(right)))?.clause)
    }

    fn restrict(&mut self, clause: Where<'q>) {
        self.q_mut().conditions.add(clause);
    }

    /// Whether the query on top has a row, as a condition of the one below.
    fn exists_clause(&self) -> Result<Where<'q>, QueryError> {
        let truth = match self.truth(&self.q().conditions)? {
            Truth::Never => Truth::Never,
            truth => {
                let mut sql = Fragment::new("EXISTS(SELECT 1 AS \"a\" FROM ", None);
                sql.add(self.tables_clause());
                if let Truth::Sql(condition) = truth {
                    sql.push(" WHERE ");
                    sql.add(condition);
                }
                sql.push(" LIMIT 1)");
                Truth::Sql(sql.of_kind(Some(Kind::Boolean)))
            }
        };
        Ok(Where::leaf(truth))
    }
}

/// A subquery without the tables before the relation of many.
struct Trimmed<'q> {
    /// The path from the outer query to the column that the subquery begins at.
    prefix: Vec<Name>,
    /// Whether there may be no row on the way.
    has_outer: bool,
    /// The column of the subquery that is compared with it, and its table.
    select: Piece<'q>,
    table: usize,
}
