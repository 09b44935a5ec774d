//! Values of all rows together: `count` and `aggregate`.
//!
//! Where rows are grouped, cut, made distinct or combined first, the aggregates are over a query inside, which gives what
//! they need.

use crate::query::Name;
use crate::query::ast::{Distinct, Expr, Query};
use crate::query::error::QueryError;
use crate::query::fragment::Fragment;
use crate::schema::Kind;
use crate::sql::quote;

use super::condition::Where;
use super::group::{GroupBy, GroupItem};
use super::output::Part;
use super::piece::{Grouped, Piece, is_same};
use super::select::Selected;
use super::steps::check_alias;
use super::write::{Cut, How, Written};
use super::{Compiler, is_sliced};

/// What aggregates need of the query inside.
#[derive(Clone, Debug, Default)]
pub(super) struct Wrapped<'q> {
    /// Columns, and the names under which it gives them.
    cols: Vec<(Piece<'q>, Name)>,
    /// Annotations.
    refs: Vec<Name>,
}

impl<'q> Compiler<'_, 'q> {
    /// How many rows.
    pub(super) fn count(&mut self, query: &'q Query) -> Result<Option<Written<'q>>, QueryError> {
        self.summary(query, None)
    }

    /// Values of all rows together. They have values even where there are no rows.
    pub(super) fn aggregates(
        &mut self,
        query: &'q Query,
        values: &'q [(Name, Expr)],
    ) -> Result<Option<Written<'q>>, QueryError> {
        if values.is_empty() {
            return Err(QueryError::usage("an aggregation without any aggregate"));
        }
        values.iter().try_for_each(|(name, _)| check_alias(name))?;
        self.keeps_empty = true;
        self.summary(query, Some(values))
    }

    fn summary(
        &mut self,
        query: &'q Query,
        values: Option<&'q [(Name, Expr)]>,
    ) -> Result<Option<Written<'q>>, QueryError> {
        if query.combined.is_some() {
            return self.combined_summary(query, values);
        }
        let model = self.model(&query.model)?;
        self.push_query(model)?;
        let written = self.replay(query).and_then(|()| self.summarized(query, values));
        self.pop_query();
        written
    }

    /// The same of combined queries: over the names that the first of them gives.
    fn combined_summary(
        &mut self,
        query: &'q Query,
        values: Option<&'q [(Name, Expr)]>,
    ) -> Result<Option<Written<'q>>, QueryError> {
        self.is_outermost = false;
        let Some(inner) = self.combined(query)? else { return Ok(None) };
        if values.is_none() {
            return Ok(Some(around(vec![counted()], inner.sql, inner.is_grouped)));
        }
        let model = self.model(&query.model)?;
        self.push_query(model)?;
        let names = self.outer_names(&inner);
        let q = self.q_mut();
        (q.annotations, q.gives_model) = (names, false);
        self.wrapped = Some(Wrapped::default());
        let all = self.aggregate_values(values);
        let wrapped = self.wrapped.take().unwrap_or_default();
        self.pop_query();
        let mut all = all?;
        if !wrapped.cols.is_empty() {
            return Err(QueryError::unsupported(
                "`aggregate` of combined queries takes what they give, and nothing behind a relation\nhint: annotate each \
                 of them with it",
            ));
        }
        self.give(&mut all)?;
        let mut written = around(all, inner.sql, inner.is_grouped);
        if query.is_none {
            written.sql.push(" WHERE 1 = 0");
        }
        Ok(Some(written))
    }

    /// What a query inside gives, by the names that the one around it has for it.
    fn outer_names(&self, inner: &Written<'q>) -> Vec<(Name, Piece<'q>)> {
        let mut names = vec![];
        for one in &inner.selected {
            let column = one.piece.col.as_ref().map(|col| {
                let info = self.cx.registry.model(col.model);
                (&info.columns[col.place], info.key.contains(&col.place))
            });
            let mut name = |name: &str, column: &str| {
                let outside = Piece::of(Fragment::new(quote(column), one.piece.sql.kind.clone()), &[]);
                names.push((Name::Owned(name.to_owned()), outside));
            };
            match (&one.alias, column) {
                (Some(alias), _) => name(alias, alias),
                // Columns of several rows have one name.
                (None, Some((column, is_key))) if inner.rows.len() <= 1 => {
                    name(&column.name, &column.column);
                    name(&column.attname, &column.column);
                    if is_key {
                        name("pk", &column.column);
                    }
                }
                _ => {}
            }
        }
        names
    }

    fn summarized(
        &mut self,
        query: &'q Query,
        values: Option<&'q [(Name, Expr)]>,
    ) -> Result<Option<Written<'q>>, QueryError> {
        let parted = self.q().conditions.parted(false, true)?;
        let q = self.q();
        let has_groups = parted.groups.is_some() || q.annotations.iter().any(|(_, piece)| piece.aggregate);
        let is_inner = matches!(q.group_by, GroupBy::Of(_))
            || is_sliced(query)
            || has_groups
            || parted.windows.is_some()
            || query.distinct != Distinct::No
            || values.is_some() && q.annotations.iter().any(|(_, piece)| piece.subquery || piece.window);
        if !is_inner {
            self.first_table();
            let mut all = self.aggregate_values(values)?;
            self.give(&mut all)?;
            let rows: Option<Where<'q>> = parted.rows;
            let Some(sql) = self.block(Fragment::default(), &all, rows.as_ref(), None, &[])? else {
                return Ok(None);
            };
            return Ok(Some(Written { sql, selected: all, rows: vec![], is_grouped: false }));
        }
        self.wrapped = Some(Wrapped::default());
        let all = self.aggregate_values(values);
        let wrapped = self.wrapped.take().unwrap_or_default();
        let all = all?;
        self.reduce(query, wrapped, has_groups, parted.windows.is_some())?;
        let orders = is_sliced(query) || matches!(query.distinct, Distinct::On(_)) || query.lock.is_some();
        let inner = self.write(query, How { orders, cuts: Cut::Slice, is_inner: true, is_given: false })?;
        let mut all = all;
        self.give(&mut all)?;
        Ok(inner.map(|inner| around(all, inner.sql, true)))
    }

    fn aggregate_values(&mut self, values: Option<&'q [(Name, Expr)]>) -> Result<Vec<Selected<'q>>, QueryError> {
        let Some(values) = values else { return Ok(vec![counted()]) };
        let mut all: Vec<Selected<'q>> = vec![];
        for (name, expr) in values {
            let piece = self.resolve(expr)?;
            if !piece.aggregate {
                return Err(QueryError::usage(format!("`{name}` is not an aggregate")));
            }
            self.summaries.push((name.clone(), piece.clone()));
            all.push(Selected { piece, alias: Some(name.clone()), name: name.clone(), part: Part::Value });
        }
        self.summaries.clear();
        Ok(all)
    }

    /// What the query inside gives: no more than is needed, unless that would make other rows.
    fn reduce(
        &mut self,
        query: &'q Query,
        wrapped: Wrapped<'q>,
        has_groups: bool,
        has_windows: bool,
    ) -> Result<(), QueryError> {
        let Wrapped { cols, refs } = wrapped;
        if query.distinct == Distinct::No {
            if self.q().gives_model && has_groups {
                let key = self.path_value(&["pk".into()], false)?;
                let items = key
                    .each()
                    .into_iter()
                    .map(|part| GroupItem::from(Grouped { sql: part.sql.clone(), col: part.col.clone() }));
                self.q_mut().group_by = GroupBy::Of(items.collect());
            }
            let q = self.q_mut();
            q.gives_model = false;
            if !has_windows {
                let mut keep = refs;
                if let GroupBy::Of(items) = &q.group_by {
                    keep.extend(items.iter().filter_map(|item| match item {
                        GroupItem::Ref(name) => Some(name.clone()),
                        GroupItem::Of(_) => None,
                    }));
                }
                // What rows are grouped by must stay.
                keep.extend(q.given().filter(|(_, piece)| !piece.grouped().is_empty()).map(|(name, _)| name.clone()));
                if let Some(chosen) = &mut q.chosen {
                    chosen.retain(|(name, choice)| matches!(choice, super::Choice::Column(_)) || keep.contains(name));
                }
                q.mask = Some(keep);
            }
        }
        let q = self.q_mut();
        for (piece, name) in cols {
            if let Some(mask) = &mut q.mask {
                mask.push(name.clone());
            }
            if let Some(chosen) = &mut q.chosen {
                chosen.push((name.clone(), super::Choice::Annotation));
            }
            q.annotations.push((name, piece));
        }
        let is_empty = !q.gives_model
            && match &q.chosen {
                Some(chosen) => chosen.is_empty(),
                None => q.columns.is_empty() && q.given().next().is_none(),
            };
        if is_empty {
            let mask = q.mask.clone();
            self.choose(vec!["pk".into()])?;
            self.q_mut().mask = mask;
        }
        Ok(())
    }

    /// A column, as an aggregate over a query inside sees it.
    pub(super) fn exposed(&mut self, piece: Piece<'q>) -> Piece<'q> {
        let Some(wrapped) = &mut self.wrapped else { return piece };
        let mut expose = |piece: Piece<'q>| {
            let found = wrapped.cols.iter().find(|(other, _)| is_same(&other.sql, &piece.sql));
            let name = match found {
                Some((_, name)) => name.clone(),
                None => {
                    let name: Name = format!("__col{}", wrapped.cols.len() + 1).into();
                    wrapped.cols.push((piece.clone(), name.clone()));
                    name
                }
            };
            let mut outside = Piece::of(Fragment::new(quote(&name), piece.sql.kind.clone()), &[]);
            outside.relation = piece.relation;
            outside
        };
        if piece.parts.is_empty() {
            return expose(piece);
        }
        let mut piece = piece;
        piece.parts = piece.parts.into_iter().map(expose).collect();
        piece.sql = Fragment::join(piece.parts.iter().map(|part| part.sql.clone()), ", ");
        piece
    }

    /// An annotation, as an aggregate over a query inside sees it.
    pub(super) fn inner_annotation(&mut self, name: &str) -> Result<Piece<'q>, QueryError> {
        if !self.q().is_given(name) {
            return Err(QueryError::name(format!(
                "cannot aggregate over the `{name}` alias\nhint: use `annotate` to promote it"
            )));
        }
        let kind = self.q().annotation(name).and_then(|piece| piece.sql.kind.clone());
        let name: Name = name.to_owned().into();
        // Of combined queries, a name may be that of a field, whose column has another.
        let is_combined = self.q().tables.is_empty() && !self.q().gives_model;
        let own = self.q().annotation(&name).filter(|_| is_combined).map(|piece| piece.sql.sql.clone());
        if let Some(wrapped) = &mut self.wrapped {
            wrapped.refs.push(name.clone());
        }
        Ok(Piece::of(Fragment::new(own.unwrap_or_else(|| quote(&name)), kind), &[]))
    }
}

fn counted<'q>() -> Selected<'q> {
    let mut piece = Piece::constant(Fragment::new("COUNT(*)", Some(Kind::BigInteger)));
    piece.aggregate = true;
    Selected { piece, alias: Some("__count".into()), name: "__count".into(), part: Part::Value }
}

/// Aggregates over a query inside.
fn around<'q>(all: Vec<Selected<'q>>, inner: Fragment<'q>, is_grouped: bool) -> Written<'q> {
    let mut sql = Fragment::new("SELECT ", None);
    sql.add(Fragment::join(all.iter().map(|one| one.piece.sql.clone()), ", "));
    sql.push(" FROM (");
    sql.add(inner);
    sql.push(") subquery");
    Written { sql, selected: all, rows: vec![], is_grouped }
}
