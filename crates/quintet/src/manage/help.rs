//! `help`: the list of commands, or one command's arguments.

use std::ffi::OsString;
use std::fmt::Write as _;

use super::not_yet::NOT_YET;
use super::{Command, Style, Terminal, options, unknown};
use crate::settings::Settings;

/// All commands, those of the project's apps included.
pub(super) fn overview(commands: &[Command], terminal: &Terminal) {
    let mut text = String::from("Usage: cargo manage <command> [options]\n\n");
    let _ = writeln!(text, "{}", terminal.styled(Style::Heading, "Commands:"));
    let later = |command: &&Command| NOT_YET.iter().any(|row| row.name == command.name);
    let width = commands.iter().map(|command| command.name.len()).max().unwrap_or(0);
    for command in commands.iter().filter(|command| !later(command)) {
        let _ = writeln!(text, "  {:width$}  {}", command.name, command.about);
    }
    let _ = writeln!(text, "  {:width$}  This list, or a command's arguments", "help");
    let _ = writeln!(text, "  {:width$}  The version of quintet", "version");
    let names: Vec<&str> = commands.iter().filter(later).map(|command| command.name).collect();
    let _ = write!(
        text,
        "\n{}\n  {}\n",
        terminal.styled(Style::Heading, "Not in this version (each says why, and what to use instead):"),
        names.join(", ")
    );
    text.push_str("\n`cargo manage help <command>` shows a command's arguments.");
    terminal.print(text);
}

/// The first word that is no option; the reference reads the settings' module here, which we do not have.
fn asked_for(args: &[OsString]) -> Option<&OsString> {
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.to_str().unwrap_or_default() {
            "--settings" | "--pythonpath" => drop(words.next()),
            "--commands" => return Some(word),
            option if option.starts_with('-') => {}
            _ => return Some(word),
        }
    }
    None
}

/// `help`, `help VERB`, `help --commands`.
pub(super) fn help(commands: &[Command], settings: &Settings, args: &[OsString], terminal: &Terminal) -> u8 {
    let Some(verb) = asked_for(args) else {
        overview(commands, terminal);
        return 0;
    };
    if verb == "--commands" {
        terminal.print(commands.iter().map(|command| command.name).collect::<Vec<_>>().join("\n"));
        return 0;
    }
    match commands.iter().find(|command| verb == command.name) {
        Some(command) => {
            terminal.print(options::parser(command, settings).render_help().to_string().trim_end());
            0
        }
        None => unknown(&verb.to_string_lossy(), commands, terminal),
    }
}
