//! The apps that come with the framework, against what the reference recorded of its own.

#[allow(dead_code, unreachable_pub, reason = "the scenarios are another test's")]
#[path = "../../quintet-core/tests/recorded/mod.rs"]
mod recorded;

use quintet::App;
use quintet::apps;
use quintet::registry::{all_migrations, project_state};
use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::{Code, Field, Initial, ModelState, ProjectState};

const USER: &str = "auth.User";

fn built_in() -> Vec<App> {
    let mut all = apps::defaults();
    all.push(apps::token_blacklist());
    all
}

#[test]
fn the_defaults_are_in_the_reference_s_order() {
    let labels: Vec<_> = apps::defaults().iter().map(|app| app.label).collect();
    assert_eq!(labels, ["admin", "auth", "contenttypes", "sessions"]);
}

#[test]
fn every_migration_has_the_reference_s_name_dependencies_and_operations() {
    let ours = all_migrations(&built_in());
    assert_eq!(ours.len(), 30);
    let theirs = recorded::project_migrations();
    assert_eq!(theirs.iter().filter(|theirs| ours.iter().any(|ours| ours.app == theirs.app)).count(), 30);
    for ours in ours {
        let theirs = theirs.iter().find(|theirs| theirs.key() == ours.key());
        let theirs = theirs.unwrap_or_else(|| panic!("the reference has no `{}`", ours.label()));
        assert_eq!(comparable(&ours), comparable(theirs), "{}", ours.label());
    }
}

#[test]
fn the_structs_are_what_the_migrations_lead_to() {
    let structs = project_state(&built_in(), USER);
    let migrated = migrated(&built_in(), USER);
    assert_eq!(structs.models.len(), 8);
    let keys: Vec<_> = migrated.models.keys().collect();
    assert_eq!(structs.models.keys().collect::<Vec<_>>(), keys);
    for (key, model) in &structs.models {
        assert_eq!(sorted(model), sorted(&migrated.models[key]), "{}", model.label());
    }
}

#[test]
fn sessions_of_tokens_are_in_tables_of_our_own() {
    let all = [built_in(), vec![apps::token_families()]].concat();
    let (structs, mut migrated) = (project_state(&all, USER), migrated(&built_in(), USER));
    for migration in all_migrations(&[apps::token_families()]) {
        migration.apply(&mut migrated).unwrap();
    }
    for (name, table) in [("TokenFamily", "quintet_token_family"), ("FamilyToken", "quintet_family_token")] {
        let model = structs.model("token_families", name).expect("a model of ours");
        assert_eq!(model.options.db_table.as_deref(), Some(table));
        assert_eq!(sorted(model), sorted(migrated.model("token_families", name).expect("the same")), "{name}");
    }
}

#[test]
fn the_admin_s_log_and_the_tokens_refer_to_whichever_user_model_a_project_has() {
    let state = project_state(&built_in(), "people.Member");
    for (app, model) in [("admin", "LogEntry"), ("token_blacklist", "OutstandingToken")] {
        let to = &state.model(app, model).unwrap().field("user").unwrap().relation().unwrap().to;
        assert_eq!(to.label_lower(), "people.member", "{app}.{model}");
    }
}

#[test]
fn code_in_migrations_is_known_by_the_path_of_its_function() {
    let paths: Vec<String> = all_migrations(&built_in())
        .iter()
        .flat_map(|migration| &migration.operations)
        .filter_map(|operation| match operation {
            Operation::RunRust { code, reverse, .. } => Some([Some(code), reverse.as_ref()]),
            _ => None,
        })
        .flatten()
        .flatten()
        .map(|code| code.path.clone())
        .collect();
    assert_eq!(paths.len(), 6);
    assert!(paths.iter().all(|path| path.starts_with("quintet::")), "{paths:?}");
}

/// The state after all migrations, in the order in which the reference applied them.
fn migrated(apps: &[App], user_model: &str) -> ProjectState {
    let ours = all_migrations(apps);
    let mut state = ProjectState::new(user_model);
    for theirs in recorded::project_migrations() {
        if let Some(migration) = ours.iter().find(|ours| ours.key() == theirs.key()) {
            migration.apply(&mut state).unwrap();
        }
    }
    state
}

/// With fields in the order of their names: a migration adds a field at the end, a model has it where it likes.
fn sorted(model: &ModelState) -> ModelState {
    let mut model = model.clone();
    model.fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    model
}

/// A migration without what is not the same in two languages: its file, paths of functions, classes of managers.
fn comparable(migration: &Migration) -> Migration {
    let mut migration = Migration { file: None, ..migration.clone() };
    for operation in &mut migration.operations {
        match operation {
            Operation::CreateModel { fields, managers, .. } => {
                managers.clear();
                fields.iter_mut().for_each(|(_, field)| name_default(field));
            }
            Operation::AddField { field, .. } | Operation::AlterField { field, .. } => name_default(field),
            Operation::RunRust { code, reverse, .. } => {
                *code = Code::new("", ());
                *reverse = reverse.take().map(|_| Code::new("", ()));
            }
            _ => {}
        }
    }
    migration
}

fn name_default(field: &mut Field) {
    if let Some(Initial::Function(function)) = &mut field.default {
        function.path = match function.path.as_str() {
            "django.utils.timezone.now" | "quintet::models::utc_now" => "now".to_owned(),
            other => panic!("no counterpart for the function `{other}`"),
        };
    }
}
