//! Host check, refused agents, `www.` and trailing slashes, `Content-Length`.

use http::header::{CONTENT_LENGTH, USER_AGENT};
use http::{Method, StatusCode};

use super::Middleware;
use crate::http::{Error, Request, Response, Result, number};
use crate::view::View;

/// Checks the host, redirects to the address that a resource really has, and sets `Content-Length`.
#[derive(Clone, Copy, Debug)]
pub struct CommonMiddleware;

impl Middleware for CommonMiddleware {
    fn name(&self) -> &'static str {
        "CommonMiddleware"
    }

    fn before(&self, request: &Request) -> Result<Option<Response>> {
        let site = request.site();
        if !site.disallowed_agents().is_empty() {
            refuse_agent(request)?;
        }
        let host = request.get_host()?;
        if !site.options().http.prepend_www || host.is_empty() || host.starts_with("www.") {
            return Ok(None);
        }
        let path = if lacks_slash(request) { slashed(request)? } else { request.full_path() };
        Response::moved_to(&format!("{}://www.{host}{path}", request.scheme())).map(Some)
    }

    fn after(&self, request: &Request, response: &mut Response) {
        if response.status() == StatusCode::NOT_FOUND && lacks_slash(request) {
            // As in the reference, without a length: whoever stands further out, or the server, sets it.
            *response = match slashed(request).and_then(|path| Response::moved_to(&path)) {
                Ok(redirect) => redirect,
                Err(error) => request.site().error_response(request, &error),
            };
            return;
        }
        if let Some(length) = response.body().whole().map(bytes::Bytes::len) {
            response.set_default(CONTENT_LENGTH, || number(length));
        }
    }
}

fn refuse_agent(request: &Request) -> Result<()> {
    let Some(agent) = request.header(USER_AGENT) else {
        return Ok(());
    };
    if request.site().disallowed_agents().iter().any(|pattern| pattern.is_match(&agent)) {
        return Err(Error::page(StatusCode::FORBIDDEN, "forbidden user agent"));
    }
    Ok(())
}

/// Whether only the path with a slash at its end is routed.
fn lacks_slash(request: &Request) -> bool {
    let site = request.site();
    let path = request.path();
    if !site.options().http.append_slash || path.ends_with('/') || site.view(path).is_some() {
        return false;
    }
    site.view(&format!("{path}/")).is_some_and(View::appends_slash)
}

/// The path with a slash, never one that another host could be read from.
fn slashed(request: &Request) -> Result<String> {
    let method = request.method();
    if request.site().options().debug && [Method::DELETE, Method::POST, Method::PUT, Method::PATCH].contains(method) {
        let path = request.path().escape_debug();
        return Err(Error::internal(format!(
            "a {method} went to `{path}`, which has no slash at its end, and a redirect would lose its body; \
             send it to `{path}/`, or set `http.append_slash` to false"
        )));
    }
    let path = request.full_path_of(&format!("{}/", request.path()));
    Ok(match path.strip_prefix("//") {
        Some(rest) => format!("/%2F{rest}"),
        None => path,
    })
}
