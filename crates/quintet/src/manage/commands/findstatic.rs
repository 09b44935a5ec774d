//! `findstatic`: where files of the built front end are.

use clap::{Arg, ArgAction, ArgMatches};

use crate::manage::{Checks, Command, CommandError, Context, frontend};

pub(super) const COMMAND: Command =
    Command { name: "findstatic", about: "Say where files of the front end are", args, checks: Checks::First, run };

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("file").value_name("FILE").num_args(1..).required(true).help("Names below the front end's folder"),
        )
        .arg(Arg::new("first").long("first").action(ArgAction::SetTrue).help("Only the first place; there is one"))
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let files = frontend::built_files(context)?.unwrap_or_default();
    for name in args.get_many::<String>("file").into_iter().flatten() {
        if !files.iter().any(|(found, _)| found == name) {
            context.terminal.warn(&format!("no file of the front end is called `{name}`"), None);
        } else if context.settings.frontend.pack().is_empty() {
            let folder = frontend::folder(context).map(|folder| frontend::built_folder(&folder)).unwrap_or_default();
            context.terminal.print(folder.join(name).display().to_string());
        } else {
            context.terminal.print(format!("{name} is in this program"));
        }
    }
    Ok(())
}
