//! A table made anew: a new one under another name, the rows copied, the old one dropped, the new one renamed.
//!
//! The order of columns is the reference's, which keeps a changed column beside the others by the moment when its
//! state was first looked at.

use crate::schema::{Constraint, Field, Index, Kind, ModelState, Options, ProjectState};
use crate::sql::default::effective_default;
use crate::sql::editor::{Changed, Editor};
use crate::sql::place::{Column, Table};
use crate::sql::{Dialect, quote};

/// How a table differs from the one before.
#[derive(Default)]
pub(super) struct Changes<'c> {
    /// A column that is new.
    pub(super) create: Option<&'c Column<'c>>,
    /// A column that goes.
    pub(super) delete: Option<&'c Column<'c>>,
    /// Columns before and after.
    pub(super) alter: Vec<(&'c Column<'c>, &'c Column<'c>)>,
}

/// Makes a table anew.
pub(super) fn remake(editor: &mut Editor<'_>, table: Table<'_>, changes: &Changes<'_>) -> Result<(), String> {
    let copy = copy(editor, table, changes)?;
    let mut model = rebuilt(table, changes, fields(editor, table, changes));
    let state = surroundings(table, changes, &model);
    let old = table.name();
    let new = format!("new__{}", old.trim_matches('"'));
    model.options.db_table = Some(new.clone());
    editor.create_model(Table { state: &state, model: &model })?;
    let columns: Vec<String> = copy.iter().map(|(column, _)| quote(column)).collect();
    let values: Vec<&str> = copy.iter().map(|(_, value)| value.as_str()).collect();
    let (into, from) = (quote(&new), quote(&old));
    editor.run(format!("INSERT INTO {into} ({}) SELECT {} FROM {from}", columns.join(", "), values.join(", ")));
    editor.drop_table(&old);
    editor.rename_table(&new, &old);
    editor.flush();
    Ok(())
}

/// Where the columns of the new table stand: those with a lower rank first, those with the same as in their model.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The number that a model gets without asking, and the link to a parent.
    Made,
    /// A changed column, where the state after the change was looked at first.
    Early,
    /// A column as it was.
    Kept,
    /// A changed column.
    Late,
    /// References to the table itself are always taken over last.
    Own,
}

/// The fields of the new table, in order.
fn fields(editor: &Editor<'_>, table: Table<'_>, changes: &Changes<'_>) -> Vec<(String, Field)> {
    let changed = match editor.changed {
        Changed::First => Rank::Early,
        Changed::InPlace => Rank::Kept,
        Changed::Last => Rank::Late,
    };
    let mut ranked: Vec<(Rank, usize, String, Field)> = vec![];
    for (at, column) in table.columns().into_iter().enumerate() {
        let is_deleted = changes.delete.is_some_and(|gone| gone.name == column.name);
        let is_altered = changes.alter.iter().any(|(old, _)| old.name == column.name);
        let loses_key = loses_key(&column, changes);
        let is_dropped = loses_key && (is_made(&column) || !column.field.has_column());
        if is_deleted || is_altered || is_dropped {
            continue;
        }
        let refers_here = column.field.relation().is_some_and(|to| to.to.is(&table.model.app, &table.model.name));
        let rank = match () {
            () if is_made(&column) => Rank::Made,
            () if refers_here => Rank::Own,
            () => Rank::Kept,
        };
        let mut field = column.field.into_owned();
        field.primary_key &= !loses_key;
        ranked.push((rank, at, column.name.into_owned(), field));
    }
    let created = changes.create.filter(|column| column.field.kind.many_to_many().is_none());
    for column in changes.alter.iter().map(|(_, new)| *new).chain(created) {
        let rank = if is_made(column) { Rank::Made } else { changed };
        let at = column.table.columns().iter().position(|own| own.name == column.name).unwrap_or(usize::MAX);
        ranked.push((rank, at, column.name.clone().into_owned(), column.field.clone().into_owned()));
    }
    ranked.sort_by_key(|(rank, at, ..)| (*rank, *at));
    with_key(ranked.into_iter().map(|(_, _, name, field)| (name, field)).collect(), table, changes)
}

/// The reference gives a number to a model that would be without a key, unless it is the number that goes.
fn with_key(mut fields: Vec<(String, Field)>, table: Table<'_>, changes: &Changes<'_>) -> Vec<(String, Field)> {
    let has_key = fields.iter().any(|(_, field)| field.primary_key || is_composite(field));
    let loses_number = changes.delete.is_some_and(|gone| gone.name == "id");
    if !has_key && !loses_number && table.model.bases.is_empty() {
        let mut id = Field::new(Kind::BigAuto);
        id.primary_key = true;
        fields.insert(0, ("id".to_owned(), id));
    }
    fields
}

/// Whether a column is the primary key that another takes the place of.
fn loses_key(column: &Column<'_>, changes: &Changes<'_>) -> bool {
    let has_new_key = changes.create.into_iter().chain(changes.alter.iter().map(|(_, new)| *new)).any(is_key);
    let stays = changes.alter.iter().any(|(_, new)| new.name == column.name);
    has_new_key && is_key(column) && !stays
}

fn is_key(column: &Column<'_>) -> bool {
    column.field.primary_key || is_composite(&column.field)
}

fn is_composite(field: &Field) -> bool {
    matches!(field.kind, Kind::CompositePrimaryKey { .. })
}

/// Whether the reference makes such a column without being asked.
fn is_made(column: &Column<'_>) -> bool {
    let field = &column.field;
    let is_number = field.kind.is_auto() && column.name == "id" && !field.declared.0;
    field.primary_key && (is_number || field.relation().is_some_and(|relation| relation.parent_link))
}

/// The columns of the new table that rows are copied into, each with its value.
fn copy(editor: &Editor<'_>, table: Table<'_>, changes: &Changes<'_>) -> Result<Vec<(String, String)>, String> {
    let mut copy: Vec<(String, String)> = vec![];
    for column in table.columns().iter().filter(|column| column.field.has_column() && !column.is_generated()) {
        let name = column.column();
        if !(loses_key(column, changes) && is_made(column)) {
            copy.push((name.clone(), quote(&name)));
        }
    }
    if let Some(column) = changes.create
        && column.field.has_column()
        && column.field.db_default.is_none()
        && !column.is_generated()
    {
        copy.push((column.column(), effective_default(editor, column)?.unwrap_or_else(|| "NULL".to_owned())));
    }
    for (old, new) in &changes.alter {
        let name = old.column();
        copy.retain(|(column, _)| *column != name);
        if new.is_generated() {
            continue;
        }
        let mut value = quote(&name);
        if old.field.null && !new.field.null {
            let default = match new.db_default_sql(Dialect::Sqlite)? {
                Some(default) => default,
                None => effective_default(editor, new)?.unwrap_or_else(|| "NULL".to_owned()),
            };
            value = format!("coalesce({value}, {default})");
        }
        copy.push((new.column(), value));
    }
    if let Some(column) = changes.delete {
        let name = column.column();
        copy.retain(|(column, _)| *column != name);
    }
    Ok(copy)
}

/// The model of the new table, with what stands on it.
fn rebuilt(table: Table<'_>, changes: &Changes<'_>, fields: Vec<(String, Field)>) -> ModelState {
    let renamed = |name: &mut String| {
        if let Some((_, new)) = changes.alter.iter().find(|(old, _)| old.name == *name) {
            *name = new.name.clone().into_owned();
        }
    };
    let old = &table.model.options;
    let mut options = Options { db_table: Some(table.name()), ..Options::default() };
    options.unique_together.clone_from(&old.unique_together);
    options.unique_together.iter_mut().flatten().for_each(renamed);
    let is_kept =
        |index: &&Index| !changes.delete.is_some_and(|gone| index.fields.iter().any(|field| field.name == gone.name));
    options.indexes = old.indexes.iter().filter(is_kept).cloned().collect();
    options.indexes.iter_mut().flat_map(|index| &mut index.fields).for_each(|field| renamed(&mut field.name));
    options.constraints.clone_from(&old.constraints);
    for constraint in &mut options.constraints {
        if let Constraint::Unique(unique) = constraint {
            unique.fields.iter_mut().for_each(renamed);
        }
    }
    ModelState { fields, options, managers: vec![], ..table.model.clone() }
}

/// The state around the new table: the old one, in which references to the table find the new one, and those of changed
/// columns what they refer to.
fn surroundings(table: Table<'_>, changes: &Changes<'_>, model: &ModelState) -> ProjectState {
    let mut state = table.state.clone();
    for column in changes.create.into_iter().chain(changes.alter.iter().map(|(_, new)| *new)) {
        state.models.fill_from(&column.table.state.models);
    }
    state.models.insert(model.key(), model.clone());
    state
}
