//! Indexes and constraints as statements, or as parts of a table's definition.

use super::catalogue::Event;
use super::editor::Editor;
use super::place::Table;
use super::statement::{Form, IndexForm, Name, Statement, deferrable_sql, quoted};
use super::{Dialect, expression, quote};
use crate::schema::{Check, Constraint, Index, IndexKind, Unique};

impl Editor<'_> {
    /// The statement that makes an index.
    pub(super) fn index_statement(&self, table: Table<'_>, index: &Index) -> Result<Statement, String> {
        let dialect = self.dialect;
        let names: Vec<String> = index.fields.iter().map(|field| field.name.clone()).collect();
        let mut form = IndexForm {
            using: using(dialect, index.kind),
            descending: index.fields.iter().map(|field| field.descending).collect(),
            condition: self.condition(table, index.condition.as_ref())?,
            ..IndexForm::default()
        };
        if dialect == Dialect::Postgres {
            form.include = table.column_names(&index.include)?;
            form.opclasses.clone_from(&index.opclasses);
        }
        let mut columns = table.column_names(&names)?;
        if !index.expressions.is_empty() {
            form.expressions = Some(self.expressions(table, &index.expressions)?);
            columns = expression::columns_of(table, &index.expressions);
        }
        Ok(Statement { table: table.name(), columns, name: Name::Given(index.name.clone()), form: Form::Index(form) })
    }

    /// The statement that makes a constraint of an existing table; `None` where the database has no such thing.
    pub(super) fn constraint_statement(
        &self,
        table: Table<'_>,
        constraint: &Constraint,
    ) -> Result<Option<Statement>, String> {
        match constraint {
            Constraint::Check(check) => self.check_statement(table, check).map(Some),
            Constraint::Unique(unique) => self.unique_statement(table, unique),
        }
    }

    /// A constraint as a part of a table's definition. Where it needs an index of its own, that is put off to the end.
    pub(super) fn inline_constraint(
        &mut self,
        table: Table<'_>,
        constraint: &Constraint,
    ) -> Result<Option<String>, String> {
        let unique = match constraint {
            Constraint::Check(check) => {
                let condition = expression::condition(self.dialect, table, &check.condition)?;
                return Ok(Some(format!("CONSTRAINT {} CHECK ({condition})", quote(&check.name))));
            }
            Constraint::Unique(unique) => unique,
        };
        if !self.supports(unique) {
            return Ok(None);
        }
        if needs_index(unique) || unique.nulls_distinct.is_some() {
            if let Some(statement) = self.unique_statement(table, unique)? {
                self.defer(statement);
            }
            return Ok(None);
        }
        let columns = quoted(&table.column_names(&unique.fields)?);
        let deferrable = deferrable_sql(unique.deferrable);
        Ok(Some(format!("CONSTRAINT {} UNIQUE ({columns}){deferrable}", quote(&unique.name))))
    }

    /// The statement that removes a constraint.
    pub(super) fn drop_constraint_sql(&self, table: Table<'_>, constraint: &Constraint) -> Option<String> {
        match constraint {
            Constraint::Unique(unique) if !self.supports(unique) => None,
            Constraint::Unique(unique) if needs_index(unique) || self.dialect == Dialect::Sqlite => {
                Some(self.drop_index_sql(&unique.name))
            }
            other => Some(drop_constraint(&table.name(), other.name())),
        }
    }

    /// The statement that removes an index.
    pub(super) fn drop_index_sql(&self, name: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => format!("DROP INDEX {}", quote(name)),
            Dialect::Postgres => format!("DROP INDEX IF EXISTS {}", quote(name)),
        }
    }

    /// Removes an index, and what waits to make it.
    pub(super) fn drop_index(&mut self, table: &str, name: &str) {
        let dialect = self.dialect;
        self.deferred.retain(|statement| {
            !(statement.table == table && matches!(statement.form, Form::Index(_)) && statement.name(dialect) == name)
        });
        let sql = self.drop_index_sql(name);
        self.run(sql);
        self.note(Event::Drop(table.to_owned(), name.to_owned()));
    }

    /// Removes a constraint by name.
    pub(super) fn drop_constraint(&mut self, table: &str, name: &str) {
        self.run(drop_constraint(table, name));
        self.note(Event::Drop(table.to_owned(), name.to_owned()));
    }

    fn check_statement(&self, table: Table<'_>, check: &Check) -> Result<Statement, String> {
        let condition = expression::condition(self.dialect, table, &check.condition)?;
        let name = Name::Given(check.name.clone());
        Ok(Statement { table: table.name(), columns: vec![], name, form: Form::Check(condition) })
    }

    fn unique_statement(&self, table: Table<'_>, unique: &Unique) -> Result<Option<Statement>, String> {
        if !self.supports(unique) {
            return Ok(None);
        }
        let mut columns = table.column_names(&unique.fields)?;
        let form = if needs_index(unique) {
            let mut form = IndexForm {
                unique: true,
                condition: self.condition(table, unique.condition.as_ref())?,
                include: table.column_names(&unique.include)?,
                nulls_distinct: unique.nulls_distinct,
                ..IndexForm::default()
            };
            if self.dialect == Dialect::Postgres {
                form.opclasses.clone_from(&unique.opclasses);
            }
            if !unique.expressions.is_empty() {
                form.expressions = Some(self.expressions(table, &unique.expressions)?);
                columns = expression::columns_of(table, &unique.expressions);
            }
            Form::Index(form)
        } else {
            Form::Unique { deferrable: unique.deferrable, nulls_distinct: unique.nulls_distinct }
        };
        Ok(Some(Statement { table: table.name(), columns, name: Name::Given(unique.name.clone()), form }))
    }

    /// Whether the database has such a constraint. Where it has not, nothing is made, as the system checks tell.
    fn supports(&self, unique: &Unique) -> bool {
        self.dialect == Dialect::Postgres
            || unique.deferrable.is_none() && unique.include.is_empty() && unique.nulls_distinct.is_none()
    }

    fn condition(
        &self,
        table: Table<'_>,
        condition: Option<&crate::schema::Condition>,
    ) -> Result<Option<String>, String> {
        condition.map(|condition| expression::condition(self.dialect, table, condition)).transpose()
    }

    fn expressions(&self, table: Table<'_>, expressions: &[crate::schema::Expr]) -> Result<String, String> {
        let one = |expr| expression::index_expression(self.dialect, table, expr);
        Ok(expressions.iter().map(one).collect::<Result<Vec<_>, _>>()?.join(", "))
    }
}

/// The statement that removes a constraint by name.
pub(super) fn drop_constraint(table: &str, name: &str) -> String {
    format!("ALTER TABLE {} DROP CONSTRAINT {}", quote(table), quote(name))
}

/// Whether a unique constraint is like that of a field.
pub(super) fn is_plain(unique: &Unique) -> bool {
    !needs_index(unique) && unique.nulls_distinct.is_none() && unique.deferrable.is_none()
}

/// Whether a unique constraint exists as an index only.
fn needs_index(unique: &Unique) -> bool {
    unique.condition.is_some()
        || !unique.include.is_empty()
        || !unique.opclasses.is_empty()
        || !unique.expressions.is_empty()
}

fn using(dialect: Dialect, kind: IndexKind) -> String {
    let method = match kind {
        IndexKind::Default => return String::new(),
        _ if dialect == Dialect::Sqlite => return String::new(),
        IndexKind::BTree => "btree",
        IndexKind::Brin => "brin",
        IndexKind::Gin => "gin",
        IndexKind::Gist => "gist",
        IndexKind::Hash => "hash",
        IndexKind::SpGist => "spgist",
    };
    format!(" USING {method}")
}
