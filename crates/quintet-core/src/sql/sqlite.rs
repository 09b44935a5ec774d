//! Changes of columns on SQLite, which can do few of them: for most the table is [made anew](remake).

mod remake;

use super::default::effective_default;
use super::editor::Editor;
use super::place::{Column, Table};
use super::{Dialect, alter, quote};
use crate::schema::{Constraint, Kind, ModelState, To};
use remake::{Changes, remake};

/// A new column.
pub(super) fn add_field(editor: &mut Editor<'_>, table: Table<'_>, column: &Column<'_>) -> Result<(), String> {
    let field = &column.field;
    if matches!(field.kind, Kind::CompositePrimaryKey { .. }) {
        // Another operation changes the column that was the primary key, and makes the table anew.
        return Ok(());
    }
    // A column can be added as it stands where every row has nothing in it.
    let is_filled = field.db_default.is_some() || effective_default(editor, column)?.is_some();
    if field.is_unique() || !field.null || is_filled {
        return remake(editor, table, &Changes { create: Some(column), ..Changes::default() });
    }
    alter::add_column(editor, table, column)
}

/// A column goes.
pub(super) fn remove_field(editor: &mut Editor<'_>, table: Table<'_>, column: &Column<'_>) -> Result<(), String> {
    if !column.field.is_unique() && !column.field.db_index && !has_reference(column) {
        return alter::remove_column(editor, table, column);
    }
    if !column.field.has_column() {
        return Ok(());
    }
    remake(editor, table, &Changes { delete: Some(column), ..Changes::default() })
}

/// A column becomes another.
pub(super) fn alter_field(
    editor: &mut Editor<'_>,
    table: Table<'_>,
    old: &Column<'_>,
    new: &Column<'_>,
) -> Result<(), String> {
    let (was, is) = (old.column(), new.column());
    let same = editor.column_sql(old, false).ok() == Some(editor.column_sql(new, false)?);
    if was != is && same && !has_reference(old) && !has_reference(new) {
        editor.rename_column(&table.name(), &was, &is);
        return Ok(());
    }
    remake(editor, table, &Changes { alter: vec![(old, new)], ..Changes::default() })?;
    let same_type = old.db_type(Dialect::Sqlite)? == new.db_type(Dialect::Sqlite)?;
    if new.field.is_unique() && !(same_type && old.collation()? == new.collation()?) {
        for model in referring(new) {
            remake(editor, Table { state: new.table.state, model: &model }, &Changes::default())?;
        }
    }
    Ok(())
}

/// The table between two models follows its field.
pub(super) fn alter_many_to_many(editor: &mut Editor<'_>, old: &Column<'_>, new: &Column<'_>) -> Result<(), String> {
    let (Some(old_join), Some(new_join)) = (old.join(), new.join()) else { return Ok(()) };
    let before = Table { state: old.table.state, model: &old_join };
    let after = Table { state: new.table.state, model: &new_join };
    let keys = |table: Table<'_>, at: usize| table.model.fields[at].0.clone();
    let (old_here, old_there) = (before.field(&keys(before, 1))?, before.field(&keys(before, 2))?);
    let (new_here, new_there) = (after.field(&keys(after, 1))?, after.field(&keys(after, 2))?);
    if before.name() == after.name() {
        let alter = vec![(&old_there, &new_there), (&old_here, &new_here)];
        return remake(editor, before, &Changes { alter, ..Changes::default() });
    }
    editor.create_model(after)?;
    editor.run(format!(
        "INSERT INTO {} (id, {}, {}) SELECT id, {}, {} FROM {}",
        quote(&after.name()),
        new_here.column(),
        new_there.column(),
        old_here.column(),
        old_there.column(),
        quote(&before.name()),
    ));
    editor.delete_model(before)
}

/// A new constraint.
pub(super) fn add_constraint(editor: &mut Editor<'_>, table: Table<'_>, constraint: &Constraint) -> Result<(), String> {
    if !is_index(constraint) {
        return remake(editor, table, &Changes::default());
    }
    if let Some(statement) = editor.constraint_statement(table, constraint)? {
        editor.run_statement(&statement);
    }
    Ok(())
}

/// A constraint goes.
pub(super) fn remove_constraint(
    editor: &mut Editor<'_>,
    table: Table<'_>,
    constraint: &Constraint,
) -> Result<(), String> {
    if !is_index(constraint) {
        return remake(editor, table, &Changes::default());
    }
    if let Some(sql) = editor.drop_constraint_sql(table, constraint) {
        editor.run(sql);
    }
    Ok(())
}

/// Whether a constraint stands beside its table's definition, or nowhere.
fn is_index(constraint: &Constraint) -> bool {
    match constraint {
        Constraint::Unique(unique) => {
            unique.condition.is_some()
                || !unique.expressions.is_empty()
                || !unique.include.is_empty()
                || unique.deferrable.is_some()
        }
        Constraint::Check(_) => false,
    }
}

fn has_reference(column: &Column<'_>) -> bool {
    column.field.relation().is_some_and(|relation| relation.db_constraint)
}

/// The models with columns that have their type from this one. Its own is one of them, though it was made anew already:
/// so has the reference it.
fn referring(column: &Column<'_>) -> Vec<ModelState> {
    let state = column.table.state;
    let own = state.concrete(column.table.model).key();
    let to_own = |to: &To| state.target(to).is_some_and(|model| state.concrete(model).key() == own);
    let mut found = vec![];
    for model in state.models.values() {
        let has_key = model.fields.iter().any(|(_, field)| {
            let Some(relation) = field.relation().filter(|relation| to_own(&relation.to)) else { return false };
            let is_hidden = relation.related_name.as_deref().is_some_and(|name| name.ends_with('+'));
            let refers = relation.to_field.as_ref().map_or(column.field.primary_key, |name| *name == column.name);
            refers && !is_hidden
        });
        if has_key {
            found.push(model.clone());
        }
        let is_own = model.key() == own;
        let joins = model.fields.iter().filter(|(_, field)| {
            column.field.primary_key && field.kind.many_to_many().is_some_and(|many| is_own || to_own(&many.to))
        });
        found.extend(joins.filter_map(|(name, field)| state.join_model(model, name, field)));
    }
    found
}
