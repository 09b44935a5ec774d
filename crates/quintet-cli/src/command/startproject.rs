//! `quintet startproject`: lets the library make a project, and shows the report.

use clap::{ArgMatches, Command};

use crate::terminal::{Failure, Terminal};

pub(super) fn args() -> Command {
    quintet_cli::args::startproject(Command::new("startproject").about("Makes a new project"))
}

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<u8, Failure> {
    let report = quintet_cli::args::make_project(matches)?;
    terminal.print(&report.to_string())?;
    Ok(0)
}
