//! What the reference recorded of models and migrations, put to the core.

#[allow(dead_code, reason = "some of it is another test's")]
mod recorded;

use std::collections::BTreeMap;

use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::{ModelKey, ModelState, ProjectState};
use serde_json::Value as Json;

#[test]
fn every_scenario_is_read() {
    let scenarios = recorded::scenarios();
    assert_eq!(scenarios.len(), 155);
    for scenario in &scenarios {
        let runs = scenario.recorded.as_object().into_iter().flatten();
        let written = runs.filter(|(_, run)| run.get("migrations").is_some()).map(|(variant, _)| variant.as_str());
        let expected: Vec<&str> = if scenario.id == "merge" { vec!["merge"] } else { written.collect() };
        let read: Vec<&str> = scenario.operations.keys().map(String::as_str).collect();
        assert_eq!(read, expected, "the migrations of {}", scenario.id);
        let base = scenario.before.models.values().filter(|model| model.app != "lab").count();
        assert_eq!(base, 4, "{} has the models of `contenttypes` and `auth`", scenario.id);
    }
}

#[test]
fn recorded_operations_lead_from_the_models_before_to_the_models_after() {
    let mut applied = 0;
    for scenario in recorded::scenarios() {
        for (variant, migrations) in &scenario.operations {
            // What replaces others does by itself what they do together.
            let (alone, steps): (Vec<_>, Vec<_>) = migrations.values().cloned().partition(is_replacement);
            for history in alone.into_iter().map(|one| vec![one]).chain([steps]) {
                let mut state = scenario.before.clone();
                if scenario.id == "merge" {
                    // Its migrations begin with the one that makes the models before.
                    state.models.retain(|(app, _), _| app != "lab");
                }
                for migration in history {
                    let done = migration.apply(&mut state);
                    done.unwrap_or_else(|error| panic!("{} ({variant}): {error}", scenario.id));
                }
                assert_eq!(lab(&state), lab(&scenario.after), "{} ({variant})", scenario.id);
            }
            applied += 1;
        }
    }
    assert_eq!(applied, 142);
}

#[test]
fn operations_describe_themselves_as_recorded() {
    for scenario in recorded::scenarios() {
        for (variant, migrations) in &scenario.operations {
            // Of the two that were merged only the texts were recorded.
            let Some(expected) = scenario.recorded[variant]["operations"].as_array() else { continue };
            let said =
                |operation: &Operation| Json::from(vec![operation.describe().into(), Json::from(operation.fragment())]);
            let operations = migrations.values().flat_map(|migration| &migration.operations);
            let ours: Vec<Json> = operations.map(said).collect();
            let theirs: Vec<Json> =
                expected.iter().map(|one| Json::from(vec![one[1].clone(), one[2].clone()])).collect();
            assert_eq!(ours, theirs, "{} ({variant})", scenario.id);
        }
    }
}

#[test]
fn the_migrations_of_the_project_apply_one_after_the_other() {
    let migrations = recorded::project_migrations();
    assert_eq!(migrations.len(), 32);
    let state = applied(&migrations);
    let per_app = state.models.keys().fold(BTreeMap::new(), |mut counts: BTreeMap<&str, usize>, (app, _)| {
        *counts.entry(app).or_default() += 1;
        counts
    });
    let expected = [
        ("admin", 1),
        ("api", 1),
        ("auth", 3),
        ("contenttypes", 1),
        ("sessions", 1),
        ("shop", 11),
        ("token_blacklist", 2),
    ];
    assert_eq!(per_app, BTreeMap::from(expected));
}

#[test]
fn the_migrations_of_the_built_in_apps_lead_to_their_models() {
    let state = applied(&recorded::project_migrations());
    let scenarios = recorded::scenarios();
    let theirs = scenarios.iter().find(|scenario| scenario.id == "no_changes").expect("`no_changes` is a scenario");
    for app in ["auth", "contenttypes"] {
        assert_eq!(of_app(&state, app), of_app(&theirs.after, app), "{app}");
    }
}

fn is_replacement(migration: &Migration) -> bool {
    !migration.replaces.is_empty()
}

fn applied(migrations: &[Migration]) -> ProjectState {
    let mut state = ProjectState::new("auth.User");
    for migration in migrations {
        migration.apply(&mut state).unwrap_or_else(|error| panic!("{}: {error}", migration.label()));
    }
    state
}

fn lab(state: &ProjectState) -> BTreeMap<ModelKey, ModelState> {
    of_app(state, "lab")
}

/// The models of an app, with fields in the order of their names: a migration adds a field at the end, a model has it
/// where it likes.
fn of_app(state: &ProjectState, app: &str) -> BTreeMap<ModelKey, ModelState> {
    let models = state.of_app(app).cloned().map(|mut model| {
        model.fields.sort_by(|(one, _), (other, _)| one.cmp(other));
        (model.key(), model)
    });
    models.collect()
}
