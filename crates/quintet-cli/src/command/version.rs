//! `quintet version`: of this command; in a project, of the framework that the project is built with.

use clap::{ArgMatches, Command};

use super::pass_on::{self, current_folder};
use super::program;
use crate::terminal::{Failure, Terminal};

pub(super) fn args() -> Command {
    Command::new("version").about("Shows the version; in a project, the one that it is built with")
}

pub(super) fn run(_matches: &ArgMatches, terminal: &Terminal) -> Result<u8, Failure> {
    // A folder that is gone is in no project.
    if current_folder().is_ok_and(|folder| quintet_cli::find_project(&folder).is_some()) {
        return pass_on::pass(&["version".into()], |folder| pass_on::no_project("version", folder));
    }
    terminal.print(&program().render_version())?;
    Ok(0)
}
