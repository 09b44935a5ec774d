//! Content types and permissions, against the rows that the reference's own `migrate` wrote.

#[allow(dead_code, unreachable_pub, reason = "the scenarios are another test's")]
mod recorded;

use std::collections::HashSet;

use quintet_core::migrate::permissions::{ContentType, Missing, missing, order};
use quintet_core::schema::ProjectState;
use serde_json::Value as Json;

/// The oracle's installed apps that have models, in the order of its settings.
const APPS: [&str; 7] = ["admin", "auth", "contenttypes", "sessions", "api", "token_blacklist", "shop"];

#[test]
fn a_new_sqlite_database_gets_the_reference_s_rows_under_the_same_numbers() {
    assert_same_rows(include_str!("../../../oracle/db/rows/sqlite.json"));
}

#[test]
fn a_new_postgresql_database_gets_the_reference_s_rows_under_the_same_numbers() {
    assert_same_rows(include_str!("../../../oracle/db/rows/postgresql.json"));
}

#[test]
fn a_second_migrate_writes_nothing() {
    let written = written(&HashSet::new(), &HashSet::new());
    let content_types = written.content_types.iter().cloned().collect();
    let permissions = written.permissions.iter().map(|new| (new.content_type.clone(), new.codename.clone())).collect();
    assert_eq!(self::written(&content_types, &permissions), Missing::default());
}

fn assert_same_rows(recorded: &str) {
    let recorded: Json = serde_json::from_str(recorded).unwrap();
    let Missing { content_types, permissions } = written(&HashSet::new(), &HashSet::new());
    let types: Vec<Json> =
        (1..).zip(&content_types).map(|(id, (app, model))| serde_json::json!([id, app, model])).collect();
    assert_eq!(Json::from(types), recorded["django_content_type"]["rows"]);
    let number = |key: &ContentType| content_types.iter().position(|other| other == key).unwrap() + 1;
    let rows = (1..).zip(&permissions);
    let rows = rows.map(|(id, new)| serde_json::json!([id, new.name, number(&new.content_type), new.codename]));
    assert_eq!(rows.collect::<Json>(), recorded["auth_permission"]["rows"]);
}

/// What is written for all apps, one after the other.
fn written(content_types: &HashSet<ContentType>, permissions: &HashSet<(ContentType, String)>) -> Missing {
    let migrations = recorded::project_migrations();
    let mut state = ProjectState::new("auth.User");
    migrations.iter().for_each(|migration| migration.apply(&mut state).unwrap());
    let order = order(&migrations);
    let mut all = Missing::default();
    for app in APPS {
        let new = missing(&state, &order, app, content_types, permissions);
        all.content_types.extend(new.content_types);
        all.permissions.extend(new.permissions);
    }
    all
}
