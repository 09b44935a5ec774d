//! Uploaded files at their addresses: by `runserver`, and by `serve` where `serve_media` asks for it.
//!
//! They come from strangers: no browser guesses their type, runs them, or is led out of their folder.

use std::time::{Duration, SystemTime};

use http::header::{CONTENT_LENGTH, IF_MODIFIED_SINCE, LAST_MODIFIED};
use http::{HeaderValue, Method, StatusCode};

use crate::http::{
    Disposition, Request, Response, Result, content_disposition, content_type_of, http_date, parse_http_date,
};
use crate::rest::storage::{Found, find};

/// Types that can do something by themselves in a browser: they are saved, not shown.
const ACTIVE: [&str; 9] = [
    "text/html",
    "application/xhtml+xml",
    "image/svg+xml",
    "text/xml",
    "application/xml",
    "text/javascript",
    "application/x-shockwave-flash",
    "message/rfc822",
    "application/octet-stream",
];

/// The file that a request asks for; nothing where it is not for us to answer.
pub(super) async fn answer(request: &Request) -> Option<Response> {
    let media = &request.site().options().media;
    if !media.serve || media.root.as_os_str().is_empty() {
        return None;
    }
    let name = request.path().strip_prefix(&*media.path()?)?;
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return None;
    }
    let answer = match request.get_host() {
        Err(error) => crate::pages::fixed(error.status()),
        Ok(_) => match find(media.root.clone(), name).await {
            Ok(Some(found)) => served(request, name, found).unwrap_or_else(|error| crate::pages::fixed(error.status())),
            Ok(None) => crate::pages::fixed(StatusCode::NOT_FOUND),
            Err(error) => {
                super::log_error(request, &error);
                crate::pages::fixed(error.status())
            }
        },
    };
    Some(answer.with_header("x-content-type-options", "nosniff"))
}

fn served(request: &Request, name: &str, found: Found) -> Result<Response> {
    let modified = found.modified.map(whole_seconds);
    let now = request.site().options().clock.now();
    let known = request.header(IF_MODIFIED_SINCE).and_then(|value| parse_http_date(&value, now));
    if modified.zip(known).is_some_and(|(modified, known)| modified <= known) {
        return Ok(Response::empty(StatusCode::NOT_MODIFIED));
    }
    let file = name.rsplit('/').next().unwrap_or_default();
    let content_type = content_type_of(file).unwrap_or_else(|| "application/octet-stream".to_owned());
    let size = found.size;
    let mut response = Response::new(found.into_body(), "application/octet-stream");
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::try_from(&content_type)?);
    headers.insert(CONTENT_LENGTH, size.into());
    if let Some(modified) = modified {
        headers.insert(LAST_MODIFIED, HeaderValue::try_from(http_date(modified))?);
    }
    // Even where a browser shows it: without scripts, and as a stranger to this site.
    headers.insert("content-security-policy", HeaderValue::from_static("default-src 'none'; sandbox"));
    if ACTIVE.contains(&&*content_type)
        && let Some(value) = content_disposition(Disposition::Attachment, file)
    {
        headers.insert("content-disposition", value);
    }
    Ok(response)
}

fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_secs(since.as_secs())
}
