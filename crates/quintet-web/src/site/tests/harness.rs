//! What the tests of the HTTP layer share: a site that is asked without a socket, and recorded cases.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use crate::config::{Cors, Http, OldCors, Security, Server};
use crate::http::{Body, Incoming, Request, Response, Result};
use crate::middleware::{
    CommonMiddleware, ConditionalGetMiddleware, CorsMiddleware, GZipMiddleware, Layer, Middleware, SecurityMiddleware,
    XFrameOptionsMiddleware,
};
use crate::server::Peer;
use crate::urls::Urls;
use crate::{App, Clock, Site, SiteOptions};

/// A site's options as the recordings begin with: any host, no middleware, the reference's defaults.
pub(super) fn options(urls: fn() -> Urls) -> SiteOptions {
    SiteOptions {
        debug: false,
        allowed_hosts: vec!["*".to_owned()],
        http: Http::default(),
        security: Security::default(),
        cors: Cors::default(),
        server: Server::default(),
        rest_framework: crate::rest::RestFramework::default(),
        simple_jwt: crate::jwt::SimpleJwt::default(),
        sessions: crate::config::Sessions::default(),
        openapi: crate::config::OpenApi::default(),
        csrf: crate::config::Csrf::default(),
        secret_key: "a-key-for-tests-only".into(),
        secret_key_fallbacks: vec![],
        media: crate::config::Media::default(),
        frontend: None,
        middleware: vec![],
        layers: None,
        urls,
        databases: None,
        caches: crate::cache::default_caches(),
        atomic_requests: false,
        clock: Clock::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000), || Duration::ZERO),
        seed: 1,
        mailer: crate::mail::Mailer::default(),
        access_log: None,
        shown_settings: vec![],
    }
}

pub(super) fn site(options: SiteOptions) -> Arc<Site> {
    Site::build(options).unwrap_or_else(|bad| panic!("{bad}"))
}

/// A request that is to be sent.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Bytes,
    peer: Peer,
}

pub(super) fn ask(method: &str, target: &str) -> Ask {
    let headers = vec![("host".to_owned(), b"testserver".to_vec())];
    Ask { method: method.to_owned(), target: target.to_owned(), headers, body: Bytes::new(), peer: Peer::default() }
}

pub(super) fn get(target: &str) -> Ask {
    ask("GET", target)
}

impl Ask {
    pub(super) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub(super) fn headers(self, headers: &[(&str, &str)]) -> Self {
        headers.iter().fold(self, |asked, (name, value)| asked.header(name, value))
    }

    pub(super) fn host(mut self, host: Option<&str>) -> Self {
        self.headers.retain(|(name, _)| name != "host");
        match host {
            Some(host) => self.header("host", host),
            None => self,
        }
    }

    pub(super) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    pub(super) fn https(mut self, encrypted: bool) -> Self {
        self.peer.tls = encrypted;
        self
    }

    pub(super) fn local(mut self, address: SocketAddr) -> Self {
        self.peer.local = Some(address);
        self
    }

    pub(super) fn client(mut self, address: SocketAddr) -> Self {
        self.peer.address = Some(address);
        self
    }

    pub(super) fn parts(&self) -> http::Request<()> {
        let mut request = http::Request::builder().method(self.method.as_str()).uri(self.target.as_str());
        for (name, value) in &self.headers {
            let value = HeaderValue::from_bytes(value).unwrap_or_else(|error| panic!("{name}: {error}"));
            request = request.header(name, value);
        }
        request.body(()).unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.target))
    }

    pub(super) fn peer(&self) -> Peer {
        self.peer.clone()
    }

    pub(super) fn incoming(&self) -> Incoming {
        Incoming::Whole(self.body.clone())
    }

    /// Sends it through the site alone.
    pub(super) fn to(&self, site: &Arc<Site>) -> Answer {
        let peer = Arc::new(self.peer.clone());
        block_on(async { read(site.handle(self.parts(), self.incoming(), peer).await).await })
    }

    /// Sends it through the site and the tower layers around it.
    pub(super) fn through(&self, app: &App) -> Answer {
        let peer = Arc::new(self.peer.clone());
        block_on(async { read(app.handle(self.parts(), self.incoming(), peer).await).await })
    }

    /// The request as a view sees it.
    pub(super) fn request(&self, site: &Arc<Site>) -> Request {
        let (parts, ()) = self.parts().into_parts();
        Request::new(parts, self.incoming(), Arc::new(self.peer.clone()), site.clone(), 1)
    }
}

pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

async fn read(answer: http::Response<Body>) -> Answer {
    let (parts, body) = answer.into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.collect().await.expect("the whole body") }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn code(&self) -> u16 {
        self.status.as_u16()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of text"))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Names in lower case with their values, in the order sent.
    pub(super) fn header_list(&self) -> Vec<(String, String)> {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        self.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
    }
}

/// A recorded file.
pub(super) struct Recording(Value);

impl Recording {
    pub(super) fn new(text: &str) -> Self {
        Self(serde_json::from_str(text).expect("a recording is JSON"))
    }

    /// The cases of a section except for those with a reason not to be run; says how many ran.
    pub(super) fn each(
        &self,
        section: &str,
        skipped: &[(&str, &str)],
        run: impl Fn(&Value) -> Result<(), String>,
    ) -> usize {
        let cases = self.0[section].as_array().expect("a list of cases");
        for (id, reason) in skipped {
            assert!(
                cases.iter().any(|case| text(case, "id") == *id),
                "{id:?} is skipped ({reason}), but does not exist"
            );
        }
        let is_run = |case: &&Value| !skipped.iter().any(|(id, _)| *id == text(case, "id"));
        let cases: Vec<&Value> = cases.iter().filter(is_run).collect();
        let failed = |case: &&Value| Some(format!("{}: {}", text(case, "id"), run(case).err()?));
        let failed: Vec<String> = cases.iter().filter_map(failed).collect();
        assert!(failed.is_empty(), "{} of {} cases differ:\n{}", failed.len(), cases.len(), failed.join("\n"));
        cases.len()
    }
}

/// A member that is text.
pub(super) fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("`{name}` of {case} is no text"))
}

/// A member that is a list of pairs of texts.
pub(super) fn pairs<'a>(case: &'a Value, name: &str) -> Vec<(&'a str, &'a str)> {
    let rows = case[name].as_array().unwrap_or_else(|| panic!("`{name}` of {case} is no list"));
    rows.iter().map(|row| (row[0].as_str().expect("a name"), row[1].as_str().expect("a value"))).collect()
}

/// A member that is a list of texts.
pub(super) fn texts(value: &Value) -> Vec<String> {
    let rows = value.as_array().unwrap_or_else(|| panic!("{value} is no list"));
    rows.iter().map(|row| row.as_str().expect("a text").to_owned()).collect()
}

/// The status that a case expects.
pub(super) fn status(case: &Value) -> u16 {
    case["status"].as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status")
}

/// By value, so that a case reads as a sentence.
#[allow(clippy::needless_pass_by_value)]
pub(super) fn same<T: PartialEq + std::fmt::Debug>(what: &str, ours: T, theirs: T) -> Result<(), String> {
    if ours == theirs { Ok(()) } else { Err(format!("{what} is {ours:?}, recorded is {theirs:?}")) }
}

/// Compares the status and all headers in order. A `Content-Length` that is recorded as absent may be there.
pub(super) fn same_answer(case: &Value, answer: &Answer) -> Result<(), String> {
    same("status", answer.code(), status(case))?;
    same_headers(answer, &pairs(case, "headers"))
}

pub(super) fn same_headers(answer: &Answer, recorded: &[(&str, &str)]) -> Result<(), String> {
    let recorded: Vec<(String, String)> =
        recorded.iter().map(|(name, value)| (name.to_lowercase(), (*value).to_owned())).collect();
    let recorded_as = |name: &str| recorded.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let mut ours = answer.header_list();
    ours.retain(|(name, _)| name != "content-length" || recorded_as("content-length").is_some());
    for (name, value) in &mut ours {
        if recorded_as(name) == Some("<varies>") {
            *value = "<varies>".to_owned();
        }
    }
    same("headers", ours, recorded.clone())
}

/// Gives the view of a case its data: a middleware that stands innermost.
pub(super) struct Given(pub(super) Value);

impl Middleware for Given {
    fn name(&self) -> &'static str {
        "Given"
    }

    fn before(&self, request: &Request) -> Result<Option<Response>> {
        request.insert(self.0.clone());
        Ok(None)
    }
}

/// The data that [`Given`] gave.
pub(super) fn given(request: &Request) -> Arc<Value> {
    request.get::<Value>().expect("a case")
}

/// A response with headers set as the recording says.
pub(super) fn with_headers(mut response: Response, headers: &[(&str, &str)]) -> Response {
    for (name, value) in headers {
        let name = HeaderName::try_from(*name).expect("a header name");
        response.headers_mut().insert(name, HeaderValue::try_from(*value).expect("a header value"));
    }
    response
}

/// Middlewares by the reference's class names.
pub(super) fn middleware<S: AsRef<str>>(names: &[S]) -> Vec<Layer> {
    names.iter().map(|name| layer(name.as_ref())).collect()
}

fn layer(name: &str) -> Layer {
    match name {
        "SecurityMiddleware" => SecurityMiddleware.into(),
        "XFrameOptionsMiddleware" => XFrameOptionsMiddleware.into(),
        "ConditionalGetMiddleware" => ConditionalGetMiddleware.into(),
        "CommonMiddleware" => CommonMiddleware.into(),
        "GZipMiddleware" => GZipMiddleware.into(),
        "CorsMiddleware" => CorsMiddleware.into(),
        _ => panic!("no middleware is called {name}"),
    }
}

/// Sets what a case says of the settings, by the reference's names.
pub(super) fn set(options: &mut SiteOptions, settings: &Value) {
    // Old names stand below new ones, as in a project's own settings.
    let flag = |name: &str| settings[name].as_bool().unwrap_or_default();
    let list = |name: &str| if settings[name].is_null() { vec![] } else { texts(&settings[name]) };
    let old = OldCors {
        origin_allow_all: flag("CORS_ORIGIN_ALLOW_ALL"),
        origin_whitelist: list("CORS_ORIGIN_WHITELIST"),
        origin_regex_whitelist: list("CORS_ORIGIN_REGEX_WHITELIST"),
    };
    if settings.as_object().expect("settings").keys().any(|name| name.starts_with("CORS_ORIGIN_")) {
        options.cors = old.into();
    }
    for (name, value) in settings.as_object().expect("settings") {
        set_one(options, name, value);
    }
}

fn set_one(options: &mut SiteOptions, name: &str, value: &Value) {
    let (security, cors, http) = (&mut options.security, &mut options.cors, &mut options.http);
    let on = || value.as_bool().unwrap_or_else(|| panic!("{name} is {value}"));
    let number = || value.as_u64().unwrap_or_else(|| panic!("{name} is {value}"));
    let size = || (!value.is_null()).then(|| usize::try_from(number()).expect("a size"));
    let optional = || value.as_str().map(str::to_owned);
    match name {
        "DEBUG" => options.debug = on(),
        "ALLOWED_HOSTS" => options.allowed_hosts = texts(value),
        "APPEND_SLASH" => http.append_slash = on(),
        "PREPEND_WWW" => http.prepend_www = on(),
        "DISALLOWED_USER_AGENTS" => http.disallowed_user_agents = texts(value),
        "DATA_UPLOAD_MAX_MEMORY_SIZE" => http.data_upload_max_memory_size = size(),
        "DATA_UPLOAD_MAX_NUMBER_FIELDS" => http.data_upload_max_number_fields = size(),
        "SECURE_HSTS_SECONDS" => security.hsts_seconds = number(),
        "SECURE_HSTS_INCLUDE_SUBDOMAINS" => security.hsts_include_subdomains = on(),
        "SECURE_HSTS_PRELOAD" => security.hsts_preload = on(),
        "SECURE_SSL_REDIRECT" => security.ssl_redirect = on(),
        "SECURE_SSL_HOST" => security.ssl_host = optional(),
        "SECURE_REDIRECT_EXEMPT" => security.redirect_exempt = texts(value),
        "SECURE_CONTENT_TYPE_NOSNIFF" => security.content_type_nosniff = on(),
        "SECURE_REFERRER_POLICY" => security.referrer_policy = policies(value),
        "SECURE_CROSS_ORIGIN_OPENER_POLICY" => security.cross_origin_opener_policy = optional(),
        "SECURE_PROXY_SSL_HEADER" => security.proxy_ssl_header = Some(proxy_header(value)),
        "X_FRAME_OPTIONS" => security.x_frame_options = optional().expect("a text"),
        "CORS_ALLOW_ALL_ORIGINS" => cors.allow_all_origins = on(),
        "CORS_ALLOWED_ORIGINS" => cors.allowed_origins = texts(value),
        "CORS_ALLOWED_ORIGIN_REGEXES" => cors.allowed_origin_regexes = texts(value),
        "CORS_ALLOW_CREDENTIALS" => cors.allow_credentials = on(),
        "CORS_ALLOW_HEADERS" => cors.allow_headers = texts(value),
        "CORS_ALLOW_METHODS" => cors.allow_methods = texts(value),
        "CORS_EXPOSE_HEADERS" => cors.expose_headers = texts(value),
        "CORS_PREFLIGHT_MAX_AGE" => cors.preflight_max_age = number(),
        "CORS_URLS_REGEX" => cors.urls_regex = optional().expect("a text"),
        "CORS_ALLOW_PRIVATE_NETWORK" => cors.allow_private_network = on(),
        "CORS_ORIGIN_ALLOW_ALL" | "CORS_ORIGIN_WHITELIST" | "CORS_ORIGIN_REGEX_WHITELIST" => {}
        _ => panic!("the setting {name} is not known here"),
    }
}

/// The reference takes a text with commas or a list; here it is a list.
fn policies(value: &Value) -> Vec<String> {
    match value {
        Value::Null => vec![],
        Value::String(text) if text.is_empty() => vec![],
        Value::String(text) => text.split(',').map(|part| part.trim().to_owned()).collect(),
        list => texts(list),
    }
}

/// `HTTP_X_FORWARDED_PROTO` is how Python's servers write `X-Forwarded-Proto`.
fn proxy_header(value: &Value) -> (String, String) {
    let pair = texts(value);
    (pair[0].trim_start_matches("HTTP_").replace('_', "-").to_lowercase(), pair[1].clone())
}
