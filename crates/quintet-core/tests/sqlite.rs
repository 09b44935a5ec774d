//! SQL of migrations for SQLite against what the reference writes for the same operations: `sqlmigrate` of its own
//! project, and of the autodetector's scenarios.
//!
//! Nothing is normalised but what is of a moment or of Python: the time that a text was written at and a fresh UUID,
//! which are taken from it, and the name of the operation that runs code.

#[allow(dead_code, reason = "other recordings are read by other tests")]
mod recorded;

use quintet_core::schema::ProjectState;
use quintet_core::sql::{Dialect, SqlError, script};
use regex::Regex;
use serde_json::Value as Json;

const NOW: &str = "2024-01-31 12:00:00.000001";

/// What the recorded functions `timezone.now` and `uuid.uuid4` are made to give.
const MADE: [&str; 2] = ["'2024-01-31 12:00:00'", "'00000000000040008000000000000001'"];

#[test]
fn every_migration_of_the_project_reads_as_the_reference_writes_it() {
    let mut state = ProjectState::new("auth.User");
    let (mut differences, mut compared) = (vec![], 0);
    for migration in recorded::project_migrations() {
        for backwards in [false, true] {
            let name = format!("{}{}.sql", migration.label(), if backwards { ".reverse" } else { "" });
            let theirs = recorded::text(&format!("db/sqlmigrate/sqlite/{name}"));
            let theirs = theirs.replace("Raw Python operation", "Raw Rust operation");
            let ours = script(Dialect::Sqlite, &migration, &state, backwards, moment(&theirs).as_str());
            differences.extend(difference(&name, ours, &theirs));
            compared += 1;
        }
        migration.apply(&mut state).expect("it applies");
    }
    assert_none(&differences);
    assert_eq!(compared, 64);
}

#[test]
fn every_scenario_reads_as_the_reference_writes_it() {
    let (mut differences, mut compared) = (vec![], 0);
    for scenario in recorded::scenarios() {
        for (variant, migrations) in &scenario.operations {
            let Some(texts) = scenario.recorded[variant]["sql"]["sqlite"].as_object() else { continue };
            let mut state = scenario.before.clone();
            for (name, migration) in migrations {
                let Some(theirs) = texts.get(name).and_then(Json::as_str) else { continue };
                let ours = script(Dialect::Sqlite, migration, &state, false, moment(theirs).as_str());
                differences.extend(difference(&format!("{} ({variant}) {name}", scenario.id), ours, theirs));
                compared += 1;
                migration.apply(&mut state).expect("it applies");
            }
        }
    }
    assert_none(&differences);
    assert_eq!(compared, 141);
}

fn assert_none(differences: &[(String, String)]) {
    let shown: String = differences.iter().map(|(name, text)| format!("=== {name}\n{text}")).collect();
    assert!(differences.is_empty(), "{} differ\n{shown}", differences.len());
}

/// The moment at which a text was recorded, where it tells one.
fn moment(text: &str) -> String {
    found(text, r"'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6})'").unwrap_or_else(|| NOW.to_owned())
}

fn found(text: &str, expression: &str) -> Option<String> {
    Some(Regex::new(expression).expect("it is an expression").captures(text)?[1].to_owned())
}

/// The first lines that differ.
fn difference(name: &str, ours: Result<String, SqlError>, theirs: &str) -> Option<(String, String)> {
    let mut ours = ours.unwrap_or_else(|error| format!("ValueError: {error}"));
    let fresh = found(theirs, "'([0-9a-f]{32})'").unwrap_or_default();
    for (made, theirs) in MADE.into_iter().zip([moment(theirs), fresh]) {
        ours = ours.replace(made, &format!("'{theirs}'"));
    }
    if ours == theirs {
        return None;
    }
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (ours.lines().collect(), theirs.lines().collect());
    let same = ours.iter().zip(&theirs).take_while(|(one, other)| one == other).count();
    let rest = |lines: &[&str]| lines[same..].iter().take(4).map(|line| format!("    {line}\n")).collect::<String>();
    Some((name.to_owned(), format!("  ours:\n{}  theirs:\n{}", rest(&ours), rest(&theirs))))
}
