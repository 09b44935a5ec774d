//! No rows any more: of the model's own table, and nothing around it.

use crate::query::ast::Query;
use crate::query::error::QueryError;
use crate::query::fragment::Fragment;
use crate::sql::quote;

use super::update::changed;
use super::write::Written;
use super::{Compiler, has_values};

impl<'q> Compiler<'_, 'q> {
    /// Deletes a query's rows.
    pub(super) fn delete(&mut self, query: &'q Query) -> Result<Option<Written<'q>>, QueryError> {
        self.check_changes(query, "delete")?;
        if has_values(query) {
            return Err(QueryError::usage("cannot delete rows that are values"));
        }
        let model = self.model(&query.model)?;
        let sql = Fragment::new(format!("DELETE FROM {}", quote(&self.cx.registry.model(model).table)), None);
        self.push_query(model)?;
        let written = self.replay(query).and_then(|()| {
            self.first_table();
            self.push_rows(query, sql)
        });
        self.pop_query();
        Ok(written?.map(changed))
    }
}
