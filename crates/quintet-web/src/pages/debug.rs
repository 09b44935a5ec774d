//! What a developer sees instead of the fixed pages while DEBUG is on: what was tried, what failed, with which settings.
//!
//! Everything that came from outside is escaped; everything that looks like a secret is masked.

use std::fmt::Write as _;

use http::StatusCode;
use quintet_core::secrecy::mask_urls;

use super::escaped;
use super::masks::{masked_headers, masked_query, masked_settings};
use crate::http::{Error, Request, Response};

/// The 404 page: which routes were tried, in order.
pub(crate) fn not_found_page(request: &Request) -> Response {
    let tried = request.site().tried(request.path());
    let mut list = String::new();
    for route in &tried {
        let _ = write!(list, "<li><code>{}</code></li>", escaped(route));
    }
    let path = request.path().strip_prefix('/').unwrap_or_default();
    let current = match path {
        "" => "The empty path".to_owned(),
        path => format!("The current path, <code>{}</code>,", escaped(path)),
    };
    let routes = match tried.len() {
        0 => "<p>This site has no routes yet: add one to <code>urls![ .. ]</code> in <code>src/urls.rs</code>.</p>"
            .to_owned(),
        _ => format!(
            "<p>These routes were tried, in this order:</p><ol>{list}</ol><p>{current} matched none of them.</p>"
        ),
    };
    let body = format!("{}{routes}", request_table(request));
    page(StatusCode::NOT_FOUND, "Page not found", &format!("{} {}", request.method(), request.path()), &body)
}

/// The page of an error: what failed and why, the request, the settings.
pub(crate) fn error_page(request: &Request, error: &Error) -> Response {
    let chain = error.chain();
    let (what, causes) = chain.split_first().map_or(("", [].as_slice()), |(what, causes)| (what.as_str(), causes));
    let mut body = String::new();
    if let Some(place) = error.place() {
        let _ = write!(body, "<p>It came up at <code>{}</code>.</p>", escaped(&place.to_string()));
    }
    if !causes.is_empty() {
        body.push_str("<h2>Because</h2><ol>");
        for cause in causes {
            let _ = write!(body, "<li>{}</li>", escaped(&mask_urls(cause)));
        }
        body.push_str("</ol>");
    }
    let _ = write!(body, "{}{}{}", request_table(request), headers_table(request), settings_table(request));
    page(error.status(), &mask_urls(what), &format!("{} {}", request.method(), request.path()), &body)
}

/// The same for a client that takes no HTML.
pub(crate) fn error_text(request: &Request, error: &Error) -> Response {
    let mut text = format!("{} {}\n", request.method(), request.path());
    for (depth, cause) in error.chain().iter().enumerate() {
        let _ = writeln!(text, "{}{}", if depth == 0 { "error: " } else { "because: " }, mask_urls(cause));
    }
    let _ = writeln!(text, "\nThis text is shown because DEBUG is on.");
    Response::text(text).with_status(error.status())
}

fn request_table(request: &Request) -> String {
    let rows = [
        ("Method", request.method().to_string()),
        ("Path", request.path().to_owned()),
        ("Query", masked_query(request)),
        ("Route", request.route().unwrap_or("none").to_owned()),
        ("Request id", request.id()),
    ];
    table("Request", &rows.map(|(name, value)| (name.to_owned(), value)))
}

fn headers_table(request: &Request) -> String {
    table("Headers", &masked_headers(request))
}

fn settings_table(request: &Request) -> String {
    table("Settings", &masked_settings(request))
}

fn table(title: &str, rows: &[(String, String)]) -> String {
    let mut text = format!("<h2>{title}</h2><table>");
    for (name, value) in rows {
        let _ = write!(text, "<tr><th>{}</th><td><code>{}</code></td></tr>", escaped(name), escaped(value));
    }
    text + "</table>"
}

fn page(status: StatusCode, title: &str, subtitle: &str, body: &str) -> Response {
    let (title, subtitle) = (escaped(title), escaped(subtitle));
    Response::html(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"robots\" content=\"NONE,NOARCHIVE\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header><p>{}</p><h1>{title}</h1><p><code>{subtitle}</code></p></header>\n\
         <main>{body}</main>\n<footer><p>You see this page because <code>DEBUG</code> is on. Switch it off in production: \
         visitors then get a short fixed page.</p></footer>\n</body>\n</html>\n",
        status.as_u16()
    ))
    .with_status(status)
}

const STYLE: &str = "body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1d2330;background:#fff}\
    header{background:#f3efe4;padding:1.5rem 2rem;border-bottom:1px solid #d8d0bb}main,footer{padding:1rem 2rem}\
    h1{font-size:1.5rem;margin:.2rem 0;overflow-wrap:anywhere}h2{font-size:1.1rem}table{border-collapse:collapse}\
    th{text-align:left;font-weight:600;padding:.2rem 1rem .2rem 0;vertical-align:top}td{overflow-wrap:anywhere}\
    code{font:14px ui-monospace,monospace}header p{margin:0}footer{color:#5a6070}\
    @media(prefers-color-scheme:dark){body{background:#14171d;color:#e6e6e6}header{background:#20252e;border-color:#333}}";
