//! Where the command prints: results to standard output, failures to standard error.
//!
//! The only place that writes to either, and that decides about colour.

use std::io::{self, IsTerminal as _, Write as _};

use quintet_cli::ScaffoldError;

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failure {
    /// 1 for an error, 2 for a command line that cannot be read.
    pub(crate) code: u8,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn error(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Failure { code: 1, message: message.into(), hint: Some(hint.into()) }
    }
}

impl From<ScaffoldError> for Failure {
    fn from(error: ScaffoldError) -> Self {
        Failure { code: 1, message: error.message().to_owned(), hint: error.hint().map(str::to_owned) }
    }
}

/// The two streams of the process.
pub(crate) struct Terminal {
    colour: bool,
}

impl Terminal {
    /// Colour for a person at a terminal who did not ask for none.
    pub(crate) fn of_this_process() -> Self {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Terminal { colour: io::stderr().is_terminal() && !no_colour }
    }

    /// Prints a result. A reader that went away, as in `quintet help | head`, is no failure.
    pub(crate) fn print(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        let written = writeln!(stdout, "{}", text.trim_end()).and_then(|()| stdout.flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure { code: 1, message: format!("cannot write to standard output: {error}"), hint: None })
            }
            _ => Ok(()),
        }
    }

    /// Prints what went wrong. If that is not possible either, the exit code still says it.
    pub(crate) fn failure(&self, failure: &Failure) {
        let mut stderr = io::stderr().lock();
        let _ = writeln!(stderr, "{} {}", self.coloured("error:", RED), failure.message);
        if let Some(hint) = &failure.hint {
            let _ = writeln!(stderr, "{} {hint}", self.coloured("hint:", CYAN));
        }
    }

    fn coloured(&self, label: &str, colour: &str) -> String {
        if self.colour { format!("\x1b[1;{colour}m{label}\x1b[0m") } else { label.to_owned() }
    }
}

const RED: &str = "31";
const CYAN: &str = "36";
