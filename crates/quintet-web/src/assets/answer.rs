//! What a front end answers to a request that no route takes.

use http::header::{ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderValue, Method, StatusCode};

use super::{Asset, Assets, FrontEnd, PAGE, handed_on};
use crate::http::{Request, Response};

/// A file, or the page where a browser goes to an address; nothing where it is neither.
pub(crate) async fn answer(request: &Request) -> Option<Response> {
    let site = request.site();
    let frontend = site.options().frontend.as_ref()?;
    if ![Method::GET, Method::HEAD].contains(request.method()) || site.owns(request.path()) {
        return None;
    }
    match frontend {
        FrontEnd::Built(assets) => built(request, assets),
        FrontEnd::Server(address) => Some(handed_on::answer(request, *address).await),
        FrontEnd::Unbuilt => unbuilt(request),
    }
}

/// For whoever looks at a new site and sees no front end. Elsewhere nothing is there, as without one.
fn unbuilt(request: &Request) -> Option<Response> {
    let is_asked = request.path() == "/" && is_navigation(request);
    let page = || {
        Response::html(UNBUILT)
            .with_status(StatusCode::NOT_FOUND)
            .with_header("cache-control", "no-store")
            .with_header("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
    };
    is_asked.then(page)
}

const UNBUILT: &str = "<!doctype html>
<html lang=\"en\">
<head>
  <meta charset=\"utf-8\">
  <meta name=\"viewport\" content=\"width=device-width\">
  <title>The front end is not built</title>
</head>
<body>
  <h1>The front end is not built</h1>
  <p>The API is served. For pages, install Node.js 20.19 or newer, then run in the project's folder:</p>
  <pre>npm install --prefix frontend
cargo manage build</pre>
  <p>and start the program that this makes. While you work on it, <code>cargo manage runserver</code> does both.</p>
</body>
</html>
";

fn built(request: &Request, assets: &Assets) -> Option<Response> {
    let name = request.path().trim_start_matches('/');
    if let Some(asset) = assets.files.get(name).filter(|_| name != PAGE) {
        return Some(sent(request, asset, caching_of(name)));
    }
    let page = assets.files.get(PAGE).filter(|_| is_navigation(request))?;
    let mut response = sent(request, page, REVALIDATED);
    if let Ok(policy) = HeaderValue::try_from(&assets.policy) {
        response.headers_mut().insert("content-security-policy", policy);
    }
    Some(response)
}

/// For good: the name has a digest of the content.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// Kept, and asked about each time.
const REVALIDATED: &str = "no-cache";

fn caching_of(name: &str) -> &'static str {
    if name.starts_with("assets/") { IMMUTABLE } else { REVALIDATED }
}

/// Whether a browser goes to an address, and no script asks for data: that one had better be told that nothing is there.
fn is_navigation(request: &Request) -> bool {
    match request.header("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => request.header(ACCEPT).is_some_and(|accept| accept.contains("text/html")),
    }
}

fn sent(request: &Request, asset: &Asset, caching: &'static str) -> Response {
    let accepted = request.header(ACCEPT_ENCODING).unwrap_or_default();
    let (coding, bytes) = [("br", &asset.brotli), ("gzip", &asset.gzip)]
        .into_iter()
        .find_map(|(coding, bytes)| Some((coding, bytes.as_ref()?)).filter(|_| accepts(&accepted, coding)))
        .unwrap_or(("", &asset.plain));
    let etag = match coding {
        "" => format!("\"{}\"", asset.etag),
        coding => format!("\"{}-{coding}\"", asset.etag),
    };
    let known = request.header(IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|tag| same(tag, &etag)));
    let mut response =
        if known { Response::empty(StatusCode::NOT_MODIFIED) } else { Response::new(bytes.clone(), "text/plain") };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(ETAG, etag);
    }
    if !known {
        if let Ok(content_type) = HeaderValue::try_from(&asset.content_type) {
            headers.insert(CONTENT_TYPE, content_type);
        }
        if !coding.is_empty() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
    }
    if asset.gzip.is_some() || asset.brotli.is_some() {
        response.patch_vary("Accept-Encoding");
    }
    response
}

/// Whether a list of codings names one, and not with a quality of 0.
fn accepts(list: &str, coding: &str) -> bool {
    list.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding))
            && parts.all(|part| part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) != Some(0.0))
    })
}

/// A weak tag is good enough: a proxy that compressed has made it so.
fn same(tag: &str, etag: &str) -> bool {
    let tag = tag.trim();
    tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
}
