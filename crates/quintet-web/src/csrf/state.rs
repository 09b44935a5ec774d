//! What a request knows of its secret.

use std::sync::{MutexGuard, PoisonError};

use super::token::{masked, new_secret};
use crate::http::{Request, Result};

/// The secret, and what is still to be done about it.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// As it came, or as it was made for this request.
    pub(super) secret: Option<String>,
    /// Whether the browser is to be told it.
    pub(super) must_be_told: bool,
    /// Whether the request was let through already.
    pub(super) is_done: bool,
}

impl State {
    pub(super) fn renew(&mut self) -> Result<()> {
        self.secret = Some(new_secret()?);
        self.must_be_told = true;
        Ok(())
    }
}

impl Request {
    pub(super) fn csrf(&self) -> MutexGuard<'_, State> {
        self.visit().csrf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A token for a form of this page, in a hidden field `csrfmiddlewaretoken`, or for a script, which sends it in a header.
    /// The answer sets the cookie that belongs to it.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn csrf_token(&self) -> Result<String> {
        let mut state = self.csrf();
        let known = state.secret.as_deref().and_then(|secret| super::token::secret_of(secret).ok());
        match known {
            // Told again, so that the cookie lives on.
            Some(_) => state.must_be_told = true,
            None => state.renew()?,
        }
        masked(state.secret.as_deref().unwrap_or_default())
    }

    /// Gives the browser another secret: tokens of pages that are open already are no longer good. A log-in does it.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub fn rotate_csrf_token(&self) -> Result<()> {
        self.csrf().renew()
    }
}
