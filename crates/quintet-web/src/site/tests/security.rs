//! Security headers, HTTPS redirect and frame options, against `oracle/vectors/security_headers.json`.

use serde_json::Value;

use super::harness::{
    Given, Recording, ask, given, middleware, options, pairs, same_answer, set, site, text, texts, with_headers,
};
use crate::http::{Error, Request, Response, Result};
use crate::urls::Urls;
use crate::view::{Function, get};

#[test]
fn security_headers_and_redirects_are_as_recorded() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/security_headers.json"));
    let skipped = [("proxy header of one part is a server error", "the setting is a pair by its type")];
    assert_eq!(recording.each("cases", &skipped, answered_as_recorded), 84);
}

fn answered_as_recorded(case: &Value) -> Result<(), String> {
    let mut options = options(routes);
    set(&mut options, &case["settings"]);
    options.middleware = middleware(&texts(&case["middleware"]));
    options.middleware.push(Given(case.clone()).into());
    let request = &case["request"];
    let asked = ask(text(request, "method"), text(request, "target")).host(request["host"].as_str());
    let asked = asked.headers(&pairs(request, "headers")).https(request["scheme"] == "https");
    same_answer(case, &asked.to(&site(options)))
}

fn routes() -> Urls {
    crate::urls![
        path("boom/", any(boom)),
        re_path("^missing", any(missing)),
        path("exempt/", any(exempt)),
        path("sameorigin/", any(sameorigin)),
        path("deny/", any(deny)),
        re_path("", any(ok)),
    ]
}

fn any(function: impl for<'a> crate::view::Handler<'a> + Copy + 'static) -> Function {
    get(function).post(function).put(function).patch(function).delete(function)
}

async fn ok(request: &Request) -> Result<Response> {
    Ok(with_headers(Response::html("ok"), &pairs(&given(request), "view_headers")))
}

async fn boom(_: &Request) -> Result<Response> {
    Err(Error::unexpected("boom"))
}

async fn missing(_: &Request) -> Result<Response> {
    Err(Error::page(http::StatusCode::NOT_FOUND, "no such thing"))
}

async fn exempt(request: &Request) -> Result<Response> {
    Ok(ok(request).await?.xframe_options_exempt())
}

async fn sameorigin(request: &Request) -> Result<Response> {
    Ok(with_frames(ok(request).await?, "SAMEORIGIN"))
}

async fn deny(request: &Request) -> Result<Response> {
    Ok(with_frames(ok(request).await?, "DENY"))
}

/// The reference's decorators set the header unless the view did.
fn with_frames(response: Response, policy: &str) -> Response {
    if response.header("x-frame-options").is_some() {
        response
    } else {
        response.with_header("x-frame-options", policy)
    }
}
