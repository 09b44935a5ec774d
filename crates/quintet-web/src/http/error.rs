//! What a view can fail with: a table of refusals with status, code and text, or anything unexpected.
//!
//! A refusal is answered to the client as it is; anything else is logged and answered by a fixed page. Knows no request.

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode};
use quintet_core::json;
use quintet_core::rest::Problems;
use quintet_core::secrecy::{mask_urls, one_line};
use quintet_db::ErrorKind;
use serde_json::Value;

use super::{Response, response};

/// The result of a view or a middleware.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request was not answered as asked. Any `std` error turns into one with `?`.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    headers: HeaderMap,
    /// Where it came up in the project's code.
    place: Option<&'static Location<'static>>,
}

enum Kind {
    Api(ApiError),
    Kept(Arc<KeptRefusal>),
    /// What is wrong with a request's data, with codes; and the same as a refusal, once somebody asks for that.
    Invalid(Problems, OnceLock<ApiError>),
    Page {
        status: StatusCode,
        reason: String,
    },
    Unexpected(Box<dyn std::error::Error + Send + Sync>),
}

/// A refusal that an API's client can read: `{"detail": ..}`, or the detail alone where it is an object or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Value,
    is_of_core: bool,
}

/// A refusal that is given again and again, with its answer.
#[derive(Debug)]
pub(crate) struct KeptRefusal {
    refusal: ApiError,
    headers: HeaderMap,
    text: Bytes,
}

impl KeptRefusal {
    /// A refusal to keep; the error back where it is none that all have in common.
    pub(crate) fn of(error: Error) -> Result<Arc<Self>> {
        let Kind::Api(refusal) = &error.0.kind else { return Err(error) };
        let Some(text) = refusal.response().body().whole().cloned() else { return Err(error) };
        Ok(Arc::new(Self { refusal: refusal.clone(), headers: error.0.headers, text }))
    }
}

impl ApiError {
    /// Its answer, as JSON.
    fn response(&self) -> Response {
        let response = match &self.detail {
            whole @ (Value::Object(_) | Value::Array(_)) => Response::json(whole),
            text => Response::json(&serde_json::json!({ "detail": text })),
        };
        response.with_status(self.status)
    }

    /// The answer's status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// A short name for programs; not part of the body.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whether it came up below the API, so that the reference has no codes for it: no row was found, a piece of code that
    /// knows no API refused.
    pub fn is_of_core(&self) -> bool {
        self.is_of_core
    }

    /// What is wrong: a text, or an object or a list of what is.
    pub fn detail(&self) -> &Value {
        &self.detail
    }

    fn of(problems: &Problems) -> Self {
        let (status, code) = (StatusCode::BAD_REQUEST, "invalid".into());
        Self { status, code, detail: words(problems), is_of_core: false }
    }
}

/// The words of problems, as their JSON text has them.
fn words(problems: &Problems) -> Value {
    match problems {
        Problems::List(problems) => problems.iter().map(|problem| problem.message.as_str()).collect(),
        Problems::Map(members) => members.iter().map(|(name, problems)| (name.as_str(), words(problems))).collect(),
        Problems::Each(members) => {
            let none = || Value::Object(serde_json::Map::new());
            members.iter().map(|member| if member.is_empty() { none() } else { words(member) }).collect()
        }
        Problems::Alone(problem) => problem.message.as_str().into(),
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Value::String(text) => f.write_str(text),
            other => other.fmt(f),
        }
    }
}

macro_rules! api_errors {
    ($($(#[$doc:meta])* $name:ident => $status:ident, $code:literal, $text:literal;)*) => {
        impl Error {
            $($(#[$doc])*
            pub fn $name() -> Self {
                Self::api(StatusCode::$status, $code, $text)
            })*
        }
    };
}

api_errors! {
    /// The body cannot be read: the connection ended before the body did.
    incomplete_body => BAD_REQUEST, "parse_error", "The request body ended before it was complete.";
    /// The request's body is larger than `data_upload_max_memory_size`.
    payload_too_large => PAYLOAD_TOO_LARGE, "payload_too_large", "The request body is too large.";
    /// The request's body did not arrive in time.
    request_timeout => REQUEST_TIMEOUT, "request_timeout", "The request body did not arrive in time.";
    /// There is nothing here by that name.
    not_found => NOT_FOUND, "not_found", "Not found.";
    /// The request is well formed; this client may not do it.
    permission_denied => FORBIDDEN, "permission_denied", "You do not have permission to perform this action.";
}

impl Error {
    /// A refusal with a detail of your own: a text stands in the body as `{"detail": ..}`; an object or a list, as
    /// `json!({"title": ["This field is required."]})`, is the body.
    pub fn api(status: StatusCode, code: impl Into<Cow<'static, str>>, detail: impl Into<Value>) -> Self {
        Self::of(Kind::Api(ApiError { status, code: code.into(), detail: detail.into(), is_of_core: false }))
    }

    /// A 404 of code that knows no API, in words: as the reference's `Http404`.
    pub fn http_404(words: impl Into<String>) -> Self {
        Self::of_core(StatusCode::NOT_FOUND, "not_found", words.into())
    }

    /// A 403 of code that knows no API, in words: as the `PermissionDenied` of the reference's core.
    pub fn http_403(words: impl Into<String>) -> Self {
        Self::of_core(StatusCode::FORBIDDEN, "permission_denied", words.into())
    }

    fn of_core(status: StatusCode, code: &'static str, words: String) -> Self {
        Self::of(Kind::Api(ApiError { status, code: code.into(), detail: words.into(), is_of_core: true }))
    }

    /// A refusal of a request's data, field by field.
    pub fn validation(problems: Problems) -> Self {
        Self::of(Kind::Invalid(problems, OnceLock::new()))
    }

    /// A refusal of a request's data in words: by a field's function of that field, by `validate` of no field.
    pub fn invalid(text: impl Into<String>) -> Self {
        Self::validation(Problems::one("invalid", text))
    }

    /// A refusal of one field's value in words.
    pub fn invalid_field(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::validation(Problems::Map(vec![(name.into(), Problems::one("invalid", text))]))
    }

    /// What is wrong with a request's data, where that is what this says.
    pub fn as_problems(&self) -> Option<&Problems> {
        match &self.0.kind {
            Kind::Invalid(problems, _) => Some(problems),
            _ => None,
        }
    }

    /// The same, taken out.
    ///
    /// # Errors
    /// This says something else.
    pub fn into_problems(self) -> Result<Problems> {
        match self.0.kind {
            Kind::Invalid(problems, _) => Ok(problems),
            _ => Err(self),
        }
    }

    /// A refusal that was given before.
    pub(crate) fn kept(refusal: Arc<KeptRefusal>) -> Self {
        Self::of(Kind::Kept(refusal))
    }

    fn of(kind: Kind) -> Self {
        Self(Box::new(Inner { kind, headers: HeaderMap::new(), place: None }))
    }

    /// The same error, whose answer has a header set: `www-authenticate`, `retry-after`.
    ///
    /// # Panics
    /// Where the name or value is not allowed in a header: that is a mistake in the program.
    #[must_use]
    #[track_caller]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let (name, value) = response::header(name, value);
        if let Kind::Kept(kept) = &self.0.kind
            && self.0.headers.is_empty()
        {
            self.0.headers = kept.headers.clone();
        }
        self.0.headers.insert(name, value);
        self
    }

    /// A method that the view does not have.
    pub(crate) fn method_not_allowed(method: &http::Method) -> Self {
        Self::api(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", format!("Method \"{method}\" not allowed."))
    }

    /// A refusal by one of the fixed HTML pages; the reason goes to the log, and to the page only with DEBUG.
    pub fn page(status: StatusCode, reason: impl Into<String>) -> Self {
        Self::of(Kind::Page { status, reason: reason.into() })
    }

    /// Anything else; answered by the 500 page.
    #[track_caller]
    pub fn unexpected(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut unexpected = Self::internal(error);
        unexpected.0.place = Some(Location::caller());
        unexpected
    }

    /// The same, where the place is in this crate and says nothing.
    pub(crate) fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::of(Kind::Unexpected(error.into()))
    }

    /// Where an unexpected error came up: the line of the `?`.
    pub fn place(&self) -> Option<&'static Location<'static>> {
        self.0.place
    }

    /// The status that this error is answered with.
    pub fn status(&self) -> StatusCode {
        match &self.0.kind {
            Kind::Api(error) => error.status,
            Kind::Kept(kept) => kept.refusal.status,
            Kind::Invalid(..) => StatusCode::BAD_REQUEST,
            Kind::Page { status, .. } => *status,
            Kind::Unexpected(_) if self.is_passing() => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Unexpected(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether it is worth asking again in a moment: the database is away, or has too much to do.
    fn is_passing(&self) -> bool {
        let Kind::Unexpected(error) = &self.0.kind else { return false };
        let kind = error.downcast_ref::<quintet_db::Error>().map(quintet_db::Error::kind);
        matches!(kind, Some(ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::Busy))
    }

    /// What an unexpected error is, by its type: `error.cause::<OutOfStock>()`.
    pub fn cause<E: std::error::Error + 'static>(&self) -> Option<&E> {
        match &self.0.kind {
            Kind::Unexpected(error) => error.downcast_ref(),
            _ => None,
        }
    }

    /// The refusal, where this is one.
    pub fn as_api(&self) -> Option<&ApiError> {
        match &self.0.kind {
            Kind::Api(error) => Some(error),
            Kind::Kept(kept) => Some(&kept.refusal),
            Kind::Invalid(problems, refusal) => Some(refusal.get_or_init(|| ApiError::of(problems))),
            _ => None,
        }
    }

    /// The headers that the answer gets in addition.
    pub fn headers(&self) -> &HeaderMap {
        match &self.0.kind {
            Kind::Kept(kept) if self.0.headers.is_empty() => &kept.headers,
            _ => &self.0.headers,
        }
    }

    /// The JSON answer to a refusal; none for what a page answers.
    pub(crate) fn api_response(&self) -> Option<Response> {
        if let Kind::Invalid(problems, _) = &self.0.kind
            && !matches!(problems, Problems::Alone(_))
        {
            let mut text = Vec::with_capacity(256);
            // Words of ours are text, and text can be written.
            let _ = json::write(&problems.to_json(), &json::Style::default(), &mut text);
            return Some(self.dressed(Response::json_text(text).with_status(StatusCode::BAD_REQUEST)));
        }
        let response = match &self.0.kind {
            Kind::Kept(kept) => Response::json_text(kept.text.clone()).with_status(kept.refusal.status),
            _ => self.as_api()?.response(),
        };
        Some(self.dressed(response))
    }

    /// An answer to this error with the headers that belong to it.
    pub(crate) fn dressed(&self, mut response: Response) -> Response {
        if self.is_passing() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        for (name, value) in self.headers() {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        response
    }

    /// This error and what caused it, fit for one line of a log: no password in it, and no line of somebody else's.
    pub(crate) fn logged(&self) -> String {
        let place = self.place().map(|place| format!(" ({place})")).unwrap_or_default();
        one_line(&mask_urls(&self.chain().join(": "))) + &place
    }

    /// This error and what caused it, outermost first.
    pub fn chain(&self) -> Vec<String> {
        let Kind::Unexpected(error) = &self.0.kind else {
            return vec![self.to_string()];
        };
        let mut chain = vec![error.to_string()];
        let mut source = error.source();
        while let Some(cause) = source {
            chain.push(cause.to_string());
            source = cause.source();
        }
        chain
    }
}

/// What is not there is the client's 404, not the program's failure: `Note::objects().get(request).await.or_404()?`.
pub trait OrNotFound<T> {
    /// The row; where there is none, the answer 404.
    ///
    /// # Errors
    /// 404 where there is none; anything else as it is.
    fn or_404(self) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_404(self) -> Result<T> {
        self.ok_or_else(Error::not_found)
    }
}

impl<T> OrNotFound<T> for Result<T, quintet_db::Error> {
    #[track_caller]
    fn or_404(self) -> Result<T> {
        // Not a closure: it would be its own caller.
        match self {
            Ok(found) => Ok(found),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::not_found()),
            Err(error) => Err(Error::unexpected(error)),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Api(error) => error.fmt(f),
            Kind::Kept(kept) => kept.refusal.fmt(f),
            Kind::Invalid(problems, _) => ApiError::of(problems).fmt(f),
            Kind::Page { reason, .. } => f.write_str(reason),
            Kind::Unexpected(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}: {self})", self.status().as_u16())
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    #[track_caller]
    fn from(error: E) -> Self {
        Self::unexpected(error)
    }
}

#[cfg(test)]
mod tests {
    use quintet_core::rest::Problem;

    use super::*;

    #[test]
    fn the_detail_of_problems_is_what_their_answer_says() {
        let list = || Problems::from("A \"word\"\u{2028} of ours.");
        let each = Problems::Each(vec![Problems::Map(vec![]), Problems::Map(vec![("in".to_owned(), list())])]);
        let members = [("title", list()), ("rows", each), ("why", Problem::new("x", "Because.").alone())];
        let error = Error::validation(Problems::Map(members.map(|(name, all)| (name.to_owned(), all)).into()));
        let answer = error.api_response().expect("a refusal");
        let text = answer.body().whole().expect("a whole body");
        assert_eq!(serde_json::from_slice::<Value>(text).ok().as_ref(), error.as_api().map(ApiError::detail));
        assert_eq!(answer.status(), error.status());
        let alone = Error::validation(Problem::new("x", "Because.").alone()).api_response().expect("a refusal");
        assert_eq!(alone.body().whole().map(|text| &text[..]), Some(&br#"{"detail":"Because."}"#[..]));
    }
}
