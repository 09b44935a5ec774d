//! Refusals of the API, and how an error becomes an answer.
//!
//! The table of what any request can be refused with is in `http::error`; here are those that only API views give, and the
//! handler that a project may replace.

use std::fmt;
use std::time::Duration;

use super::view_facts::ViewFacts;
use crate::http::{Error, Request, Response, StatusCode};

/// Turns an error of an API view into its answer; nothing for what is no refusal, which is then the site's 500 page.
/// The setting `rest_framework.exception_handler`.
#[derive(Clone, Copy)]
pub struct ExceptionHandler(fn(&Error, &Request, &ViewFacts) -> Option<Response>);

impl ExceptionHandler {
    /// A handler of a project's own; [`exception_handler`] is there to begin with.
    pub fn new(handler: fn(&Error, &Request, &ViewFacts) -> Option<Response>) -> Self {
        Self(handler)
    }

    pub(crate) fn handle(self, error: &Error, request: &Request, view: &ViewFacts) -> Option<Response> {
        (self.0)(error, request, view)
    }
}

impl Default for ExceptionHandler {
    fn default() -> Self {
        Self(exception_handler)
    }
}

/// A function's address says nothing, and differs from run to run.
impl fmt::Debug for ExceptionHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a function")
    }
}

/// The usual handler: a refusal is its detail as JSON, with its headers.
pub fn exception_handler(error: &Error, _: &Request, _: &ViewFacts) -> Option<Response> {
    error.api_response()
}

impl Error {
    /// The request has no credentials.
    pub fn not_authenticated() -> Self {
        let text = "Authentication credentials were not provided.";
        Self::api(StatusCode::UNAUTHORIZED, "not_authenticated", text)
    }

    /// The request's credentials are wrong.
    pub fn authentication_failed(detail: impl Into<serde_json::Value>) -> Self {
        Self::api(StatusCode::UNAUTHORIZED, "authentication_failed", detail)
    }

    /// The same refusal as a 403: nobody could authenticate here.
    pub(super) fn forbidden(self) -> Self {
        match self.as_api() {
            Some(refusal) => Self::api(StatusCode::FORBIDDEN, refusal.code().to_owned(), refusal.detail().clone()),
            None => self,
        }
    }

    /// Too many requests; asking again is worth it after a while, where that is known.
    pub fn throttled(wait: Option<Duration>) -> Self {
        const TEXT: &str = "Request was throttled.";
        let refusal = |text: String| Self::api(StatusCode::TOO_MANY_REQUESTS, "throttled", text);
        let Some(wait) = wait else { return refusal(TEXT.to_owned()) };
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let plural = if seconds == 1 { "" } else { "s" };
        let error = refusal(format!("{TEXT} Expected available in {seconds} second{plural}."));
        // As the reference: a wait of nothing has no header.
        if seconds == 0 { error } else { error.with_header("retry-after", &seconds.to_string()) }
    }
}
