//! `sqlsequencereset`: the statements that set the sequences of apps to where their rows end.

use clap::{Arg, ArgMatches};
use quintet_db::fixtures;

use super::dumpdata::of_app;
use crate::App;
use crate::manage::migrations::{app, models};
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command = Command {
    name: "sqlsequencereset",
    about: "Print the SQL that resets the sequences of apps",
    args,
    checks: Checks::Configured,
    run,
};

fn args(command: clap::Command) -> clap::Command {
    command.arg(Arg::new("app_label").num_args(1..).required(true).help("The apps")).arg(database::arg())
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let state = models(context);
    let dialect = database::dialect(&context.settings.database);
    let labels = args.get_many::<String>("app_label").unwrap_or_default();
    let apps: Vec<&App> = labels.map(|label| app(context, label)).collect::<Result<_, _>>()?;
    let mut all = vec![];
    for app in apps.into_iter().filter(|app| !app.models.is_empty()) {
        let statements = fixtures::sequence_statements(dialect, &state, &of_app(app));
        if statements.is_empty() {
            context.terminal.note("No sequences found.");
        }
        all.extend(statements);
    }
    if !all.is_empty() {
        context.terminal.print(format!("BEGIN;\n{}\nCOMMIT;", all.join("\n")));
    }
    Ok(())
}
