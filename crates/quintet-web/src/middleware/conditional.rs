//! Conditional requests: an ETag for what has none, 304 for what the client has, 412 for what has changed.

use std::time::SystemTime;

use http::header::{
    CACHE_CONTROL, CONTENT_LOCATION, CONTENT_RANGE, DATE, ETAG, EXPIRES, HeaderName, HeaderValue, IF_MATCH,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LAST_MODIFIED, SET_COOKIE, VARY,
};
use http::{Method, StatusCode};
use md5::{Digest, Md5};

use super::Middleware;
use crate::http::{Request, Response, parse_http_date};

/// Answers conditional `GET`s.
#[derive(Clone, Copy, Debug)]
pub struct ConditionalGetMiddleware;

impl Middleware for ConditionalGetMiddleware {
    fn name(&self) -> &'static str {
        "ConditionalGetMiddleware"
    }

    fn after(&self, request: &Request, response: &mut Response) {
        if request.method() != Method::GET {
            return;
        }
        if wants_etag(response) {
            set_etag(response);
        }
        let etag = response.header("etag").map(str::to_owned);
        let modified = response.header("last-modified").and_then(|text| date(request, text));
        if (etag.is_some() || modified.is_some()) && response.status().is_success() {
            decide(request, response, etag.as_deref(), modified);
        }
    }
}

/// A tag names the whole, which a range does not show.
fn wants_etag(response: &Response) -> bool {
    let no_store = response.headers().get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    !response.headers().contains_key(ETAG)
        && !response.headers().contains_key(CONTENT_RANGE)
        && !no_store.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case("no-store"))
}

fn set_etag(response: &mut Response) {
    let Some(body) = response.body().whole().filter(|body| !body.is_empty()) else {
        return;
    };
    let digest: String = Md5::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    if let Ok(value) = HeaderValue::try_from(format!("\"{digest}\"")) {
        response.headers_mut().insert(ETAG, value);
    }
}

/// The steps of RFC 9110, section 13.2.2, for a `GET` whose answer is there.
fn decide(request: &Request, response: &mut Response, etag: Option<&str>, modified: Option<SystemTime>) {
    let (if_match, if_none_match) = (request.header(IF_MATCH), request.header(IF_NONE_MATCH));
    let if_match = etags(if_match.as_deref().unwrap_or_default());
    let if_none_match = etags(if_none_match.as_deref().unwrap_or_default());
    let time = |name: HeaderName| request.header(name).and_then(|text| date(request, &text));
    let (unmodified_since, modified_since) = (time(IF_UNMODIFIED_SINCE), time(IF_MODIFIED_SINCE));
    let newer = |since: SystemTime| modified.is_none_or(|modified| modified > since);
    if !if_match.is_empty() && !strong_match(etag, &if_match) {
        return precondition_failed(response);
    }
    if if_match.is_empty() && unmodified_since.is_some_and(newer) {
        return precondition_failed(response);
    }
    if !if_none_match.is_empty() {
        if weak_match(etag, &if_none_match) {
            not_modified(response);
        }
        return;
    }
    if modified_since.is_some_and(|since| !newer(since)) {
        not_modified(response);
    }
}

/// The tags of a list; `["*"]` for a star alone, nothing for what is malformed.
fn etags(header: &str) -> Vec<&str> {
    if header.trim() == "*" {
        return vec!["*"];
    }
    header.split(',').map(str::trim).filter(|part| is_tag(part)).collect()
}

/// `"x"` or `W/"x"`.
fn is_tag(text: &str) -> bool {
    let quoted = text.strip_prefix("W/").unwrap_or(text);
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).is_some_and(|inner| !inner.contains('"'))
}

fn strong_match(etag: Option<&str>, wanted: &[&str]) -> bool {
    match etag {
        None => false,
        Some(_) if wanted == ["*"] => true,
        Some(etag) => !etag.starts_with("W/") && wanted.contains(&etag),
    }
}

fn weak_match(etag: Option<&str>, wanted: &[&str]) -> bool {
    fn bare(tag: &str) -> &str {
        tag.strip_prefix("W/").unwrap_or(tag)
    }
    etag.is_some_and(|etag| wanted == ["*"] || wanted.iter().any(|tag| bare(tag) == bare(etag)))
}

fn date(request: &Request, text: &str) -> Option<SystemTime> {
    parse_http_date(text, request.site().options().clock.now())
}

fn precondition_failed(response: &mut Response) {
    *response = Response::html("").with_status(StatusCode::PRECONDITION_FAILED);
}

/// 304 with the headers that a cache needs, and the cookies.
fn not_modified(response: &mut Response) {
    const KEPT: [HeaderName; 8] =
        [CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, LAST_MODIFIED, VARY, SET_COOKIE];
    let mut answer = Response::empty(StatusCode::NOT_MODIFIED);
    answer.take_cookies_of(response);
    for name in &KEPT {
        for value in response.headers().get_all(name) {
            answer.headers_mut().append(name, value.clone());
        }
    }
    *response = answer;
}
