//! Slash and `www.` redirects, refused agents, lengths, against `oracle/vectors/append_slash.json`.

use http::{Method, StatusCode};
use serde_json::Value;

use super::harness::{Recording, ask, middleware, options, pairs, same, set, site, status, text};
use crate::http::{Body, Error, Request, Response, Result};
use crate::urls::Urls;
use crate::view::{Function, Handler, get};

#[test]
fn slashes_are_appended_and_lengths_set_as_recorded() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/append_slash.json"));
    let skipped = [(
        "query not ASCII",
        "the reference writes UTF-8 that came unescaped twice encoded under WSGI, once under ASGI; here it is once",
    )];
    assert_eq!(recording.each("cases", &skipped, answered_as_recorded), 93);
}

fn answered_as_recorded(case: &Value) -> Result<(), String> {
    let mut options = options(routes);
    set(&mut options, &case["settings"]);
    options.middleware = middleware(&["CommonMiddleware"]);
    let asked = ask(text(case, "method"), text(case, "target")).host(case["host"].as_str());
    let asked = asked.headers(&pairs(case, "request_headers")).https(case["scheme"] == "https");
    let answer = asked.to(&site(options));
    same("status", answer.code(), status(case))?;
    same("location", answer.header("location"), case["location"].as_str())?;
    same("content type", answer.header("content-type"), case["content_type"].as_str())?;
    match case["content_length"].as_str() {
        Some("<page>") => Ok(()),
        // The server writes the length of what has none.
        None if text(case, "method") == "HEAD" => Ok(()),
        recorded => same("content length", answer.header("content-length"), recorded),
    }
}

#[test]
fn a_query_that_came_unescaped_is_escaped_once_in_a_redirect() {
    let mut options = options(routes);
    options.middleware = middleware(&["CommonMiddleware"]);
    let answer = ask("GET", "/known?q=é").to(&site(options));
    assert_eq!(answer.header("location"), Some("/known/?q=%C3%A9"));
}

fn routes() -> Urls {
    crate::urls![
        path("", any(ok)),
        path("known/", any(ok)),
        path("both", any(ok)),
        path("both/", any(ok)),
        path("bare", any(ok)),
        path("deep/a/b/", any(ok)),
        path("num/<int:n>/", any(ok)),
        path("café/", any(ok)),
        path("any/<path:rest>/", any(ok)),
        path("/evil.example/any/", any(ok)),
        path("//evil.example/any/", any(ok)),
        path("\\evil.example/any/", any(ok)),
        path("gone/", any(gone)),
        path("gone", any(gone)),
        path("raises", any(raises)),
        path("raises/", any(ok)),
        path("optout/", any(ok).no_append_slash()),
        path("stream/", any(stream)),
        path("length/", any(length)),
        path("empty/", any(empty)),
        path("204/", any(no_content)),
        path("304/", any(not_modified)),
        path("boom/", any(boom)),
    ]
}

fn any(function: impl for<'a> Handler<'a> + Copy + 'static) -> Function {
    get(function).post(function).put(function).patch(function).delete(function).on(Method::OPTIONS, function)
}

async fn ok(_: &Request) -> Result<Response> {
    Ok(Response::html("ok"))
}

async fn gone(_: &Request) -> Result<Response> {
    Ok(Response::html("gone").with_status(StatusCode::NOT_FOUND))
}

async fn raises(_: &Request) -> Result<Response> {
    Err(Error::page(StatusCode::NOT_FOUND, ""))
}

async fn stream(_: &Request) -> Result<Response> {
    Ok(Response::new(Body::stream(http_body_util::Full::from("ok")), "text/html; charset=utf-8"))
}

async fn length(_: &Request) -> Result<Response> {
    Ok(Response::html("ok").with_header("content-length", "99"))
}

async fn empty(_: &Request) -> Result<Response> {
    Ok(Response::html(""))
}

async fn no_content(_: &Request) -> Result<Response> {
    Ok(Response::html("").with_status(StatusCode::NO_CONTENT))
}

async fn not_modified(_: &Request) -> Result<Response> {
    Ok(Response::html("").with_status(StatusCode::NOT_MODIFIED))
}

async fn boom(_: &Request) -> Result<Response> {
    Err(Error::unexpected("boom"))
}
