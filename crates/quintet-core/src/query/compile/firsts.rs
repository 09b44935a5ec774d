//! One value out of the first row of each of several queries, all in one row.

use crate::query::ast::Query;
use crate::query::error::QueryError;
use crate::query::fragment::Fragment;
use crate::sql::quote;

use super::output::Part;
use super::select::Selected;
use super::write::{Cut, How, Written};
use super::{Compiler, Piece};

impl<'q> Compiler<'_, 'q> {
    /// The first value of each query, by the number of the query.
    pub(super) fn firsts(&mut self, queries: &'q [Query]) -> Result<Option<Written<'q>>, QueryError> {
        if queries.is_empty() {
            return Ok(None);
        }
        let (mut pieces, mut selected) = (vec![], vec![]);
        for (number, query) in queries.iter().enumerate() {
            let piece = self.first(query)?;
            let name = number.to_string();
            pieces.push(piece.sql.clone().between("", &format!(" AS {}", quote(&name))));
            selected.push(Selected { piece, alias: None, name: name.into(), part: Part::Value });
        }
        let sql = Fragment::join(pieces, ", ").between("SELECT ", "");
        Ok(Some(Written { sql, selected, rows: vec![], is_grouped: false }))
    }

    fn first(&mut self, query: &'q Query) -> Result<Piece<'q>, QueryError> {
        let unfit = || QueryError::usage("a query whose first value is asked for gives one value, and is of one model");
        if query.combined.is_some() || query.lock.is_some() {
            return Err(unfit());
        }
        let model = self.model(&query.model)?;
        self.push_query(model)?;
        let how = How { orders: true, cuts: Cut::One, is_inner: true, is_given: true };
        let written = self.replay(query).and_then(|()| self.write(query, how));
        self.pop_query();
        let Some(mut written) = written? else { return Ok(Piece::constant(Fragment::new("NULL", None))) };
        let mut piece = match (written.selected.pop(), written.selected.pop()) {
            (Some(one), None) => one.piece,
            _ => return Err(unfit()),
        };
        let kind = piece.sql.kind.take();
        piece.sql = written.sql.between("(", ")").of_kind(kind);
        Ok(piece)
    }
}
