//! The rows that exist because models do, written after `migrate`: content types, and the permissions upon them.

use std::borrow::Cow;
use std::collections::HashSet;

use quintet_core::migrate::graph::{Graph, Key};
use quintet_core::migrate::permissions::{ContentType, missing, order, renamed};
use quintet_core::operation::words::run_code;
use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::{Code, ProjectState, Value};
use quintet_db::history::bound;
use quintet_db::migrate::RENAME_CONTENT_TYPE;
use quintet_db::{Database, Db, ErrorKind, Transaction};

use super::allowed::is_allowed;
use crate::manage::{CommandError, Context, database};

/// Writes what is missing, app by app in the order of the settings, in one transaction.
pub(in crate::manage) async fn write(
    context: &Context<'_>,
    db: &Database,
    graph: &Graph,
    state: &ProjectState,
) -> Result<(), CommandError> {
    let applied: Vec<&Migration> =
        graph.full_plan().iter().filter(|key| graph.is_applied(key)).filter_map(|key| graph.migration(key)).collect();
    write_in_order(context, db, &order(applied), state).await
}

/// The same, the models of each app in this order.
pub(in crate::manage) async fn write_in_order(
    context: &Context<'_>,
    db: &Database,
    order: &[Key],
    state: &ProjectState,
) -> Result<(), CommandError> {
    let state = &of_database(context, state);
    let apps: Vec<&str> = context.settings.installed_apps.iter().map(|app| app.label).collect();
    // Two that migrate at once would both find rows missing: the first to write makes the other wait, and then look.
    for _ in 0..10 {
        match db.atomic(async |tx| write_all(tx, state, order, &apps).await).await {
            Err(error) if is_worth_another_try(error.kind()) => {}
            Err(error) => return Err(database::failed("cannot write content types and permissions", &error)),
            Ok(()) => return Ok(()),
        }
    }
    Err(CommandError::new("cannot write content types and permissions: other processes write them at the same time")
        .with_hint("run `migrate` again"))
}

/// The state without the models whose rows these are, where the database has none of them.
fn of_database(context: &Context<'_>, state: &ProjectState) -> ProjectState {
    let mut state = state.clone();
    for (app, model) in [("contenttypes", "contenttype"), ("auth", "permission")] {
        if !is_allowed(context, app, Some(model)) {
            state.models.remove(&(app.to_owned(), model.to_owned()));
        }
    }
    state
}

fn is_worth_another_try(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Unique | ErrorKind::Busy | ErrorKind::Serialization)
}

async fn write_all(tx: &Transaction, state: &ProjectState, order: &[Key], apps: &[&str]) -> quintet_db::Result<()> {
    let db = Db::from(tx);
    let Some(model) = state.model("contenttypes", "ContentType") else { return Ok(()) };
    // The first of the app's migrations has a name as well, which the second takes away.
    let insert = match model.field("name") {
        Some(_) => r#"INSERT INTO "django_content_type" ("app_label", "model", "name") VALUES ($1, $2, '')"#,
        None => r#"INSERT INTO "django_content_type" ("app_label", "model") VALUES ($1, $2)"#,
    };
    for app in apps {
        let types = content_types(db).await?;
        let known: HashSet<ContentType> = types.iter().map(|(_, key)| key.clone()).collect();
        let permissions = permissions(db, state).await?;
        let missing = missing(state, order, app, &known, &permissions);
        for (app, model) in &missing.content_types {
            db.execute(insert, &[app.as_str().into(), model.as_str().into()]).await?;
        }
        if missing.permissions.is_empty() {
            continue;
        }
        let types = content_types(db).await?;
        for permission in &missing.permissions {
            let Some((id, _)) = types.iter().find(|(_, key)| *key == permission.content_type) else { continue };
            let sql = r#"INSERT INTO "auth_permission" ("name", "content_type_id", "codename") VALUES ($1, $2, $3)"#;
            let values = [permission.name.as_str().into(), Value::Int(*id), permission.codename.as_str().into()];
            db.execute(sql, &values).await?;
        }
    }
    Ok(())
}

/// A migration that renames models, renaming their content types as well, there and back; any other as it is.
pub(in crate::manage) fn with_renamed_content_types<'a>(
    migration: &'a Migration,
    state: &ProjectState,
) -> Cow<'a, Migration> {
    if state.model("contenttypes", "ContentType").is_none() || renamed(migration).is_empty() {
        return Cow::Borrowed(migration);
    }
    let mut with = migration.clone();
    with.operations.clear();
    for operation in &migration.operations {
        with.operations.push(operation.clone());
        if let Operation::RenameModel { old_name, new_name } = operation {
            let names = |from: &str, to: &str| (migration.app.clone(), from.to_lowercase(), to.to_lowercase());
            let (there, back) = (names(old_name, new_name), names(new_name, old_name));
            with.operations.push(run_code(rename(there)).reverse_code(rename(back)));
        }
    }
    Cow::Owned(with)
}

/// Renames a content type, unless the other name is taken: then the row stays, and is stale.
fn rename((app, from, to): (String, String, String)) -> Code {
    bound(RENAME_CONTENT_TYPE, move |_, db| {
        let values: [Value; 3] = [to.as_str().into(), app.as_str().into(), from.as_str().into()];
        Box::pin(async move {
            let sql = r#"UPDATE "django_content_type" SET "model" = $1 WHERE "app_label" = $2 AND "model" = $3
                AND NOT EXISTS (SELECT 1 FROM "django_content_type" WHERE "app_label" = $2 AND "model" = $1)"#;
            db.execute(sql, &values).await?;
            Ok(())
        })
    })
}

async fn content_types(db: Db<'_>) -> quintet_db::Result<Vec<(i64, ContentType)>> {
    let rows = db.query(r#"SELECT "id", "app_label", "model" FROM "django_content_type" ORDER BY "id""#, &[]).await?;
    rows.iter()
        .map(|row| Ok((row.int("id")?, (row.text("app_label")?.to_owned(), row.text("model")?.to_owned()))))
        .collect()
}

async fn permissions(db: Db<'_>, state: &ProjectState) -> quintet_db::Result<HashSet<(ContentType, String)>> {
    if state.model("auth", "Permission").is_none() {
        return Ok(HashSet::new());
    }
    let sql = r#"SELECT t."app_label", t."model", p."codename" FROM "auth_permission" p
        JOIN "django_content_type" t ON t."id" = p."content_type_id""#;
    let rows = db.query(sql, &[]).await?;
    rows.iter()
        .map(|row| {
            let key = (row.text("app_label")?.to_owned(), row.text("model")?.to_owned());
            Ok((key, row.text("codename")?.to_owned()))
        })
        .collect()
}
