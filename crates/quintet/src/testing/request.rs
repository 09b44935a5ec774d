//! A request of a test: made by a [`Client`], changed as needed, and sent when it is awaited.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use quintet_core::address;
use quintet_web::csrf::NotEnforced;
use quintet_web::http::{Incoming, Method};
use quintet_web::server::Peer;
use quintet_web::{Failures, axum};
use serde_json::Value;

use super::data::urlencoded;
use super::response::Redirect;
use super::{Client, TestData, TestResponse};

/// How many redirects are followed; browsers have this limit as well.
const REDIRECTS: usize = 20;

/// A request that is sent when it is awaited: `client.get("/notes/").query([("page", "2")]).await`.
#[must_use = "a request is sent when it is awaited"]
pub struct TestRequest {
    asked: Option<Asked>,
    running: Option<Pin<Box<dyn Future<Output = TestResponse> + Send>>>,
}

/// What is asked.
struct Asked {
    client: Client,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    data: TestData,
    follows: bool,
    place: &'static Location<'static>,
}

impl TestRequest {
    #[track_caller]
    pub(super) fn new(client: Client, method: Method, path: &str, data: TestData) -> Self {
        let asked = Asked {
            client,
            method,
            path: path.to_owned(),
            query: vec![],
            headers: vec![],
            data,
            follows: false,
            place: Location::caller(),
        };
        Self { asked: Some(asked), running: None }
    }

    /// With this value as JSON.
    pub fn json(self, value: &Value) -> Self {
        self.data(TestData::json(value))
    }

    /// With a form as a browser sends it.
    pub fn form<N: Into<String>, V: Into<String>>(self, fields: impl IntoIterator<Item = (N, V)>) -> Self {
        self.data(TestData::form(fields))
    }

    /// With this body; a value is written in the default format.
    pub fn data(self, data: impl Into<TestData>) -> Self {
        let data = data.into();
        self.with(|asked| asked.data = data)
    }

    /// With these names and values in the query, behind what the path has.
    pub fn query<N: Into<String>, V: Into<String>>(self, fields: impl IntoIterator<Item = (N, V)>) -> Self {
        self.with(|asked| asked.query.extend(fields.into_iter().map(|(name, value)| (name.into(), value.into()))))
    }

    /// With this header, in place of the client's and of that of the body.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.with(|asked| asked.headers.push((name.to_owned(), value.to_owned())))
    }

    /// Follows redirects: the answer is that of the last address, and [`TestResponse::redirects`] lists the way.
    pub fn follow(self) -> Self {
        self.with(|asked| asked.follows = true)
    }

    fn with(mut self, change: impl FnOnce(&mut Asked)) -> Self {
        // There until it is polled, and whoever polls it has it no more.
        if let Some(asked) = &mut self.asked {
            change(asked);
        }
        self
    }
}

impl Future for TestRequest {
    type Output = TestResponse;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<TestResponse> {
        if let Some(asked) = self.asked.take() {
            self.running = Some(Box::pin(asked.send()));
        }
        match &mut self.running {
            Some(running) => running.as_mut().poll(context),
            None => unreachable!("a request is asked or running"),
        }
    }
}

impl fmt::Debug for TestRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.asked {
            Some(asked) => write!(f, "TestRequest({} {})", asked.method, asked.path),
            None => f.write_str("TestRequest"),
        }
    }
}

impl Asked {
    async fn send(mut self) -> TestResponse {
        if !self.query.is_empty() {
            let mark = if self.path.contains('?') { '&' } else { '?' };
            self.path = format!("{}{mark}{}", self.path, urlencoded(&self.query));
        }
        let mut way: Vec<Redirect> = vec![];
        loop {
            let mut response = self.once().await;
            match self.follows.then(|| response.redirect()).flatten() {
                None => {
                    response.went(way);
                    return response;
                }
                Some(redirect) => self.turn(redirect, &mut way),
            }
        }
    }

    /// Turns to where a redirect leads.
    fn turn(&mut self, redirect: Redirect, way: &mut Vec<Redirect>) {
        let place = self.place;
        let (status, location) = &redirect;
        let scheme = if self.client.is_https { "https" } else { "http" };
        let host = self.header_value("host").unwrap_or_default();
        let target = address::join(&format!("{scheme}://{host}{}", self.path), location);
        let target = target.unwrap_or_else(|| panic!("{place}: the redirect to `{location}` leads nowhere"));
        let Some(parts) = address::split(&target) else { panic!("{place}: `{target}` is no address") };
        let query = if parts.query.is_empty() { String::new() } else { format!("?{}", parts.query) };
        let path = format!("{}{query}", if parts.path.is_empty() { "/" } else { parts.path });
        self.client.is_https = parts.scheme.eq_ignore_ascii_case("https");
        self.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("host"));
        self.headers.push(("host".to_owned(), parts.authority.to_owned()));
        let goes_on = matches!(status, 307 | 308);
        if !goes_on && self.method != Method::HEAD {
            self.method = Method::GET;
            self.data = TestData::default();
            self.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        }
        self.path = path;
        assert!(way.len() < REDIRECTS, "{place}: more than {REDIRECTS} redirects: {way:?}");
        way.push(redirect);
    }

    /// A header as it is sent: the request's own, or the client's.
    fn header_value(&self, wanted: &str) -> Option<&str> {
        let mut known = self.headers.iter().rev().chain(&self.client.headers);
        known.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
    }

    async fn once(&self) -> TestResponse {
        let (request, body) = match self.written() {
            Ok(written) => written,
            Err(problem) => panic!("{}: {problem}", self.place),
        };
        let failures = request.extensions().get::<Failures>().cloned().unwrap_or_default();
        let mut peer = Peer::default();
        peer.tls = self.client.is_https;
        let answer = self.client.app.handle(request, Incoming::Whole(body), Arc::new(peer)).await;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await;
        let body = body.unwrap_or_else(|error| panic!("{}: the answer's body broke off: {error}", self.place));
        self.client.jar().take(&parts.headers, self.bare_path());
        let told = failures.told();
        let response = TestResponse::new(parts.status.as_u16(), parts.headers, body, self.client.hinted(told));
        response.tell(&self.method, &self.path);
        response
    }

    fn bare_path(&self) -> &str {
        self.path.split(['?', '#']).next().unwrap_or_default()
    }

    fn written(&self) -> Result<(axum::http::Request<()>, Bytes), String> {
        let format = &self.client.settings.rest_framework.test_request_default_format;
        let (media_type, body) = self.data.written(format)?;
        let mut request = axum::http::Request::builder().method(self.method.clone()).uri(escaped(&self.path));
        let own = |name: &str| self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        let replaced = |name: &str| own(name) || media_type.is_some() && name.eq_ignore_ascii_case("content-type");
        for (name, value) in self.client.headers.iter().filter(|(name, _)| !replaced(name)) {
            request = request.header(name, value);
        }
        if let Some(media_type) = media_type.as_ref().filter(|_| !own("content-type")) {
            request = request.header("content-type", media_type);
        }
        if !body.is_empty() && self.header_value("content-length").is_none() {
            request = request.header("content-length", body.len());
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let cookies = self.client.jar().header(self.bare_path(), self.client.is_https);
        if let Some(cookies) = cookies.filter(|_| self.header_value("cookie").is_none()) {
            request = request.header("cookie", cookies);
        }
        if let Some(forced) = &self.client.user {
            request = request.extension(forced.clone());
        }
        if !self.client.enforces_csrf {
            request = request.extension(NotEnforced);
        }
        let request = request.extension(Failures::default()).body(());
        let request = request.map_err(|error| format!("`{}` cannot be asked for: {error}", self.path))?;
        Ok((request, body))
    }
}

/// A path as a browser sends it: what cannot stand in a request line is percent-encoded.
fn escaped(path: &str) -> String {
    let path = path.split('#').next().unwrap_or_default();
    let mut escaped = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | 0..=31 | 127.. => {
                escaped.push_str(&format!("%{byte:02X}"));
            }
            byte => escaped.push(char::from(byte)),
        }
    }
    escaped
}
