//! What each operation means for tables and columns.

use super::Dialect;
use super::catalogue::Event;
use super::editor::Editor;
use super::place::{Column, Table};
use super::{alter, sqlite};
use crate::operation::Operation;
use crate::schema::{Constraint, Field, Initial, ProjectState, Value};

/// The states on both sides of an operation, in the direction that is gone.
#[derive(Clone, Copy)]
pub(super) struct Change<'a> {
    /// The app.
    pub(super) app: &'a str,
    /// Where it comes from.
    pub(super) from: &'a ProjectState,
    /// Where it goes.
    pub(super) to: &'a ProjectState,
}

impl<'a> Change<'a> {
    fn before(&self, model: &str) -> Result<Table<'a>, String> {
        Table::find(self.from, self.app, model)
    }

    fn after(&self, model: &str) -> Result<Table<'a>, String> {
        Table::find(self.to, self.app, model)
    }
}

/// Does an operation.
pub(super) fn forwards(editor: &mut Editor<'_>, operation: &Operation, change: Change<'_>) -> Result<(), String> {
    match operation {
        Operation::CreateModel { name, .. } => create(editor, change, name),
        Operation::DeleteModel { name } => delete(editor, change, name),
        Operation::RenameModel { old_name, new_name } => alter::rename_model(editor, change, old_name, new_name),
        Operation::AddField { model, name, field, preserve_default } => {
            add_field(editor, change, model, name, (!preserve_default).then_some(field))
        }
        Operation::RemoveField { model, name } => remove_field(editor, change, model, name),
        Operation::RenameField { model, old_name, new_name } => {
            alter_field(editor, change, model, (old_name, new_name), None)
        }
        Operation::AddIndex { model, index } => add_index(editor, change, model, &index.name),
        Operation::RemoveIndex { model, name } => remove_index(editor, change, model, name),
        Operation::RenameIndex { model, old_name, new_name } => {
            alter::rename_index(editor, change.after(model)?, old_name, new_name)
        }
        Operation::AddConstraint { model, constraint } => {
            let table = change.after(model)?;
            if table.is_migrated() { add_constraint(editor, table, constraint) } else { Ok(()) }
        }
        Operation::RemoveConstraint { model, name } => {
            let (table, constraint) = (change.after(model)?, constraint(change.before(model)?, name)?);
            if table.is_migrated() { remove_constraint(editor, table, &constraint) } else { Ok(()) }
        }
        Operation::RunSql { sql, .. } => run_sql(editor, sql),
        Operation::RunRust { code, .. } => {
            editor.run_code(code);
            Ok(())
        }
        Operation::SeparateDatabaseAndState { database, .. } => separate(editor, database, change),
        both => either(editor, both, change),
    }
}

/// Undoes an operation: `change` goes from the state after it to the state before it.
pub(super) fn backwards(editor: &mut Editor<'_>, operation: &Operation, change: Change<'_>) -> Result<(), String> {
    match operation {
        Operation::CreateModel { name, .. } => delete(editor, change, name),
        Operation::DeleteModel { name } => create(editor, change, name),
        Operation::RenameModel { old_name, new_name } => alter::rename_model(editor, change, new_name, old_name),
        Operation::AddField { model, name, .. } => remove_field(editor, change, model, name),
        Operation::RemoveField { model, name } => add_field(editor, change, model, name, None),
        Operation::RenameField { model, old_name, new_name } => {
            alter_field(editor, change, model, (new_name, old_name), None)
        }
        Operation::AddIndex { model, index } => remove_index(editor, change, model, &index.name),
        Operation::RemoveIndex { model, name } => add_index(editor, change, model, name),
        Operation::RenameIndex { model, old_name, new_name } => {
            alter::rename_index(editor, change.after(model)?, new_name, old_name)
        }
        Operation::AddConstraint { model, constraint } => {
            let table = change.after(model)?;
            if table.is_migrated() { remove_constraint(editor, table, constraint) } else { Ok(()) }
        }
        Operation::RemoveConstraint { model, name } => {
            let table = change.after(model)?;
            if table.is_migrated() { add_constraint(editor, table, &constraint(table, name)?) } else { Ok(()) }
        }
        Operation::RunSql { reverse, .. } => run_sql(editor, reverse.as_deref().unwrap_or_default()),
        Operation::RunRust { reverse, .. } => {
            reverse.iter().for_each(|code| editor.run_code(code));
            Ok(())
        }
        Operation::SeparateDatabaseAndState { database, .. } => separate_back(editor, database, change),
        both => either(editor, both, change),
    }
}

/// Operations whose way back is their way there, between the same two states.
fn either(editor: &mut Editor<'_>, operation: &Operation, change: Change<'_>) -> Result<(), String> {
    match operation {
        Operation::AlterModelTable { name, .. } => {
            alter::model_table(editor, change.before(name)?, change.after(name)?)
        }
        Operation::AlterModelTableComment { name, .. } => {
            let table = change.after(name)?;
            if table.is_migrated() {
                editor.table_comment(table, table.model.options.db_table_comment.as_deref());
            }
            Ok(())
        }
        Operation::AlterUniqueTogether { name, .. } => {
            alter::unique_together(editor, change.before(name)?, change.after(name)?)
        }
        Operation::AlterOrderWithRespectTo { name, .. } => {
            order_with_respect_to(editor, change.before(name)?, change.after(name)?)
        }
        Operation::AlterField { model, name, field, preserve_default } => {
            alter_field(editor, change, model, (name, name), (!preserve_default).then_some(field))
        }
        _ => Ok(()),
    }
}

fn create(editor: &mut Editor<'_>, change: Change<'_>, name: &str) -> Result<(), String> {
    let table = change.after(name)?;
    if table.is_migrated() { editor.create_model(table) } else { Ok(()) }
}

fn delete(editor: &mut Editor<'_>, change: Change<'_>, name: &str) -> Result<(), String> {
    let table = change.before(name)?;
    if table.is_migrated() { editor.delete_model(table) } else { Ok(()) }
}

/// `once` is the field whose default is for the rows that there are.
fn add_field(
    editor: &mut Editor<'_>,
    change: Change<'_>,
    model: &str,
    name: &str,
    once: Option<&Field>,
) -> Result<(), String> {
    let after = change.after(model)?;
    if !after.is_migrated() {
        return Ok(());
    }
    let column = with_default(after.field(name)?, once);
    new_column(editor, change.before(model)?, &column)
}

fn new_column(editor: &mut Editor<'_>, table: Table<'_>, column: &Column<'_>) -> Result<(), String> {
    if let Some(join) = column.join() {
        return editor.create_model(Table { state: column.table.state, model: &join });
    }
    if !column.field.has_column() && editor.dialect == Dialect::Postgres {
        return Ok(());
    }
    match editor.dialect {
        Dialect::Sqlite => sqlite::add_field(editor, table, column),
        Dialect::Postgres => alter::add_column(editor, table, column),
    }
}

fn remove_field(editor: &mut Editor<'_>, change: Change<'_>, model: &str, name: &str) -> Result<(), String> {
    let table = change.before(model)?;
    if table.is_migrated() { old_column(editor, table, &table.field(name)?) } else { Ok(()) }
}

fn old_column(editor: &mut Editor<'_>, table: Table<'_>, column: &Column<'_>) -> Result<(), String> {
    if let Some(join) = column.join() {
        return editor.delete_model(Table { state: column.table.state, model: &join });
    }
    if column.field.kind.many_to_many().is_some() {
        return Ok(());
    }
    match editor.dialect {
        Dialect::Sqlite => sqlite::remove_field(editor, table, column),
        Dialect::Postgres => alter::remove_column(editor, table, column),
    }
}

/// `names` are those of the field before and after.
fn alter_field(
    editor: &mut Editor<'_>,
    change: Change<'_>,
    model: &str,
    names: (&str, &str),
    once: Option<&Field>,
) -> Result<(), String> {
    let (before, after) = (change.before(model)?, change.after(model)?);
    if !after.is_migrated() {
        return Ok(());
    }
    let new = with_default(after.field(names.1)?, once);
    alter::field(editor, before, &before.field(names.0)?, &new)
}

/// The column with the default that is for the rows that there are.
fn with_default<'a>(mut column: Column<'a>, once: Option<&Field>) -> Column<'a> {
    if let Some(field) = once {
        column.field.to_mut().default.clone_from(&field.default);
    }
    column
}

fn order_with_respect_to(editor: &mut Editor<'_>, before: Table<'_>, after: Table<'_>) -> Result<(), String> {
    if !after.is_migrated() {
        return Ok(());
    }
    let had = before.model.options.order_with_respect_to.is_some();
    let has = after.model.options.order_with_respect_to.is_some();
    if had && !has {
        old_column(editor, before, &before.field("_order")?)
    } else if has && !had {
        let mut column = after.field("_order")?;
        column.field.to_mut().default.get_or_insert(Initial::Value(Value::Int(0)));
        new_column(editor, before, &column)
    } else {
        Ok(())
    }
}

fn add_index(editor: &mut Editor<'_>, change: Change<'_>, model: &str, name: &str) -> Result<(), String> {
    let table = change.after(model)?;
    if table.is_migrated() {
        let statement = editor.index_statement(table, index(table, name)?)?;
        editor.run_statement(&statement);
    }
    Ok(())
}

fn remove_index(editor: &mut Editor<'_>, change: Change<'_>, model: &str, name: &str) -> Result<(), String> {
    let table = change.before(model)?;
    if table.is_migrated() {
        editor.drop_index(&table.name(), name);
    }
    Ok(())
}

fn index<'a>(table: Table<'a>, name: &str) -> Result<&'a crate::schema::Index, String> {
    table
        .model
        .options
        .indexes
        .iter()
        .find(|index| index.name == name)
        .ok_or_else(|| format!("`{}` has no index `{name}` at this point of the history", table.model.label()))
}

fn constraint(table: Table<'_>, name: &str) -> Result<Constraint, String> {
    let found = table.model.options.constraints.iter().find(|constraint| constraint.name() == name);
    found
        .cloned()
        .ok_or_else(|| format!("`{}` has no constraint `{name}` at this point of the history", table.model.label()))
}

fn add_constraint(editor: &mut Editor<'_>, table: Table<'_>, constraint: &Constraint) -> Result<(), String> {
    if editor.dialect == Dialect::Sqlite {
        return sqlite::add_constraint(editor, table, constraint);
    }
    if let Some(statement) = editor.constraint_statement(table, constraint)? {
        editor.run_statement(&statement);
    }
    Ok(())
}

fn remove_constraint(editor: &mut Editor<'_>, table: Table<'_>, constraint: &Constraint) -> Result<(), String> {
    if editor.dialect == Dialect::Sqlite {
        return sqlite::remove_constraint(editor, table, constraint);
    }
    if let Some(sql) = editor.drop_constraint_sql(table, constraint) {
        editor.run(sql);
        editor.note(Event::Drop(table.name(), constraint.name().to_owned()));
    }
    Ok(())
}

fn run_sql(editor: &mut Editor<'_>, statements: &[String]) -> Result<(), String> {
    for sql in statements.iter().filter(|sql| !sql.trim().is_empty()) {
        editor.run(sql.clone());
    }
    Ok(())
}

/// The operations for the database, each between its own two states. None of them is seen by the project's state.
fn separate(editor: &mut Editor<'_>, operations: &[Operation], change: Change<'_>) -> Result<(), String> {
    let mut state = change.from.clone();
    for operation in operations {
        let from = state.clone();
        operation.apply(change.app, &mut state).map_err(|error| error.message)?;
        forwards(editor, operation, Change { app: change.app, from: &from, to: &state })?;
    }
    Ok(())
}

fn separate_back(editor: &mut Editor<'_>, operations: &[Operation], change: Change<'_>) -> Result<(), String> {
    let mut states = vec![change.to.clone()];
    for operation in operations {
        let mut state = states[states.len() - 1].clone();
        operation.apply(change.app, &mut state).map_err(|error| error.message)?;
        states.push(state);
    }
    for (at, operation) in operations.iter().enumerate().rev() {
        backwards(editor, operation, Change { app: change.app, from: &states[at + 1], to: &states[at] })?;
    }
    Ok(())
}
