//! Cross-origin resource sharing, as django-cors-headers answers it.
//!
//! Where it stands in the list shows: first, it answers preflights before the host check and the HTTPS redirect.

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD,
    CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, ORIGIN,
};
use http::{Method, StatusCode};
use quintet_core::address;
use quintet_core::check::cors::from_start;
use regex::Regex;

use super::Middleware;
use crate::config::Cors;
use crate::http::{Request, Response, Result, lasting};

const REQUEST_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");

/// Answers preflights and tells browsers who may read an answer, by the `cors` settings.
#[derive(Clone, Copy, Debug)]
pub struct CorsMiddleware;

/// The settings, ready for use.
#[derive(Debug)]
pub(crate) struct CompiledCors {
    /// `None` for the default.
    paths: Option<Regex>,
    origins: Vec<(String, String)>,
    null: bool,
    regexes: Vec<Regex>,
    expose: Option<HeaderValue>,
    headers: HeaderValue,
    methods: HeaderValue,
}

impl CompiledCors {
    pub(crate) fn new(settings: &Cors) -> Result<Self, String> {
        let pattern = |name: &str, pattern: &str| {
            from_start(pattern).map_err(|error| format!("`cors.{name}` has an invalid regular expression: {error}"))
        };
        let list = |name: &str, values: &[String]| {
            lasting(&values.join(", ")).map_err(|_| format!("`cors.{name}` has characters that no header can carry"))
        };
        Ok(Self {
            paths: match settings.urls_regex.as_str() {
                "^.*$" => None,
                paths => Some(pattern("urls_regex", paths)?),
            },
            origins: settings.allowed_origins.iter().filter_map(|origin| split_origin(origin)).collect(),
            null: settings.allowed_origins.iter().any(|origin| origin == "null"),
            regexes: settings
                .allowed_origin_regexes
                .iter()
                .map(|regex| pattern("allowed_origin_regexes", regex))
                .collect::<Result<_, _>>()?,
            expose: (!settings.expose_headers.is_empty())
                .then(|| list("expose_headers", &settings.expose_headers))
                .transpose()?,
            headers: list("allow_headers", &settings.allow_headers)?,
            methods: list("allow_methods", &settings.allow_methods)?,
        })
    }

    fn applies_to(&self, path: &str) -> bool {
        match &self.paths {
            Some(paths) => paths.is_match(path),
            // What `^.*$` matches: anything on one line, and a newline after it.
            None => !path.strip_suffix('\n').unwrap_or(path).contains('\n'),
        }
    }

    /// Whether the settings name an origin, by itself or by an expression: that it may do more than read.
    pub(crate) fn names(&self, origin: &str) -> bool {
        origin != "null" && split_origin(origin).is_some_and(|parts| self.allows(origin, &parts))
    }

    fn allows(&self, origin: &str, parts: &(String, String)) -> bool {
        (origin == "null" && self.null)
            || self.origins.contains(parts)
            || self.regexes.iter().any(|regex| regex.is_match(origin))
    }
}

/// Scheme and authority; none where Python refuses the address.
fn split_origin(origin: &str) -> Option<(String, String)> {
    let cleaned = address::cleaned(origin);
    let parts = address::split(&cleaned)?;
    Some((parts.scheme.to_ascii_lowercase(), parts.authority.to_owned()))
}

impl Middleware for CorsMiddleware {
    fn name(&self) -> &'static str {
        "CorsMiddleware"
    }

    fn before(&self, request: &Request) -> Result<Option<Response>> {
        let preflight =
            request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if !preflight || !applies_to(request) {
            return Ok(None);
        }
        let mut response = Response::empty(StatusCode::OK);
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        Ok(Some(response))
    }

    fn after(&self, request: &Request, response: &mut Response) {
        let site = request.site();
        let (settings, compiled) = (&site.options().cors, site.compiled_cors());
        if !applies_to(request) {
            return;
        }
        response.patch_vary("origin");
        let Some(origin) = request.headers().get(ORIGIN) else {
            return;
        };
        let Some(text) = request.header(ORIGIN).filter(|text| !text.is_empty()) else {
            return;
        };
        let Some(parts) = split_origin(&text) else { return };
        let is_allowed = settings.allow_all_origins || compiled.allows(&text, &parts);
        if !is_allowed && !settings.check_request_enabled.allows(request) {
            return;
        }
        allow(request, response, origin);
    }
}

/// Whether a request is looked at: for its path, or because the project's function says so.
fn applies_to(request: &Request) -> bool {
    let site = request.site();
    site.compiled_cors().applies_to(request.path()) || site.options().cors.check_request_enabled.allows(request)
}

/// The headers for an origin that is allowed.
fn allow(request: &Request, response: &mut Response, origin: &HeaderValue) {
    let site = request.site();
    let (settings, compiled) = (&site.options().cors, site.compiled_cors());
    let headers = response.headers_mut();
    let anyone = settings.allow_all_origins && !settings.allow_credentials;
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, if anyone { HeaderValue::from_static("*") } else { origin.clone() });
    if settings.allow_credentials {
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    if let Some(expose) = &compiled.expose {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, expose.clone());
    }
    if request.method() == Method::OPTIONS {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, compiled.headers.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, compiled.methods.clone());
        if settings.preflight_max_age > 0 {
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(settings.preflight_max_age));
        }
    }
    let private = request.headers().get(REQUEST_PRIVATE_NETWORK).is_some_and(|value| value == "true");
    if settings.allow_private_network && private {
        headers.insert(ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true"));
    }
}
