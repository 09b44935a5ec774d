//! Several queries whose rows are one: `UNION`, `INTERSECT`, `EXCEPT`.

use crate::query::Path;
use crate::query::ast::{
    Combined, Distinct, Expr, Order, OrderBy, Ordering, Query, Related, Select, SetOperation, Step,
};
use crate::query::error::QueryError;
use crate::query::fragment::Fragment;
use crate::query::{Name, Nulls};
use crate::sql::Dialect;

use super::expression::directed;
use super::output::Part;
use super::select::Selected;
use super::write::{Cut, How, Written};
use super::{Compiler, has_values, is_sliced};

impl<'q> Compiler<'_, 'q> {
    /// The rows of combined queries.
    pub(super) fn combined(&mut self, query: &'q Query) -> Result<Option<Written<'q>>, QueryError> {
        let values = self.check_combined(query)?;
        let Some(combined) = &query.combined else { return Ok(None) };
        let Some(Written { mut sql, selected, rows, is_grouped }) = self.united(query, combined, values)? else {
            return Ok(None);
        };
        let ordered = self.combined_order(query, &selected)?;
        if !ordered.is_empty() {
            sql.push(" ORDER BY ");
            sql.add(Fragment::join(ordered, ", "));
        }
        if !self.push_slice(&mut sql, &query.slice, Cut::Slice)? {
            return Ok(None);
        }
        Ok(Some(Written { sql, selected, rows, is_grouped }))
    }

    /// What may not be said of combined queries; and the values that are chosen of all of them.
    pub(super) fn check_combined(&self, query: &'q Query) -> Result<Option<&'q [(Name, Expr)]>, QueryError> {
        let refused = |what: &str| {
            let after = match query.combined.as_ref().map(|combined| combined.operation) {
                Some(SetOperation::Intersection) => "intersection",
                Some(SetOperation::Difference) => "difference",
                _ => "union",
            };
            QueryError::unsupported(format!("calling `{what}` after `{after}` is not supported"))
        };
        let mut values = None;
        for step in &query.steps {
            match step {
                Step::Values(items) => values = Some(items.as_slice()),
                Step::Filter(_) => return Err(refused("filter")),
                Step::Exclude(_) => return Err(refused("exclude")),
                Step::Annotate(..) | Step::FilteredRelation(..) => return Err(refused("annotate")),
                Step::Alias(..) => return Err(refused("alias")),
            }
        }
        if query.distinct != Distinct::No {
            return Err(refused("distinct"));
        }
        if query.related != Related::None {
            return Err(refused("select_related"));
        }
        match query.select {
            Select::All => {}
            Select::Only(_) => return Err(refused("only")),
            Select::Defer(_) => return Err(refused("defer")),
        }
        if query.lock.is_some() {
            return Err(refused("select_for_update"));
        }
        Ok(values)
    }

    fn united(
        &mut self,
        query: &Query,
        combined: &'q Combined,
        values: Option<&'q [(Name, Expr)]>,
    ) -> Result<Option<Written<'q>>, QueryError> {
        let mut parts: Vec<Fragment<'q>> = vec![];
        let mut first: Option<Written<'q>> = None;
        let mut is_grouped = false;
        for (number, one) in combined.queries.iter().enumerate() {
            let Some(written) = self.part(one, values)? else {
                match combined.operation {
                    SetOperation::Union => continue,
                    SetOperation::Difference if number > 0 => continue,
                    _ => return Ok(None),
                }
            };
            if let Some(first) = &first
                && first.selected.len() != written.selected.len()
            {
                return Err(QueryError::usage(format!(
                    "combined queries must give as many columns: {} and {}",
                    first.selected.len(),
                    written.selected.len()
                )));
            }
            is_grouped |= written.is_grouped;
            parts.push(self.in_braces(one, written.sql.clone()));
            first.get_or_insert(written);
        }
        let Some(mut first) = first.filter(|_| !query.is_none || self.keeps_empty) else { return Ok(None) };
        let word = match (combined.operation, combined.all) {
            (SetOperation::Union, false) => " UNION ",
            (SetOperation::Union, true) => " UNION ALL ",
            (SetOperation::Intersection, _) => " INTERSECT ",
            (SetOperation::Difference, _) => " EXCEPT ",
        };
        // Of one part alone the order and the slice are its own: those of the whole stand around it.
        first.sql = match parts.len() {
            1 => Fragment::join(parts, "").between("SELECT * FROM (", ") subquery"),
            _ => Fragment::join(parts, word),
        };
        first.is_grouped = is_grouped;
        Ok(Some(first))
    }

    /// One of them. Its order means nothing, unless some of its rows are cut off.
    fn part(&mut self, one: &'q Query, values: Option<&'q [(Name, Expr)]>) -> Result<Option<Written<'q>>, QueryError> {
        if one.combined.is_some() {
            return self.deeper(|compiler| compiler.combined(one));
        }
        let model = self.model(&one.model)?;
        self.push_query(model)?;
        let written = self.part_rows(one, values);
        let outer = self.pop_query().outer;
        self.parts_outer.extend(outer);
        written
    }

    fn part_rows(
        &mut self,
        one: &'q Query,
        values: Option<&'q [(Name, Expr)]>,
    ) -> Result<Option<Written<'q>>, QueryError> {
        self.replay(one)?;
        if let Some(values) = values.filter(|_| !has_values(one)) {
            self.values(values)?;
        }
        let orders = is_sliced(one) || matches!(one.distinct, Distinct::On(_));
        let is_given = self.stack.len() == 1 && self.is_outermost;
        self.write(one, How { orders, cuts: Cut::Slice, is_inner: true, is_given })
    }

    fn in_braces(&self, one: &Query, sql: Fragment<'q>) -> Fragment<'q> {
        match self.cx.dialect {
            Dialect::Postgres => sql.between("(", ")"),
            Dialect::Sqlite if one.combined.is_some() || is_sliced(one) => sql.between("SELECT * FROM (", ")"),
            Dialect::Sqlite => sql,
        }
    }

    /// The order of the whole, by names of what is given.
    fn combined_order(&self, query: &'q Query, selected: &[Selected<'q>]) -> Result<Vec<Fragment<'q>>, QueryError> {
        let Ordering::By(items) = &query.ordering else { return Ok(vec![]) };
        items.iter().map(|item| self.combined_place(item, query, selected)).collect()
    }

    fn combined_place(
        &self,
        item: &'q OrderBy,
        query: &'q Query,
        selected: &[Selected<'q>],
    ) -> Result<Fragment<'q>, QueryError> {
        let path: &Path = match &item.by {
            Order::Path(path) | Order::Expr(Expr::F(path)) => path,
            _ => return Err(QueryError::unsupported("combined queries are ordered by names of what they give")),
        };
        let name = path.to_string();
        let is_column = |one: &Selected<'q>| {
            one.piece.col.as_ref().is_some_and(|col| {
                let info = self.cx.registry.model(col.model);
                let column = &info.columns[col.place];
                column.name == name || column.attname == name || name == "pk" && info.key.contains(&col.place)
            })
        };
        let registry = self.cx.registry;
        let own = registry.model(self.model(&query.model)?).concrete;
        let table = registry.model(own).state.table();
        let is_own = |one: &Selected<'q>| {
            // A column of the rows themselves, whatever it is called among the values.
            one.piece.col.as_ref().is_some_and(|col| *col.alias == *table) && is_column(one)
        };
        let named = selected.iter().position(|one| match one.part {
            Part::Value => one.name == name,
            Part::Hidden => false,
            Part::Column { row: 0, .. } => is_column(one),
            Part::Column { .. } => false,
        });
        let place = named.or_else(|| selected.iter().position(|one| one.part == Part::Value && is_own(one)));
        let Some(place) = place else {
            return Err(QueryError::name(format!(
                "`{}` does not match any column that the combined queries give",
                super::names::shown(&name)
            )));
        };
        let nulls = match (item.nulls, query.reversed) {
            (Some(Nulls::First), true) => Some(Nulls::Last),
            (Some(Nulls::Last), true) => Some(Nulls::First),
            (nulls, _) => nulls,
        };
        Ok(directed(Fragment::new((place + 1).to_string(), None), item.descending ^ query.reversed, nulls))
    }
}
