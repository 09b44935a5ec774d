//! What rows are grouped by.
//!
//! What was said to group by is the least; whatever else is given, ordered by or asked of groups is added, as the
//! databases want it. A model's own order is not: it would make other groups.

use crate::query::Name;
use crate::query::fragment::Fragment;
use crate::sql::Dialect;

use super::Compiler;
use super::condition::Where;
use super::order::Ordered;
use super::piece::{Grouped, is_same};
use super::select::Selected;

/// What rows are grouped by.
#[derive(Clone, Debug)]
pub(super) enum GroupBy<'q> {
    /// There are no groups.
    None,
    /// By all fields of the model.
    All,
    /// By these, at least.
    Of(Vec<GroupItem<'q>>),
}

/// One of them.
#[derive(Clone, Debug)]
pub(super) enum GroupItem<'q> {
    /// An annotation.
    Ref(Name),
    /// A value.
    Of(Box<Grouped<'q>>),
}

impl<'q> From<Grouped<'q>> for GroupItem<'q> {
    fn from(grouped: Grouped<'q>) -> Self {
        Self::Of(Box::new(grouped))
    }
}

impl<'q> Compiler<'_, 'q> {
    /// What stands behind `GROUP BY`.
    pub(super) fn group_clause(
        &self,
        selected: &[Selected<'q>],
        ordered: &[Ordered<'q>],
        having: Option<&Where<'q>>,
        is_usual_order: bool,
    ) -> Vec<Fragment<'q>> {
        let q = self.q();
        let mut all: Vec<Grouped<'q>> = vec![];
        let mut refs: Vec<&Name> = vec![];
        match &q.group_by {
            GroupBy::None => return vec![],
            GroupBy::All => {}
            GroupBy::Of(items) => {
                for item in items {
                    match item {
                        GroupItem::Ref(name) if !refs.contains(&name) => {
                            refs.push(name);
                            let piece = q.annotation(name);
                            all.extend(piece.map(|piece| Grouped { sql: piece.sql.clone(), col: piece.col.clone() }));
                        }
                        GroupItem::Ref(_) => {}
                        GroupItem::Of(grouped) => all.push((**grouped).clone()),
                    }
                }
            }
        }
        for one in selected {
            if one.alias.as_ref().is_none_or(|alias| !refs.contains(&alias)) {
                all.extend(one.piece.each().into_iter().flat_map(super::piece::Piece::grouped));
            }
        }
        if !is_usual_order {
            all.extend(ordered.iter().filter(|one| !one.is_ref).flat_map(|one| one.grouped.clone()));
        }
        let of_groups = having.map(Where::grouped).unwrap_or_default();
        all.extend(of_groups.iter().cloned());
        let all = self.collapsed(all, &of_groups);
        let mut clauses: Vec<Fragment<'q>> = vec![];
        for one in all {
            let place =
                selected.iter().position(|selected| selected.alias.is_some() && is_same(&selected.piece.sql, &one.sql));
            let sql = place.map_or(one.sql, |place| Fragment::new((place + 1).to_string(), None));
            if !clauses.iter().any(|other| is_same(other, &sql)) {
                clauses.push(sql);
            }
        }
        clauses
    }

    /// Where a table's primary key is among them, PostgreSQL needs no other column of that table.
    fn collapsed(&self, all: Vec<Grouped<'q>>, of_groups: &[Grouped<'q>]) -> Vec<Grouped<'q>> {
        if self.cx.dialect != Dialect::Postgres {
            return all;
        }
        let is_key = |one: &Grouped<'_>| {
            one.col.as_ref().is_some_and(|col| {
                let info = self.cx.registry.model(col.model);
                info.key == [col.place] && info.state.options.managed
            })
        };
        let keys: Vec<_> = all.iter().filter(|one| is_key(one)).filter_map(|one| one.col.clone()).collect();
        let is_of_group = |one: &Grouped<'q>| of_groups.iter().any(|group| is_same(&group.sql, &one.sql));
        all.into_iter()
            .filter(|one| {
                one.col.as_ref().is_none_or(|col| {
                    keys.contains(col) || is_of_group(one) || !keys.iter().any(|key| key.alias == col.alias)
                })
            })
            .collect()
    }
}
