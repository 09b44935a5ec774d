//! An answer that a test looks at.

use std::fmt;

use bytes::Bytes;
use quintet_web::http::{HeaderMap, Method};
use serde_json::Value;

/// The status of a redirect, and where it led.
pub(super) type Redirect = (u16, String);

/// An answer, read to its end.
#[derive(Clone)]
pub struct TestResponse {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
    failures: Vec<String>,
    redirects: Vec<Redirect>,
}

impl TestResponse {
    pub(super) fn new(status: u16, headers: HeaderMap, body: Bytes, failures: Vec<String>) -> Self {
        Self { status, headers, body, failures, redirects: vec![] }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none; the panic shows it, and what failed in the view.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("the body is no JSON ({error}): {self:?}"))
    }

    /// What the log was told of errors of this request, each with what caused it: why a view failed.
    pub fn errors(&self) -> &[String] {
        &self.failures
    }

    /// The redirects that were followed, in order: each its status and where it led.
    pub fn redirects(&self) -> &[(u16, String)] {
        &self.redirects
    }

    /// Says that the status must be this one; gives the answer, to look further.
    ///
    /// # Panics
    /// Where it is another; the panic shows the answer, and what failed in the view.
    #[track_caller]
    pub fn assert_status(&self, status: u16) -> &Self {
        assert!(self.status == status, "the status is {}, and {status} expected: {self:?}", self.status);
        self
    }

    /// Where it leads, if it does.
    pub(super) fn redirect(&self) -> Option<Redirect> {
        let location = matches!(self.status, 301..=303 | 307 | 308).then(|| self.header("location")).flatten()?;
        Some((self.status, location.to_owned()))
    }

    pub(super) fn went(&mut self, way: Vec<Redirect>) {
        self.redirects = way;
    }

    /// Says why a view failed, where a failing test shows it.
    #[expect(clippy::print_stderr, reason = "the test harness keeps it, and shows it where the test fails")]
    pub(super) fn tell(&self, method: &Method, path: &str) {
        for failure in &self.failures {
            eprintln!("{method} {path} ({}): {failure}", self.status);
        }
    }
}

/// Status, errors and body; the headers that say what it is.
impl fmt::Debug for TestResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        for name in ["content-type", "location"] {
            if let Some(value) = self.header(name) {
                write!(f, ", {name}: {value}")?;
            }
        }
        for failure in &self.failures {
            write!(f, "\n{failure}")?;
        }
        match self.body.is_empty() {
            true => Ok(()),
            false => write!(f, "\n{}", self.text()),
        }
    }
}
