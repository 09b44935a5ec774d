//! An answer: status, headers, body. Small enough to build by hand, with words for the usual ones.
//!
//! What cannot be answered as asked (JSON that is none, a redirect that is refused) is logged, and is a fixed page. Knows
//! no request.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Serialize;

use quintet_core::address;
use quintet_core::json::{Json, Style};

use super::{Body, Cookie, Error, Result, json};

/// What a view answers.
///
/// In a box: it passes through a dozen hands, and its headers alone have 96 bytes.
#[derive(Debug)]
pub struct Response(Box<Inner>);

#[derive(Debug)]
struct Inner {
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    cookies: Vec<Cookie>,
    frame_exempt: bool,
    payload: Option<Payload>,
}

/// What an API view answers, which a renderer may write otherwise than it is written in the body already.
#[derive(Clone, Debug)]
pub(crate) enum Payload {
    /// The body is JSON text.
    Text,
    /// This value, and the body is its JSON text.
    Tree(Json),
    /// This value, which has no JSON text.
    Unsaid(Json),
}

impl Response {
    /// Data: JSON, unless the view's renderer makes something else of it. Nothing at all for `null`.
    pub fn data(value: impl Into<Json>) -> Self {
        let value = value.into();
        if value == Json::Null {
            return Self::empty(StatusCode::OK);
        }
        let mut text = Vec::with_capacity(128);
        let (mut response, payload) = match quintet_core::json::write(&value, &Style::default(), &mut text) {
            Ok(()) => (Self::json_text(text), Payload::Tree(value)),
            Err(error) => (unwritable(error), Payload::Unsaid(value)),
        };
        response.0.payload = Some(payload);
        response
    }

    /// The same of JSON text in the reference's bytes.
    pub fn json_text(text: impl Into<Bytes>) -> Self {
        let mut response = Self::new(Body::from(text.into()), "application/json");
        response.0.payload = Some(Payload::Text);
        response
    }

    /// The same, to look at.
    pub(crate) fn payload(&self) -> Option<&Payload> {
        self.0.payload.as_ref()
    }

    /// Whether it is data, which a renderer writes.
    pub(crate) fn is_data(&self) -> bool {
        self.0.payload.is_some()
    }

    /// What a renderer writes; none for what is no data.
    pub(crate) fn take_payload(&mut self) -> Option<Payload> {
        self.0.payload.take()
    }

    /// An empty answer with a status; no content type.
    pub fn empty(status: StatusCode) -> Self {
        Self(Box::new(Inner {
            status,
            headers: crate::server::spare::headers(),
            body: Body::empty(),
            cookies: Vec::new(),
            frame_exempt: false,
            payload: None,
        }))
    }

    /// A body of a content type.
    pub fn new(body: impl Into<Body>, content_type: &'static str) -> Self {
        let mut response = Self::empty(StatusCode::OK);
        response.0.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        response.0.body = body.into();
        response
    }

    /// JSON, in the reference's bytes. A value that JSON cannot say (a map key that is no text) is a 500.
    pub fn json(value: &impl Serialize) -> Self {
        match json::to_vec(value) {
            Ok(text) => Self::json_text(text),
            Err(error) => unwritable(error),
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

    /// 302 to another address. The 400 page where that has another scheme than `http`, `https` and `ftp`, or more than
    /// 16384 characters; the 500 page where it is none.
    pub fn redirect(location: &str) -> Self {
        Self::redirection(StatusCode::FOUND, location).unwrap_or_else(|error| refused(&error))
    }

    /// 301 to another address, for good; refused as [`Response::redirect`] is.
    pub fn permanent_redirect(location: &str) -> Self {
        Self::moved_to(location).unwrap_or_else(|error| refused(&error))
    }

    /// The same as an error where it is refused.
    pub(crate) fn moved_to(location: &str) -> Result<Self> {
        Self::redirection(StatusCode::MOVED_PERMANENTLY, location)
    }

    fn redirection(status: StatusCode, location: &str) -> Result<Self> {
        refuse_unsafe(location)?;
        let mut response = Self::html("").with_status(status);
        response.0.headers.insert(LOCATION, HeaderValue::try_from(super::request::iri_to_uri(location))?);
        Ok(response)
    }

    /// The same answer with another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = status;
        self
    }

    /// The same answer with a header set.
    ///
    /// # Panics
    /// Where the name or value is not allowed in a header: that is a mistake in the program.
    #[must_use]
    #[track_caller]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let (name, value) = header(name, value);
        self.0.headers.insert(name, value);
        self
    }

    /// Sets a cookie; one of that name that was set before keeps its place, and what is not said anew.
    ///
    /// # Panics
    /// Where the name is none, or path or domain would end early: that is a mistake in the program.
    #[track_caller]
    pub fn set_cookie(&mut self, cookie: Cookie) {
        if let Some(mistake) = cookie.mistake() {
            panic!("{mistake}");
        }
        match self.0.cookies.iter_mut().find(|known| known.name() == cookie.name()) {
            Some(known) => known.set_again(cookie),
            None => self.0.cookies.push(cookie),
        }
    }

    /// The same answer with a cookie set, see [`Response::set_cookie`].
    #[must_use]
    #[track_caller]
    pub fn with_cookie(mut self, cookie: Cookie) -> Self {
        self.set_cookie(cookie);
        self
    }

    /// Deletes a cookie that was set for path `/` and no domain; for another one, set a [`Cookie::deleted`].
    #[track_caller]
    pub fn delete_cookie(&mut self, name: &str) {
        self.set_cookie(Cookie::deleted(name));
    }

    /// The cookies of this answer go to another one.
    pub(crate) fn take_cookies_of(&mut self, other: &mut Self) {
        self.0.cookies = std::mem::take(&mut other.0.cookies);
    }

    /// Writes the cookies as headers; nothing may be set afterwards.
    pub(crate) fn write_cookies(&mut self, clock: &crate::Clock) {
        if self.0.cookies.is_empty() {
            return;
        }
        let now = clock.now();
        for header in std::mem::take(&mut self.0.cookies).iter().filter_map(|cookie| cookie.header(now)) {
            self.0.headers.append(SET_COOKIE, header);
        }
    }

    /// The same answer, which may be shown in a frame: `XFrameOptionsMiddleware` leaves it alone.
    #[must_use]
    pub fn xframe_options_exempt(mut self) -> Self {
        self.0.frame_exempt = true;
        self
    }

    pub(crate) fn is_frame_exempt(&self) -> bool {
        self.0.frame_exempt
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The headers, to change.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.0.headers
    }

    /// The body.
    pub fn body(&self) -> &Body {
        &self.0.body
    }

    /// Another body; the headers stay.
    pub fn set_body(&mut self, body: impl Into<Body>) {
        self.0.payload = None;
        self.0.body = body.into();
    }

    /// The body, replaced by another one.
    pub(crate) fn replace_body(&mut self, body: Body) -> Body {
        self.0.payload = None;
        std::mem::replace(&mut self.0.body, body)
    }

    /// The body alone.
    pub fn into_body(self) -> Body {
        self.0.body
    }

    /// A header as text, where it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// Sets a header unless the answer has it already.
    pub(crate) fn set_default(&mut self, name: HeaderName, value: impl FnOnce() -> HeaderValue) {
        // Answers have few headers: to look through them takes less than to make an entry of the map.
        if !self.0.headers.keys().any(|known| *known == name) {
            self.0.headers.append(name, value());
        }
    }

    /// Adds names to `Vary` that it does not have yet, as the reference does: one header, `*` swallows all.
    pub(crate) fn patch_vary(&mut self, new: &'static str) {
        let vary = http::header::VARY;
        let Some(present) = self.0.headers.get(&vary) else {
            self.0.headers.insert(vary, HeaderValue::from_static(new));
            return;
        };
        let present = String::from_utf8_lossy(present.as_bytes());
        // As the reference splits it: an empty value is one empty name.
        let mut names: Vec<&str> = present.split(',').map(str::trim).collect();
        if !names.iter().any(|name| name.eq_ignore_ascii_case(new)) {
            names.push(new);
        }
        let text = if names.contains(&"*") { "*".to_owned() } else { names.join(", ") };
        if let Ok(value) = HeaderValue::try_from(text) {
            self.0.headers.insert(vary, value);
        }
    }

    /// For the server: what goes on the wire.
    pub fn into_http(self) -> http::Response<Body> {
        let Inner { status, headers, body, .. } = *self.0;
        let mut response = http::Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }

    /// From another HTTP stack. A short body of known length becomes a whole one, as if a view had answered.
    pub(crate) async fn from_http(response: http::Response<axum::body::Body>) -> Result<Self> {
        let (parts, body) = response.into_parts();
        let body = Body::kept_if_short(body).await.map_err(Error::internal)?;
        Ok(Self(Box::new(Inner { headers: parts.headers, body, ..*Self::empty(parts.status).0 })))
    }
}

/// A header out of texts.
#[track_caller]
pub(super) fn header(name: &str, value: &str) -> (HeaderName, HeaderValue) {
    let known = HeaderName::try_from(name).unwrap_or_else(|_| panic!("`{name}` is no header name"));
    let value = HeaderValue::try_from(value).unwrap_or_else(|_| panic!("the value of `{name}` has control characters"));
    (known, value)
}

/// A redirect to `javascript:` or to no end is somebody's trick: the reference's rules.
fn refuse_unsafe(location: &str) -> Result<()> {
    const LONGEST: usize = 16_384;
    const SCHEMES: [&str; 3] = ["http", "https", "ftp"];
    if location.chars().count() > LONGEST {
        return Err(Error::page(
            StatusCode::BAD_REQUEST,
            format!("a redirect was refused: its address has more than {LONGEST} characters"),
        ));
    }
    let cleaned = address::cleaned(location);
    let Some(parts) = address::split(&cleaned) else {
        return Err(Error::internal(format!("a redirect goes to `{}`, which is no address", location.escape_debug())));
    };
    if !parts.scheme.is_empty() && !SCHEMES.iter().any(|scheme| parts.scheme.eq_ignore_ascii_case(scheme)) {
        return Err(Error::page(
            StatusCode::BAD_REQUEST,
            format!("a redirect to an address with the scheme `{}` was refused", parts.scheme),
        ));
    }
    Ok(())
}

/// The page for data that has no JSON text.
pub(crate) fn unwritable(error: impl std::error::Error + Send + Sync + 'static) -> Response {
    let error = Error::internal(error).logged();
    tracing::error!(target: "quintet.request", "a response cannot be written as JSON: {error}");
    crate::pages::fixed(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The page for a redirect that is refused where no request is at hand.
fn refused(error: &Error) -> Response {
    tracing::warn!(target: "quintet.request", "{}", error.logged());
    crate::pages::fixed(error.status())
}
