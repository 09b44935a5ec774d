//! `quintet startapp`: finds the project, lets the library make an app, and shows the report.
//!
//! Needs no build of the project, so that it works while the project does not compile.

use clap::{ArgMatches, Command};

use super::pass_on::{current_folder, no_project};
use crate::terminal::{Failure, Terminal};

pub(super) fn args() -> Command {
    quintet_cli::args::startapp(Command::new("startapp").about("Makes a new app in the project of the current folder"))
}

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<u8, Failure> {
    let folder = current_folder()?;
    let project = quintet_cli::find_project(&folder).ok_or_else(|| no_project("startapp", &folder))?;
    let report = quintet_cli::args::make_app(matches, &project)?;
    terminal.print(&report.to_string())?;
    Ok(0)
}
