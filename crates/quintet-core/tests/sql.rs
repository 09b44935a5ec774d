//! SQL of migrations against what the reference writes for the same operations: `sqlmigrate` of its own project and of
//! the autodetector's scenarios, and the vectors of names.
//!
//! Nothing is normalised but what is another at every run, the moment and a fresh UUID as defaults of new columns, and
//! that code is called "Raw Rust operation" here.

#[allow(dead_code, reason = "what is read is another test's too")]
mod recorded;

use std::collections::BTreeMap;
use std::fs;

use quintet_core::operation::Migration;
use quintet_core::operation::words::{create_model, delete_model, run_code, run_sql};
use quintet_core::schema::words::{big_auto, options};
use quintet_core::schema::{self, Code, IndexedField, ProjectState};
use quintet_core::sql::{
    Action, Catalogue, Dialect, SqlError, Step, backwards, backwards_in, forwards, forwards_in, script, script_in,
};
use serde_json::Value as Json;

const NOW: &str = "2024-01-31 12:00:00.000001";

/// The texts that differ, shown; how many there are is told by the test.
fn compare(differences: &mut Vec<(String, String)>, name: &str, ours: Result<String, SqlError>, theirs: &str) {
    let ours = ours.unwrap_or_else(|error| format!("ValueError: {error}"));
    let (ours, theirs) = (lasting(&ours), lasting(theirs));
    if ours != theirs {
        differences.push((name.to_owned(), difference(&ours, &theirs)));
    }
}

/// A text without what is another at every run: the moment and a fresh UUID.
fn lasting(text: &str) -> String {
    let mut parts: Vec<String> = text.split('\'').map(str::to_owned).collect();
    for at in 1..parts.len() {
        if parts[at].starts_with("::timestamptz") || parts[at].starts_with("::uuid") {
            parts[at - 1] = "(now)".to_owned();
        }
    }
    parts.join("'")
}

fn difference(ours: &str, theirs: &str) -> String {
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (ours.lines().collect(), theirs.lines().collect());
    let same = ours.iter().zip(&theirs).take_while(|(one, other)| one == other).count();
    let rest = |lines: &[&str]| lines[same..].iter().take(6).map(|line| format!("    {line}\n")).collect::<String>();
    format!("  ours:\n{}  theirs:\n{}", rest(&ours), rest(&theirs))
}

#[allow(clippy::disallowed_methods, reason = "a test reads recordings; the core itself has no file system")]
fn recording(path: &str) -> String {
    let path = format!("{}/../../oracle/{path}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_migration_of_the_project_reads_as_the_reference_writes_it() {
    project(Dialect::Postgres, "postgresql");
}

/// The forward texts were recorded on an empty database, the reverse ones on one that had gone through all migrations,
/// and what the reference dropped was looked up there.
fn project(dialect: Dialect, vendor: &str) {
    let migrations = recorded::project_migrations();
    let (mut state, mut full) = (ProjectState::new("auth.User"), Catalogue::default());
    for migration in &migrations {
        forwards_in(dialect, migration, &state, NOW, &mut full).expect("it is written");
        migration.apply(&mut state).expect("it applies");
    }
    let (mut differences, mut compared) = (vec![], 0);
    let mut state = ProjectState::new("auth.User");
    for migration in &migrations {
        for (backwards, suffix, catalogue) in [(false, "", &Catalogue::default()), (true, ".reverse", &full)] {
            let name = format!("{}{suffix}.sql", migration.label());
            let theirs = recording(&format!("db/sqlmigrate/{vendor}/{name}"));
            let theirs = theirs.replace("Raw Python operation", "Raw Rust operation");
            let ours = script_in(dialect, migration, &state, backwards, NOW, catalogue);
            compare(&mut differences, &name, ours, &theirs);
            compared += 1;
        }
        migration.apply(&mut state).expect("it applies");
    }
    same(&differences, &[]);
    assert_eq!(compared, 64);
}

#[test]
fn every_scenario_reads_as_the_reference_writes_it() {
    scenarios(Dialect::Postgres, "postgresql");
}

fn scenarios(dialect: Dialect, vendor: &str) {
    let (mut differences, mut compared) = (vec![], 0);
    for scenario in recorded::scenarios() {
        for (variant, migrations) in &scenario.operations {
            let Some(texts) = scenario.recorded[variant]["sql"][vendor].as_object() else { continue };
            let mut state = scenario.before.clone();
            for (name, migration) in migrations {
                let Some(theirs) = texts.get(name).and_then(Json::as_str) else { continue };
                let ours = script(dialect, migration, &state, false, NOW);
                compare(&mut differences, &format!("{} ({variant}) {name}", scenario.id), ours, theirs);
                compared += 1;
                migration.apply(&mut state).expect("it applies");
            }
        }
    }
    same(&differences, &[]);
    assert_eq!(compared, 141);
}

#[test]
fn every_history_runs_on_postgresql_the_statements_that_the_reference_runs() {
    let (differing, compared) = histories(Dialect::Postgres, "postgresql");
    // The reference computes a name that the index never had and leaves the index behind; here it is looked up.
    same(&differing, &["unique_off_after_rename_model 0003", "unique_off_after_rename_field 0003"]);
    assert_eq!(compared, 626);
}

#[test]
fn every_history_runs_on_sqlite_the_statements_that_the_reference_runs() {
    let (differing, compared) = histories(Dialect::Sqlite, "sqlite");
    same(&differing, &[]);
    assert_eq!(compared, 630);
}

fn same(differences: &[(String, String)], expected: &[&str]) {
    let names: Vec<&str> = differences.iter().map(|(name, _)| name.as_str()).collect();
    let shown: String = differences.iter().map(|(name, text)| format!("=== {name}\n{text}\n")).collect();
    assert_eq!(names, expected, "{shown}");
}

/// Forwards and backwards on a database that is known and followed, as migrations are run for real.
fn histories(dialect: Dialect, vendor: &str) -> (Vec<(String, String)>, usize) {
    let (mut differences, mut compared) = (vec![], 0);
    for history in recorded::histories() {
        let mut catalogue = Catalogue::default();
        let mut states = vec![ProjectState::new("auth.User")];
        let recorded = &history.recorded[vendor];
        for (migration, theirs) in history.migrations.iter().zip(recorded["forwards"].as_array().into_iter().flatten())
        {
            if is_refused(theirs) {
                break;
            }
            let mut state = states[states.len() - 1].clone();
            let ours = forwards_in(dialect, migration, &state, NOW, &mut catalogue);
            let name = format!("{} {}", history.id, migration.name);
            let (ours, theirs_said) = in_order(&name, ours.map(|steps| run(&steps)), said(theirs));
            compare(&mut differences, &name, ours, &theirs_said);
            compared += 1;
            if migration.apply(&mut state).is_err() || theirs.is_string() {
                break;
            }
            states.push(state);
        }
        let done = history.migrations[..states.len() - 1].iter().zip(&states).rev();
        for ((migration, state), theirs) in done.zip(recorded["backwards"].as_array().into_iter().flatten()) {
            if is_refused(theirs) {
                break;
            }
            let ours = backwards_in(dialect, migration, state, NOW, &mut catalogue);
            let name = format!("{} {} backwards", history.id, migration.name);
            let (ours, theirs) = in_order(&name, ours.map(|steps| run(&steps)), said(theirs));
            compare(&mut differences, &name, ours, &theirs);
            compared += 1;
        }
    }
    (differences, compared)
}

/// Whether the database refused what the reference ran; that is no model to follow.
fn is_refused(recorded: &Json) -> bool {
    recorded.as_str().is_some_and(|error| error.starts_with("ProgrammingError"))
}

/// References to a model are made again model by model. The reference goes through the models in the order in which its
/// process came to know them, or in that of a set; here it is that of their names. The statements are the same.
const OTHER_ORDER: [&str; 6] = [
    "rename_model 0002",
    "rename_model 0002 backwards",
    "char_key_longer 0002",
    "char_key_longer 0002 backwards",
    "key_of_auto_to_text 0002",
    "key_of_auto_to_text 0002 backwards",
];

fn in_order(name: &str, ours: Result<String, SqlError>, theirs: String) -> (Result<String, SqlError>, String) {
    let sorted = |text: String| {
        let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
        lines.sort();
        lines.concat()
    };
    if OTHER_ORDER.contains(&name) { (ours.map(sorted), sorted(theirs)) } else { (ours, theirs) }
}

/// The statements of steps, a line each.
fn run(steps: &[Step]) -> String {
    let one = |step: &Step| match &step.action {
        Action::Sql(sql) => format!("{sql}\n"),
        Action::Code(code) => format!("{}\n", code.path),
    };
    steps.iter().map(one).collect()
}

/// Recorded statements, a line each, or the recorded error.
fn said(json: &Json) -> String {
    match json.as_array() {
        Some(statements) => statements.iter().filter_map(Json::as_str).map(|sql| format!("{sql}\n")).collect(),
        None => json.as_str().unwrap_or_default().to_owned(),
    }
}

#[test]
fn every_name_is_the_one_that_the_reference_computes() {
    let vectors: BTreeMap<String, Vec<Json>> =
        serde_json::from_str(&recording("db/names.json")).expect("names.json is JSON");
    let (mut wrong, mut counts) = (vec![], BTreeMap::new());
    for (kind, vectors) in &vectors {
        for vector in vectors {
            let Some(ours) = computed(kind, vector) else { continue };
            if vector["result"].as_str() != Some(ours.as_str()) {
                wrong.push(format!("{kind} {vector}: {ours}"));
            }
            *counts.entry(kind.as_str()).or_insert(0) += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let expected = [("create_index_name", 216), ("index_auto_name", 6), ("names_digest", 4), ("truncate_name", 4)];
    assert_eq!(counts, BTreeMap::from(expected));
}

/// The name that a vector is about; splitting an identifier is a part of the others.
fn computed(kind: &str, vector: &Json) -> Option<String> {
    let texts =
        |key: &str| -> Vec<&str> { vector[key].as_array().into_iter().flatten().filter_map(Json::as_str).collect() };
    let text = |key: &str| vector[key].as_str().unwrap_or_default();
    let number = |key: &str| vector[key].as_u64().and_then(|number| usize::try_from(number).ok());
    Some(match kind {
        "names_digest" => schema::digest(&texts("args"), number("length")?),
        "create_index_name" => {
            schema::create_index_name(text("table"), &texts("columns"), text("suffix"), number("max_name_length"))
        }
        "truncate_name" => schema::truncate(text("name"), number("length")),
        "index_auto_name" => {
            let fields: Vec<IndexedField> = texts("fields").into_iter().map(IndexedField::parse).collect();
            let columns: Vec<&str> =
                fields.iter().map(|field| if field.name == "author" { "author_id" } else { &field.name }).collect();
            schema::index_auto_name(text("table"), &columns, &fields)
        }
        _ => return None,
    })
}

#[test]
fn a_migration_that_cannot_be_undone_names_the_operation() {
    let mut migration = Migration::new("0002_raw").operations(vec![
        create_model("Note", vec![("id", big_auto().primary_key())], options()),
        run_sql(&["VACUUM"]),
    ]);
    migration.app = "lab".to_owned();
    let error = backwards(Dialect::Postgres, &migration, &ProjectState::new("auth.User"), NOW).expect_err("it cannot");
    assert_eq!(error.operation, 1);
    assert_eq!(error.message, "operation `Raw SQL operation` in `lab.0002_raw` is not reversible");
}

#[test]
fn a_user_model_that_another_replaces_has_no_table() {
    let user = |project: &str| {
        let fields = vec![("id", big_auto().primary_key())];
        let create = create_model("User", fields, options().swappable("AUTH_USER_MODEL"));
        let mut migration = Migration::new("0001_initial").operations(vec![create]);
        migration.app = "auth".to_owned();
        forwards(Dialect::Postgres, &migration, &ProjectState::new(project), NOW).expect("it is written").len()
    };
    assert_eq!((user("auth.User"), user("people.Person")), (1, 0));
}

#[test]
fn code_is_a_step_of_its_own_place() {
    let mut migration = Migration::new("0002_fill").operations(vec![
        create_model("Note", vec![("id", big_auto().primary_key())], options()),
        run_code(Code::new("lab::fill", ())),
        delete_model("Note"),
    ]);
    migration.app = "lab".to_owned();
    let steps = forwards(Dialect::Sqlite, &migration, &ProjectState::new("auth.User"), NOW).expect("it is written");
    let shown: Vec<String> = steps.iter().map(|step| run(std::slice::from_ref(step))).collect();
    let table = "CREATE TABLE \"lab_note\" (\"id\" integer NOT NULL PRIMARY KEY AUTOINCREMENT)\n";
    assert_eq!(shown, [table, "lab::fill\n", "DROP TABLE \"lab_note\"\n"]);
    assert_eq!(steps.iter().map(|step| step.operation).collect::<Vec<_>>(), [Some(0), Some(1), Some(2)]);
}
