//! What a request must be before the application sees it, beyond what hyper checks.
//!
//! Two servers that read one request differently are how requests are smuggled and hosts are forged, so what is
//! ambiguous is refused here: a second `Host`, a missing one, a target that names no path. Pure: a request in, a
//! verdict out. Whether the host is one of ours is the application's question.

use http::header::HOST;
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Version};

/// Why a request is refused, or nothing. Makes `Host` agree with a target that names an authority, as HTTP demands.
pub(super) fn refusal<T>(request: &mut Request<T>, headers: usize) -> Option<StatusCode> {
    if request.headers().len() > headers {
        return Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let sound = has_a_path(request) && has_one_host(request) && names_one_host(request);
    (!sound).then_some(StatusCode::BAD_REQUEST)
}

/// `CONNECT` and the authority form are for proxies; `*` is for `OPTIONS`.
fn has_a_path<T>(request: &Request<T>) -> bool {
    match request.uri().path() {
        "" => false,
        "*" => request.method() == Method::OPTIONS,
        _ => request.method() != Method::CONNECT,
    }
}

fn has_one_host<T>(request: &Request<T>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let needed = request.version() == Version::HTTP_11;
    (hosts.next().is_some() || !needed) && hosts.next().is_none()
}

fn names_one_host<T>(request: &mut Request<T>) -> bool {
    let Some(authority) = request.uri().authority().cloned() else {
        return true;
    };
    if authority.as_str().contains('@') {
        return false;
    }
    match request.version() {
        Version::HTTP_2 => takes_over(request.headers_mut(), &authority),
        // An HTTP/1 target that is an absolute URI overrides whatever `Host` says.
        _ => set(request.headers_mut(), &authority),
    }
}

fn takes_over(headers: &mut HeaderMap, authority: &Authority) -> bool {
    match headers.get(HOST) {
        Some(host) => host.as_bytes().eq_ignore_ascii_case(authority.as_str().as_bytes()),
        None => set(headers, authority),
    }
}

fn set(headers: &mut HeaderMap, authority: &Authority) -> bool {
    let Ok(host) = HeaderValue::from_str(authority.as_str()) else {
        return false;
    };
    headers.insert(HOST, host);
    true
}
