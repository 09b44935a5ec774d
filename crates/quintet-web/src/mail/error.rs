//! Why a message was not sent: what, of which kind, and the way out.

use std::fmt;

/// Of which kind a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailErrorKind {
    /// A header's value has a line break in it, or something else that may not be there.
    BadHeader,
    /// An address cannot be read.
    BadAddress,
    /// The settings contradict themselves, or something is missing.
    Settings,
    /// The server cannot be reached, or the connection broke.
    Connection,
    /// The server said nothing for too long.
    Timeout,
    /// The connection could not be encrypted.
    Tls,
    /// The server does not take the name and the password.
    Authentication,
    /// The server refuses the sender, all recipients, or the message.
    Refused,
}

/// Why a message was not sent. By `?` it becomes an answer with status 500, whose reason is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailError {
    kind: MailErrorKind,
    message: String,
    hint: Option<&'static str>,
}

impl MailError {
    pub(crate) fn new(kind: MailErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    pub(crate) fn with_hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// One of a backend of a project's own.
    pub fn own(message: impl Into<String>) -> Self {
        Self::new(MailErrorKind::Connection, message)
    }

    /// Of which kind it is.
    pub fn kind(&self) -> MailErrorKind {
        self.kind
    }

    /// What is wrong, without the way out.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The way out, where one is known.
    pub fn hint(&self) -> Option<&'static str> {
        self.hint
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.hint.map_or(Ok(()), |hint| write!(f, "\nhint: {hint}"))
    }
}

impl std::error::Error for MailError {}
