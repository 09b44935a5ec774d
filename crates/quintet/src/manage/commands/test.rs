//! `test`: the project's tests, by cargo.

use std::process;

use clap::{Arg, ArgMatches};

use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command =
    Command { name: "test", about: "Run the project's tests (cargo test)", args, checks: Checks::Unconfigured, run };

fn args(command: clap::Command) -> clap::Command {
    let rest = Arg::new("rest").num_args(0..).trailing_var_arg(true).allow_hyphen_values(true);
    command.arg(rest.value_name("ARGUMENTS").help("Handed on to `cargo test`"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = process::Command::new(cargo);
    command.arg("test").args(args.get_many::<String>("rest").unwrap_or_default()).current_dir(context.folder());
    let status = command.status().map_err(|error| CommandError::because("cargo cannot be started", error))?;
    // What tests leave on a server that is not there is none.
    drop(crate::testing::remove_leftovers(&context.settings));
    if status.success() {
        Ok(())
    } else {
        Err(CommandError::silent(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
    }
}
