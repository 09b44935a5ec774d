//! Changes of tables against what the reference does for the same operations: both the script that it shows and the
//! statements that it runs, there and back, on both databases.

#[allow(dead_code, reason = "other recordings are read by other tests")]
mod recorded;

use quintet_core::operation::Migration;
use quintet_core::schema::ProjectState;
use quintet_core::sql::{Action, Catalogue, Dialect, SqlError, Step, backwards_in, forwards_in, script_in};
use serde_json::Value as Json;

const NOW: &str = "2024-01-31 12:00:00.000001";

#[test]
fn every_change_on_sqlite_is_done_as_the_reference_does_it() {
    compare(Dialect::Sqlite, "sqlite", 410);
}

#[test]
fn every_change_on_postgres_is_done_as_the_reference_does_it() {
    compare(Dialect::Postgres, "postgresql", 406);
}

fn compare(dialect: Dialect, vendor: &str, count: usize) {
    let (mut differences, mut compared) = (vec![], 0);
    for (line, setup, case) in recorded::changes() {
        for (way, ours) in ways(dialect, &setup, &case) {
            let theirs = &line[vendor][way];
            // What the server itself refused is nobody's text.
            let is_refused = theirs["error"].as_str().is_some_and(|error| error.starts_with("ProgrammingError"));
            if theirs.is_null() || is_refused {
                continue;
            }
            compared += 1;
            let name = format!("{} {vendor} {way}", line["id"].as_str().unwrap_or_default());
            differences.extend(difference(&name, ours, theirs));
        }
    }
    assert!(differences.is_empty(), "{} of {compared}\n{}", differences.len(), differences.join("\n"));
    assert_eq!(compared, count);
}

type Statements = Result<Vec<String>, SqlError>;

/// The statements there and back, with what the database holds known from the first one on.
fn ways(dialect: Dialect, setup: &Migration, case: &Migration) -> [(&'static str, Statements); 4] {
    let (mut state, mut known) = (ProjectState::new("auth.User"), Catalogue::default());
    forwards_in(dialect, setup, &state, NOW, &mut known).expect("the setup is done");
    setup.apply(&mut state).expect("the setup applies");
    let shown = |text: Result<String, SqlError>| text.map(|text| text.lines().map(str::to_owned).collect());
    let run = |steps: Result<Vec<Step>, SqlError>| {
        let sql = |step: Step| match step.action {
            Action::Sql(sql) => Some(sql),
            Action::Code(_) => None,
        };
        steps.map(|steps| steps.into_iter().filter_map(sql).collect())
    };
    [
        ("script", shown(script_in(dialect, case, &state, false, NOW, &known))),
        ("forwards", run(forwards_in(dialect, case, &state, NOW, &mut known))),
        ("reverse", shown(script_in(dialect, case, &state, true, NOW, &known))),
        ("backwards", run(backwards_in(dialect, case, &state, NOW, &mut known))),
    ]
}

fn difference(name: &str, ours: Statements, theirs: &Json) -> Option<String> {
    let theirs: Option<Vec<String>> = theirs.as_array().map(|lines| {
        lines.iter().flat_map(|line| line.as_str().unwrap_or_default().lines()).map(str::to_owned).collect()
    });
    let (ours, theirs) = match (ours, theirs) {
        (Err(_), None) => return None,
        (Ok(ours), Some(theirs)) => (ours, theirs),
        (Ok(_), None) => return Some(format!("=== {name}\n  ours is no error")),
        (Err(error), Some(_)) => return Some(format!("=== {name}\n  ours: {error}")),
    };
    let ours: Vec<String> = ours.into_iter().filter(|line| line != "BEGIN;" && line != "COMMIT;").collect();
    if ours == theirs {
        return None;
    }
    let same = ours.iter().zip(&theirs).take_while(|(one, other)| one == other).count();
    let rest = |lines: &[String]| lines[same..].iter().take(4).map(|line| format!("    {line}\n")).collect::<String>();
    Some(format!("=== {name}\n  ours:\n{}  theirs:\n{}", rest(&ours), rest(&theirs)))
}
