//! New values for all rows of a query.
//!
//! An update knows one table. Where the query needs others, the rows are found by a subquery; where the assigned columns
//! lie in the tables of several models, it is a list of updates: see [`Split`](super::Split).

use crate::query::ast::{Assign, Expr, Query};
use crate::query::error::QueryError;
use crate::query::fragment::{Fragment, Truth};
use crate::query::{ModelId, function};
use crate::schema::{Kind, Value};
use crate::sql::quote;

use super::names::{Walked, shown};
use super::output::{Part, SplitPart};
use super::piece::Piece;
use super::select::{Selected, Selection};
use super::write::{Cut, How, Written};
use super::{Compiler, is_sliced};
use crate::query::ast::Distinct;

/// What reads the keys of an update in parts, unless there are none, and the parts.
pub(super) type SplitUpdate<'q> = (Option<Written<'q>>, Vec<SplitPart>);

impl<'q> Compiler<'_, 'q> {
    /// New values in the model's own table.
    pub(super) fn update(
        &mut self,
        query: &'q Query,
        assigned: &'q [Assign],
    ) -> Result<Option<Written<'q>>, QueryError> {
        self.check_changes(query, "update")?;
        let model = self.model(&query.model)?;
        self.push_query(model)?;
        let written = self.update_rows(query, assigned);
        self.pop_query();
        written
    }

    fn update_rows(&mut self, query: &'q Query, assigned: &'q [Assign]) -> Result<Option<Written<'q>>, QueryError> {
        self.replay(query)?;
        self.first_table();
        self.allows_joins = false;
        let values = self.assignments(assigned);
        self.allows_joins = true;
        let values = values?;
        if values.is_empty() {
            return Ok(None);
        }
        let model = self.q().model;
        let mut sql = Fragment::new(format!("UPDATE {} SET ", quote(&self.cx.registry.model(model).table)), None);
        sql.add(Fragment::join(values, ", "));
        Ok(self.push_rows(query, sql)?.map(changed))
    }

    fn assignments(&mut self, assigned: &'q [Assign]) -> Result<Vec<Fragment<'q>>, QueryError> {
        let mut all = vec![];
        for assign in assigned {
            let (owner, place) = self.assigned_column(self.q().model, &assign.field)?;
            let column = &self.cx.registry.model(owner).columns[place];
            if matches!(column.field.kind, Kind::Generated { .. }) {
                continue;
            }
            let (name, kind) = (quote(&column.column), column.kind.clone());
            let value = self.saved_value(&assign.value, &kind, &assign.field)?;
            all.push(value.between(&format!("{name} = "), ""));
        }
        Ok(all)
    }

    /// A value as it is written into a column.
    pub(super) fn saved_value(
        &mut self,
        value: &'q Expr,
        kind: &Kind,
        field: &str,
    ) -> Result<Fragment<'q>, QueryError> {
        let piece = match value {
            Expr::Value(Value::Null) => return Ok(Fragment::new("NULL", None)),
            Expr::Value(value) => return Ok(function::constant(self.cx, value, Some(kind))),
            value => self.resolve(value)?,
        };
        let refused =
            |what: &str| QueryError::name(format!("{what} are not allowed in this query: `{}`", shown(field)));
        if piece.aggregate {
            return Err(refused("aggregates"));
        }
        if piece.window {
            return Err(refused("windows"));
        }
        if !piece.parts.is_empty() {
            return Err(refused("keys of several columns"));
        }
        Ok(piece.sql)
    }

    /// The column of a field, in the model whose table has it.
    pub(super) fn assigned_column(&self, model: ModelId, name: &str) -> Result<(ModelId, usize), QueryError> {
        let info = self.cx.registry.model(model);
        if name == "pk" && info.key.len() > 1 {
            return Err(QueryError::name("the fields of a key of several columns are updated one by one"));
        }
        match info.place(name) {
            Some(place) => {
                let column = &info.columns[place];
                Ok((column.owner, self.own_place(column.owner, &column.name, place)))
            }
            None if info.links.contains_key(name) => Err(QueryError::name(format!(
                "cannot update `{name}`: only fields that are no relations, and foreign keys, are updated"
            ))),
            None => Err(self.unknown(name, model)),
        }
    }

    /// What cannot be said of rows that are changed.
    pub(super) fn check_changes(&self, query: &Query, what: &str) -> Result<(), QueryError> {
        if query.combined.is_some() {
            return Err(QueryError::unsupported(format!("calling `{what}` on combined queries is not supported")));
        }
        if is_sliced(query) {
            return Err(QueryError::usage(format!("cannot {what} a query once a slice has been taken")));
        }
        if matches!(query.distinct, Distinct::On(_)) {
            return Err(QueryError::usage(format!("cannot call `{what}` on rows that are distinct on fields")));
        }
        Ok(())
    }

    /// `WHERE`, with the rows of the query at hand. `None` where there are none for certain.
    pub(super) fn push_rows(
        &mut self,
        query: &'q Query,
        mut sql: Fragment<'q>,
    ) -> Result<Option<Fragment<'q>>, QueryError> {
        let used = self.q().tables.iter().filter(|table| table.uses > 0).count();
        let clause = self.q().conditions.clone();
        if used <= 1 && !clause.has_aggregate() && !clause.has_window() {
            match self.truth(&clause)? {
                Truth::Always => {}
                Truth::Never => return Ok(None),
                Truth::Sql(condition) => {
                    sql.push(" WHERE ");
                    sql.add(condition);
                }
            }
            return Ok(Some(sql));
        }
        let model = self.q().model;
        let info = self.cx.registry.model(model);
        let keys =
            info.key.iter().map(|place| format!("{}.{}", quote(&info.table), quote(&info.columns[*place].column)));
        let keys: Vec<String> = keys.collect();
        let key = if let [one] = keys.as_slice() { one.clone() } else { format!("({})", keys.join(", ")) };
        let Some(rows) = self.keys(query)? else { return Ok(None) };
        sql.push(&format!(" WHERE {key} IN ("));
        sql.add(rows);
        sql.push(")");
        Ok(Some(sql))
    }

    /// The keys of a query's rows, as a subquery.
    fn keys(&mut self, query: &'q Query) -> Result<Option<Fragment<'q>>, QueryError> {
        let model = self.q().model;
        self.push_query(model)?;
        let written = self.replay(query).and_then(|()| {
            self.choose(vec!["pk".into()])?;
            self.write(query, How { orders: false, cuts: Cut::Slice, is_inner: true, is_given: false })
        });
        self.pop_query();
        Ok(written?.map(|written| written.sql))
    }

    /// The parts of an update whose columns lie in tables of several models; `None` where they do not.
    pub(super) fn split_update(
        &mut self,
        query: &'q Query,
        assigned: &'q [Assign],
    ) -> Result<Option<SplitUpdate<'q>>, QueryError> {
        let model = self.model(&query.model)?;
        let concrete = self.cx.registry.model(model).concrete;
        self.push_query(model)?;
        let owners: Result<Vec<ModelId>, QueryError> =
            assigned.iter().map(|assign| Ok(self.assigned_column(model, &assign.field)?.0)).collect();
        self.pop_query();
        let owners = owners?;
        if owners.iter().all(|owner| *owner == concrete || *owner == model) {
            return Ok(None);
        }
        self.check_changes(query, "update")?;
        self.push_query(model)?;
        let split = self.split_keys(query, concrete, &owners);
        self.pop_query();
        split.map(Some)
    }

    fn split_keys(
        &mut self,
        query: &'q Query,
        concrete: ModelId,
        owners: &[ModelId],
    ) -> Result<SplitUpdate<'q>, QueryError> {
        self.replay(query)?;
        let first = self.first_table();
        let mut parts: Vec<SplitPart> = vec![];
        let mut selection = Selection::default();
        let mut order = vec![concrete];
        for owner in owners {
            if !order.contains(owner) {
                order.push(*owner);
            }
        }
        for model in order {
            let key = self.key_of(model, first)?;
            let same =
                selection.all.iter().position(|one: &Selected<'_>| super::piece::is_same(&one.piece.sql, &key.sql));
            let output = same.unwrap_or_else(|| {
                let name = "pk".into();
                selection.all.push(Selected { piece: key, alias: None, name, part: Part::Value });
                selection.all.len() - 1
            });
            let assigns: Vec<usize> = (0..owners.len()).filter(|at| owners[*at] == model).collect();
            if !assigns.is_empty() {
                parts.push(SplitPart { model, assigns, key: output });
            }
        }
        let q = self.q_mut();
        (q.gives_model, q.mask) = (false, Some(vec![]));
        let how = How { orders: false, cuts: Cut::Slice, is_inner: true, is_given: false };
        Ok((self.write_selection(query, selection, how)?, parts))
    }

    /// The key of a parent's row.
    fn key_of(&mut self, parent: ModelId, first: usize) -> Result<Piece<'q>, QueryError> {
        let model = self.q().model;
        let hops = self.hops_to_parent(model, parent);
        let targets = self.cx.registry.model(parent).key.iter().map(|place| (parent, *place)).collect();
        let walked = Walked { hops, targets, relation: None, end: parent, ends: vec![] };
        let joined = self.setup_joins(&walked, first)?;
        let joined = self.trim_joins(joined, &walked.hops);
        Ok(self.target(&joined, &walked))
    }
}

/// A statement that gives nothing.
pub(super) fn changed(sql: Fragment<'_>) -> Written<'_> {
    Written { sql, selected: vec![], rows: vec![], is_grouped: false }
}
