//! The page of a request that was refused, which a project may replace.

use std::fmt;

use http::StatusCode;

use super::check::{NO_COOKIE, NO_REFERER};
use crate::http::{Request, Response};
use crate::pages::escaped;

/// What answers a request that is refused, by the reason: the setting `csrf.failure_view`.
#[derive(Clone, Copy)]
pub struct CsrfFailure(fn(&Request, &str) -> Response);

impl CsrfFailure {
    /// A function of a project's own.
    pub fn new(view: fn(&Request, &str) -> Response) -> Self {
        Self(view)
    }

    pub(super) fn answer(self, request: &Request, reason: &str) -> Response {
        (self.0)(request, reason)
    }
}

impl Default for CsrfFailure {
    fn default() -> Self {
        Self(page)
    }
}

/// A function's address says nothing, and differs from run to run.
impl fmt::Debug for CsrfFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a function")
    }
}

/// The usual page. The reason is the developer's business.
fn page(request: &Request, reason: &str) -> Response {
    let advice = match reason {
        NO_REFERER => {
            "<p>Your browser did not say which page it comes from. This site asks for that (the header “Referer”) before it changes anything.</p>\n"
        }
        NO_COOKIE => {
            "<p>Your browser sent no cookie of this site. This site asks for one before it changes anything; allow cookies, and load the page with the form again.</p>\n"
        }
        _ => "",
    };
    let details = if request.site().options().debug {
        format!("<p>Reason given for failure:</p>\n<pre>{}</pre>\n", escaped(reason))
    } else {
        "<p><small>More information is available with DEBUG=True.</small></p>\n".to_owned()
    };
    Response::html(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta name=\"robots\" content=\"NONE,NOARCHIVE\">\n<title>403 Forbidden</title>\n</head>\n<body>\n<h1>Forbidden <span>(403)</span></h1>\n<p>CSRF verification failed. Request aborted.</p>\n{advice}{details}</body>\n</html>\n"
    ))
    .with_status(StatusCode::FORBIDDEN)
}
