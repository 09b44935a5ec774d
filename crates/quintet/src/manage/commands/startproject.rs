//! `startproject`: another project. The installed command `quintet` does the same from anywhere, with the same arguments.

use clap::ArgMatches;
use quintet_cli::args;

use super::startapp::scaffold_error;
use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command = Command {
    name: "startproject",
    about: "Make a new project",
    args: args::startproject,
    checks: Checks::Unconfigured,
    run,
};

fn run(context: &Context<'_>, matches: &ArgMatches) -> Result<(), CommandError> {
    let report = args::make_project(matches).map_err(scaffold_error)?;
    context.terminal.print(report.to_string().trim_end());
    Ok(())
}
