//! `showmigrations`: which migrations there are, and which of them the database has.

use clap::{Arg, ArgAction, ArgMatches};

use crate::manage::migrations::{app, failed, graph};
use crate::manage::{Checks, Command, CommandError, Context, Style, database};

pub(super) const COMMAND: Command = Command {
    name: "showmigrations",
    about: "Show the migrations, and which of them are applied",
    args,
    checks: Checks::Configured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(Arg::new("app_label").num_args(0..).help("Only these apps' migrations"))
        .arg(database::arg())
        .arg(
            Arg::new("list")
                .short('l')
                .long("list")
                .action(ArgAction::SetTrue)
                .conflicts_with("plan")
                .help("A list for each app (the usual)"),
        )
        .arg(
            Arg::new("plan")
                .short('p')
                .long("plan")
                .action(ArgAction::SetTrue)
                .help("All in the order in which they are applied; with `-v 2` also what each needs"),
        )
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let wanted: Vec<String> = args.get_many::<String>("app_label").unwrap_or_default().cloned().collect();
    for label in &wanted {
        app(context, label).map_err(|error| error.with_code(2))?;
    }
    let applied = context.block_on(database::applied(context))??;
    let keys: Vec<_> = applied.iter().map(|row| (row.app.clone(), row.name.clone())).collect();
    let graph = graph(context, &keys)?;
    let terminal = context.terminal;
    if args.get_flag("plan") {
        let plan = graph.planned(&wanted).map_err(|error| failed(&error))?;
        for planned in &plan {
            terminal.print(planned.line(terminal.verbosity() >= 2));
        }
        if plan.is_empty() {
            terminal.print("(no migrations)");
        }
        return Ok(());
    }
    let labels = if wanted.is_empty() { migrated(context) } else { wanted };
    for label in labels {
        terminal.print(terminal.styled(Style::Heading, &label));
        let listed = graph.listed(&label);
        for one in &listed {
            let row = applied
                .iter()
                .find(|row| (&row.app, &row.name) == (&one.key.0, &one.key.1))
                .filter(|_| terminal.verbosity() >= 2);
            let time =
                row.map(|row| format!(" (applied at {})", row.at.get(..19).unwrap_or(&row.at))).unwrap_or_default();
            terminal.print(format!("{}{time}", one.line()));
        }
        if listed.is_empty() {
            terminal.print(" (no migrations)");
        }
    }
    Ok(())
}

/// The apps that have a list of migrations, though it be empty, by name.
fn migrated(context: &Context<'_>) -> Vec<String> {
    let apps = context.settings.installed_apps.iter().filter(|app| app.migrations.is_some());
    let mut labels: Vec<String> = apps.map(|app| app.label.to_owned()).collect();
    labels.sort();
    labels
}
