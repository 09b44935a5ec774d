//! Conditions upon windows. A database knows windows only when it has found the rows; so the rows are found inside, and
//! chosen around.

use crate::query::ast::Query;
use crate::query::error::QueryError;
use crate::query::fragment::{Fragment, Truth};
use crate::query::{Name, function};
use crate::sql::quote;

use super::Compiler;
use super::compare::Rhs;
use super::condition::{Leaf, Where, holds};
use super::expression::directed;
use super::order::Ordered;
use super::output::Part;
use super::piece::{Piece, is_same};
use super::select::{Found, Selected};
use super::write::{How, Written};

/// What the statement around calls what the one inside gives.
struct Names<'q> {
    all: Vec<(Fragment<'q>, Name)>,
    more: Vec<(Piece<'q>, Name)>,
}

impl<'q> Names<'q> {
    /// A value, as the statement around sees it.
    fn outside(&mut self, piece: &Piece<'q>) -> Piece<'q> {
        let found = self.all.iter().find(|(sql, _)| is_same(sql, &piece.sql)).map(|(_, name)| name.clone());
        let name = found.unwrap_or_else(|| {
            let name: Name = format!("qual{}", self.more.len()).into();
            self.all.push((piece.sql.clone(), name.clone()));
            self.more.push((piece.clone(), name.clone()));
            name
        });
        let mut outside = Piece::of(Fragment::new(quote(&name), piece.sql.kind.clone()), &[]);
        outside.relation = piece.relation;
        outside
    }
}

impl<'q> Compiler<'_, 'q> {
    /// The rows inside, and around them those of which the condition upon windows is true.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn write_windowed(
        &mut self,
        query: &'q Query,
        selected: Vec<Selected<'q>>,
        rows: Vec<Found>,
        ordered: &[Ordered<'q>],
        [by_row, groups]: &[Option<Where<'q>>; 2],
        windows: &Where<'q>,
        how: How,
    ) -> Result<Option<Written<'q>>, QueryError> {
        let mut selected = selected;
        for (number, one) in selected.iter_mut().enumerate() {
            one.alias.get_or_insert_with(|| format!("col{}", number + 1).into());
        }
        let named = |one: &Selected<'q>| (one.piece.sql.clone(), one.alias.clone().unwrap_or_default());
        let mut names = Names { all: selected.iter().map(named).collect(), more: vec![] };
        let outside = self.around_windows(windows, &mut names)?;
        let ordered: Vec<Fragment<'q>> =
            ordered.iter().map(|one| directed(names.outside(&one.piece).sql, one.descending, one.nulls)).collect();
        let given = selected.len();
        let more = names.more.into_iter().map(|(piece, name)| Selected {
            piece,
            alias: Some(name.clone()),
            name,
            part: Part::Hidden,
        });
        let mut inside = selected;
        inside.extend(more);
        let group = self.group_clause(&inside, &[], groups.as_ref(), true);
        let is_grouped = !group.is_empty();
        let distinct = match query.distinct {
            crate::query::ast::Distinct::Yes => Fragment::new("DISTINCT ", None),
            _ => Fragment::default(),
        };
        let Some(inner) = self.block(distinct, &inside, by_row.as_ref(), groups.as_ref(), &group)? else {
            return Ok(None);
        };
        let mut outside_columns: Vec<Fragment<'q>> = vec![];
        for one in &inside[..given] {
            let mut column = one.piece.sql.clone();
            (column.sql, column.binds) = (quote(one.alias.as_deref().unwrap_or_default()), vec![]);
            outside_columns.push(if how.is_given { function::output(self.cx, column)? } else { column });
        }
        let mut sql = Fragment::join(outside_columns, ", ").between("SELECT ", " FROM (");
        sql.add(inner);
        sql.push(") \"qualify\"");
        match self.truth(&outside)? {
            Truth::Always => {}
            Truth::Never if self.keeps_empty => sql.push(" WHERE 0 = 1"),
            Truth::Never => return Ok(None),
            Truth::Sql(condition) => {
                sql.push(" WHERE ");
                sql.add(condition);
            }
        }
        if !ordered.is_empty() {
            sql.push(" ORDER BY ");
            sql.add(Fragment::join(ordered, ", "));
        }
        if !self.push_slice(&mut sql, &query.slice, how.cuts)? {
            return Ok(None);
        }
        inside.truncate(given);
        Ok(Some(Written { sql, selected: inside, rows, is_grouped }))
    }

    /// The condition, of what the statement inside gives.
    fn around_windows(&self, clause: &Where<'q>, names: &mut Names<'q>) -> Result<Where<'q>, QueryError> {
        match clause {
            Where::Node { connector, negated, parts } => {
                let parts = parts.iter().map(|part| self.around_windows(part, names)).collect::<Result<Vec<_>, _>>()?;
                Ok(Where::Node { connector: *connector, negated: *negated, parts })
            }
            Where::Leaf(leaf) => {
                let Leaf { left, compared, .. } = leaf.as_ref();
                let Some(left) = left else { return Ok(clause.clone()) };
                let left = names.outside(left);
                match compared {
                    None => holds(left),
                    Some((name, right)) => {
                        let right = outside(right, names);
                        Ok(self.compare_plain(name.clone(), left, right)?.clause)
                    }
                }
            }
        }
    }
}

fn outside<'q>(right: &Rhs<'q>, names: &mut Names<'q>) -> Rhs<'q> {
    match right {
        Rhs::Piece(piece) if !piece.cols.is_empty() || piece.window || piece.aggregate => {
            Rhs::Piece(Box::new(names.outside(piece)))
        }
        Rhs::List(all) => Rhs::List(all.iter().map(|one| outside(one, names)).collect()),
        other => other.clone(),
    }
}
