//! What of migrations and models a database has, as the project's routers say.

use std::borrow::Cow;

use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::{ModelKey, ProjectState};
use quintet_db::Routers;
use quintet_db::migrate::RENAME_CONTENT_TYPE;

use crate::databases::routers;
use crate::manage::Context;

/// Whether the command's database has tables of an app, or of one model of it.
pub(in crate::manage) fn is_allowed(context: &Context<'_>, app: &str, model: Option<&str>) -> bool {
    routers(&context.settings).allow_migrate(&context.alias, app, model)
}

/// A migration as it is done to the command's database: what does not belong there changes the state alone.
pub(in crate::manage) fn allowed<'a>(context: &Context<'_>, migration: Cow<'a, Migration>) -> Cow<'a, Migration> {
    let routers = routers(&context.settings);
    if routers.is_empty() {
        return migration;
    }
    let mut migration = migration.into_owned();
    let here = Here { routers: &routers, database: &context.alias, app: &migration.app };
    migration.operations = migration.operations.into_iter().map(|operation| here.only(operation)).collect();
    Cow::Owned(migration)
}

/// The models, of which those that do not belong to the command's database have no tables.
pub(in crate::manage) fn models(context: &Context<'_>) -> ProjectState {
    let (mut state, routers) = (super::models(context), routers(&context.settings));
    for model in state.models.values_mut() {
        model.options.managed &= routers.allow_migrate(&context.alias, &model.app, Some(&model.name));
    }
    state
}

/// The models that do not belong to the command's database.
pub(in crate::manage) fn refused(context: &Context<'_>, state: &ProjectState) -> Vec<ModelKey> {
    let routers = routers(&context.settings);
    let refused = |key: &&ModelKey| !routers.allow_migrate(&context.alias, &key.0, Some(&key.1));
    state.models.keys().filter(refused).cloned().collect()
}

/// The routers, asked about one app in one database.
struct Here<'a> {
    routers: &'a Routers,
    database: &'a str,
    app: &'a str,
}

impl Here<'_> {
    fn only(&self, operation: Operation) -> Operation {
        match operation {
            // Each of them is asked about by itself.
            Operation::SeparateDatabaseAndState { database, state } => {
                let database = database.into_iter().filter(|operation| self.has(operation));
                Operation::SeparateDatabaseAndState { database: database.map(|one| self.only(one)).collect(), state }
            }
            operation if self.has(&operation) => operation,
            operation => Operation::SeparateDatabaseAndState { database: vec![], state: vec![operation] },
        }
    }

    fn has(&self, operation: &Operation) -> bool {
        match operation {
            Operation::SeparateDatabaseAndState { .. } => true,
            // Our own, which is only there where its table is.
            Operation::RunRust { code, .. } if code.path == RENAME_CONTENT_TYPE => true,
            _ => self.routers.allow_migrate(self.database, self.app, model(operation)),
        }
    }
}

/// The model whose table an operation changes; `None` for what the project has written.
fn model(operation: &Operation) -> Option<&str> {
    match operation {
        Operation::CreateModel { name, .. }
        | Operation::DeleteModel { name }
        | Operation::AlterModelTable { name, .. }
        | Operation::AlterModelTableComment { name, .. }
        | Operation::AlterModelOptions { name, .. }
        | Operation::AlterModelManagers { name, .. }
        | Operation::AlterUniqueTogether { name, .. }
        | Operation::AlterOrderWithRespectTo { name, .. } => Some(name),
        Operation::RenameModel { new_name, .. } => Some(new_name),
        Operation::AddField { model, .. }
        | Operation::RemoveField { model, .. }
        | Operation::AlterField { model, .. }
        | Operation::RenameField { model, .. }
        | Operation::AddIndex { model, .. }
        | Operation::RemoveIndex { model, .. }
        | Operation::RenameIndex { model, .. }
        | Operation::AddConstraint { model, .. }
        | Operation::RemoveConstraint { model, .. }
        | Operation::AlterConstraint { model, .. } => Some(model),
        Operation::RunSql { .. } | Operation::RunRust { .. } | Operation::SeparateDatabaseAndState { .. } => None,
    }
}
