//! Changes of tables that both databases share, and the choice of the one that goes on.

use std::collections::BTreeSet;

use super::catalogue::{Event, KnownKind};
use super::default::effective_default;
use super::editor::{Changed, Editor};
use super::operations::Change;
use super::place::{Column, Table};
use super::tables::{inline_reference, unique_together as unique_statement};
use super::{Dialect, postgres, quote, sqlite};
use crate::schema::{Field, Kind, ManyToMany, Relation, To};

/// A field becomes another.
pub(super) fn field(
    editor: &mut Editor<'_>,
    table: Table<'_>,
    old: &Column<'_>,
    new: &Column<'_>,
) -> Result<(), String> {
    if !is_altered(editor.dialect, old, new, true)? {
        return Ok(());
    }
    let (old_many, new_many) = (old.field.kind.many_to_many(), new.field.kind.many_to_many());
    match (old_many, new_many) {
        (Some(one), Some(other)) if one.through.is_none() && other.through.is_none() => {
            return many_to_many(editor, old, new);
        }
        (Some(one), Some(other)) if one.through.is_some() && other.through.is_some() => return Ok(()),
        (None, None) => {}
        _ => return Err(incompatible(old, new)),
    }
    if !old.field.has_column() || !new.field.has_column() {
        return Err(format!(
            "Cannot alter field {} into {} - they do not properly define db_type",
            old.label(),
            new.label()
        ));
    }
    if changes_generated(editor.dialect, old, new)? {
        return Err(format!(
            "Modifying GeneratedFields is not supported - the field {} must be removed and re-added with the new \
             definition.",
            new.label()
        ));
    }
    match editor.dialect {
        Dialect::Sqlite => sqlite::alter_field(editor, table, old, new),
        Dialect::Postgres => postgres::alter_field(editor, table, old, new),
    }
}

fn incompatible(old: &Column<'_>, new: &Column<'_>) -> String {
    format!(
        "Cannot alter field {} into {} - they are not compatible types (you cannot alter to or from M2M fields, or add \
         or remove through= on M2M fields)",
        old.label(),
        new.label()
    )
}

fn changes_generated(dialect: Dialect, old: &Column<'_>, new: &Column<'_>) -> Result<bool, String> {
    match (&old.field.kind, &new.field.kind) {
        (Kind::Generated { db_persist: was, .. }, Kind::Generated { db_persist: is, .. }) => {
            Ok(was != is || old.generated_sql(dialect).ok() != Some(new.generated_sql(dialect)?))
        }
        _ => Ok(old.is_generated() != new.is_generated()),
    }
}

/// Whether the database hears of the difference at all. A comment may be left out of account.
pub(super) fn is_altered(dialect: Dialect, old: &Column<'_>, new: &Column<'_>, comments: bool) -> Result<bool, String> {
    let composite = |column: &Column<'_>| matches!(column.field.kind, Kind::CompositePrimaryKey { .. });
    if composite(old) && composite(new) {
        return Ok(false);
    }
    // The reference never finds two output fields equal, so it makes a table anew for other words about such a field.
    if old.column() != new.column()
        || old.field.declared.0 != new.field.declared.0
        || old.is_generated() && new.is_generated()
    {
        return Ok(true);
    }
    let same_target = match (target_table(old), target_table(new)) {
        (Some(old), Some(new)) => old == new && old.is_some(),
        _ => false,
    };
    let same_default = old.field.db_default.is_some()
        && new.field.db_default.is_some()
        && old.db_default_sql(dialect).ok() == Some(new.db_default_sql(dialect)?);
    let plain = |column: &Column<'_>| {
        let mut field = without_words(&column.field);
        if same_target && let Some(relation) = field.kind.relation_mut() {
            relation.to = To::default();
        }
        if let Some(relation) = field.kind.relation_mut() {
            let primary = column.table.state.target(&relation.to).and_then(|to| column.table.state.primary_key(to));
            if relation.to_field.as_deref() == primary.map(|(name, _)| name) {
                relation.to_field = None;
            }
        }
        if same_default {
            field.db_default = None;
        }
        if !comments {
            field.db_comment = None;
        }
        field
    };
    Ok(plain(old) != plain(new))
}

/// The table that a relation of a column refers to.
fn target_table(column: &Column<'_>) -> Option<Option<String>> {
    let relation = column.field.relation()?;
    let state = column.table.state;
    Some(state.target(&relation.to).map(|model| state.concrete(model).table()))
}

/// A field without what the database does not know.
fn without_words(field: &Field) -> Field {
    let mut plain = Field {
        blank: false,
        choices: vec![],
        db_column: None,
        editable: true,
        error_messages: vec![],
        help_text: String::new(),
        validators: vec![],
        verbose_name: None,
        ..field.clone()
    };
    match &mut plain.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => {
            *relation = Relation {
                on_delete: crate::schema::OnDelete::DoNothing,
                related_name: None,
                related_query_name: None,
                limit_choices_to: None,
                ..relation.clone()
            };
        }
        Kind::ManyToMany(many) => {
            *many = ManyToMany { related_name: None, related_query_name: None, limit_choices_to: None, ..many.clone() };
        }
        _ => {}
    }
    plain
}

/// The table between two models follows its field.
pub(super) fn many_to_many(editor: &mut Editor<'_>, old: &Column<'_>, new: &Column<'_>) -> Result<(), String> {
    if editor.dialect == Dialect::Sqlite {
        return sqlite::alter_many_to_many(editor, old, new);
    }
    let (Some(old_join), Some(new_join)) = (old.join(), new.join()) else { return Ok(()) };
    editor.rename_table(&old_join.table(), &new_join.table());
    let before = Table { state: old.table.state, model: &old_join };
    let after = Table { state: new.table.state, model: &new_join };
    for at in [2, 1] {
        let (old_key, new_key) = (before.field(&old_join.fields[at].0)?, after.field(&new_join.fields[at].0)?);
        field(editor, after, &old_key, &new_key)?;
    }
    Ok(())
}

/// A model has another name: so have its table, the columns of tables in between, and references to it.
pub(super) fn rename_model(
    editor: &mut Editor<'_>,
    change: Change<'_>,
    old_name: &str,
    new_name: &str,
) -> Result<(), String> {
    let old = Table::find(change.from, change.app, old_name)?;
    let new = Table::find(change.to, change.app, new_name)?;
    if !new.is_migrated() {
        return Ok(());
    }
    editor.rename_table(&old.name(), &new.name());
    let changed = std::mem::replace(&mut editor.changed, Changed::InPlace);
    for model in change.from.models.values() {
        let other = Table { state: change.from, model };
        for column in other.fields().iter().filter(|column| refers_to(column, old)) {
            let is_self = model.key() == old.model.key();
            let name = if is_self { new_name } else { &model.name };
            let after = Table::find(change.to, &model.app, name)?;
            field(editor, after, column, &after.field(&column.name)?)?;
        }
    }
    for (column, name) in old.fields().iter().map(|column| (column, &column.name)) {
        let Some(many) = column.field.kind.many_to_many() else { continue };
        if many.through.is_none() && !many.to.is(change.app, old_name) {
            many_to_many(editor, column, &new.field(name)?)?;
        }
    }
    editor.changed = changed;
    Ok(())
}

/// Whether a relation's other end is this model, and has a way back to here.
fn refers_to(column: &Column<'_>, table: Table<'_>) -> bool {
    let key = table.model.key();
    let is = |to: &To| (to.app.clone(), to.model.to_lowercase()) == key;
    match &column.field.kind {
        Kind::ForeignKey(relation) | Kind::OneToOne(relation) => {
            is(&relation.to) && !relation.related_name.as_deref().is_some_and(|name| name.ends_with('+'))
        }
        Kind::ManyToMany(many) => is(&many.to),
        _ => false,
    }
}

/// A model's table has another name, and those in between that follow it.
pub(super) fn model_table(editor: &mut Editor<'_>, old: Table<'_>, new: Table<'_>) -> Result<(), String> {
    if !new.is_migrated() {
        return Ok(());
    }
    editor.rename_table(&old.name(), &new.name());
    for (old_join, new_join) in old.joins().iter().zip(&new.joins()) {
        editor.rename_table(&old_join.table(), &new_join.table());
    }
    Ok(())
}

/// An index has another name.
pub(super) fn rename_index(editor: &mut Editor<'_>, table: Table<'_>, old: &str, new: &str) -> Result<(), String> {
    if !table.is_migrated() {
        return Ok(());
    }
    if editor.dialect == Dialect::Postgres {
        editor.run(format!("ALTER INDEX {} RENAME TO {}", quote(old), quote(new)));
        editor.note(Event::Rename(table.name(), old.to_owned(), new.to_owned()));
        return Ok(());
    }
    let index = table.model.options.indexes.iter().find(|index| index.name == new);
    let index =
        index.ok_or_else(|| format!("`{}` has no index `{new}` at this point of the history", table.model.label()))?;
    editor.drop_index(&table.name(), old);
    let statement = editor.index_statement(table, index)?;
    editor.run_statement(&statement);
    Ok(())
}

/// Other fields are unique together.
pub(super) fn unique_together(editor: &mut Editor<'_>, old: Table<'_>, new: Table<'_>) -> Result<(), String> {
    if !new.is_migrated() {
        return Ok(());
    }
    let olds: BTreeSet<&Vec<String>> = old.model.options.unique_together.iter().collect();
    let news: BTreeSet<&Vec<String>> = new.model.options.unique_together.iter().collect();
    for fields in olds.difference(&news) {
        drop_unique_together(editor, new, fields)?;
    }
    for fields in news.difference(&olds) {
        let statement = unique_statement(new, fields)?;
        editor.run_statement(&statement);
    }
    Ok(())
}

fn drop_unique_together(editor: &mut Editor<'_>, table: Table<'_>, fields: &[String]) -> Result<(), String> {
    let (name, columns) = (table.name(), table.column_names(fields)?);
    let mut names = editor.names(table, Some(&columns), KnownKind::Unique);
    let usual = editor.index_name(&name, &columns, "_uniq");
    if names.contains(&usual) {
        names = vec![usual];
    }
    let [found] = names.as_slice() else {
        let (count, columns) = (names.len(), columns.join(", "));
        return Err(format!("Found wrong number ({count}) of constraints for {name}({columns})"));
    };
    match editor.dialect {
        Dialect::Sqlite => editor.drop_index(&name, found),
        Dialect::Postgres => editor.drop_constraint(&name, found),
    }
    Ok(())
}

/// A new column, by a statement that both databases know.
pub(super) fn add_column(editor: &mut Editor<'_>, table: Table<'_>, column: &Column<'_>) -> Result<(), String> {
    let dialect = editor.dialect;
    let Some(mut definition) = editor.column_sql(column, true)? else { return Ok(()) };
    if let Some(suffix) = column.suffix(dialect) {
        definition.push_str(&format!(" {suffix}"));
    }
    if let Some(check) = column.check(dialect) {
        definition.push_str(&format!(" CHECK ({check})"));
    }
    if column.field.relation().is_some_and(|relation| relation.db_constraint) {
        definition.push_str(&match dialect {
            Dialect::Sqlite => inline_reference(column)?,
            Dialect::Postgres => postgres::inline_reference(editor, table, column)?,
        });
    }
    let (name, own) = (quote(&table.name()), quote(&column.column()));
    editor.run(format!("ALTER TABLE {name} ADD COLUMN {own} {definition}"));
    editor.note_column(table, column);
    if column.field.db_default.is_none() && effective_default(editor, column)?.is_some() {
        editor.run(format!("ALTER TABLE {name} ALTER COLUMN {own} DROP DEFAULT"));
    }
    if dialect == Dialect::Postgres && column.field.db_comment.is_some() {
        editor.column_comment(table, column);
    }
    editor.defer_column_indexes(table, column)
}

/// A column goes, by a statement that both databases know.
pub(super) fn remove_column(editor: &mut Editor<'_>, table: Table<'_>, column: &Column<'_>) -> Result<(), String> {
    if column.db_type(editor.dialect)?.is_none() {
        return Ok(());
    }
    let cascade = match editor.dialect {
        Dialect::Sqlite => "",
        Dialect::Postgres => {
            postgres::drop_references(editor, table, column)?;
            " CASCADE"
        }
    };
    let (name, own) = (table.name(), column.column());
    editor.run(format!("ALTER TABLE {} DROP COLUMN {}{cascade}", quote(&name), quote(&own)));
    editor.deferred.retain(|statement| !statement.names_column(&name, &own));
    editor.note(Event::DropColumn(name, own));
    Ok(())
}
