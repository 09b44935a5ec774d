//! Exchanges of the recorded suites that need no model and no view of the reference's project: hosts, slashes,
//! redirects, preflights.

use serde_json::Value;

use super::harness::{ask, middleware, options, same, same_answer, site, text};
use crate::SiteOptions;
use crate::http::{Request, Response, Result};
use crate::middleware::Layer;
use crate::urls::Urls;
use crate::view;

const STANDARD: [&str; 3] = ["SecurityMiddleware", "CommonMiddleware", "XFrameOptionsMiddleware"];

/// The paths of the recorded project, as far as they are asked for here.
fn routes() -> Urls {
    crate::urls![
        path("api/notes/", view::get(unused).post(unused)),
        path("api/notes/delete/<int:pk>/", view::delete(unused)),
        path("api/shop/products/<path:pk>/", view::get(unused)),
    ]
}

async fn unused(request: &Request) -> Result<Response> {
    request.query()?;
    Ok(Response::text("a view's own answer is compared elsewhere"))
}

/// The middlewares of the profiles that are used here; others stand among them in the reference, and add nothing.
fn profile(name: &str) -> SiteOptions {
    let mut options = options(routes);
    options.cors.allowed_origins = vec!["http://localhost:5173".to_owned(), "https://app.example.com".to_owned()];
    options.cors.allowed_origin_regexes = vec![r"^https://[a-z0-9]+\.preview\.example\.com$".to_owned()];
    options.cors.urls_regex = "^/api/.*$".to_owned();
    options.cors.allow_private_network = true;
    options.cors.allow_credentials = true;
    options.cors.expose_headers = vec!["x-total-count".to_owned(), "x-request-id".to_owned()];
    options.cors.preflight_max_age = 600;
    options.allowed_hosts = vec!["testserver".to_owned(), ".example.com".to_owned()];
    let cors_first: Vec<&str> = ["CorsMiddleware"].into_iter().chain(STANDARD).collect();
    options.middleware = middleware(&cors_first);
    match name {
        "seed" => seed(&mut options),
        "secure" => {
            options.security.ssl_redirect = true;
            options.security.hsts_seconds = 31_536_000;
            options.security.proxy_ssl_header = Some(("x-forwarded-proto".to_owned(), "https".to_owned()));
        }
        "jsononly" => {
            options.http.append_slash = false;
            let layers: Vec<&str> =
                ["GZipMiddleware", "ConditionalGetMiddleware"].into_iter().chain(STANDARD).collect();
            options.middleware = middleware(&layers);
        }
        _ => {}
    }
    options
}

/// CORS for all, and its middleware last.
fn seed(options: &mut SiteOptions) {
    options.debug = true;
    options.cors = crate::config::Cors { allow_all_origins: true, ..Default::default() };
    options.allowed_hosts = vec!["*".to_owned()];
    let layers: Vec<Layer> = middleware(&STANDARD);
    options.middleware = [layers, middleware(&["CorsMiddleware"])].concat();
}

const SUITES: [(&str, &str); 6] = [
    ("hosts", include_str!("../../../../../oracle/transcripts/hosts.jsonl")),
    ("hosts_seed", include_str!("../../../../../oracle/transcripts/hosts_seed.jsonl")),
    ("secure", include_str!("../../../../../oracle/transcripts/secure.jsonl")),
    ("jsononly", include_str!("../../../../../oracle/transcripts/jsononly.jsonl")),
    ("cors_seed", include_str!("../../../../../oracle/transcripts/cors_seed.jsonl")),
    ("cors_strict", include_str!("../../../../../oracle/transcripts/cors_strict.jsonl")),
];

const OWN_PAGE: &str = "DEBUG pages are our own";
const ADMIN: &str = "a page of the admin site";

/// What a page or a redirect answers, but not by this layer alone.
const SKIPPED: [(&str, &str); 8] = [
    ("hosts.large_body", "413 and JSON here, see `handlers`"),
    ("hosts.too_many_fields", "a form, which a parser reads"),
    ("hosts.deep_json", "JSON, which a parser reads"),
    ("hosts_seed.slash_post", OWN_PAGE),
    ("hosts_seed.debug_404", OWN_PAGE),
    ("cors_seed.error_404", OWN_PAGE),
    ("cors_strict.preflight.admin", ADMIN),
    ("cors_strict.outside_urls_regex", ADMIN),
];

/// Whether the answer is a page, a redirect or a preflight's: what views of the recorded project answer is JSON.
fn is_page(exchange: &Value) -> bool {
    let headers = exchange["response"]["headers"].as_array().expect("headers");
    headers.iter().any(|header| header[1] == "text/html; charset=utf-8")
}

#[test]
fn what_needs_no_view_is_answered_as_in_the_recorded_suites() {
    let (mut ran, mut skipped, mut failed) = (0, 0, Vec::new());
    for line in SUITES.iter().flat_map(|(_, lines)| lines.lines()) {
        let exchange: Value = serde_json::from_str(line).expect("a recording is JSON");
        let id = text(&exchange, "id");
        if SKIPPED.iter().any(|(known, _)| *known == id) {
            skipped += 1;
        } else if is_page(&exchange) {
            ran += 1;
            failed.extend(replayed(&exchange).err().map(|error| format!("{id}: {error}")));
        }
    }
    assert!(failed.is_empty(), "{} differ:\n{}", failed.len(), failed.join("\n"));
    assert_eq!((ran, skipped), (52, SKIPPED.len()));
}

fn replayed(exchange: &Value) -> Result<(), String> {
    let (request, response) = (&exchange["request"], &exchange["response"]);
    let mut asked = ask(text(request, "method"), text(request, "path")).host(None);
    for header in request["headers"].as_array().expect("headers") {
        asked = asked.header(header[0].as_str().expect("a name"), header[1].as_str().expect("a value"));
    }
    let answer = asked.to(&site(profile(text(exchange, "profile"))));
    same_answer(response, &answer)?;
    match response["body"].as_str().filter(|_| text(request, "method") != "HEAD") {
        Some(body) => same("body", answer.text().as_str(), body),
        None => Ok(()),
    }
}
