//! `flush`: empties the tables of all models. Migrations stay as they are applied.

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::database_url::DatabaseUrl;
use quintet_core::schema::ModelKey;
use quintet_db::{Database, fixtures};

use super::dumpdata::of_app;
use crate::manage::migrations::{allowed, models, rows, told};
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command =
    Command { name: "flush", about: "Delete all rows of all models", args, checks: Checks::First, run };

fn args(command: clap::Command) -> clap::Command {
    let flag = |name: &'static str, help: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    command
        .arg(flag("noinput", "Do not ask").alias("no-input"))
        .arg(database::arg())
        .arg(flag("inhibit-post-migrate", "Do not write content types and permissions again, nor tell receivers"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    if !args.get_flag("noinput") && !is_wanted(context)? {
        context.terminal.print("Flush cancelled.");
        return Ok(());
    }
    let work = async {
        let db = database::connect(context);
        let statements = statements(context, &db).await?;
        fixtures::flush(&db, &statements).await.map_err(|error| {
            database::failed(&format!("the database {} couldn't be flushed", name(context)), &error)
                .with_hint("`sqlflush` shows the statements; nothing was changed")
        })?;
        if statements.is_empty() || args.get_flag("inhibit-post-migrate") {
            return Ok(());
        }
        write_rows_of_models(context, &db).await
    };
    context.block_on(work)?
}

/// The statements that empty the tables, as `sqlflush` prints them.
pub(super) async fn statements(context: &Context<'_>, db: &Database) -> Result<Vec<String>, CommandError> {
    let found = fixtures::flush_statements(db, &allowed::models(context)).await;
    found.map_err(|error| database::failed("cannot read which tables there are", &error))
}

/// The rows that exist because models do are written again, as after `migrate`; here in the order of the models. Receivers
/// of `post_migrate` are told.
async fn write_rows_of_models(context: &Context<'_>, db: &Database) -> Result<(), CommandError> {
    let order: Vec<ModelKey> = context.settings.installed_apps.iter().flat_map(of_app).collect();
    let models = models(context);
    rows::write_in_order(context, db, &order, &models).await?;
    told::tell(context, &[], &models).await
}

fn is_wanted(context: &Context<'_>) -> Result<bool, CommandError> {
    let question = format!(
        "You have requested a flush of the database.\n\
         This will IRREVERSIBLY DESTROY all data currently in the \"{}\" database,\n\
         and return each table to an empty state.\n\
         Are you sure you want to do this?\n\n    \
         Type 'yes' to continue, or 'no' to cancel: ",
        name(context)
    );
    match context.terminal.ask(&question) {
        Some(answer) => Ok(answer == "yes"),
        None => Err(CommandError::new("nobody answered, so nothing was deleted").with_hint("`--noinput` does not ask")),
    }
}

fn name(context: &Context<'_>) -> String {
    match &context.settings.database {
        DatabaseUrl::Sqlite(options) => {
            options.path(context.folder()).map_or_else(|| ":memory:".to_owned(), |path| path.display().to_string())
        }
        DatabaseUrl::Postgres(options) => options.name().unwrap_or_default().to_owned(),
    }
}
