//! Schemas compared where one has a history and the other has none.
//!
//! What is left out of account, because it is so in the reference too: the names that nobody chose. A key's constraint, an
//! index or a rule of one column is named after the table and the column at its making and keeps that name when these get
//! others; a rule of one column has another name when it comes with its table; a sequence keeps its name likewise. How
//! many there are, of which kind and on which columns, counts. Exact names are compared with the reference's own.
//!
//! Likewise the width of a key's column on SQLite, where all numbers that count up are the same to it: the reference
//! leaves `bigint` there when `BigAutoField` becomes `AutoField`.

use std::collections::{BTreeMap, BTreeSet};

use quintet_core::schema::{Constraint, Field, ModelState, ProjectState};
use quintet_core::sql::Dialect;
use quintet_db::introspect::Schema;

/// What differs, as text; empty where nothing does.
pub(super) fn differences(dialect: Dialect, state: &ProjectState, one: &Schema, other: &Schema) -> String {
    let numbers = if dialect == Dialect::Sqlite { keys_that_count_up(state) } else { BTreeSet::new() };
    nameless(state, one, &numbers).diff(&nameless(state, other, &numbers))
}

/// The columns, by table, that refer to numbers that count up.
fn keys_that_count_up(state: &ProjectState) -> BTreeSet<(String, String)> {
    let joins = state
        .models
        .values()
        .flat_map(|model| model.fields.iter().filter_map(move |(name, field)| state.join_model(model, name, field)));
    let all: Vec<ModelState> = state.models.values().cloned().chain(joins).collect();
    let mut found = BTreeSet::new();
    for model in &all {
        for (name, field) in &model.fields {
            if refers_to_a_number(state, field, 8) {
                found.insert((model.table(), field.column(name)));
            }
        }
    }
    found
}

/// Also by way of a child, whose own key refers to its parent's.
fn refers_to_a_number(state: &ProjectState, field: &Field, depth: u8) -> bool {
    let referred = field.relation().and_then(|relation| state.referred(relation));
    referred
        .is_some_and(|(_, _, there)| there.kind.is_auto() || depth > 0 && refers_to_a_number(state, there, depth - 1))
}

/// Without bookkeeping.
pub(super) fn of_models(schema: Schema) -> Schema {
    let mut schema = schema.without_own();
    schema.tables.remove("django_migrations");
    schema
}

fn nameless(state: &ProjectState, schema: &Schema, numbers: &BTreeSet<(String, String)>) -> Schema {
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
            if numbers.contains(&(table.name.clone(), column.name.clone())) {
                "a number".clone_into(&mut column.kind);
            }
            // PostgreSQL shows the type that a column had when it got its default: `'word'::text`.
            column.default = column.default.take().map(|sql| sql.split("::").next().unwrap_or_default().to_owned());
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
