//! `startproject`: another project. The installed command `quintet` does the same from anywhere.

use std::path::Path;

use clap::{Arg, ArgMatches};
use quintet_cli::{Database, Dependency, Frontend, Options};

use super::startapp::scaffold_error;
use crate::manage::{Checks, Command, CommandError, Context};

pub(super) const COMMAND: Command =
    Command { name: "startproject", about: "Make a new project", args, checks: Checks::Unconfigured, run };

fn args(command: clap::Command) -> clap::Command {
    command
        .arg(Arg::new("name").required(true).value_name("NAME").help("The project's name: a cargo package's"))
        .arg(Arg::new("directory").value_name("DIRECTORY").help("Where to make it; a folder of its name by default"))
        .arg(
            Arg::new("database")
                .long("database")
                .value_parser(["sqlite", "postgres"])
                .default_value("sqlite")
                .help("Its database"),
        )
        .arg(
            Arg::new("frontend")
                .long("frontend")
                .value_parser(["none", "react"])
                .default_value("none")
                .help("Its front end"),
        )
}

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let text = |name: &str| args.get_one::<String>(name).map(String::as_str);
    let options = Options {
        database: if text("database") == Some("postgres") { Database::Postgres } else { Database::Sqlite },
        frontend: if text("frontend") == Some("react") { Frontend::React } else { Frontend::None },
        dependency: Dependency::of_this_build(),
    };
    let report =
        quintet_cli::startproject(text("name").unwrap_or_default(), text("directory").map(Path::new), &options);
    context.terminal.print(report.map_err(scaffold_error)?.to_string().trim_end());
    Ok(())
}
