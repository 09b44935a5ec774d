//! `optimizemigration`: a migration with fewer operations that do the same.

use clap::{Arg, ArgAction, ArgMatches};
use quintet_core::migrate::optimize::optimize;
use quintet_core::operation::Migration;

use crate::manage::migrations::files::Folder;
use crate::manage::migrations::writing::{refuse_unknown_files, text};
use crate::manage::migrations::{failed, graph, migrated_app};
use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command = Command {
    name: "optimizemigration",
    about: "Make a migration's operations fewer",
    args,
    checks: Checks::Configured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(Arg::new("app_label").required(true).help("The migration's app"))
        .arg(Arg::new("migration_name").required(true).help("The migration, or the beginning of its name"))
        .arg(
            Arg::new("check")
                .long("check")
                .action(ArgAction::SetTrue)
                .help("Fail where it can be optimized, and write nothing"),
        )
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let graph = graph(context, &[])?;
    let label = args.get_one::<String>("app_label").map_or("", String::as_str);
    let app = migrated_app(context, &graph, label)?;
    let name = args.get_one::<String>("migration_name").map_or("", String::as_str);
    let migration = graph.find(label, name).map_err(|error| failed(&error))?;
    let operations = optimize(migration.operations.clone(), label, graph.user_model());
    let (before, after) = (migration.operations.len(), operations.len());
    let terminal = context.terminal;
    let says = terminal.verbosity() > 0;
    if before == after {
        if says {
            terminal.print("No optimizations possible.");
        }
        return Ok(());
    }
    if says {
        terminal.print(format!("Optimizing from {before} operations to {after} operations."));
    }
    if args.get_flag("check") {
        return Err(CommandError::silent(1));
    }
    let folder = Folder::of(app, context.folder())?;
    let known: Vec<&str> =
        graph.files().iter().filter(|file| file.app == label).map(|file| file.name.as_str()).collect();
    refuse_unknown_files(&folder, &known)?;
    folder.refuse_own_code(&migration.name)?;
    let optimized = Migration { operations, ..migration.clone() };
    folder.rewrite(&migration.name, &text(app, &optimized, true)?)?;
    if says {
        terminal.print(format!("Optimized migration {}", folder.shown(&migration.name)));
    }
    Ok(())
}
