//! `quintet startproject`: reads the options, calls the library, shows the report.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command, value_parser};
use quintet_cli::{Database, Frontend, Options};

use crate::terminal::{Failure, Terminal};

const DATABASES: &[(&str, Database)] = &[("sqlite", Database::Sqlite), ("postgres", Database::Postgres)];
const FRONTENDS: &[(&str, Frontend)] = &[("none", Frontend::None), ("react", Frontend::React)];

pub(super) fn args() -> Command {
    Command::new("startproject")
        .about("Makes a new project")
        .arg(Arg::new("name").value_name("NAME").required(true).help("Name of the project and of its program"))
        .arg(
            Arg::new("directory")
                .value_name("DIRECTORY")
                .value_parser(value_parser!(PathBuf))
                .help("Folder for it; a new folder NAME if left out"),
        )
        .arg(choice("database", DATABASES).value_name("DATABASE").help("Database that its settings name"))
        .arg(choice("frontend", FRONTENDS).value_name("FRONTEND").help("Front end to make with it"))
}

pub(super) fn run(matches: &ArgMatches, terminal: &Terminal) -> Result<u8, Failure> {
    let name = matches.get_one::<String>("name").map_or("", String::as_str);
    let directory = matches.get_one::<PathBuf>("directory").map(PathBuf::as_path);
    let options = Options {
        database: chosen(matches, "database", DATABASES),
        frontend: chosen(matches, "frontend", FRONTENDS),
        ..Options::default()
    };
    let report = quintet_cli::startproject(name, directory.map(without_dot), &options)?;
    terminal.print(&report.to_string())?;
    Ok(0)
}

fn choice<T>(name: &'static str, table: &[(&'static str, T)]) -> Arg {
    let names: Vec<_> = table.iter().map(|(name, _)| *name).collect();
    Arg::new(name).long(name).default_value(names[0]).value_parser(names)
}

/// The row that was named; clap has refused every other name.
fn chosen<T: Copy>(matches: &ArgMatches, argument: &str, table: &[(&str, T)]) -> T {
    let named = |row: &&(&str, T)| matches.get_one::<String>(argument).is_some_and(|name| name == row.0);
    table.iter().find(named).unwrap_or(&table[0]).1
}

/// `./` is `.`, so that the report does not tell the user to go where they are.
fn without_dot(directory: &Path) -> &Path {
    if directory.components().eq(Path::new(".").components()) { Path::new(".") } else { directory }
}
