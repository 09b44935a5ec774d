//! What the database holds, as the core wants to know it for the names of constraints.

use quintet_core::sql::{Catalogue, Known, KnownKind};

use crate::database::Db;
use crate::error::Result;
use crate::introspect::{self, ConstraintKind, Schema};

/// The names of a database's constraints, indexes and sequences, as the core's `sql` takes them.
pub async fn catalogue(db: impl Into<Db<'_>>) -> Result<Catalogue> {
    Ok(of(&introspect::schema(db).await?))
}

fn of(schema: &Schema) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for table in schema.tables.values() {
        let mut add = |kind, name: &str, columns: &[String], refers_to: Option<String>| {
            catalogue.add(&table.name, Known { kind, name: name.to_owned(), columns: columns.to_vec(), refers_to });
        };
        for constraint in table.constraints.iter().filter(|constraint| !constraint.name.is_empty()) {
            let (kind, refers_to) = match &constraint.kind {
                ConstraintKind::PrimaryKey => (KnownKind::PrimaryKey, None),
                ConstraintKind::Unique => (KnownKind::Unique, None),
                ConstraintKind::Check(_) => (KnownKind::Check, None),
                ConstraintKind::ForeignKey { table, .. } => (KnownKind::ForeignKey, Some(table.clone())),
            };
            add(kind, &constraint.name, &constraint.columns, refers_to);
        }
        // Classes of operators, directions and conditions are of no account, as in the reference: the second index of a
        // text goes with the first. What a model declares is left out by its name, later.
        for index in table.indexes.iter().filter(|index| index.method == "btree") {
            let kind = if index.unique { KnownKind::Unique } else { KnownKind::Index };
            let on_columns = index.parts.iter().all(|part| part.is_column);
            let columns = if on_columns { [index.columns(), index.include.clone()].concat() } else { vec![] };
            add(kind, &index.name, &columns, None);
        }
        for column in &table.columns {
            if let Some(sequence) = &column.sequence {
                add(KnownKind::Sequence, sequence, std::slice::from_ref(&column.name), None);
            }
        }
    }
    catalogue
}
