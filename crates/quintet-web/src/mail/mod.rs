//! E-mail: messages, as the reference writes them byte for byte, and what sends them.
//!
//! A message is a value ([`EmailMessage`]); rendering it is a function of text (`mime`, `header`, `address`, `encoded`).
//! A [`Mailer`] hands it to a server by a small client of our own (`smtp`), or keeps it for who tests. Knows no user, no
//! view and no template. **Invariant:** nothing that somebody typed becomes a header of its own.

mod address;
mod backend;
mod bound;
mod encoded;
mod error;
mod header;
mod mailer;
mod message;
mod mime;
mod mime_types;
mod settings;
mod smtp;
#[cfg(test)]
mod tests;

pub use backend::{EmailBackend, OwnBackend, SendsMail};
pub use error::{MailError, MailErrorKind};
pub use mailer::{Mailer, Outlet};
pub use message::{Alternative, Attachment, EmailMessage, Stamp};
pub use settings::EmailSettings;
