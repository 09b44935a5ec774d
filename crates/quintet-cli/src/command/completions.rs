//! `quintet completions`: prints a script that completes this command's own line in a shell.

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use crate::terminal::{Failure, Terminal};

pub(super) fn args() -> Command {
    Command::new("completions")
        .about("Prints a completion script for a shell")
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .value_parser(value_parser!(Shell))
                .help("Shell it is for"),
        )
        .after_help("For example in ~/.bashrc: source <(quintet completions bash)")
}

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<u8, Failure> {
    let mut script = Vec::new();
    if let Some(shell) = matches.get_one::<Shell>("shell") {
        clap_complete::generate(*shell, &mut super::program(), "quintet", &mut script);
    }
    terminal.print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}
