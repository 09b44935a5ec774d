//! The commands, one row and one file each, and the way from a command line to one of them.

mod completions;
mod help;
mod pass_on;
mod startapp;
mod startproject;
mod usage;
mod version;

use std::ffi::OsString;

use clap::{ArgMatches, Command};

use crate::terminal::{Failure, Terminal};

/// What a command takes, and what it does.
struct Row {
    args: fn() -> Command,
    run: fn(&ArgMatches, &Terminal) -> Result<u8, Failure>,
}

const COMMANDS: &[Row] = &[
    Row { args: startproject::args, run: startproject::run },
    Row { args: startapp::args, run: startapp::run },
    Row { args: completions::args, run: completions::run },
    Row { args: help::args, run: help::run },
    Row { args: version::args, run: version::run },
];

/// Reads a whole command line, the program's name included, and does what it says.
pub(crate) fn run(line: &[OsString], terminal: &Terminal) -> Result<u8, Failure> {
    let matches = match program().try_get_matches_from(line) {
        Ok(matches) => matches,
        Err(error) => return usage::explain(&error, line, terminal),
    };
    match matches.subcommand() {
        Some((verb, arguments)) => match COMMANDS.iter().find(|row| (row.args)().get_name() == verb) {
            Some(row) => (row.run)(arguments, terminal),
            None => pass_on::run(verb, arguments),
        },
        None => help::overview(terminal),
    }
}

fn program() -> Command {
    Command::new("quintet")
        .bin_name("quintet")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Makes quintet projects, and runs their commands")
        .disable_help_subcommand(true)
        .allow_external_subcommands(true)
        .subcommands(COMMANDS.iter().map(|row| (row.args)()))
        .after_help(
            "Every other command belongs to the project in the current folder:\n\
             `quintet runserver` there is `cargo run --quiet -- runserver`.",
        )
}

/// Whether `verb` is a command of this program, and else the one that was probably meant.
fn own_or_similar(verb: &str) -> Result<(), Option<String>> {
    let names: Vec<_> = COMMANDS.iter().map(|row| (row.args)().get_name().to_owned()).collect();
    if names.iter().any(|name| name == verb) {
        return Ok(());
    }
    // A third of the letters may be wrong: `shell` is not meant as `help`.
    Err(names.into_iter().find(|name| distance(name, verb) * 3 <= name.len()))
}

/// How many letters have to be changed, added or removed to get from one word to the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for column in 1..row.len() {
            let changed = diagonal + usize::from(other[column - 1] != letter);
            diagonal = row[column];
            row[column] = changed.min(row[column] + 1).min(row[column - 1] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        program().debug_assert();
    }

    #[test]
    fn a_verb_with_a_wrong_letter_or_two_is_recognised() {
        for verb in ["startprojct", "start-project", "startproyect"] {
            assert_eq!(own_or_similar(verb), Err(Some("startproject".to_owned())), "{verb}");
        }
        assert_eq!(own_or_similar("startap"), Err(Some("startapp".to_owned())));
        assert_eq!(own_or_similar("startapp"), Ok(()));
        for verb in ["migrate", "x", "runserver", "test", "shell"] {
            assert_eq!(own_or_similar(verb), Err(None), "{verb}");
        }
    }
}
