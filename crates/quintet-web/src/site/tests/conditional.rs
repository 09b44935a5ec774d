//! Conditional requests, against `oracle/vectors/conditional_get.json`.

use serde_json::Value;

use super::harness::{
    Given, Recording, ask, given, middleware, options, pairs, same, same_answer, site, status, text, texts,
    with_headers,
};
use crate::http::{Body, Cookie, Request, Response, Result};
use crate::urls::Urls;
use crate::view::get;

#[test]
fn conditional_requests_are_answered_as_recorded() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/conditional_get.json"));
    assert_eq!(recording.each("cases", &[], answered_as_recorded), 126);
}

fn answered_as_recorded(case: &Value) -> Result<(), String> {
    let mut options = options(routes);
    options.middleware = middleware(&texts(&case["middleware"]));
    options.middleware.push(Given(case["view"].clone()).into());
    let method = text(case, "method");
    let answer = ask(method, "/").headers(&pairs(case, "request_headers")).to(&site(options));
    same_answer(case, &answer)?;
    same("empty body", answer.body.is_empty(), case["body_empty"] == true || method == "HEAD")
}

fn routes() -> Urls {
    crate::urls![path("", get(shown).post(shown).put(shown).delete(shown).on(http::Method::OPTIONS, shown))]
}

async fn shown(request: &Request) -> Result<Response> {
    let view = given(request);
    let body = text(&view, "body").to_owned();
    let response = if view["streaming"] == true {
        Response::new(Body::stream(http_body_util::Full::from(body)), "text/html; charset=utf-8")
    } else {
        Response::html(body)
    };
    let mut response = with_headers(response, &pairs(&view, "headers"));
    if view["cookie"] == true {
        response.set_cookie(Cookie::new("sid", "1"));
    }
    Ok(response.with_status(http::StatusCode::from_u16(status(&view))?))
}
