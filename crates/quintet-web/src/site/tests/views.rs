//! Methods that a view has or has not, against `oracle/vectors/views.json`.

use http::Method;
use serde_json::Value;

use super::harness::{Answer, Recording, ask, options, same, same_answer, site, text, texts};
use crate::http::{Request, Response, Result};
use crate::urls::Urls;
use crate::view::{delete, get, on, post, put};

const CASE: &str = "methods are case-sensitive: `get` is another method than `GET`, and no view has it";

#[test]
fn a_method_that_a_view_has_is_answered_as_by_the_references_views() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/views.json"));
    let ran = recording.each("views", &lower_case(), |case| {
        let answer = answered(case);
        if case["status"] == 405 { Ok(()) } else { same_answer(case, &answer) }
    });
    assert_eq!(ran, 72);
}

#[test]
fn a_method_that_a_view_has_not_is_answered_as_by_the_references_api_views() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/views.json"));
    let ran = recording.each("apis", &lower_case(), |case| {
        if case["status"] != 405 {
            return Ok(());
        }
        let answer = answered(case);
        same_answer(case, &answer)?;
        let body = if text(case, "method") == "HEAD" { "" } else { text(case, "body") };
        same("body", answer.text().as_str(), body)
    });
    assert_eq!(ran, 72);
}

/// The cases that send `get`, each with the reason why it is another matter here.
fn lower_case() -> [(&'static str, &'static str); 8] {
    [
        "get to get",
        "get to post",
        "get to get+post",
        "get to post+get",
        "get to delete+patch+put+post+get",
        "get to get+head",
        "get to put+options",
        "get to head",
    ]
    .map(|id| (id, CASE))
}

fn answered(case: &Value) -> Answer {
    let urls =
        SETS.iter().find(|(methods, _)| *methods == texts(&case["methods"]).join("+")).expect("a set of methods").1;
    ask(text(case, "method"), "/").to(&site(options(urls)))
}

type Routes = fn() -> Urls;

/// The recorded sets of methods.
const SETS: [(&str, Routes); 8] = [
    ("get", || crate::urls![path("", get(ok))]),
    ("post", || crate::urls![path("", post(ok))]),
    ("get+post", || crate::urls![path("", get(ok).post(ok))]),
    ("post+get", || crate::urls![path("", post(ok).get(ok))]),
    ("delete+patch+put+post+get", || crate::urls![path("", delete(ok).patch(ok).put(ok).post(ok).get(ok))]),
    ("get+head", || crate::urls![path("", get(ok).on(Method::HEAD, ok))]),
    ("put+options", || crate::urls![path("", put(ok).on(Method::OPTIONS, ok))]),
    ("head", || crate::urls![path("", on(Method::HEAD, ok))]),
];

async fn ok(_: &Request) -> Result<Response> {
    Ok(Response::text("ok"))
}

#[test]
fn a_method_in_lower_case_is_another_method() {
    let answer = ask("get", "/").to(&site(options(SETS[0].1)));
    assert_eq!((answer.code(), answer.text().as_str()), (405, r#"{"detail":"Method \"get\" not allowed."}"#));
}

#[test]
fn of_two_functions_for_one_method_the_later_counts() {
    async fn later(_: &Request) -> Result<Response> {
        Ok(Response::text("later"))
    }
    let answer = ask("GET", "/").to(&site(options(|| crate::urls![path("", get(ok).get(later))])));
    assert_eq!(answer.text(), "later");
}
