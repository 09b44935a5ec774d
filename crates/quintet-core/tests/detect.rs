//! The recorded scenarios of the reference's autodetector, put to ours: the same questions, operations, names,
//! dependencies and exit codes.

#[allow(dead_code, reason = "some of it is another test's")]
mod recorded;

use std::collections::{BTreeMap, BTreeSet};

use quintet_core::migrate::detect::{AppChanges, Detected, History, Request, detect, empty};
use quintet_core::migrate::names;
use quintet_core::migrate::question::{Answers, Dialogue, Said, Unasked, in_a_dry_run, without_asking};
use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::{Function, ProjectState};
use recorded::Scenario;
use serde_json::Value as Json;

/// What a person types and reads that speaks of the reference's language, and what stands for it here.
const WORDS: [(&str, &str); 7] = [
    ("as valid Python.", "as a Rust literal."),
    (
        "The datetime and django.utils.timezone modules are available, so it is possible to provide e.g. timezone.now as \
         a value.",
        "Besides literals there are date(2024, 1, 31), time(12, 0), datetime(2024, 1, 31, 12, 0), duration(90.5), \
         decimal(\"10.50\"), uuid(\"..\"), json(\"..\") and the functions now(), uuid4().",
    ),
    ("Accept the default 'timezone.now'", "Accept the default 'now()'"),
    ("[default: timezone.now]", "[default: now()]"),
    ("models.py", "models.rs"),
    ("RunPython or RunSQL operation", "RunRust or RunSql operation"),
    (
        "SyntaxError: '(' was never closed (<string>, line 1)",
        "`not` is not known here\nhint: a text stands in quotes: `\"not\"`",
    ),
];

/// Runs whose output is not, or not only, that of the autodetector: what of them is replayed, and why not the rest.
const IN_PART: [(&str, &str); 8] = [
    (
        "add_lambda_default",
        "detected and described; the error is the writer's, and a closure cannot be named here at all",
    ),
    ("flag_dry_run", "detected and described; the file that is printed is the writer's"),
    ("flag_check", "detected and described; the exit code 1 says that there are changes"),
    ("flag_empty", "the empty migration; nothing is compared"),
    ("flag_empty_name", "the empty migration; nothing is compared"),
    ("flag_update", "detected; that the migration was applied is known to the database"),
    ("flag_unknown_app", "nothing: the command refuses the label before it compares"),
    ("flag_bad_name", "the name is refused; nothing is compared"),
];

/// Runs that have nothing to do with the autodetector.
const NOT_HERE: [(&str, &str); 1] =
    [("merge", "branches and their merge belong to the graph of migrations, whose tests replay it")];

#[test]
fn every_scenario_ends_as_recorded() {
    let mut replayed = 0;
    let mut failures = vec![];
    for scenario in recorded::scenarios() {
        if NOT_HERE.iter().any(|(id, _)| *id == scenario.id) {
            continue;
        }
        for variant in ["interactive", "noinput"] {
            let run = &scenario.recorded[variant];
            if !run.is_null() {
                if let Err(failure) = replay(&scenario, variant, run) {
                    failures.push(format!("{} ({variant}): {failure}", scenario.id));
                }
                replayed += 1;
            }
        }
    }
    assert!(failures.is_empty(), "{} of {replayed} runs differ\n\n{}", failures.len(), failures.join("\n\n"));
    assert_eq!(replayed, 159, "154 scenarios, five of them also with `--noinput`");
}

/// What a run came to.
struct Outcome {
    text: String,
    exit: u64,
    changes: Vec<AppChanges>,
}

fn replay(scenario: &Scenario, variant: &str, run: &Json) -> Result<(), String> {
    let request = request(run);
    let in_part = IN_PART.iter().find(|(id, _)| *id == scenario.id);
    match scenario.id.as_str() {
        "flag_unknown_app" => return same("exit code", &run["exit"], &Json::from(2)),
        "flag_bad_name" => return same("validity", &names::is_valid("not valid"), &false),
        "flag_empty" | "flag_empty_name" => {
            return same_migrations(scenario, variant, &empty(&history(scenario), &request));
        }
        _ => {}
    }
    let outcome = converse(scenario, run, &request, variant == "noinput")?;
    let written = scenario.operations.get(variant).is_some_and(|migrations| !migrations.is_empty());
    if written {
        same_migrations(scenario, variant, &outcome.changes)?;
    }
    if scenario.id == "flag_update" {
        return same("number of changed apps", &outcome.changes.len(), &1);
    }
    let stream = if scenario.id == "flag_scriptable" { "stderr" } else { "stdout" };
    let expected = translated(run[stream].as_str().unwrap_or_default());
    if scenario.id == "flag_dry_run" {
        let begins = expected.starts_with(&outcome.text);
        return same("beginning of the output", &(begins && outcome.changes.len() == 1), &true);
    }
    same("output", &outcome.text.as_str(), &expected.as_str())?;
    if in_part.is_some() { Ok(()) } else { same("exit code", &Json::from(outcome.exit), &run["exit"]) }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, ours: &T, theirs: &T) -> Result<(), String> {
    if ours == theirs { Ok(()) } else { Err(format!("{what}\n  ours:   {ours:?}\n  theirs: {theirs:?}")) }
}

fn translated(text: &str) -> String {
    WORDS.iter().fold(text.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours))
}

/// Detects, answering as recorded, until there are migrations or the run is over.
fn converse(scenario: &Scenario, run: &Json, request: &Request, noinput: bool) -> Result<Outcome, String> {
    let functions = functions();
    let mut lines = run["answers"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let mut answers = Answers::default();
    let mut text = String::new();
    let stopped = |text, exit: u8| Ok(Outcome { text, exit: exit.into(), changes: vec![] });
    loop {
        let found = detect(&scenario.before, &scenario.after, &history(scenario), request, &answers);
        let question = match found.map_err(|error| error.to_string())? {
            Detected::Changes(changes) => return Ok(Outcome { text: text + &told(&changes), exit: 0, changes }),
            Detected::Ask(question) => *question,
        };
        if noinput {
            match without_asking(&question) {
                Unasked::Answered(answer, told) => {
                    text.extend(told.map(|told| told + "\n"));
                    answers.add(question, answer);
                }
                Unasked::Stop(told, exit) => return stopped(text + &told + "\n", exit),
            }
            continue;
        }
        let (mut dialogue, first) = Dialogue::begin(&question, &functions);
        text += &first;
        let answer = loop {
            let line = lines.next().ok_or_else(|| format!("more is asked than was recorded: {question:?}"))?;
            match dialogue.hear(if line == "timezone.now" { "now()" } else { line }) {
                Said::More(more) => text += &more,
                Said::Answer(answer) => break answer,
                Said::Leave(exit) => return stopped(text, exit),
            }
        };
        answers.add(question.clone(), answer);
    }
}

/// What the command tells of the changes.
fn told(changes: &[AppChanges]) -> String {
    if changes.is_empty() {
        return "No changes detected in app 'lab'\n".to_owned();
    }
    let mut text = String::new();
    for AppChanges { app, migrations } in changes {
        text += &format!("Migrations for '{app}':\n");
        for migration in migrations {
            text += &format!("  {app}/migrations/{}.py\n", migration.name);
            for operation in &migration.operations {
                text += &format!("    {} {}\n", operation.symbol(), operation.describe());
            }
        }
    }
    text
}

fn same_migrations(scenario: &Scenario, variant: &str, changes: &[AppChanges]) -> Result<(), String> {
    let theirs: Vec<Migration> = scenario.operations[variant].values().cloned().map(normal).collect();
    let ours: Vec<Migration> = changes.iter().flat_map(|changes| &changes.migrations).cloned().map(normal).collect();
    let parts = |all: &[Migration]| -> Vec<(String, Vec<String>)> {
        let said = |migration: &Migration| migration.operations.iter().map(Operation::describe).collect();
        all.iter().map(|migration| (migration.name.clone(), said(migration))).collect()
    };
    same("names and operations", &parts(&ours), &parts(&theirs))?;
    same("migrations", &ours, &theirs)
}

/// As the recorder writes it: without the date, and without an order where there is none.
fn normal(mut migration: Migration) -> Migration {
    migration.dependencies.sort();
    for operation in &mut migration.operations {
        match operation {
            Operation::CreateModel { options, .. } => options.unique_together.sort(),
            Operation::AlterUniqueTogether { unique_together, .. } => unique_together.sort(),
            _ => {}
        }
    }
    migration
}

fn request(run: &Json) -> Request {
    let argv: Vec<&str> = run["argv"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let name = argv.iter().position(|arg| ["--name", "-n"].contains(arg)).and_then(|at| argv.get(at + 1));
    Request {
        apps: BTreeSet::from(["lab".to_owned()]),
        name: name.map(|name| (*name).to_owned()),
        timestamp: "<DATE>".to_owned(),
    }
}

/// The history of the recorder's project: `lab` has one migration where it had models before.
fn history(scenario: &Scenario) -> History {
    let mut history = History::default();
    let known = [("auth", "0012_alter_user_first_name_max_length"), ("contenttypes", "0002_remove_content_type_name")];
    history.leaves.extend(known.map(|(app, name)| (app.to_owned(), name.to_owned())));
    if scenario.recorded["before"].as_str().is_some_and(|text| text.trim().is_empty()) {
        history.unmigrated.insert("lab".to_owned());
    } else {
        history.leaves.insert("lab".to_owned(), "0001_initial".to_owned());
    }
    history
}

fn functions() -> Vec<(&'static str, Function)> {
    let now = Function::new("django.utils.timezone.now", || "2024-01-31 12:00:00");
    let uuid4 = Function::new("uuid.uuid4", || "00000000-0000-4000-8000-000000000001");
    vec![("now()", now), ("uuid4()", uuid4)]
}

#[test]
fn a_dry_run_asks_about_renames_only() {
    for scenario in recorded::scenarios() {
        let run = &scenario.recorded["interactive"];
        let found = detect(&scenario.before, &scenario.after, &history(&scenario), &request(run), &Answers::default());
        if let Ok(Detected::Ask(question)) = found {
            let is_rename = scenario.id.starts_with("rename_") || scenario.id == "delete_two_linked";
            assert_eq!(in_a_dry_run(&question).is_none(), is_rename, "{}", scenario.id);
        }
    }
}

#[test]
fn what_is_detected_leads_to_the_models_after() {
    for scenario in recorded::scenarios() {
        let run = &scenario.recorded["interactive"];
        if run.is_null() {
            continue;
        }
        let Ok(outcome) = converse(&scenario, run, &request(run), true) else { continue };
        if outcome.changes.is_empty() {
            continue;
        }
        let mut state = scenario.before.clone();
        for migration in outcome.changes.iter().flat_map(|changes| &changes.migrations) {
            migration.apply(&mut state).unwrap_or_else(|error| panic!("{}: {error}", scenario.id));
        }
        assert_eq!(again(&state, &scenario.after), Ok(Detected::Changes(vec![])), "{}", scenario.id);
    }
}

#[test]
fn the_whole_project_can_be_made_from_nothing_and_no_change_is_left() {
    let mut project = ProjectState::new("auth.User");
    for migration in recorded::project_migrations() {
        migration.apply(&mut project).expect("the recorded migrations apply");
    }
    let nothing = ProjectState::new("auth.User");
    let Ok(Detected::Changes(changes)) = again(&nothing, &project) else { panic!("nothing has to be asked") };
    let mut state = nothing;
    let mut waiting: Vec<&Migration> = changes.iter().flat_map(|changes| &changes.migrations).collect();
    let mut done = BTreeSet::new();
    while !waiting.is_empty() {
        let is_ready = |migration: &&Migration| {
            migration.dependencies.iter().all(|dependency| match dependency {
                quintet_core::operation::Dependency::On(app, name) => done.contains(&(app.clone(), name.clone())),
                quintet_core::operation::Dependency::UserModel => done.iter().any(|(app, _)| app == "auth"),
            })
        };
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
        assert!(!ready.is_empty(), "{rest:?} wait for each other");
        for migration in ready {
            migration.apply(&mut state).unwrap_or_else(|error| panic!("{}: {error}", migration.label()));
            done.insert(migration.key());
        }
        waiting = rest;
    }
    assert_eq!(again(&state, &project), Ok(Detected::Changes(vec![])));
    let per_app: BTreeMap<&str, usize> =
        changes.iter().map(|changes| (changes.app.as_str(), changes.migrations.len())).collect();
    assert!(per_app.values().all(|count| *count == 1), "no two apps need each other: {per_app:?}");
}

/// What is detected without a history and without answers.
fn again(from: &ProjectState, to: &ProjectState) -> Result<Detected, String> {
    let found = detect(from, to, &History::default(), &Request::default(), &Answers::default());
    found.map_err(|error| error.to_string())
}
