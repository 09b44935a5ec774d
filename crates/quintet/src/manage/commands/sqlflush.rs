//! `sqlflush`: the statements that `flush` runs, without running them.

use clap::ArgMatches;

use super::flush::statements;
use crate::manage::{Checks, Command, CommandError, Context, database};

pub(super) const COMMAND: Command = Command {
    name: "sqlflush",
    about: "Print the SQL that deletes all rows of all models",
    args: |command| command.arg(database::arg()),
    checks: Checks::Configured,
    run,
};

fn run(context: &Context<'_>, _: &ArgMatches) -> Result<(), CommandError> {
    let work = async { statements(context, &database::connect(context)).await };
    let statements = context.block_on(work)??;
    if statements.is_empty() {
        context.terminal.note("No tables found.");
    } else {
        context.terminal.print(format!("BEGIN;\n{}\nCOMMIT;", statements.join("\n")));
    }
    Ok(())
}
