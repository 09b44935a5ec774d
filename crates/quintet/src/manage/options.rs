//! The options that every command has, and the reading of a command line.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use super::{Command, Terminal, commands};
use crate::settings::Settings;

/// A command line that was understood.
pub(super) struct Parsed {
    pub(super) matches: ArgMatches,
}

/// What is shown instead of running the command.
pub(super) enum Shown {
    Help(String),
    Usage(String),
    Refused { message: String, hint: &'static str },
}

impl Shown {
    /// Prints it and says the exit code.
    pub(super) fn print(&self, terminal: &Terminal) -> u8 {
        match self {
            Self::Help(text) => {
                terminal.print(text.trim_end());
                0
            }
            Self::Usage(text) => {
                terminal.error(text.trim_start_matches("error: ").trim_end(), None);
                2
            }
            Self::Refused { message, hint } => {
                terminal.error(message, Some(hint));
                1
            }
        }
    }
}

/// The command's own arguments and the common ones.
pub(super) fn parser(command: &Command, settings: &Settings) -> clap::Command {
    let own = (command.args)(clap::Command::new(command.name)).about(command.about);
    commands::completed(own, settings)
        .bin_name(format!("cargo manage {}", command.name))
        .version(crate::VERSION)
        .disable_version_flag(true)
        .infer_long_args(true)
        .args(common())
        .next_help_heading("Options")
}

fn common() -> [Arg; 8] {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).help(help).action(ArgAction::SetTrue).help_heading("Common options")
    };
    [
        Arg::new("verbosity")
            .short('v')
            .long("verbosity")
            .value_name("0..3")
            .value_parser(value_parser!(u8).range(0..=3))
            .default_value("1")
            .help("How much to say")
            .help_heading("Common options"),
        flag("no-color", "No colours"),
        flag("force-color", "Colours even where the output is no terminal"),
        flag("traceback", "Show what caused an error"),
        flag("skip-checks", "Do not run the system checks first"),
        Arg::new("settings").long("settings").hide(true).value_name("MODULE"),
        Arg::new("pythonpath").long("pythonpath").hide(true).value_name("FOLDER"),
        Arg::new("version")
            .long("version")
            .action(ArgAction::Version)
            .help("Print the version")
            .help_heading("Common options"),
    ]
}

pub(super) fn parse(command: &Command, settings: &Settings, args: &[OsString]) -> Result<Parsed, Shown> {
    let words = std::iter::once(OsString::from(command.name)).chain(args.iter().cloned());
    let matches = parser(command, settings).try_get_matches_from(words).map_err(|error| shown(&error))?;
    refuse_foreign(&matches)?;
    Ok(Parsed { matches })
}

fn shown(error: &clap::Error) -> Shown {
    match error.kind() {
        ErrorKind::DisplayHelp => Shown::Help(error.to_string()),
        ErrorKind::DisplayVersion => Shown::Help(crate::VERSION.to_owned()),
        _ => Shown::Usage(error.to_string()),
    }
}

/// Options that contradict each other, and those of the reference's that have no meaning in a compiled program.
fn refuse_foreign(matches: &ArgMatches) -> Result<(), Shown> {
    const FOREIGN: [(&str, &str); 2] = [
        (
            "settings",
            "there is one settings module, `src/settings.rs`; let it read a variable, and choose with `ENV_FILE=.env.staging`",
        ),
        ("pythonpath", "a compiled program loads no modules; add a dependency to `Cargo.toml` instead"),
    ];
    if matches.get_flag("no-color") && matches.get_flag("force-color") {
        let message = "`--no-color` and `--force-color` contradict each other".to_owned();
        return Err(Shown::Refused { message, hint: "leave one of them out" });
    }
    for (name, hint) in FOREIGN {
        if matches.contains_id(name) {
            return Err(Shown::Refused { message: format!("`--{name}` is not supported"), hint });
        }
    }
    Ok(())
}
