//! What the reference recorded of models and migrations, as our own types.
//!
//! The files are made by `oracle/autodetector/export.py` and `oracle/db/export.py`; their encoding is told in
//! `oracle/README.md`. What cannot be read is a panic that names the scenario and the construct: nothing is left out.

mod expression;
mod field;
mod model;
mod operation;
pub(crate) mod query;
mod value;

use std::collections::BTreeMap;
use std::fs;

use quintet_core::operation::Migration;
use quintet_core::schema::{ProjectState, Value};
use serde_json::Value as Json;

/// Models before and after, and what the reference made of it.
pub(crate) struct Scenario {
    /// Its name: `add_nullable`.
    pub(crate) id: String,
    /// The project before, with the models of `contenttypes` and `auth`.
    pub(crate) before: ProjectState,
    /// The project after.
    pub(crate) after: ProjectState,
    /// Its line of `results.jsonl`: what was asked, answered, printed and written.
    pub(crate) recorded: Json,
    /// The new migrations by variant (`interactive`, `noinput`, `merge`) and name.
    pub(crate) operations: BTreeMap<String, BTreeMap<String, Migration>>,
}

/// All scenarios, in the order in which they were recorded.
pub(crate) fn scenarios() -> Vec<Scenario> {
    let mut states = lines("autodetector/states.jsonl").into_iter();
    let base = states.next().filter(|line| line["id"] == "$base").expect("the first line of states.jsonl is `$base`");
    let recorded = lines("autodetector/results.jsonl");
    assert_eq!(states.len(), recorded.len(), "states.jsonl and results.jsonl hold the same scenarios");
    states.zip(recorded).map(|(line, recorded)| scenario(&base, &line, recorded)).collect()
}

/// All migrations of the oracle's project, in the order in which they are applied.
pub(crate) fn project_migrations() -> Vec<Migration> {
    let all: Json = serde_json::from_str(&text("db/operations.json")).expect("operations.json is JSON");
    value::list(&all, "operations.json").iter().map(operation::project_migration).collect()
}

/// The cases of `changes.jsonl`: a line, the migration before, and the migration of the case.
pub(crate) fn changes() -> Vec<(Json, Migration, Migration)> {
    let read = |line: Json| {
        let id = value::text(&line["id"], "changes.jsonl");
        let setup = operation::migration("lab", "0001_setup", &line["setup"], &id);
        let case = operation::migration("lab", "0002_case", &line["case"], &id);
        (line, setup, case)
    };
    lines("db/changes.jsonl").into_iter().map(read).collect()
}

fn scenario(base: &Json, line: &Json, recorded: Json) -> Scenario {
    let id = value::text(&line["id"], "states.jsonl");
    assert_eq!(recorded["id"], line["id"], "states.jsonl and results.jsonl are in the same order");
    let state = |side: &str| {
        let mut state = ProjectState::new("auth.User");
        for (models, at) in [(&base[side], "$base"), (&line[side], id.as_str())] {
            for json in value::list(models, at) {
                state.add(model::model(json, &format!("{at}/{side}")));
            }
        }
        state
    };
    let variants = value::object(&line["migrations"], &id).iter().map(|(variant, migrations)| {
        let migrations = value::object(migrations, &id).iter();
        let migrations = migrations.map(|(name, json)| (name.clone(), operation::migration("lab", name, json, &id)));
        (variant.clone(), migrations.collect())
    });
    Scenario { before: state("before"), after: state("after"), operations: variants.collect(), recorded, id }
}

fn lines(path: &str) -> Vec<Json> {
    text(path)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{path}: {error}")))
        .collect()
}

#[allow(clippy::disallowed_methods, reason = "a test reads recordings; the core itself has no file system")]
pub(crate) fn text(path: &str) -> String {
    let path = format!("{}/../../oracle/{path}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Migrations one after the other, and what the reference's executor ran for them on real databases.
pub(crate) struct History {
    /// Its name: `char_to_text`.
    pub(crate) id: String,
    /// The migrations, in the order of application.
    pub(crate) migrations: Vec<Migration>,
    /// Its line of `steps.jsonl`: by vendor and direction, the statements of each migration, or an error.
    pub(crate) recorded: Json,
}

/// All histories of `oracle/db/steps.jsonl`.
pub(crate) fn histories() -> Vec<History> {
    let history = |line: Json| {
        let id = value::text(&line["id"], "steps.jsonl");
        let migrations = value::list(&line["migrations"], &id).iter().zip(1..);
        let migrations = migrations.map(|(json, at)| operation::migration("lab", &format!("{at:04}"), json, &id));
        History { migrations: migrations.collect(), recorded: line, id }
    };
    lines("db/steps.jsonl").into_iter().map(history).collect()
}

/// All queries of `oracle/vectors/queries`, in order.
pub(crate) fn queries() -> Vec<query::Recorded> {
    lines("vectors/queries/cases.jsonl").into_iter().map(query::recorded).collect()
}

/// The models that the queries are about.
pub(crate) fn models_of_queries() -> ProjectState {
    let mut state = ProjectState::new("auth.User");
    for json in value::list(&json("vectors/queries/models.json"), "models.json") {
        state.add(model::model(json, "models.json"));
    }
    state
}

/// Rows of a table, in the order in which they are inserted.
pub(crate) struct TableRows {
    /// The table.
    pub(crate) table: String,
    /// Its columns.
    pub(crate) columns: Vec<String>,
    /// Their values.
    pub(crate) rows: Vec<Vec<Value>>,
}

/// The rows that the queries are run over.
pub(crate) fn rows_of_queries() -> Vec<TableRows> {
    let table = |json: &Json| TableRows {
        table: value::text(&json["table"], "data.json"),
        columns: value::texts(&json["columns"], "data.json"),
        rows: value::list(&json["rows"], "data.json")
            .iter()
            .map(|row| value::list(row, "data.json").iter().map(|it| value::value(it, "data.json")).collect())
            .collect(),
    };
    value::list(&json("vectors/queries/data.json"), "data.json").iter().map(table).collect()
}

fn json(path: &str) -> Json {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
