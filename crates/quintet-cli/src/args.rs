//! The command lines of `startproject` and `startapp`, for whoever reads them with clap.
//!
//! The one place that knows the names of their arguments: the installed command and `cargo manage`
//! take the same ones. Knows neither the other arguments of a command nor who shows its report.

use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::error::ScaffoldError;
use crate::frontend::{Frontend, FrontendAuth};
use crate::report::Report;
use crate::startapp::{startapp as start_app, startapp_without_wiring};
use crate::startproject::{Database, Dependency, Options, startproject as start_project};

/// Adds the arguments of `startproject`.
pub fn startproject(command: Command) -> Command {
    command
        .arg(Arg::new(NAME).value_name("NAME").required(true).help("Name of the project and of its program"))
        .arg(
            Arg::new(DIRECTORY)
                .value_name("DIRECTORY")
                .value_parser(value_parser!(PathBuf))
                .help("Folder for it; a new folder NAME if left out"),
        )
        .arg(choice(DATABASE, DATABASES).value_name("DATABASE").help("Database that its settings name"))
        .arg(choice(FRONTEND, FRONTENDS).value_name("FRONTEND").help("Front end to make with it"))
        .arg(
            Arg::new(TYPESCRIPT)
                .long(TYPESCRIPT)
                .action(ArgAction::SetTrue)
                .help("Write the front end in TypeScript, not in JavaScript"),
        )
        .arg(choice(AUTH, AUTHS).value_name("AUTH").help("Where the front end has its refresh token"))
}

/// Adds the arguments of `startapp`.
pub fn startapp(command: Command) -> Command {
    command.arg(Arg::new(NAME).value_name("NAME").required(true).help("Name of the app and of its module")).arg(
        Arg::new(NO_WIRING)
            .long(NO_WIRING)
            .action(ArgAction::SetTrue)
            .help("Make the files only; change neither src/main.rs nor src/settings.rs"),
    )
}

/// Makes the project that the arguments of [`startproject`] ask for.
pub fn make_project(matches: &ArgMatches) -> Result<Report, ScaffoldError> {
    let directory = matches.get_one::<PathBuf>(DIRECTORY).map(|directory| without_dot(directory));
    let options = Options::from_matches(matches);
    let asked =
        [TYPESCRIPT, AUTH].into_iter().find(|name| matches.value_source(name) == Some(ValueSource::CommandLine));
    if let (Frontend::None, Some(asked)) = (options.frontend, asked) {
        let hint = format!("add `--frontend react`, or leave `--{asked}` out");
        return Err(ScaffoldError::new(format!("`--{asked}` is about a front end, and there is none"), hint));
    }
    start_project(name(matches), directory, &options)
}

/// Makes the app that the arguments of [`startapp`] ask for, in the project's folder.
pub fn make_app(matches: &ArgMatches, project: &Path) -> Result<Report, ScaffoldError> {
    match matches.get_flag(NO_WIRING) {
        true => startapp_without_wiring(project, name(matches)),
        false => start_app(project, name(matches)),
    }
}

impl Options {
    /// As the arguments of [`startproject`](crate::args::startproject) say, with the framework as
    /// [`Dependency::of_this_build`] finds it.
    pub fn from_matches(matches: &ArgMatches) -> Self {
        Options {
            database: chosen(matches, DATABASE, DATABASES),
            frontend: match chosen(matches, FRONTEND, FRONTENDS) {
                None => Frontend::None,
                Some(React) => {
                    Frontend::React { typescript: matches.get_flag(TYPESCRIPT), auth: chosen(matches, AUTH, AUTHS) }
                }
            },
            dependency: Dependency::of_this_build(),
        }
    }
}

const NAME: &str = "name";
const DIRECTORY: &str = "directory";
const DATABASE: &str = "database";
const FRONTEND: &str = "frontend";
const TYPESCRIPT: &str = "typescript";
const AUTH: &str = "auth";
const NO_WIRING: &str = "no-wiring";

/// The values of `--database`, the default first.
const DATABASES: &[(&str, Database)] = &[("sqlite", Database::Sqlite), ("postgres", Database::Postgres)];
/// The values of `--frontend`, the default first.
const FRONTENDS: &[(&str, Option<React>)] = &[("none", None), ("react", Some(React))];
/// The values of `--auth`, the default first.
const AUTHS: &[(&str, FrontendAuth)] = &[("cookie", FrontendAuth::Cookie), ("bearer", FrontendAuth::Bearer)];

/// The one kind of front end that there is.
#[derive(Clone, Copy)]
struct React;

fn choice<T>(name: &'static str, table: &[(&'static str, T)]) -> Arg {
    let names: Vec<_> = table.iter().map(|(name, _)| *name).collect();
    Arg::new(name).long(name).default_value(names[0]).value_parser(names)
}

/// The row that was named; clap has refused every other name.
fn chosen<T: Copy>(matches: &ArgMatches, argument: &str, table: &[(&str, T)]) -> T {
    let named = |row: &&(&str, T)| matches.get_one::<String>(argument).is_some_and(|name| name == row.0);
    table.iter().find(named).unwrap_or(&table[0]).1
}

/// clap has refused a command line without one.
fn name(matches: &ArgMatches) -> &str {
    matches.get_one::<String>(NAME).map_or("", String::as_str)
}

/// `./` is `.`, so that the report does not tell the user to go where they are.
fn without_dot(directory: &Path) -> &Path {
    if directory.components().eq(Path::new(".").components()) { Path::new(".") } else { directory }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> Options {
        let matches = startproject(Command::new("startproject")).try_get_matches_from(line.split(' '));
        Options::from_matches(&matches.unwrap())
    }

    #[test]
    fn a_value_that_is_named_is_taken() {
        let named = options("startproject x --database postgres --frontend react");
        let react = |typescript, auth| Frontend::React { typescript, auth };
        assert_eq!((named.database, named.frontend), (Database::Postgres, react(false, FrontendAuth::Cookie)));
        let named = options("startproject x --frontend react --typescript --auth bearer");
        assert_eq!(named.frontend, react(true, FrontendAuth::Bearer));
    }

    #[test]
    fn what_is_left_out_is_the_default() {
        assert_eq!(options("startproject x"), Options::default());
    }

    #[test]
    fn a_value_that_is_in_no_table_is_refused() {
        for line in ["startproject x --database mysql", "startproject x --frontend vue"] {
            assert!(
                startproject(Command::new("startproject")).try_get_matches_from(line.split(' ')).is_err(),
                "{line}"
            );
        }
    }

    #[test]
    fn a_command_keeps_the_arguments_that_it_has() {
        let command = Command::new("startapp").arg(Arg::new("verbosity").short('v'));
        let matches = startapp(command).try_get_matches_from(["startapp", "-v", "2", "blog"]).unwrap();
        assert_eq!(name(&matches), "blog");
        assert_eq!(matches.get_one::<String>("verbosity").map(String::as_str), Some("2"));
    }

    #[test]
    fn the_current_folder_has_one_name() {
        assert_eq!(without_dot(Path::new("./")), Path::new("."));
        assert_eq!(without_dot(Path::new("./x")), Path::new("./x"));
    }
}
