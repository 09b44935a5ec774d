//! The vocabulary of system checks: what a check says, how bad it is, and how a list of messages is reported.
//!
//! A check is a pure function from facts to messages; who gathers the facts and where the report goes is the caller's.
//! Ids, levels and layout are the reference's, the words are ours.

pub mod cors;
pub mod deploy;
pub mod models;
mod report;

pub use report::{Paint, Report, report};

use std::fmt;

/// How bad it is. The numbers are the reference's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For whoever writes the framework.
    Debug = 10,
    /// Worth knowing.
    Info = 20,
    /// Works, and should not stay so.
    Warning = 30,
    /// Does not work.
    Error = 40,
    /// Does harm.
    Critical = 50,
}

impl Level {
    /// Every level, the worst first, as a report lists them.
    pub const ALL: [Self; 5] = [Self::Critical, Self::Error, Self::Warning, Self::Info, Self::Debug];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }

    /// The level of that name, in upper case as the reference wants it.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// One finding of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// How bad it is.
    pub level: Level,
    /// The stable name, `security.W004`; what a project silences.
    pub id: &'static str,
    /// What is wrong, in a sentence.
    pub text: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What it is about, `api.Note.title`; prints as `?` where that is the project.
    pub object: Option<String>,
}

impl Message {
    /// A warning about the project.
    pub fn warning(id: &'static str, text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { level: Level::Warning, id, text: text.into(), hint: Some(hint.into()), object: None }
    }

    /// An error of the project.
    pub fn error(id: &'static str, text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { level: Level::Error, ..Self::warning(id, text, hint) }
    }

    /// The same about a particular object.
    #[must_use]
    pub fn about(self, object: impl Into<String>) -> Self {
        Self { object: Some(object.into()), ..self }
    }

    /// Whether it is an error or worse.
    pub fn is_serious(&self) -> bool {
        self.level >= Level::Error
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.object.as_deref().unwrap_or("?"))?;
        if !self.id.is_empty() {
            write!(f, "({}) ", self.id)?;
        }
        f.write_str(&self.text)?;
        match &self.hint {
            Some(hint) => write!(f, "\n\tHINT: {hint}"),
            None => Ok(()),
        }
    }
}

/// What a check is about; `check --tag` picks by it. A project names its own the same way: `Tag("billing")`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub &'static str);

impl Tag {
    /// The admin's pages.
    pub const ADMIN: Self = Self("admin");
    /// Caches.
    pub const CACHES: Self = Self("caches");
    /// Commands.
    pub const COMMANDS: Self = Self("commands");
    /// What another version would not do.
    pub const COMPATIBILITY: Self = Self("compatibility");
    /// Databases; runs only where a command asks for it.
    pub const DATABASE: Self = Self("database");
    /// Uploaded files.
    pub const FILES: Self = Self("files");
    /// Models.
    pub const MODELS: Self = Self("models");
    /// Security.
    pub const SECURITY: Self = Self("security");
    /// Static files.
    pub const STATICFILES: Self = Self("staticfiles");
    /// Templates.
    pub const TEMPLATES: Self = Self("templates");
    /// Languages.
    pub const TRANSLATION: Self = Self("translation");
    /// Routes.
    pub const URLS: Self = Self("urls");
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_prints_as_the_reference_prints_it() {
        let message = Message::warning("security.W004", "No HSTS.", "Set it.");
        assert_eq!(message.to_string(), "?: (security.W004) No HSTS.\n\tHINT: Set it.");
        assert_eq!(message.about("api.Note").to_string(), "api.Note: (security.W004) No HSTS.\n\tHINT: Set it.");
    }

    #[test]
    fn a_message_without_id_and_hint_prints_neither() {
        let message = Message { level: Level::Info, id: "", text: "Fine.".to_owned(), hint: None, object: None };
        assert_eq!(message.to_string(), "?: Fine.");
    }

    #[test]
    fn only_errors_and_worse_are_serious() {
        assert!(Message::error("a", "", "").is_serious());
        assert!(!Message::warning("a", "", "").is_serious());
    }

    #[test]
    fn levels_have_the_reference_numbers_and_names() {
        let numbers: Vec<_> = Level::ALL.iter().map(|level| (*level as u8, level.name())).collect();
        assert_eq!(numbers, [(50, "CRITICAL"), (40, "ERROR"), (30, "WARNING"), (20, "INFO"), (10, "DEBUG")]);
    }

    #[test]
    fn a_level_is_found_by_its_upper_case_name_only() {
        assert_eq!(Level::from_name("WARNING"), Some(Level::Warning));
        assert_eq!(Level::from_name("warning"), None);
    }
}
