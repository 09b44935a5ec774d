//! The models and migrations of all apps together, against what the reference recorded of the same project.

#[allow(dead_code, unreachable_pub, reason = "the scenarios are another test's")]
#[path = "../../../../crates/quintet-core/tests/recorded/mod.rs"]
mod recorded;

use std::collections::HashSet;

use quintet::App;
use quintet::registry::{all_migrations, project_state};
use quintet::settings::Env;
use quintet_core::migrate::permissions::{Missing, missing, order};
use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::{Field, Function, ModelState, OnDelete, ProjectState};
use serde_json::{Value as Json, json};

const USER: &str = "auth.User";

fn apps() -> Vec<App> {
    let env = Env::new([("PROFILE".to_owned(), "full".to_owned())], []);
    crate::settings::settings(&env).installed_apps
}

/// Our migrations in the order in which the reference applied its own.
fn migrations() -> Vec<Migration> {
    let mut ours = all_migrations(&apps());
    let mut ordered = vec![];
    for theirs in recorded::project_migrations() {
        let at = ours.iter().position(|ours| ours.key() == theirs.key());
        ordered.push(ours.swap_remove(at.unwrap_or_else(|| panic!("there is no `{}`", theirs.label()))));
    }
    assert_eq!(ours, [], "the reference has no such migrations");
    ordered
}

fn migrated(migrations: &[Migration]) -> ProjectState {
    let mut state = ProjectState::new(USER);
    migrations.iter().for_each(|migration| migration.apply(&mut state).unwrap());
    state
}

#[test]
fn the_migrations_of_both_apps_are_those_that_the_reference_wrote() {
    let theirs = recorded::project_migrations().into_iter().filter(|theirs| ["api", "shop"].contains(&&*theirs.app));
    let ours = migrations().into_iter().filter(|ours| ["api", "shop"].contains(&&*ours.app));
    let pairs: Vec<_> = ours.zip(theirs).collect();
    assert_eq!(pairs.len(), 2);
    for (ours, theirs) in pairs {
        assert_eq!(comparable(&ours), comparable(&theirs), "{}", ours.label());
    }
}

#[test]
fn the_structs_are_what_the_migrations_lead_to() {
    let (structs, migrated) = (project_state(&apps(), USER), migrated(&migrations()));
    assert_eq!(structs.models.len(), 20);
    assert_eq!(structs.models.keys().collect::<Vec<_>>(), migrated.models.keys().collect::<Vec<_>>());
    for (key, model) in &structs.models {
        assert_eq!(sorted(model), sorted(&migrated.models[key]), "{}", model.label());
    }
}

#[test]
fn a_new_database_gets_the_reference_s_content_types_and_permissions() {
    let migrations = migrations();
    let (state, order) = (migrated(&migrations), order(&migrations));
    let (mut types, mut permissions) = (vec![], vec![]);
    for app in apps() {
        let Missing { content_types, permissions: new } =
            missing(&state, &order, app.label, &HashSet::new(), &HashSet::new());
        types.extend(content_types);
        permissions.extend(new);
    }
    for recorded in [
        include_str!("../../../../oracle/db/rows/sqlite.json"),
        include_str!("../../../../oracle/db/rows/postgresql.json"),
    ] {
        let recorded: Json = serde_json::from_str(recorded).unwrap();
        let rows: Json = (1..).zip(&types).map(|(id, (app, model))| json!([id, app, model])).collect();
        assert_eq!(rows, recorded["django_content_type"]["rows"]);
        let number = |of| types.iter().position(|key| key == of).unwrap() + 1;
        let rows: Json = (1..)
            .zip(&permissions)
            .map(|(id, new)| json!([id, new.name, number(&new.content_type), new.codename]))
            .collect();
        assert_eq!(rows, recorded["auth_permission"]["rows"]);
    }
}

/// With fields in the order of their names: a migration adds a field at the end, a model has it where it likes.
fn sorted(model: &ModelState) -> ModelState {
    let mut model = model.clone();
    model.fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    model
}

/// A migration without what is not the same in two languages: its file, and the paths of functions.
fn comparable(migration: &Migration) -> Migration {
    let mut migration = Migration { file: None, ..migration.clone() };
    for operation in &mut migration.operations {
        if let Operation::CreateModel { fields, .. } = operation {
            fields.iter_mut().for_each(|(_, field)| shorten_path(field));
        }
    }
    migration
}

fn shorten_path(field: &mut Field) {
    if let Some(OnDelete::SetWith(function)) = field.kind.relation_mut().map(|relation| &mut relation.on_delete) {
        let name = function.path.rsplit(['.', ':']).next().unwrap_or_default();
        *function = Function::new(name, || 0);
    }
}
