//! Queries inside queries: in lookups, as values, and as questions whether there is a row.

use crate::query::Name;
use crate::query::ast::{Query, SetOperation};
use crate::query::error::QueryError;
use crate::query::fragment::Fragment;
use crate::schema::Kind;

use super::group::GroupBy;
use super::output::Part;
use super::piece::Piece;
use super::select::{Selected, Selection};
use super::write::{Cut, How, Written};
use super::{Compiler, has_values, is_sliced};
use crate::query::ast::Distinct;

/// What a subquery gives where it chooses nothing itself.
#[derive(Clone, Debug)]
pub(super) enum Chosen {
    /// The primary key.
    Key,
    /// A field.
    Field(Name),
    /// Nothing: it must choose one value itself.
    One,
}

/// A subquery, without parentheses.
#[derive(Clone, Debug)]
pub(super) struct Sub<'q> {
    /// Its SQL; none where it has no rows for certain.
    pub(super) sql: Option<Fragment<'q>>,
    /// The kind of its first column.
    pub(super) kind: Option<Kind>,
    /// How many columns it gives.
    pub(super) width: usize,
    /// What it names of the query around it.
    pub(super) outer: Vec<Piece<'q>>,
}

impl<'q> Compiler<'_, 'q> {
    /// The rows of another query.
    pub(super) fn subquery(&mut self, query: &'q Query, chosen: &Chosen) -> Result<Sub<'q>, QueryError> {
        self.deeper(|compiler| {
            let saved = compiler.apart();
            let sub = compiler.subquery_here(query, chosen);
            compiler.back(saved);
            sub
        })
    }

    /// What holds for this query alone is put aside.
    fn apart(&mut self) -> (bool, bool, bool, Option<super::count::Wrapped<'q>>) {
        (
            std::mem::replace(&mut self.allows_joins, true),
            std::mem::replace(&mut self.in_window, false),
            std::mem::replace(&mut self.keeps_empty, false),
            self.wrapped.take(),
        )
    }

    fn back(&mut self, saved: (bool, bool, bool, Option<super::count::Wrapped<'q>>)) {
        (self.allows_joins, self.in_window, self.keeps_empty, self.wrapped) = saved;
    }

    fn subquery_here(&mut self, query: &'q Query, chosen: &Chosen) -> Result<Sub<'q>, QueryError> {
        let is_list = !matches!(chosen, Chosen::One);
        if query.combined.is_some() {
            if !has_values(query) && is_list {
                return Err(QueryError::unsupported(
                    "combined queries must choose their values to be compared with\nhint: `values` of one field",
                ));
            }
            let before = std::mem::take(&mut self.parts_outer);
            let written = self.combined(query);
            let outer = std::mem::replace(&mut self.parts_outer, before);
            return one_column(chosen, sub(written?, outer));
        }
        let model = self.model(&query.model)?;
        self.push_query(model)?;
        let written = self.inner_rows(query, chosen, is_list);
        let outer = self.pop_query().outer;
        one_column(chosen, sub(written?, outer))
    }

    fn inner_rows(
        &mut self,
        query: &'q Query,
        chosen: &Chosen,
        is_list: bool,
    ) -> Result<Option<Written<'q>>, QueryError> {
        self.replay(query)?;
        let mut is_chosen = self.q().has_values;
        if !is_chosen {
            match chosen {
                Chosen::One => {}
                Chosen::Key => {
                    self.choose(vec!["pk".into()])?;
                    is_chosen = true;
                }
                Chosen::Field(name) => {
                    if matches!(self.q().group_by, GroupBy::All) {
                        self.group_by_all()?;
                    }
                    self.choose(vec![name.clone()])?;
                    is_chosen = true;
                }
            }
        }
        if !is_chosen {
            return Err(QueryError::usage(
                "a subquery that is a value must give one column\nhint: choose it by `values`",
            ));
        }
        // The order of rows means nothing to `in`, unless some are cut off.
        let orders = !is_list || is_sliced(query) || matches!(query.distinct, Distinct::On(_));
        self.write(query, How { orders, cuts: Cut::Slice, is_inner: true, is_given: false })
    }

    /// Gives these fields and nothing else.
    pub(super) fn choose(&mut self, names: Vec<Name>) -> Result<(), QueryError> {
        let mut columns = vec![];
        for name in names {
            columns.push((name.clone(), self.path_value(&[name], false)?));
        }
        let q = self.q_mut();
        (q.columns, q.chosen, q.gives_model, q.mask) = (columns, None, false, Some(vec![]));
        Ok(())
    }

    /// Groups by all fields of the model, whatever is given.
    pub(super) fn group_by_all(&mut self) -> Result<(), QueryError> {
        let model = self.q().model;
        let names = self.cx.registry.model(model).columns.iter().map(|column| Name::from(column.attname.clone()));
        let names: Vec<Name> = names.collect();
        let mask = self.q().mask.clone();
        self.choose(names)?;
        self.q_mut().mask = mask;
        self.set_group_by(false);
        Ok(())
    }

    /// Whether another query has a row.
    pub(super) fn exists_subquery(&mut self, query: &'q Query) -> Result<Sub<'q>, QueryError> {
        self.deeper(|compiler| {
            let saved = compiler.apart();
            let sub = compiler.exists_here(query, true);
            compiler.back(saved);
            sub
        })
    }

    /// Whether there is a row, as a statement.
    pub(super) fn exists(&mut self, query: &'q Query) -> Result<Option<Written<'q>>, QueryError> {
        let sub = self.exists_here(query, true)?;
        Ok(sub.sql.map(|sql| {
            let piece = Piece::constant(Fragment::new("1", Some(Kind::Integer)));
            let selected = vec![Selected { piece, alias: Some("a".into()), name: "a".into(), part: Part::Value }];
            Written { sql, selected, rows: vec![], is_grouped: sub.width > 0 }
        }))
    }

    fn exists_here(&mut self, query: &'q Query, cuts: bool) -> Result<Sub<'q>, QueryError> {
        if let Some(combined) = &query.combined {
            if combined.operation == SetOperation::Union && !is_sliced(query) {
                return self.any_exists(query, &combined.queries);
            }
            let before = std::mem::take(&mut self.parts_outer);
            self.is_outermost = false;
            let written = self.combined(query);
            let outer = std::mem::replace(&mut self.parts_outer, before);
            let sql = written?.map(|written| written.sql.between("SELECT 1 AS \"a\" FROM (", ") subquery LIMIT 1"));
            return Ok(Sub { sql, kind: Some(Kind::Boolean), width: 0, outer });
        }
        let model = self.model(&query.model)?;
        self.push_query(model)?;
        let written = self.exists_row(query, cuts);
        let build = self.pop_query();
        let is_grouped = !matches!(build.group_by, GroupBy::None) || query.distinct != Distinct::No;
        let mut sub = sub(written?, build.outer);
        sub.width = usize::from(is_grouped);
        Ok(sub)
    }

    fn exists_row(&mut self, query: &'q Query, cuts: bool) -> Result<Option<Written<'q>>, QueryError> {
        self.replay(query)?;
        if !(query.distinct != Distinct::No && is_sliced(query)) {
            if matches!(self.q().group_by, GroupBy::All) {
                self.group_by_all()?;
            }
            self.choose(vec![])?;
        }
        if self.q().tables.iter().all(|table| table.uses == 0) {
            self.first_table();
        }
        let mut selection: Selection<'q> = self.selection(query)?;
        let piece = Piece::constant(Fragment::new("1", Some(Kind::Integer)));
        selection.all.push(Selected { piece, alias: Some("a".into()), name: "a".into(), part: Part::Value });
        let cut = if cuts && !(query.distinct != Distinct::No && is_sliced(query)) { Cut::One } else { Cut::Slice };
        self.write_selection(query, selection, How { orders: false, cuts: cut, is_inner: true, is_given: false })
    }

    /// Whether one of several has a row.
    fn any_exists(&mut self, query: &'q Query, all: &'q [Query]) -> Result<Sub<'q>, QueryError> {
        self.check_combined(query)?;
        let mut parts = vec![];
        let mut outer = vec![];
        for one in all {
            let sub = self.exists_here(one, true)?;
            outer.extend(sub.outer);
            parts.extend(sub.sql);
        }
        if parts.is_empty() || query.is_none {
            return Ok(Sub { sql: None, kind: None, width: 0, outer });
        }
        let parts = parts.into_iter().map(|part| part.between("SELECT * FROM (", ") subquery"));
        let mut sql = Fragment::join(parts, " UNION ");
        sql.push(" LIMIT 1");
        Ok(Sub { sql: Some(sql), kind: Some(Kind::Boolean), width: 1, outer })
    }
}

fn sub<'q>(written: Option<Written<'q>>, outer: Vec<Piece<'q>>) -> Sub<'q> {
    match written {
        None => Sub { sql: None, kind: None, width: 0, outer },
        Some(written) => {
            let kind = written.selected.first().and_then(|one| one.piece.sql.kind.clone());
            Sub { sql: Some(written.sql.of_kind(kind.clone())), kind, width: written.selected.len(), outer }
        }
    }
}

fn one_column<'q>(chosen: &Chosen, sub: Sub<'q>) -> Result<Sub<'q>, QueryError> {
    if sub.sql.is_some() && sub.width != 1 && !matches!(chosen, Chosen::Key) {
        return Err(QueryError::usage(format!(
            "a subquery must give one column here, not {}\nhint: choose it by `values`",
            sub.width
        )));
    }
    Ok(sub)
}
