//! `startapp`: a new app in this project. The installed command `quintet` does the same, with the same arguments.

use clap::ArgMatches;
use quintet_cli::args;

use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command = Command {
    name: "startapp",
    about: "Make a new app in this project",
    args: args::startapp,
    checks: Checks::Unconfigured,
    run,
};

fn run(context: &Context<'_>, matches: &ArgMatches) -> Result<(), CommandError> {
    let report = args::make_app(matches, context.folder()).map_err(scaffold_error)?;
    context.terminal.print(report.to_string().trim_end());
    Ok(())
}

#[allow(clippy::needless_pass_by_value)] // For `map_err`.
pub(super) fn scaffold_error(error: quintet_cli::ScaffoldError) -> CommandError {
    let failed = CommandError::new(error.to_string());
    match error.hint() {
        Some(hint) => failed.with_hint(hint),
        None => failed,
    }
}
