//! What the commands about migrations share: the graph of all migrations, the models as they are, and the files.

pub(super) mod allowed;
pub(super) mod asking;
pub(super) mod files;
pub(super) mod rows;
pub(super) mod told;
pub(super) mod writing;

use std::collections::BTreeSet;

use quintet_core::migrate::graph::{Graph, GraphError, Key};
use quintet_core::operation::{Migration, Operation};
use quintet_core::schema::{Field, Kind, ProjectState};

use super::{CommandError, Context, database};
use crate::{App, registry};

/// All migrations of the project's apps, with the rows that a database has of them.
pub(super) fn graph(context: &Context<'_>, applied: &[Key]) -> Result<Graph, CommandError> {
    let settings = &context.settings;
    let migrations = registry::all_migrations(&settings.installed_apps);
    migrations.iter().try_for_each(refuse_keyless)?;
    Graph::build(migrations, applied, &settings.auth_user_model).map_err(|error| failed(&error))
}

/// Every row is found by its key, so every table has one. A model of the project has it by its derive; a migration that
/// was written by hand may lack it.
fn refuse_keyless(migration: &Migration) -> Result<(), CommandError> {
    let is_key = |field: &Field| field.primary_key || matches!(field.kind, Kind::CompositePrimaryKey { .. });
    for operation in &migration.operations {
        let Operation::CreateModel { name, fields, options, .. } = operation else { continue };
        if options.proxy || fields.iter().any(|(_, field)| is_key(field)) {
            continue;
        }
        let place = migration.file.as_ref().map(|file| format!(" ({file})")).unwrap_or_default();
        let label = migration.label();
        return Err(CommandError::new(format!(
            "the migration `{label}`{place} creates `{name}` without a primary key"
        ))
        .with_hint("begin its fields with `(\"id\", big_auto().primary_key())`"));
    }
    Ok(())
}

/// The models as the program has them.
pub(super) fn models(context: &Context<'_>) -> ProjectState {
    registry::project_state(&context.settings.installed_apps, &context.settings.auth_user_model)
}

/// An installed app.
pub(super) fn app<'a>(context: &'a Context<'_>, label: &str) -> Result<&'a App, CommandError> {
    let apps = &context.settings.installed_apps;
    apps.iter().find(|app| app.label == label).ok_or_else(|| {
        let labels: Vec<&str> = apps.iter().map(|app| app.label).collect();
        CommandError::new(format!("no installed app has the label `{label}`"))
            .with_hint(format!("the installed apps are: {}", labels.join(", ")))
    })
}

/// An installed app that has migrations.
pub(super) fn migrated_app<'a>(context: &'a Context<'_>, graph: &Graph, label: &str) -> Result<&'a App, CommandError> {
    let app = app(context, label)?;
    if graph.apps().contains(&label) {
        return Ok(app);
    }
    Err(CommandError::new(format!("app `{label}` does not have migrations"))
        .with_hint(format!("`cargo manage makemigrations {label}` makes its first")))
}

/// What a graph says, with its way out.
pub(super) fn failed(error: &GraphError) -> CommandError {
    let failed = CommandError::new(error.to_string());
    match error.hint() {
        Some(hint) => failed.with_hint(hint),
        None => failed,
    }
}

/// Tells of migrations that the database lacks. The site is served all the same.
pub(super) fn warn_of_unapplied(context: &Context<'_>) {
    if registry::all_migrations(&context.settings.installed_apps).is_empty() {
        return;
    }
    let unapplied = database::applied_keys(context).and_then(|applied| {
        let graph = graph(context, &applied)?;
        graph.plan(&graph.leaf_targets(None)).map_err(|error| failed(&error))
    });
    match unapplied {
        Ok(plan) if plan.is_empty() => {}
        Ok(plan) => {
            let apps: BTreeSet<&str> = plan.iter().map(|((app, _), _)| app.as_str()).collect();
            let apps: Vec<&str> = apps.into_iter().collect();
            let told = format!(
                "you have {} unapplied migration(s); your project may not work properly until you apply the migrations \
                 for app(s): {}",
                plan.len(),
                apps.join(", ")
            );
            context.terminal.warn(&told, Some("`cargo manage migrate` applies them"));
        }
        Err(error) => context.terminal.warn(error.text(), Some("`cargo manage migrate` says more")),
    }
}
