//! `sqlmigrate`: the SQL of a migration, without running it. It is the same list of statements that `migrate` runs.

use std::borrow::Cow;

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::sql;

use crate::manage::migrations::allowed::allowed;
use crate::manage::migrations::{failed, graph, migrated_app};
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command =
    Command { name: "sqlmigrate", about: "Print the SQL of a migration", args, checks: Checks::Configured, run };

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(Arg::new("app_label").required(true).help("The migration's app"))
        .arg(Arg::new("migration_name").required(true).help("The migration, or the beginning of its name"))
        .arg(database::arg())
        .arg(Arg::new("backwards").long("backwards").action(ArgAction::SetTrue).help("The SQL that unapplies it"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let graph = graph(context, &[])?.without_replacements().map_err(|error| failed(&error))?;
    let label = args.get_one::<String>("app_label").map_or("", String::as_str);
    migrated_app(context, &graph, label)?;
    let name = args.get_one::<String>("migration_name").map_or("", String::as_str);
    let migration = graph.find(label, name).map_err(|error| failed(&error))?;
    let before = graph.state_before(&migration.key()).map_err(|error| failed(&error))?;
    let dialect = database::dialect(&context.settings.database);
    let done = allowed(context, Cow::Borrowed(migration));
    let (shown, backwards) = (&migration.operations, args.get_flag("backwards"));
    let (moment, local) = (quintet_db::now(), quintet_db::now_in_zone(&context.settings.time_zone));
    let now = sql::Now { moment: &moment, local: &local };
    let script = sql::script_of(shown, dialect, &done, &before, backwards, now)
        .map_err(|error| CommandError::new(format!("migration `{}`: {error}", migration.label())))?;
    if script.is_empty() {
        context.terminal.note("No operations found.");
    } else {
        context.terminal.print(script.trim_end());
    }
    Ok(())
}
