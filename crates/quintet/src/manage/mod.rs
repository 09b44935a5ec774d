//! The program's whole `main`: reads the verb, loads the settings, runs the command.
//!
//! Verbs, flags and exit codes are the reference's; the texts are our own. Only this room talks to a terminal.

mod command;
mod commands;
mod database;
mod frontend;
mod help;
mod migrations;
mod not_yet;
mod openapi;
mod options;
mod runserver;
mod serving;
mod signals;
mod sockets;
mod terminal;

use std::ffi::OsString;
use std::process::ExitCode;

use quintet_core::near::did_you_mean;

use crate::settings::{self, Env, Loaded, Project, Settings};

pub use clap::{self, Arg, ArgAction, ArgMatches};
pub(crate) use database::dialect;

pub use command::{Checks, Command, CommandError, Context};
pub use not_yet::not_yet;
pub use terminal::{Captured, Style, Terminal};

/// Runs the command that the program's arguments name. The whole of a project's `main`.
pub fn manage(settings: fn(&Env) -> Settings) -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let terminal = Terminal::of_process();
    ExitCode::from(run(&Project::new(settings), &args, &terminal))
}

/// The exit code: 0, 1 for an error, 2 for a command line that cannot be read, or what the command says.
pub(crate) fn run(project: &Project, args: &[OsString], terminal: &Terminal) -> u8 {
    run_loaded(project, settings::load(project), args, terminal)
}

/// The same with settings that are there.
pub(crate) fn run_loaded(project: &Project, loaded: Loaded, args: &[OsString], terminal: &Terminal) -> u8 {
    let commands = commands::all(&loaded.settings);
    let Some(verb) = args.first() else {
        help::overview(&commands, terminal);
        return 0;
    };
    match verb.to_str().unwrap_or_default() {
        "help" | "--help" | "-h" => return help::help(&commands, &loaded.settings, &args[1..], terminal),
        "version" | "--version" => {
            terminal.print(crate::VERSION);
            return 0;
        }
        _ => {}
    }
    match commands.iter().find(|command| verb == command.name) {
        Some(command) => execute(project, loaded, command, &args[1..], terminal),
        None => unknown(&verb.to_string_lossy(), &commands, terminal),
    }
}

fn unknown(verb: &str, commands: &[Command], terminal: &Terminal) -> u8 {
    let names: Vec<&str> = commands.iter().map(|command| command.name).collect();
    let hint = match did_you_mean(verb, &names) {
        Some(near) => format!("did you mean `{near}`? `help` lists all commands"),
        None => "`help` lists all commands".to_owned(),
    };
    terminal.error(&format!("unknown command `{verb}`"), Some(&hint));
    1
}

fn execute(project: &Project, mut loaded: Loaded, command: &Command, args: &[OsString], terminal: &Terminal) -> u8 {
    let parsed = match options::parse(command, &loaded.settings, args) {
        Ok(parsed) => parsed,
        Err(shown) => return shown.print(terminal),
    };
    terminal.obey(&parsed.matches);
    let alias = match database::choose(&mut loaded.settings, &parsed.matches) {
        Ok(alias) => alias,
        Err(error) => return error.report(terminal, false),
    };
    let context = Context::new(project, loaded, (terminal, alias), parsed.matches.get_flag("skip-checks"));
    let checked = match command.checks {
        Checks::Unconfigured => Ok(()),
        Checks::Configured => context.configured(),
        Checks::First => context.checked(),
    };
    match checked.and_then(|()| (command.run)(&context, &parsed.matches)) {
        Ok(()) => 0,
        Err(error) => error.report(terminal, parsed.matches.get_flag("traceback")),
    }
}
