//! Whether what an initial migration makes is there already.

use std::collections::BTreeMap;

use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::{ModelState, ProjectState};

use crate::database::Db;
use crate::error::{Error, Result};
use crate::introspect::{self, Schema};

/// Whether all tables and columns that an initial migration makes are there. Like the reference, it looks at names only.
pub async fn is_there(db: impl Into<Db<'_>>, migration: &Migration, before: &ProjectState) -> Result<bool> {
    if !migration.is_initial() {
        return Ok(false);
    }
    let mut after = before.clone();
    migration.apply(&mut after).map_err(|error| Error::other(error.message))?;
    let schema = introspect::schema(db).await?;
    let found = Found::of(&schema);
    let mut any = false;
    for operation in &migration.operations {
        match made(operation, migration, &after, &found) {
            None => {}
            Some(true) => any = true,
            Some(false) => return Ok(false),
        }
    }
    Ok(any)
}

/// Whether what an operation makes is there; nothing where it makes no table and no column.
fn made(operation: &Operation, migration: &Migration, after: &ProjectState, found: &Found) -> Option<bool> {
    let model_of = |name: &str| after.model(&migration.app, name).filter(|model| model.has_table());
    match operation {
        Operation::CreateModel { name, .. } => Some(found.has_table(&model_of(name)?.table())),
        Operation::AddField { model, name, .. } => added(model_of(model)?, name, after, found),
        _ => None,
    }
}

fn added(model: &ModelState, name: &str, after: &ProjectState, found: &Found) -> Option<bool> {
    let field = model.field(name)?;
    if let Some(many) = field.kind.many_to_many() {
        let table = match &many.through {
            Some(through) => after.target(through)?.table(),
            None => model.join_table(name, many),
        };
        return Some(found.has_table(&table));
    }
    Some(found.has_column(&model.table(), &field.column(name)))
}

/// Tables and columns by their names in lower case, as both databases compare them here.
struct Found(BTreeMap<String, Vec<String>>);

impl Found {
    fn of(schema: &Schema) -> Self {
        let columns = |table: &introspect::Table| table.columns.iter().map(|c| c.name.to_lowercase()).collect();
        Self(schema.tables.values().map(|table| (table.name.to_lowercase(), columns(table))).collect())
    }

    fn has_table(&self, table: &str) -> bool {
        self.0.contains_key(&table.to_lowercase())
    }

    fn has_column(&self, table: &str, column: &str) -> bool {
        self.0.get(&table.to_lowercase()).is_some_and(|columns| columns.contains(&column.to_lowercase()))
    }
}
