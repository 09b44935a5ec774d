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

/// Nothing but names that were built are looked for, so that a name leads nowhere else.
fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let files = frontend::built_files(context)?.unwrap_or_default();
    let verbosity = context.terminal.verbosity();
    let is_packed = !context.settings.frontend.pack().is_empty();
    let folder = frontend::folder(context).map(|folder| frontend::built_folder(&folder)).unwrap_or_default();
    let place = if is_packed { "this program".to_owned() } else { folder.display().to_string() };
    for name in args.get_many::<String>("file").into_iter().flatten() {
        if !files.iter().any(|(found, _)| found == name) {
            if verbosity > 0 {
                let places = if verbosity > 1 { format!(" Looked in `{place}`") } else { String::new() };
                context.terminal.warn(&format!("No matching file found for '{name}'.{places}"), None);
            }
            continue;
        }
        let found = if is_packed { format!("{name} in {place}") } else { folder.join(name).display().to_string() };
        if verbosity == 0 {
            context.terminal.print(found);
            continue;
        }
        context.terminal.print(format!("Found '{name}' here:\n  {found}"));
        if verbosity > 1 {
            context.terminal.print(format!("Looking in the following locations:\n  {place}"));
        }
    }
    Ok(())
}
