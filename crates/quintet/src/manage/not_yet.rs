//! Verbs of the reference that do nothing here yet, or never will, as one table: each says why and what to do.

use clap::Arg;

use super::command::{Checks, Command, CommandError};

/// A verb that ends with exit code 1 and a way out.
pub(crate) struct NotYet {
    pub(crate) name: &'static str,
    pub(crate) why: &'static str,
    pub(crate) instead: &'static str,
}

macro_rules! not_yet {
    ($($name:literal: $why:literal, $instead:literal;)*) => {
        /// Every such verb, for `help` and for COMPATIBILITY.md.
        pub(crate) const NOT_YET: &[NotYet] = &[$(NotYet { name: $name, why: $why, instead: $instead },)*];

        /// The verbs as commands.
        pub(super) fn commands() -> Vec<Command> {
            vec![$(Command {
                name: $name,
                about: "Not in this version",
                args,
                checks: Checks::Unconfigured,
                run: |_, _| refuse($name, $why, $instead),
            },)*]
        }
    };
}

not_yet! {
    "compilemessages": "messages are not translated", "serve translations from the front end";
    "makemessages": "messages are not translated", "serve translations from the front end";
    "shell": "a compiled language has no shell", "use `dbshell` for SQL, or a command of your own: `commands = [..]` in `quintet::app!`";
    "testserver": "nothing serves a database of tests", "use `runserver` with a database of its own: `DATABASE_URL=sqlite://test.sqlite3`";
}

/// Every verb of the reference that is not in this version, why, and what to do instead.
pub fn not_yet() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    NOT_YET.iter().map(|row| (row.name, row.why, row.instead))
}

/// Takes whatever follows, so that the answer is about the verb and not about its flags.
fn args(command: clap::Command) -> clap::Command {
    command.arg(Arg::new("anything").num_args(0..).trailing_var_arg(true).allow_hyphen_values(true).hide(true))
}

fn refuse(name: &str, why: &str, instead: &str) -> Result<(), CommandError> {
    Err(CommandError::new(format!("`{name}` is not in this version: {why}")).with_hint(instead))
}
