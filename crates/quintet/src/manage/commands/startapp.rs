//! `startapp`: a new app in this project.

use clap::{Arg, ArgAction, ArgMatches};

use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command =
    Command { name: "startapp", about: "Make a new app in this project", args, checks: Checks::Unconfigured, run };

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(Arg::new("name").required(true).value_name("NAME").help("The app's name: a Rust module's, as `api`"))
        .arg(
            Arg::new("no-wiring")
                .long("no-wiring")
                .action(ArgAction::SetTrue)
                .help("Do not touch main.rs and settings.rs"),
        )
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let name = args.get_one::<String>("name").map(String::as_str).unwrap_or_default();
    let make = if args.get_flag("no-wiring") { quintet_cli::startapp_without_wiring } else { quintet_cli::startapp };
    let report = make(context.folder(), name);
    context.terminal.print(report.map_err(scaffold_error)?.to_string().trim_end());
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
