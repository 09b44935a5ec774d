//! Tests of a project: its site without a socket, in the test's own process.

use std::future::Future;
use std::sync::Arc;

use quintet_web::App as SiteApp;
use quintet_web::http::{HeaderMap, Incoming, Method};
use quintet_web::server::Peer;
use quintet_web::urls::Urls;

use crate::manage::{Captured, Terminal};
use crate::settings::{self, Env, Project, Settings};

/// Waits for a future, on a runtime of its own. What `#[quintet::test]` calls.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a test needs a runtime").block_on(future)
}

/// Runs a command of a project, as its program would, and keeps what it says: the exit code and both streams.
pub fn call_command(settings: fn(&Env) -> Settings, args: &[&str]) -> (u8, Captured) {
    let (terminal, captured) = Terminal::captured();
    let args: Vec<_> = args.iter().map(Into::into).collect();
    (crate::manage::run(&Project::in_test(settings), &args, &terminal), captured)
}

/// A client of a project's site, in the same process: middleware and routes as in the server, but no socket.
#[derive(Clone)]
pub struct Client {
    app: SiteApp,
    headers: Vec<(String, String)>,
}

impl Client {
    /// A client of the site that a project's settings describe, with DEBUG off, as in production. A checkout without a
    /// `.env` file is tested as well: its secret key is a fixed one.
    ///
    /// # Panics
    /// Where the settings are wrong; the panic says what and how to put it right.
    #[track_caller]
    pub fn new(settings: fn(&Env) -> Settings) -> Self {
        Self::of(loaded(settings))
    }

    /// The same with other routes: for an app's own tests.
    ///
    /// # Panics
    /// As [`Client::new`].
    #[track_caller]
    pub fn with_urls(settings: fn(&Env) -> Settings, urls: fn() -> Urls) -> Self {
        Self::of(Settings { urls, ..loaded(settings) })
    }

    /// A client of the site that settings describe; the host `testserver` is allowed.
    ///
    /// # Panics
    /// Where the site cannot be built from them.
    #[track_caller]
    pub fn of(mut settings: Settings) -> Self {
        settings.allowed_hosts.push("testserver".to_owned());
        match crate::site(&settings) {
            Ok(app) => Self { app, headers: vec![("host".to_owned(), "testserver".to_owned())] },
            Err(bad) => panic!("the site cannot be built: {bad}"),
        }
    }

    /// The same client, which sends a header with every request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> TestResponse {
        self.send(Method::GET, path, "").await
    }

    /// `HEAD`.
    pub async fn head(&self, path: &str) -> TestResponse {
        self.send(Method::HEAD, path, "").await
    }

    /// `OPTIONS`.
    pub async fn options(&self, path: &str) -> TestResponse {
        self.send(Method::OPTIONS, path, "").await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> TestResponse {
        self.send(Method::DELETE, path, "").await
    }

    /// `POST` of JSON.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> TestResponse {
        self.clone().with_header("content-type", "application/json").send(Method::POST, path, body.to_string()).await
    }

    /// `PUT` of JSON.
    pub async fn put(&self, path: &str, body: &serde_json::Value) -> TestResponse {
        self.clone().with_header("content-type", "application/json").send(Method::PUT, path, body.to_string()).await
    }

    /// `PATCH` of JSON.
    pub async fn patch(&self, path: &str, body: &serde_json::Value) -> TestResponse {
        self.clone().with_header("content-type", "application/json").send(Method::PATCH, path, body.to_string()).await
    }

    /// Any method with any body.
    ///
    /// # Panics
    /// Where the path or a header is not one.
    pub async fn send(&self, method: Method, path: &str, body: impl Into<bytes::Bytes>) -> TestResponse {
        let mut request = quintet_web::axum::http::Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(()).unwrap_or_else(|error| panic!("`{path}` cannot be asked for: {error}"));
        let answer = self.app.handle(request, Incoming::Whole(body.into()), Arc::new(Peer::default())).await;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.unwrap_or_else(|error| panic!("the answer's body broke off: {error}"));
        TestResponse { status: parts.status.as_u16(), headers: parts.headers, body }
    }
}

#[track_caller]
fn loaded(project: fn(&Env) -> Settings) -> Settings {
    let loaded = settings::load(&Project::in_test(project));
    let problems: Vec<String> = loaded.problems.iter().map(|(what, hint)| format!("{what}; {hint}")).collect();
    assert!(problems.is_empty(), "the settings are wrong: {}", problems.join("\n"));
    Settings { debug: false, ..loaded.settings }
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct TestResponse {
    status: u16,
    headers: HeaderMap,
    body: bytes::Bytes,
}

impl TestResponse {
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
    /// Where it is none.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("the body is no JSON ({error}): {}", self.text()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(_: &Env) -> Settings {
        Settings { debug: true, ..Settings::default() }
    }

    #[test]
    fn the_test_client_switches_debug_off() {
        let missing = |client: Client| block_on(async move { client.get("/nope/").await.text() });
        assert!(missing(Client::new(settings)).contains("<title>Not Found</title>"));
        let developers = Client::of(Settings { debug: true, ..Settings::default() });
        assert!(missing(developers).contains("DEBUG"), "`of` takes the settings as they are");
    }

    #[test]
    fn a_project_that_names_no_middleware_has_the_safe_ones() {
        let answer = block_on(async { Client::of(Settings::default()).get("/nope/").await });
        let headers = ["x-frame-options", "x-content-type-options", "referrer-policy", "cross-origin-opener-policy"];
        assert_eq!(headers.map(|name| answer.header(name).is_some()), [true; 4], "{:?}", answer.headers());
        let bare = Settings { middleware: vec![], ..Settings::default() };
        let answer = block_on(async move { Client::of(bare).get("/nope/").await });
        assert_eq!(headers.map(|name| answer.header(name).is_some()), [false; 4], "{:?}", answer.headers());
    }

    #[test]
    fn a_command_can_be_called_in_a_test() {
        let (code, said) = call_command(settings, &["check", "--tag", "urls"]);
        assert_eq!((code, said.err().as_str()), (0, ""));
        assert!(said.out().contains("no issues"), "{}", said.out());
        let (code, said) = call_command(settings, &["nope"]);
        assert_eq!(code, 1);
        assert!(said.err().contains("unknown command `nope`"), "{}", said.err());
    }
}
