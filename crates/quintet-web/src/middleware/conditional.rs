//! Conditional requests: an ETag for what has none, 304 for what the client has, 412 for what has changed.

use std::time::SystemTime;

use http::header::{
    CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LAST_MODIFIED, SET_COOKIE, VARY,
};
use http::{Method, StatusCode};
use md5::{Digest, Md5};

use super::Middleware;
use crate::http::{Request, Response};

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
        let modified = response.header("last-modified").and_then(date);
        if (etag.is_some() || modified.is_some()) && response.status().is_success() {
            decide(request, response, etag.as_deref(), modified);
        }
    }
}

fn wants_etag(response: &Response) -> bool {
    let no_store = response.headers().get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    !response.headers().contains_key(ETAG)
        && !no_store.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case("no-store"))
}

fn set_etag(response: &mut Response) {
    let Some(body) = response.body().whole().filter(|body| !body.is_empty()) else { return };
    let digest: String = Md5::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    if let Ok(value) = HeaderValue::try_from(format!("\"{digest}\"")) {
        response.headers_mut().insert(ETAG, value);
    }
}

/// The steps of RFC 9110, section 13.2.2, for a `GET` whose answer is there.
fn decide(request: &Request, response: &mut Response, etag: Option<&str>, modified: Option<SystemTime>) {
    let header = |name: HeaderName| request.header(name.as_str()).unwrap_or_default();
    let if_match = etags(&header(IF_MATCH));
    let if_none_match = etags(&header(IF_NONE_MATCH));
    let unmodified_since = date(&header(IF_UNMODIFIED_SINCE));
    let modified_since = date(&header(IF_MODIFIED_SINCE));
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
fn etags(header: &str) -> Vec<String> {
    if header.trim() == "*" {
        return vec!["*".to_owned()];
    }
    header.split(',').filter_map(|part| tag(part.trim())).map(str::to_owned).collect()
}

/// A tag at the start of the text: `"x"` or `W/"x"`.
fn tag(text: &str) -> Option<&str> {
    let quoted = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"')?;
    let inner = quoted.find('"')?;
    Some(&text[..text.len() - quoted.len() + inner + 1])
}

fn strong_match(etag: Option<&str>, wanted: &[String]) -> bool {
    match etag {
        None => false,
        Some(_) if wanted == ["*"] => true,
        Some(etag) => !etag.starts_with("W/") && wanted.iter().any(|tag| tag == etag),
    }
}

fn weak_match(etag: Option<&str>, wanted: &[String]) -> bool {
    fn bare(tag: &str) -> &str {
        tag.strip_prefix("W/").unwrap_or(tag)
    }
    etag.is_some_and(|etag| wanted == ["*"] || wanted.iter().any(|tag| bare(tag) == bare(etag)))
}

fn date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text.trim()).ok()
}

fn precondition_failed(response: &mut Response) {
    *response = Response::html("").with_status(StatusCode::PRECONDITION_FAILED);
}

/// 304 with the headers that a cache needs, and the cookies.
fn not_modified(response: &mut Response) {
    const KEPT: [HeaderName; 8] = [CACHE_CONTROL, CONTENT_LOCATION, DATE, ETAG, EXPIRES, LAST_MODIFIED, VARY, SET_COOKIE];
    let mut answer = Response::empty(StatusCode::NOT_MODIFIED);
    for name in &KEPT {
        for value in response.headers().get_all(name) {
            answer.headers_mut().append(name, value.clone());
        }
    }
    *response = answer;
}
