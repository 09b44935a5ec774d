//! Which addresses a redirect takes, against `oracle/vectors/redirects.json`.

use serde_json::Value;

use super::harness::{Given, Recording, get, given, middleware, options, same, site, status, text};
use crate::http::{Request, Response, Result};
use crate::pages;
use crate::urls::Urls;
use crate::view;

fn routes() -> Urls {
    crate::urls![path("found/", view::get(found)), path("moved/", view::get(moved))]
}

async fn found(request: &Request) -> Result<Response> {
    Ok(Response::redirect(&location(&given(request))))
}

async fn moved(request: &Request) -> Result<Response> {
    Ok(Response::permanent_redirect(&location(&given(request))))
}

fn location(case: &Value) -> String {
    let fill = usize::try_from(case["fill"].as_u64().expect("a number")).expect("a size");
    text(case, "location").to_owned() + &"a".repeat(fill)
}

#[test]
fn redirects_are_taken_and_refused_as_recorded() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/redirects.json"));
    let ran = recording.each("cases", &[], |case| {
        let mut options = options(routes);
        options.middleware = vec![Given(case.clone()).into()];
        let answer = get(&format!("/{}/", text(case, "target"))).to(&site(options));
        same("status", answer.code(), status(case))?;
        if case["fill"] == 0 {
            same("location", answer.header("location"), case["answer"].as_str())?;
        }
        let page = pages::fixed(answer.status);
        let body = if answer.code() < 400 { "".into() } else { page.body().whole().cloned().unwrap_or_default() };
        same("body", answer.body, body)
    });
    assert_eq!(ran, 128);
}

#[test]
fn a_redirect_of_a_middleware_that_gets_too_long_is_refused() {
    let mut options = options(|| crate::urls![path("<path:rest>/", view::get(found))]);
    options.middleware = middleware(&["CommonMiddleware"]);
    let site = site(options);
    assert_eq!(get(&format!("/{}", "a".repeat(16_382))).to(&site).code(), 301);
    assert_eq!(get(&format!("/{}", "a".repeat(16_383))).to(&site).code(), 400);
}
