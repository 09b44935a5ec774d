//! `quintet startapp`: finds the project, calls the library, shows the report.
//!
//! Needs no build of the project, so that it works while the project does not compile.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::pass_on::{current_folder, no_project};
use crate::terminal::{Failure, Terminal};

pub(super) fn args() -> Command {
    Command::new("startapp")
        .about("Makes a new app in the project of the current folder")
        .arg(Arg::new("name").value_name("NAME").required(true).help("Name of the app and of its module"))
        .arg(
            Arg::new("no-wiring")
                .long("no-wiring")
                .action(ArgAction::SetTrue)
                .help("Make the files only; change neither src/main.rs nor src/settings.rs"),
        )
}

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<u8, Failure> {
    let name = matches.get_one::<String>("name").map_or("", String::as_str);
    let folder = current_folder()?;
    let project = quintet_cli::find_project(&folder).ok_or_else(|| no_project("startapp", &folder))?;
    let report = match matches.get_flag("no-wiring") {
        true => quintet_cli::startapp_without_wiring(&project, name)?,
        false => quintet_cli::startapp(&project, name)?,
    };
    terminal.print(&report.to_string())?;
    Ok(0)
}
