//! What sends messages: the kinds that there are, and the trait for one of a project's own.

use std::fmt;
use std::sync::Arc;

use super::error::MailError;
use super::message::EmailMessage;
use crate::http::BoxFuture;

/// What sends messages.
#[derive(Clone, Debug, Default)]
pub enum EmailBackend {
    /// A server of e-mail.
    #[default]
    Smtp,
    /// Nobody: messages are printed.
    Console,
    /// Nobody: messages are written into files of `email.file_path`.
    File,
    /// Nobody: messages are kept in memory, where tests read them.
    Memory,
    /// Nobody, without a trace.
    Dummy,
    /// One of the project's own.
    Own(OwnBackend),
}

/// Sends messages in a way of a project's own: by the API of a service, for one.
pub trait SendsMail: Send + Sync + 'static {
    /// Sends them; gives how many were taken.
    fn send<'a>(&'a self, messages: &'a [EmailMessage]) -> BoxFuture<'a, Result<usize, MailError>>;
}

/// A backend of a project's own: `EmailBackend::Own(OwnBackend::new(MyService))`.
#[derive(Clone)]
pub struct OwnBackend(pub(super) Arc<dyn SendsMail>);

impl OwnBackend {
    /// Out of what sends.
    pub fn new(backend: impl SendsMail) -> Self {
        Self(Arc::new(backend))
    }
}

impl fmt::Debug for OwnBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a backend of the project's own")
    }
}
