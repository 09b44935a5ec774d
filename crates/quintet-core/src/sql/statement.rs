//! A statement about a table that may wait for the end of the migration, and follows when what it names is renamed
//! meanwhile.

use super::{Dialect, quote};
use crate::schema::{Deferrable, create_index_name};

/// A statement about a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    /// The table.
    pub(super) table: String,
    /// The columns; for an index on expressions those that are named in them.
    pub(super) columns: Vec<String>,
    /// The name of what is made.
    pub(super) name: Name,
    /// What is made.
    pub(super) form: Form,
}

/// A name, or how it is computed when the statement is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Name {
    /// As it stands.
    Given(String),
    /// Of table, columns, a digest and this ending.
    Computed(String),
}

/// What is made.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    /// An index.
    Index(IndexForm),
    /// A rule that the columns are unique.
    Unique {
        /// When it is checked.
        deferrable: Option<Deferrable>,
        /// Whether two nulls are different.
        nulls_distinct: Option<bool>,
    },
    /// A reference to another table.
    ForeignKey {
        /// The table.
        to_table: String,
        /// The column.
        to_column: String,
    },
    /// A condition, as text.
    Check(String),
    /// The primary key.
    PrimaryKey,
}

/// An index.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct IndexForm {
    /// Whether no two rows have the same.
    pub(super) unique: bool,
    /// ` USING gin`, with a space before it.
    pub(super) using: String,
    /// Which columns are indexed largest first.
    pub(super) descending: Vec<bool>,
    /// Operator classes, one per column, or none.
    pub(super) opclasses: Vec<String>,
    /// The text that stands in place of the columns.
    pub(super) expressions: Option<String>,
    /// Further columns.
    pub(super) include: Vec<String>,
    /// Which rows are in it.
    pub(super) condition: Option<String>,
    /// Whether two nulls are different.
    pub(super) nulls_distinct: Option<bool>,
}

impl Statement {
    /// The statement as text.
    pub(super) fn sql(&self, dialect: Dialect) -> String {
        let (table, name) = (quote(&self.table), quote(&self.name(dialect)));
        let columns = quoted(&self.columns);
        let constraint = format!("ALTER TABLE {table} ADD CONSTRAINT {name}");
        match &self.form {
            Form::Index(form) => self.index_sql(form, &table, &name),
            Form::Unique { .. } if dialect == Dialect::Sqlite => {
                format!("CREATE UNIQUE INDEX {name} ON {table} ({columns})")
            }
            Form::Unique { deferrable, nulls_distinct } => {
                let nulls = nulls_sql(*nulls_distinct);
                format!("{constraint} UNIQUE{nulls} ({columns}){}", deferrable_sql(*deferrable))
            }
            Form::ForeignKey { to_table, to_column } => {
                let (to_table, to_column) = (quote(to_table), quote(to_column));
                let deferrable = deferrable_sql(Some(Deferrable::Deferred));
                format!("{constraint} FOREIGN KEY ({columns}) REFERENCES {to_table} ({to_column}){deferrable}")
            }
            Form::Check(check) => format!("{constraint} CHECK ({check})"),
            Form::PrimaryKey => format!("{constraint} PRIMARY KEY ({columns})"),
        }
    }

    fn index_sql(&self, form: &IndexForm, table: &str, name: &str) -> String {
        let unique = if form.unique { "UNIQUE " } else { "" };
        let columns = form.expressions.clone().unwrap_or_else(|| self.index_columns(form));
        let include =
            if form.include.is_empty() { String::new() } else { format!(" INCLUDE ({})", quoted(&form.include)) };
        let nulls = nulls_sql(form.nulls_distinct);
        let condition = form.condition.as_ref().map_or_else(String::new, |text| format!(" WHERE {text}"));
        format!("CREATE {unique}INDEX {name} ON {table}{} ({columns}){include}{nulls}{condition}", form.using)
    }

    fn index_columns(&self, form: &IndexForm) -> String {
        let one = |(at, column): (usize, &String)| {
            let class = form.opclasses.get(at).map_or_else(String::new, |class| format!(" {class}"));
            let direction = if form.descending.get(at) == Some(&true) { " DESC" } else { "" };
            format!("{}{class}{direction}", quote(column))
        };
        self.columns.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
    }

    /// The name of what is made, without quotes.
    pub(super) fn name(&self, dialect: Dialect) -> String {
        match &self.name {
            Name::Given(name) => name.clone(),
            Name::Computed(suffix) => {
                let suffix = match &self.form {
                    Form::ForeignKey { to_table, to_column } if suffix == FK_WITH_TARGET => {
                        format!("_fk_{}_{to_column}", bare(to_table))
                    }
                    _ => suffix.clone(),
                };
                let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
                create_index_name(&self.table, &columns, &suffix, dialect.name_limit())
            }
        }
    }

    /// Whether it speaks of a table.
    pub(super) fn names_table(&self, table: &str) -> bool {
        self.table == table || matches!(&self.form, Form::ForeignKey { to_table, .. } if to_table == table)
    }

    /// Whether it speaks of a column.
    pub(super) fn names_column(&self, table: &str, column: &str) -> bool {
        let include = matches!(&self.form, Form::Index(form) if form.include.iter().any(|own| own == column));
        let own = self.table == table && (include || self.columns.iter().any(|own| own == column));
        own || matches!(&self.form, Form::ForeignKey { to_table, to_column } if to_table == table && to_column == column)
    }

    /// A table has another name.
    pub(super) fn rename_table(&mut self, old: &str, new: &str) {
        let follow = |table: &mut String| {
            if table == old {
                new.clone_into(table);
            }
        };
        follow(&mut self.table);
        if let Form::ForeignKey { to_table, .. } = &mut self.form {
            follow(to_table);
        }
    }

    /// A column has another name.
    pub(super) fn rename_column(&mut self, table: &str, old: &str, new: &str) {
        let follow = |column: &mut String| {
            if column == old {
                new.clone_into(column);
            }
        };
        match &mut self.form {
            Form::ForeignKey { to_table, to_column } if to_table == table => follow(to_column),
            Form::Index(form) if self.table == table => {
                form.include.iter_mut().for_each(follow);
                if let Some(text) = &mut form.expressions {
                    *text = text.replace(&quote(old), &quote(new));
                }
            }
            _ => {}
        }
        if self.table == table {
            self.columns.iter_mut().for_each(follow);
        }
    }
}

/// The ending of a foreign key's name that tells what it refers to.
pub(super) const FK_WITH_TARGET: &str = "_fk_(table)_(column)";

/// Names in quotes, with commas.
pub(super) fn quoted(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

/// A table's name without its namespace and quotes.
fn bare(table: &str) -> &str {
    table.rsplit("\".\"").next().unwrap_or(table).trim_matches('"')
}

/// When a constraint is checked, with a space before it.
pub(super) fn deferrable_sql(deferrable: Option<Deferrable>) -> &'static str {
    match deferrable {
        None => "",
        Some(Deferrable::Deferred) => " DEFERRABLE INITIALLY DEFERRED",
        Some(Deferrable::Immediate) => " DEFERRABLE INITIALLY IMMEDIATE",
    }
}

fn nulls_sql(distinct: Option<bool>) -> &'static str {
    match distinct {
        None => "",
        Some(true) => " NULLS DISTINCT",
        Some(false) => " NULLS NOT DISTINCT",
    }
}
