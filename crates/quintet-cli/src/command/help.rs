//! `quintet help`: of this command, of one of its own commands, or of one of the project's.

use std::ffi::OsString;

use clap::{Arg, ArgMatches, Command};

use super::{own_or_similar, pass_on, program};
use crate::terminal::{Failure, Terminal};

pub(super) fn args() -> Command {
    Command::new("help")
        .about("Shows this help, or the help of a command")
        .arg(Arg::new("command").value_name("COMMAND").help("Command to explain; may be one of the project's"))
}

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<u8, Failure> {
    let Some(verb) = matches.get_one::<String>("command") else {
        return overview(terminal);
    };
    if own_or_similar(verb).is_err() {
        return pass_on::pass(&["help".into(), OsString::from(verb)], |_| no_command(verb));
    }
    let mut program = program();
    // Built, a command knows that it is called as `quintet startapp`.
    program.build();
    let help = program.find_subcommand_mut(verb).map(Command::render_help);
    terminal.print(&help.map(|help| help.to_string()).unwrap_or_default())?;
    Ok(0)
}

fn no_command(verb: &str) -> Failure {
    let hint = match own_or_similar(verb) {
        Err(Some(similar)) => format!("did you mean `{similar}`?"),
        _ => "a project's own commands are listed inside its folder, by `cargo manage help`".to_owned(),
    };
    Failure::error(format!("there is no command `{verb}` outside of a project"), hint)
}

pub(super) fn overview(terminal: &Terminal) -> Result<u8, Failure> {
    terminal.print(&program().render_help().to_string())?;
    Ok(0)
}
