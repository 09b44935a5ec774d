//! Changes of columns on PostgreSQL: what stands on the column goes, the column changes, and it comes back.

mod kind;
mod like;

use kind::{Types, type_sql};
pub(super) use like::like_index;
use like::like_indexes;

use super::alter::is_altered;
use super::catalogue::{Event, KnownKind};
use super::constraints::drop_constraint;
use super::default::effective_default;
use super::editor::Editor;
use super::place::{Column, Table};
use super::related::related;
use super::statement::{FK_WITH_TARGET, Form, Name, Statement};
use super::tables::{column_index, foreign_key, unique_columns};
use super::{Dialect, quote};

const DIALECT: Dialect = Dialect::Postgres;

/// A column becomes another.
pub(super) fn alter_field(
    editor: &mut Editor<'_>,
    table: Table<'_>,
    old: &Column<'_>,
    new: &Column<'_>,
) -> Result<(), String> {
    let types = Types::of(old, new)?;
    let dropped_reference =
        has_reference(old) && is_altered(DIALECT, old, new, false)? && drop_references(editor, table, old)?;
    drop_unique(editor, table, old, new);
    let rewrites = (old.field.primary_key && new.field.primary_key || old.field.is_unique() && new.field.is_unique())
        && types.differ();
    let mut relations = if rewrites { related(old, new) } else { vec![] };
    for (_, relation) in &relations {
        relation.with(|table, column| drop_references(editor, table, column))?;
    }
    drop_index(editor, table, old, new);
    drop_check(editor, table, old, new);
    if old.column() != new.column() {
        editor.rename_column(&table.name(), &old.column(), &new.column());
    }
    alter_column(editor, table, old, new, &types)?;
    if old.field.primary_key && !new.field.primary_key {
        drop_primary_key(editor, table);
    }
    if is_unique_added(old, new) {
        editor.run_statement(&unique_columns(table, vec![new.column()]));
    }
    if (!old.field.db_index || old.field.is_unique()) && new.field.db_index && !new.field.is_unique() {
        editor.run_statement(&column_index(table, new));
    }
    if !old.field.primary_key && new.field.primary_key {
        let name = Name::Computed("_pk".to_owned());
        editor.run_statement(&Statement {
            table: table.name(),
            columns: vec![new.column()],
            name,
            form: Form::PrimaryKey,
        });
        relations.extend(related(old, new));
    }
    for (before, after) in &relations {
        before.with(|_, old| after.with(|table, new| alter_related(editor, table, old, new)))?;
    }
    if has_reference(new) && (dropped_reference || !has_reference(old)) {
        let statement = foreign_key(table, new, FK_WITH_TARGET)?;
        editor.run_statement(&statement);
    }
    if rewrites {
        for (_, relation) in &relations {
            relation.with(|table, column| {
                if has_reference(column) {
                    let statement = foreign_key(table, column, "_fk")?;
                    editor.run_statement(&statement);
                }
                Ok(())
            })?;
        }
    }
    add_check(editor, table, old, new);
    if needs_default(editor, old, new)?.is_some() {
        let (table, column) = (quote(&table.name()), quote(&new.column()));
        editor.run(format!("ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT"));
    }
    like_indexes(editor, table, old, new, &types)
}

fn has_reference(column: &Column<'_>) -> bool {
    column.field.relation().is_some_and(|relation| relation.db_constraint)
}

/// Drops the references that a column makes; tells whether there was one.
pub(super) fn drop_references(editor: &mut Editor<'_>, table: Table<'_>, column: &Column<'_>) -> Result<bool, String> {
    if column.field.relation().is_none() {
        return Ok(false);
    }
    let names = editor.names(table, Some(&[column.column()]), KnownKind::ForeignKey);
    for name in &names {
        let drop = drop_constraint(&table.name(), name);
        editor.run(format!("SET CONSTRAINTS {} IMMEDIATE; {drop}", quote(name)));
        editor.note(Event::Drop(table.name(), name.clone()));
    }
    Ok(!names.is_empty())
}

fn drop_unique(editor: &mut Editor<'_>, table: Table<'_>, old: &Column<'_>, new: &Column<'_>) {
    let became_key = !old.field.primary_key && new.field.primary_key;
    if !old.field.is_unique() || new.field.is_unique() && !became_key {
        return;
    }
    for name in editor.names(table, Some(&[old.column()]), KnownKind::Unique) {
        editor.drop_constraint(&table.name(), &name);
    }
}

fn drop_index(editor: &mut Editor<'_>, table: Table<'_>, old: &Column<'_>, new: &Column<'_>) {
    let goes = old.field.db_index && !old.field.is_unique() && (!new.field.db_index || new.field.is_unique());
    if goes {
        for name in editor.names(table, Some(&[old.column()]), KnownKind::Index) {
            editor.drop_index(&table.name(), &name);
        }
    }
}

fn drop_check(editor: &mut Editor<'_>, table: Table<'_>, old: &Column<'_>, new: &Column<'_>) {
    if old.check_of(DIALECT, "") == new.check_of(DIALECT, "") || old.check(DIALECT).is_none() {
        return;
    }
    for name in editor.names(table, Some(&[old.column()]), KnownKind::Check) {
        editor.drop_constraint(&table.name(), &name);
    }
}

fn add_check(editor: &mut Editor<'_>, table: Table<'_>, old: &Column<'_>, new: &Column<'_>) {
    let Some(check) = new.check(DIALECT) else { return };
    if old.check_of(DIALECT, "") == new.check_of(DIALECT, "") {
        return;
    }
    let name = Name::Computed("_check".to_owned());
    editor.run_statement(&Statement {
        table: table.name(),
        columns: vec![new.column()],
        name,
        form: Form::Check(check),
    });
}

/// Type, defaults and null.
fn alter_column(
    editor: &mut Editor<'_>,
    table: Table<'_>,
    old: &Column<'_>,
    new: &Column<'_>,
    types: &Types,
) -> Result<(), String> {
    let column = quote(&new.column());
    let alter = format!("ALTER TABLE {}", quote(&table.name()));
    let (mut actions, mut afterwards) = (vec![], vec![]);
    if types.differ() || old.suffix(DIALECT) != new.suffix(DIALECT) || old.field.db_comment != new.field.db_comment {
        let (action, others) = type_sql(editor, table, old, new, types)?;
        actions.push(action);
        afterwards = others;
    }
    let new_default = new.db_default_sql(DIALECT)?;
    if let Some(default) = &new_default {
        if old.field.db_default != new.field.db_default {
            actions.push(format!("ALTER COLUMN {column} SET DEFAULT {default}"));
        }
    } else if old.field.db_default.is_some() {
        actions.push(format!("ALTER COLUMN {column} DROP DEFAULT"));
    }
    let becomes_required = old.field.null && !new.field.null;
    if let Some(default) = needs_default(editor, old, new)? {
        actions.push(format!("ALTER COLUMN {column} SET DEFAULT {default}"));
    }
    let null = (old.field.null != new.field.null)
        .then(|| format!("ALTER COLUMN {column} {} NOT NULL", if new.field.null { "DROP" } else { "SET" }));
    let fills = becomes_required && (new.field.default.is_some() || new_default.is_some());
    if !fills {
        actions.extend(null.clone());
    }
    if !actions.is_empty() {
        editor.run(format!("{alter} {}", actions.join(", ")));
    }
    if fills && let Some(null) = null {
        let default = match new_default {
            Some(default) => default,
            None => effective_default(editor, new)?.unwrap_or_else(|| "NULL".to_owned()),
        };
        let table = quote(&table.name());
        editor.run(format!(
            "UPDATE {table} SET {column} = {default} WHERE {column} IS NULL; SET CONSTRAINTS ALL IMMEDIATE"
        ));
        editor.run(format!("{alter} {null}"));
    }
    afterwards.into_iter().for_each(|sql| editor.run(sql));
    Ok(())
}

/// The default that rows without a value get while a column becomes required.
fn needs_default(editor: &Editor<'_>, old: &Column<'_>, new: &Column<'_>) -> Result<Option<String>, String> {
    if !old.field.null || new.field.null || new.field.db_default.is_some() {
        return Ok(None);
    }
    let (was, is) = (effective_default(editor, old)?, effective_default(editor, new)?);
    Ok(is.filter(|is| was.as_ref() != Some(is)))
}

/// A column that refers to one whose type has changed.
fn alter_related(editor: &mut Editor<'_>, table: Table<'_>, old: &Column<'_>, new: &Column<'_>) -> Result<(), String> {
    let types = Types::of(old, new)?;
    let (action, others) = type_sql(editor, table, old, new, &types)?;
    editor.run(format!("ALTER TABLE {} {action}", quote(&table.name())));
    others.into_iter().for_each(|sql| editor.run(sql));
    Ok(())
}

fn drop_primary_key(editor: &mut Editor<'_>, table: Table<'_>) {
    for name in editor.names(table, None, KnownKind::PrimaryKey) {
        editor.drop_constraint(&table.name(), &name);
    }
}

fn is_unique_added(old: &Column<'_>, new: &Column<'_>) -> bool {
    !new.field.primary_key && new.field.unique && (!old.field.is_unique() || old.field.primary_key)
}

/// The reference in the definition of a new column, with a space before it, and the check of what is there.
pub(super) fn inline_reference(
    editor: &mut Editor<'_>,
    table: Table<'_>,
    column: &Column<'_>,
) -> Result<String, String> {
    let statement = foreign_key(table, column, FK_WITH_TARGET)?;
    let Form::ForeignKey { to_table, to_column } = &statement.form else { return Ok(String::new()) };
    editor.note_statement(&statement);
    let (name, to_table, to_column) = (quote(&statement.name(DIALECT)), quote(to_table), quote(to_column));
    Ok(format!(
        " CONSTRAINT {name} REFERENCES {to_table}({to_column}) DEFERRABLE INITIALLY DEFERRED; SET CONSTRAINTS {name} \
         IMMEDIATE"
    ))
}
