//! Schemas compared where one has a history and the other has none.
//!
//! What is left out of account, because it is so in the reference too: the names that nobody chose. A key's constraint, an
//! index or a rule of one column is named after the table and the column at its making and keeps that name when these get
//! others; a rule of one column has another name when it comes with its table; a sequence keeps its name likewise. How
//! many there are, of which kind and on which columns, counts. Exact names are compared with the reference's own.

use std::collections::{BTreeMap, BTreeSet};

use quintet_core::schema::{Constraint, ProjectState};
use quintet_db::introspect::Schema;

/// What differs, as text; empty where nothing does.
pub(super) fn differences(state: &ProjectState, one: &Schema, other: &Schema) -> String {
    nameless(state, one).diff(&nameless(state, other))
}

/// Without bookkeeping.
pub(super) fn of_models(schema: Schema) -> Schema {
    let mut schema = schema.without_own();
    schema.tables.remove("django_migrations");
    schema
}

fn nameless(state: &ProjectState, schema: &Schema) -> Schema {
    let chosen: BTreeSet<&str> = state
        .models
        .values()
        .flat_map(|model| {
            let indexes = model.options.indexes.iter().map(|index| index.name.as_str());
            indexes.chain(model.options.constraints.iter().map(Constraint::name))
        })
        .collect();
    let mut schema = schema.clone();
    for table in schema.tables.values_mut() {
        for column in &mut table.columns {
            column.sequence = column.sequence.take().map(|_| "sequence".to_owned());
        }
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        // Two that are the same but for the name stay two.
        let mut number = |shown: String| {
            let count = seen.entry(shown).or_default();
            *count += 1;
            format!("number {count}")
        };
        for one in table.constraints.iter_mut().filter(|one| !chosen.contains(one.name.as_str())) {
            one.name.clear();
            one.name = number(one.to_string());
        }
        for one in table.indexes.iter_mut().filter(|one| !chosen.contains(one.name.as_str())) {
            one.name.clear();
            one.name = number(one.to_string());
        }
    }
    schema
}
