//! An answer: status, headers, body. Small enough to build by hand, with words for the usual ones.

use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use super::{Body, json};

/// What a view answers.
#[derive(Debug)]
pub struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    frame_exempt: bool,
}

impl Response {
    /// An empty answer with a status; no content type.
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::with_capacity(8), body: Body::empty(), frame_exempt: false }
    }

    /// A body of a content type.
    pub fn new(body: impl Into<Body>, content_type: &'static str) -> Self {
        let mut response = Self::empty(StatusCode::OK);
        response.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        response.body = body.into();
        response
    }

    /// JSON, in the reference's bytes. A value that JSON cannot say (a map key that is no text) is a 500.
    pub fn json(value: &impl Serialize) -> Self {
        match json::to_vec(value) {
            Ok(text) => Self::new(text, "application/json"),
            Err(error) => {
                tracing::error!(target: "quintet.request", "a response cannot be written as JSON: {error}");
                crate::pages::fixed(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    /// A page.
    pub fn html(text: impl Into<String>) -> Self {
        Self::new(text.into(), "text/html; charset=utf-8")
    }

    /// Plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(text.into(), "text/plain; charset=utf-8")
    }

    /// 302 to another address.
    pub fn redirect(location: &str) -> Self {
        Self::redirection(StatusCode::FOUND, location)
    }

    /// 301 to another address, for good.
    pub fn permanent_redirect(location: &str) -> Self {
        Self::redirection(StatusCode::MOVED_PERMANENTLY, location)
    }

    fn redirection(status: StatusCode, location: &str) -> Self {
        let mut response = Self::html("").with_status(status);
        match HeaderValue::try_from(super::request::iri_to_uri(location)) {
            Ok(location) => drop(response.headers.insert(LOCATION, location)),
            Err(_) => return crate::pages::fixed(StatusCode::BAD_REQUEST),
        }
        response
    }

    /// The same answer with another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same answer with a header set.
    ///
    /// # Panics
    /// Where the name or value is not allowed in a header: that is a mistake in the program.
    #[must_use]
    #[track_caller]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).unwrap_or_else(|_| panic!("`{name}` is no header name"));
        let value = HeaderValue::try_from(value).unwrap_or_else(|_| panic!("the value of `{name}` has control characters"));
        self.headers.insert(name, value);
        self
    }

    /// The same answer, which may be shown in a frame: `XFrameOptionsMiddleware` leaves it alone.
    #[must_use]
    pub fn xframe_options_exempt(mut self) -> Self {
        self.frame_exempt = true;
        self
    }

    pub(crate) fn is_frame_exempt(&self) -> bool {
        self.frame_exempt
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The headers, to change.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.headers
    }

    /// The body.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// Another body; the headers stay.
    pub fn set_body(&mut self, body: impl Into<Body>) {
        self.body = body.into();
    }

    /// The body alone.
    pub fn into_body(self) -> Body {
        self.body
    }

    /// A header as text, where it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Sets a header unless the answer has it already.
    pub(crate) fn set_default(&mut self, name: HeaderName, value: impl FnOnce() -> HeaderValue) {
        if let http::header::Entry::Vacant(entry) = self.headers.entry(name) {
            entry.insert(value());
        }
    }

    /// Adds names to `Vary` that it does not have yet, as the reference does: one header, `*` swallows all.
    pub(crate) fn patch_vary(&mut self, new: &'static str) {
        let vary = http::header::VARY;
        let Some(present) = self.headers.get(&vary) else {
            self.headers.insert(vary, HeaderValue::from_static(new));
            return;
        };
        let present = present.to_str().unwrap_or_default();
        let mut names: Vec<&str> = present.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if !names.iter().any(|name| name.eq_ignore_ascii_case(new)) {
            names.push(new);
        }
        let text = if names.contains(&"*") { "*".to_owned() } else { names.join(", ") };
        if let Ok(value) = HeaderValue::try_from(text) {
            self.headers.insert(vary, value);
        }
    }

    /// For the server: what goes on the wire.
    pub fn into_http(self) -> http::Response<Body> {
        let mut response = http::Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    /// From another HTTP stack.
    pub(crate) fn from_http(response: http::Response<axum::body::Body>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status, headers: parts.headers, body: Body::stream(body), frame_exempt: false }
    }
}
