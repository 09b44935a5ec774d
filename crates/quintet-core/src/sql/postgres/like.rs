//! The second index of a text on PostgreSQL, by which it finds what begins so.

use super::kind::Types;
use crate::sql::Dialect;
use crate::sql::catalogue::KnownKind;
use crate::sql::editor::Editor;
use crate::sql::place::{Column, Table};
use crate::sql::statement::{Form, IndexForm, Name, Statement};

const DIALECT: Dialect = Dialect::Postgres;

/// Text needs a second index for `LIKE`.
pub(super) fn like_indexes(
    editor: &mut Editor<'_>,
    table: Table<'_>,
    old: &Column<'_>,
    new: &Column<'_>,
    types: &Types,
) -> Result<(), String> {
    let (was, is) = (old.field.is_unique(), new.field.is_unique());
    let added = !(old.field.db_index || was) && new.field.db_index || !was && is || loses_text_index(old, types);
    if added && let Some(statement) = like_index(table, new)? {
        editor.run_statement(&statement);
    }
    if was && !(new.field.db_index || is) {
        drop_like_index(editor, table, old);
    }
    Ok(())
}

/// Drops the second index, which has an older name where table or column was renamed. The reference misses it then.
pub(super) fn drop_like_index(editor: &mut Editor<'_>, table: Table<'_>, column: &Column<'_>) {
    let columns = [column.column()];
    let known = editor.names(table, Some(&columns), KnownKind::Index).into_iter().find(|name| name.ends_with("_like"));
    let name = known.unwrap_or_else(|| editor.index_name(&table.name(), &columns, "_like"));
    editor.drop_index(&table.name(), &name);
}

pub(super) fn loses_text_index(old: &Column<'_>, types: &Types) -> bool {
    let leaves = |prefix: &str| types.old.starts_with(prefix) && !types.new.starts_with(prefix);
    (old.field.db_index || old.field.is_unique()) && (leaves("varchar") || leaves("text"))
}

/// The index by which PostgreSQL finds text that begins so.
pub(in crate::sql) fn like_index(table: Table<'_>, column: &Column<'_>) -> Result<Option<Statement>, String> {
    if !column.field.db_index && !column.field.is_unique() {
        return Ok(None);
    }
    let kind = column.db_type(DIALECT)?.unwrap_or_default();
    let class = match kind.as_str() {
        kind if kind.starts_with("varchar") => "varchar_pattern_ops",
        kind if kind.starts_with("text") => "text_pattern_ops",
        _ => return Ok(None),
    };
    let form = Form::Index(IndexForm { opclasses: vec![class.to_owned()], ..IndexForm::default() });
    let name = Name::Computed("_like".to_owned());
    Ok(Some(Statement { table: table.name(), columns: vec![column.column()], name, form }))
}
