//! Tables made, renamed and dropped, with all that stands on them.

use super::catalogue::{Event, Known, KnownKind};
use super::columns::comment;
use super::constraints::is_plain;
use super::editor::Editor;
use super::place::{Column, Table};
use super::statement::{FK_WITH_TARGET, Form, IndexForm, Name, Statement, quoted};
use super::{Dialect, quote};
use crate::schema::{Constraint, Kind, Unique};

impl Editor<'_> {
    /// Makes a model's table, and those of its many-to-many fields. Indexes and references wait for the end.
    pub(super) fn create_model(&mut self, table: Table<'_>) -> Result<(), String> {
        let sql = self.table_sql(table)?;
        self.run(sql);
        for column in table.columns() {
            self.note_column(table, &column);
        }
        if self.dialect == Dialect::Postgres {
            if let Some(text) = table.model.options.db_table_comment.as_deref().filter(|text| !text.is_empty()) {
                self.table_comment(table, Some(text));
            }
            for column in table.columns().iter().filter(|column| column.field.db_comment.is_some()) {
                self.column_comment(table, column);
            }
        }
        self.defer_indexes(table)?;
        for join in table.joins() {
            self.create_model(Table { state: table.state, model: &join })?;
        }
        Ok(())
    }

    /// Drops a model's table, and those of its many-to-many fields.
    pub(super) fn delete_model(&mut self, table: Table<'_>) -> Result<(), String> {
        for join in table.joins() {
            self.delete_model(Table { state: table.state, model: &join })?;
        }
        self.drop_table(&table.name());
        Ok(())
    }

    /// Drops a table, and what waits to be done to it.
    pub(super) fn drop_table(&mut self, name: &str) {
        let cascade = if self.dialect == Dialect::Postgres { " CASCADE" } else { "" };
        self.run(format!("DROP TABLE {}{cascade}", quote(name)));
        self.deferred.retain(|statement| !statement.names_table(name));
        self.note(Event::DropTable(name.to_owned()));
    }

    /// Gives a table another name.
    pub(super) fn rename_table(&mut self, old: &str, new: &str) {
        let same = old == new || self.dialect == Dialect::Sqlite && old.eq_ignore_ascii_case(new);
        if same {
            return;
        }
        self.run(format!("ALTER TABLE {} RENAME TO {}", quote(old), quote(new)));
        self.deferred.iter_mut().for_each(|statement| statement.rename_table(old, new));
        self.note(Event::RenameTable(old.to_owned(), new.to_owned()));
    }

    /// Gives a column another name.
    pub(super) fn rename_column(&mut self, table: &str, old: &str, new: &str) {
        self.run(format!("ALTER TABLE {} RENAME COLUMN {} TO {}", quote(table), quote(old), quote(new)));
        self.deferred.iter_mut().for_each(|statement| statement.rename_column(table, old, new));
        self.note(Event::RenameColumn(table.to_owned(), old.to_owned(), new.to_owned()));
    }

    /// Says what a table is for.
    pub(super) fn table_comment(&mut self, table: Table<'_>, text: Option<&str>) {
        if self.dialect == Dialect::Postgres {
            self.run(format!("COMMENT ON TABLE {} IS {}", quote(&table.name()), comment(text)));
        }
    }

    /// Says what a column is for.
    pub(super) fn column_comment(&mut self, table: Table<'_>, column: &Column<'_>) {
        let (table, name) = (quote(&table.name()), quote(&column.column()));
        self.run(format!("COMMENT ON COLUMN {table}.{name} IS {}", comment(column.field.db_comment.as_deref())));
    }

    /// The statement that makes a table.
    fn table_sql(&mut self, table: Table<'_>) -> Result<String, String> {
        let dialect = self.dialect;
        for fields in &table.model.options.unique_together {
            let statement = unique_together(table, fields)?;
            self.defer(statement);
        }
        let mut parts = vec![];
        for column in table.columns() {
            let Some(mut definition) = self.column_sql(&column, false)? else { continue };
            if let Some(check) = column.check(dialect) {
                definition.push_str(&format!(" CHECK ({check})"));
            }
            if let Some(suffix) = column.suffix(dialect) {
                definition.push_str(&format!(" {suffix}"));
            }
            if column.field.relation().is_some_and(|relation| relation.db_constraint) {
                match dialect {
                    Dialect::Sqlite => definition.push_str(&inline_reference(&column)?),
                    Dialect::Postgres => {
                        let statement = foreign_key(table, &column, FK_WITH_TARGET)?;
                        self.defer(statement);
                    }
                }
            }
            parts.push(format!("{} {definition}", quote(&column.column())));
        }
        for constraint in &table.model.options.constraints {
            if let Some(text) = self.inline_constraint(table, constraint)? {
                self.note_constraint(table, constraint)?;
                parts.push(text);
            }
        }
        if let Some((_, field)) = table.model.primary_key()
            && let Kind::CompositePrimaryKey { fields } = &field.kind
        {
            parts.push(format!("PRIMARY KEY ({})", quoted(&table.column_names(fields)?)));
        }
        Ok(format!("CREATE TABLE {} ({})", quote(&table.name()), parts.join(", ")))
    }

    /// Takes note of what PostgreSQL makes, and names, for a column's definition.
    pub(super) fn note_column(&mut self, table: Table<'_>, column: &Column<'_>) {
        if self.dialect == Dialect::Sqlite || !column.field.has_column() {
            return;
        }
        let (name, own) = (table.name(), column.column());
        let mut note = |kind, name: String, made: String| {
            self.note(Event::Add(name, Known { kind, name: made, columns: vec![own.clone()], refers_to: None }));
        };
        if column.field.primary_key {
            note(KnownKind::PrimaryKey, name.clone(), object_name(&name, "", "pkey"));
        } else if column.field.unique && !is_merged(table, column) {
            note(KnownKind::Unique, name.clone(), object_name(&name, &own, "key"));
        }
        if column.check(Dialect::Postgres).is_some() {
            note(KnownKind::Check, name.clone(), object_name(&name, &own, "check"));
        }
        if column.field.kind.is_auto() {
            note(KnownKind::Sequence, name.clone(), object_name(&name, &own, "seq"));
        }
    }

    fn note_constraint(&mut self, table: Table<'_>, constraint: &Constraint) -> Result<(), String> {
        let (kind, columns) = match constraint {
            Constraint::Unique(unique) => (KnownKind::Unique, table.column_names(&unique.fields)?),
            Constraint::Check(_) => (KnownKind::Check, vec![]),
        };
        let known = Known { kind, name: constraint.name().to_owned(), columns, refers_to: None };
        self.note(Event::Add(table.name(), known));
        Ok(())
    }

    /// All indexes of a new table, put off to the end.
    fn defer_indexes(&mut self, table: Table<'_>) -> Result<(), String> {
        if !table.is_migrated() {
            return Ok(());
        }
        for column in table.columns() {
            self.defer_column_indexes(table, &column)?;
        }
        for index in &table.model.options.indexes {
            let statement = self.index_statement(table, index)?;
            self.defer(statement);
        }
        Ok(())
    }

    /// The indexes that a field asks for by itself, put off to the end.
    pub(super) fn defer_column_indexes(&mut self, table: Table<'_>, column: &Column<'_>) -> Result<(), String> {
        if column.field.db_index && !column.field.is_unique() {
            self.defer(column_index(table, column));
        }
        if self.dialect == Dialect::Postgres
            && let Some(statement) = super::postgres::like_index(table, column)?
        {
            self.defer(statement);
        }
        Ok(())
    }
}

/// Whether the database makes one constraint out of the column's own and a declared one on nothing but the column. The
/// declared one gives the name.
fn is_merged(table: Table<'_>, column: &Column<'_>) -> bool {
    let same = |unique: &Unique| unique.fields.len() == 1 && unique.fields[0] == column.name && is_plain(unique);
    table.model.options.constraints.iter().any(|one| matches!(one, Constraint::Unique(unique) if same(unique)))
}

/// The index of a field that asks for one.
pub(super) fn column_index(table: Table<'_>, column: &Column<'_>) -> Statement {
    let form = Form::Index(IndexForm::default());
    Statement { table: table.name(), columns: vec![column.column()], name: Name::Computed(String::new()), form }
}

/// The rule that fields are unique together.
pub(super) fn unique_together(table: Table<'_>, fields: &[String]) -> Result<Statement, String> {
    Ok(unique_columns(table, table.column_names(fields)?))
}

/// The rule that columns are unique.
pub(super) fn unique_columns(table: Table<'_>, columns: Vec<String>) -> Statement {
    let form = Form::Unique { deferrable: None, nulls_distinct: None };
    Statement { table: table.name(), columns, name: Name::Computed("_uniq".to_owned()), form }
}

/// The reference of a foreign key.
pub(super) fn foreign_key(table: Table<'_>, column: &Column<'_>, suffix: &str) -> Result<Statement, String> {
    let referred = column.referred()?.ok_or_else(|| format!("`{}` is no foreign key", column.label()))?;
    let form = Form::ForeignKey { to_table: referred.table.name(), to_column: referred.column() };
    Ok(Statement { table: table.name(), columns: vec![column.column()], name: Name::Computed(suffix.to_owned()), form })
}

/// The reference of a foreign key in its column's definition, with a space before it.
pub(super) fn inline_reference(column: &Column<'_>) -> Result<String, String> {
    let Some(referred) = column.referred()? else { return Ok(String::new()) };
    let (table, to) = (quote(&referred.table.name()), quote(&referred.column()));
    Ok(format!(" REFERENCES {table} ({to}) DEFERRABLE INITIALLY DEFERRED"))
}

/// The name that PostgreSQL gives to what has none: table, column and a word, the longer of the two cut first.
pub(super) fn object_name(table: &str, column: &str, word: &str) -> String {
    let (mut table, mut column) = (table.trim_matches('"').to_owned(), column.to_owned());
    let joints = if column.is_empty() { 1 } else { 2 };
    while table.len() + column.len() + word.len() + joints > 63 {
        let longer = if table.len() > column.len() { &mut table } else { &mut column };
        longer.pop();
    }
    if column.is_empty() { format!("{table}_{word}") } else { format!("{table}_{column}_{word}") }
}
