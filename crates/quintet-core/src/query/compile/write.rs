//! Writes a query's statement, when all its tables are known.

use crate::query::ast::{Distinct, Query, Slice};
use crate::query::error::QueryError;
use crate::query::fragment::{Fragment, Given, Truth};
use crate::query::prepare::Prepare;
use crate::query::{Name, Path, function};
use crate::schema::{Kind, Value};
use crate::sql::{Dialect, quote};

use super::Compiler;
use super::condition::Where;
use super::having::Parted;
use super::order::Ordered;
use super::output::Part;
use super::piece::is_same;
use super::select::{Found, Selected, Selection};

/// A statement that is written.
#[derive(Clone, Debug)]
pub(super) struct Written<'q> {
    pub(super) sql: Fragment<'q>,
    pub(super) selected: Vec<Selected<'q>>,
    pub(super) rows: Vec<Found>,
    /// Whether equal values must be one place: there are groups.
    pub(super) is_grouped: bool,
}

/// How much of a query is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct How {
    /// Whether it is ordered.
    pub(super) orders: bool,
    /// Whether it is cut; `One` cuts after the first row.
    pub(super) cuts: Cut,
    /// Whether it stands in another statement, which must not see what it is ordered by.
    pub(super) is_inner: bool,
    /// Whether the caller gets its rows as they are.
    pub(super) is_given: bool,
}

/// How rows are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// As the query says.
    Slice,
    /// After the first.
    One,
}

impl<'q> Compiler<'_, 'q> {
    /// The rows of a query.
    pub(super) fn select(&mut self, query: &'q Query) -> Result<Option<Written<'q>>, QueryError> {
        if query.combined.is_some() {
            return self.combined(query);
        }
        let model = self.model(&query.model)?;
        self.push_query(model)?;
        let written = self
            .replay(query)
            .and_then(|()| self.write(query, How { orders: true, cuts: Cut::Slice, is_inner: false, is_given: true }));
        self.pop_query();
        written
    }

    /// Writes the query at hand; `None` where it has no rows for certain.
    pub(super) fn write(&mut self, query: &'q Query, how: How) -> Result<Option<Written<'q>>, QueryError> {
        if self.q().tables.iter().all(|table| table.uses == 0) {
            self.first_table();
        }
        let selection = self.selection(query)?;
        self.write_selection(query, selection, how)
    }

    /// The same, where what is given is known.
    pub(super) fn write_selection(
        &mut self,
        query: &'q Query,
        selection: Selection<'q>,
        how: How,
    ) -> Result<Option<Written<'q>>, QueryError> {
        let Selection { all: mut selected, rows } = selection;
        let (mut ordered, is_usual) = match how.orders {
            true => self.ordering(query, &selected)?,
            false => (vec![], false),
        };
        let is_grouped = !matches!(self.q().group_by, super::group::GroupBy::None);
        let Parted { rows: by_row, groups, windows } = self.q().conditions.parted(false, is_grouped)?;
        if let Some(windows) = windows {
            let written = self.write_windowed(query, selected, rows, &ordered, &[by_row, groups], &windows, how);
            return written;
        }
        let given = selected.len();
        let distinct = self.distinct(query)?;
        if query.distinct == Distinct::Yes {
            for one in ordered.iter().filter(|one| !one.is_ref) {
                if !selected.iter().any(|other| is_same(&other.piece.sql, &one.piece.sql)) {
                    let piece = one.piece.clone();
                    selected.push(Selected { piece, alias: None, name: "".into(), part: Part::Hidden });
                }
            }
        }
        let group = self.group_clause(&selected, &ordered, groups.as_ref(), is_usual);
        if !group.is_empty() && matches!(query.distinct, Distinct::On(_)) {
            return Err(QueryError::unsupported("groups cannot be distinct on fields"));
        }
        if !group.is_empty() && is_usual {
            ordered.clear();
        }
        let is_grouped = is_grouped || !group.is_empty() || query.distinct != Distinct::No;
        if how.is_given {
            self.give(&mut selected)?;
        }
        let Some(mut sql) = self.block(distinct, &selected, by_row.as_ref(), groups.as_ref(), &group)? else {
            return Ok(None);
        };
        push_order(&mut sql, &ordered);
        if !self.push_slice(&mut sql, &query.slice, how.cuts)? {
            return Ok(None);
        }
        if let Some(lock) = query.lock.as_ref().filter(|_| !how.is_inner) {
            self.push_lock(&mut sql, lock, &rows)?;
        }
        if how.is_inner && selected.len() > given {
            sql = without_hidden(sql, &selected[..given]);
            selected.truncate(given);
        }
        Ok(Some(Written { sql, selected, rows, is_grouped }))
    }

    /// What is selected, as the caller gets it.
    pub(super) fn give(&self, selected: &mut [Selected<'q>]) -> Result<(), QueryError> {
        for one in selected {
            one.piece.sql = function::output(self.cx, std::mem::take(&mut one.piece.sql))?;
        }
        Ok(())
    }

    /// A statement without order and slice; `None` where it has no rows for certain.
    pub(super) fn block(
        &mut self,
        distinct: Fragment<'q>,
        selected: &[Selected<'q>],
        conditions: Option<&Where<'q>>,
        groups: Option<&Where<'q>>,
        group: &[Fragment<'q>],
    ) -> Result<Option<Fragment<'q>>, QueryError> {
        let mut sql = Fragment::new("SELECT ", None);
        sql.add(distinct);
        sql.add(Fragment::join(
            selected.iter().map(|one| match &one.alias {
                Some(alias) => one.piece.sql.clone().between("", &format!(" AS {}", quote(alias))),
                None => one.piece.sql.clone(),
            }),
            ", ",
        ));
        let from = self.tables_clause();
        if !from.sql.is_empty() {
            sql.push(" FROM ");
            sql.add(from);
        }
        for (word, clause) in [(" WHERE ", conditions), (" HAVING ", groups)] {
            if word == " HAVING " && !group.is_empty() {
                sql.push(" GROUP BY ");
                sql.add(Fragment::join(group.iter().cloned(), ", "));
            }
            match clause.map(|clause| self.truth(clause)).transpose()? {
                None | Some(Truth::Always) => {}
                Some(Truth::Never) if self.keeps_empty => {
                    sql.push(word);
                    sql.push("0 = 1");
                }
                Some(Truth::Never) => return Ok(None),
                Some(Truth::Sql(condition)) => {
                    sql.push(word);
                    sql.add(condition);
                }
            }
        }
        Ok(Some(sql))
    }

    /// `DISTINCT`, where it is wanted.
    fn distinct(&mut self, query: &'q Query) -> Result<Fragment<'q>, QueryError> {
        match &query.distinct {
            Distinct::No => Ok(Fragment::default()),
            Distinct::Yes => Ok(Fragment::new("DISTINCT ", None)),
            Distinct::On(_) if self.cx.dialect != Dialect::Postgres => {
                Err(QueryError::unsupported("distinct on fields is not supported by this database"))
            }
            Distinct::On(paths) => {
                let mut all = vec![];
                for path in paths {
                    let piece = self.distinct_value(path)?;
                    all.extend(piece.each().into_iter().map(|part| part.sql.clone()));
                }
                Ok(Fragment::join(all, ", ").between("DISTINCT ON (", ") "))
            }
        }
    }

    fn distinct_value(&mut self, path: &'q Path) -> Result<super::piece::Piece<'q>, QueryError> {
        self.path_value(path.names(), false)
    }

    /// `LIMIT` and `OFFSET`; false where no row is left.
    pub(super) fn push_slice(&self, sql: &mut Fragment<'q>, slice: &'q Slice, cut: Cut) -> Result<bool, QueryError> {
        let is_whole = |value: &Value| matches!(value, Value::Int(number) if *number >= 0);
        if ![&slice.limit, &slice.offset].into_iter().flatten().all(is_whole) {
            return Err(QueryError::value("a slice is made of whole numbers that are not negative"));
        }
        if slice.limit == Some(Value::Int(0)) {
            if self.keeps_empty {
                sql.push(" LIMIT 0");
            }
            return Ok(self.keeps_empty);
        }
        let bound = |value: &'q Value| Fragment::place(Given::Value(value), Prepare::of(Some(&Kind::BigInteger)), None);
        let offset = slice.offset.as_ref().filter(|offset| **offset != Value::Int(0));
        match (&slice.limit, cut) {
            (_, Cut::One) => sql.push(" LIMIT 1"),
            (Some(limit), Cut::Slice) => {
                // SQLite plans a statement anew whenever a limit is bound that it sees; behind a sign it sees none.
                sql.push(if self.cx.dialect == Dialect::Sqlite { " LIMIT +" } else { " LIMIT " });
                sql.add(bound(limit));
            }
            (None, Cut::Slice) if offset.is_some() && self.cx.dialect == Dialect::Sqlite => sql.push(" LIMIT -1"),
            (None, Cut::Slice) => {}
        }
        if let Some(offset) = offset {
            sql.push(" OFFSET ");
            sql.add(bound(offset));
        }
        Ok(true)
    }
}

/// `ORDER BY`, where there is anything.
pub(super) fn push_order<'q>(sql: &mut Fragment<'q>, ordered: &[Ordered<'q>]) {
    if !ordered.is_empty() {
        sql.push(" ORDER BY ");
        sql.add(Fragment::join(ordered.iter().map(|one| one.sql.clone()), ", "));
    }
}

/// The same rows without what only the order needed.
fn without_hidden<'q>(sql: Fragment<'q>, given: &[Selected<'q>]) -> Fragment<'q> {
    let name = |one: &Selected<'_>, number: usize| -> Name {
        one.alias.clone().unwrap_or_else(|| {
            let last = one.piece.sql.sql.rsplit('.').next().unwrap_or_default().trim_matches('"').to_owned();
            if last.is_empty() { format!("col{number}").into() } else { last.into() }
        })
    };
    let names: Vec<String> =
        given.iter().enumerate().map(|(number, one)| format!("subquery.{}", quote(&name(one, number)))).collect();
    sql.between(&format!("SELECT {} FROM (", names.join(", ")), ") subquery")
}
