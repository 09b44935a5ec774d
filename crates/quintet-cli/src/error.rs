//! What goes wrong while scaffolding: one message, and how to go on.
//!
//! Knows nothing about who shows it: the command puts `error:` and `hint:` in front.

use std::fmt;
use std::io;
use std::path::Path;

/// Why nothing was written, and how to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaffoldError {
    message: String,
    hint: Option<String>,
}

impl ScaffoldError {
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        ScaffoldError { message: message.into(), hint: Some(hint.into()) }
    }

    /// The operating system refused `action` (such as "write") on `path`.
    pub(crate) fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        ScaffoldError { message: format!("cannot {action} `{}`: {}", path.display(), reason(error)), hint: None }
    }

    /// What is wrong: one sentence, lower case, without a final period.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to go on, where there is something to say; may be several lines.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for ScaffoldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ScaffoldError {}

/// The system's own words, in the case and without the number that our messages do not have.
fn reason(error: &io::Error) -> String {
    let words = error.to_string();
    let words = words.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
