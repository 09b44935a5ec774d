//! What a client sends and what it makes of answers.

use quintet::prelude::*;
use quintet::testing::{Client, TestData, assert_queries};

use crate::project::{client, sqlite};

/// What a panic says.
pub async fn panic_of(work: impl Future<Output = ()>) -> String {
    let mut work = Box::pin(work);
    let polled = std::future::poll_fn(|context| {
        let polled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work.as_mut().poll(context)));
        match polled {
            Ok(std::task::Poll::Pending) => std::task::Poll::Pending,
            Ok(std::task::Poll::Ready(())) => std::task::Poll::Ready(None),
            Err(panic) => std::task::Poll::Ready(Some(panic)),
        }
    });
    let panic = polled.await.expect("a panic");
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .expect("words")
}

#[quintet::test]
async fn data_goes_in_the_default_format_which_is_json() {
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = client().request(method.clone(), "/echo/", json!({ "a": [1, null] })).await.json();
        assert_eq!(answer["method"], method.as_str());
        assert_eq!((&answer["type"], &answer["body"]), (&json!("application/json"), &json!("{\"a\":[1,null]}")));
    }
    let empty = client().post("/echo/", ()).await.json();
    assert_eq!((&empty["type"], &empty["body"]), (&json!(null), &json!("")));
}

#[quintet::test]
async fn the_default_format_may_be_a_form_in_parts() {
    let client =
        client().with_settings(|settings| settings.rest_framework.test_request_default_format = "multipart".to_owned());
    let told = client.post("/data/", json!({ "title": "x", "yes": true, "tags": ["a", "b"] })).await.json();
    let told = told.as_str().expect("text");
    assert!(told.starts_with("Form(") && told.contains("(\"tags\", Text(\"a\")), (\"tags\", Text(\"b\"))"), "{told}");
    assert!(told.contains("(\"yes\", Text(\"True\"))"), "{told}");
    let json = client.post("/echo/", ()).json(&json!({ "a": {} })).await.json();
    assert_eq!(json["body"], "{\"a\":{}}", "who says JSON sends JSON");
}

#[quintet::test]
async fn what_a_form_cannot_say_is_refused() {
    let client = |format: &str| {
        let format = format.to_owned();
        client().with_settings(|settings| settings.rest_framework.test_request_default_format = format)
    };
    for (value, what) in [(json!({ "a": { "b": 1 } }), "`a` is `{\"b\":1}`"), (json!({ "n": null }), "`n` is `null`")] {
        let said = panic_of(async { drop(client("multipart").post("/echo/", &value).await) }).await;
        assert!(said.contains("asking.rs:") && said.contains(what) && said.contains("hint: "), "{said}");
    }
    let said = panic_of(async { drop(client("yaml").post("/echo/", json!({})).await) }).await;
    assert!(said.contains("is `yaml`") && said.contains("hint: write `json` or `multipart`"), "{said}");
}

#[quintet::test]
async fn forms_and_files_arrive() {
    let form = client().post("/data/", TestData::form([("a", "1 & 2"), ("a", "ü")])).await.json();
    assert!(
        form.as_str().is_some_and(|told| told.contains("(\"a\", Text(\"1 & 2\")), (\"a\", Text(\"ü\"))")),
        "{form}"
    );
    let data = TestData::multipart([("title", "x")]).file("picture", "p\"1.png", "bytes");
    let told = client().post("/data/", data).await.json();
    let told = told.as_str().expect("text");
    assert!(told.contains("(\"title\", Text(\"x\"))") && told.contains("(\"picture\", File(0))"), "{told}");
    let echoed = client().post("/echo/", TestData::multipart([("t", "x")]).file("f", "a.png", "b")).await.json();
    let body = echoed["body"].as_str().expect("text");
    assert!(body.contains("name=\"f\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nb\r\n"), "{body}");
    let refused = std::panic::catch_unwind(|| TestData::form([("a", "1")]).file("f", "a", "b"));
    assert!(refused.is_err(), "a plain form has no files");
}

#[quintet::test]
async fn a_file_that_a_view_keeps_is_gone_with_the_client() {
    let client = client();
    let folder = client.settings().media_root.clone();
    let data = TestData::multipart([("a", "b")]).file("f", "a.txt", "kept");
    assert_eq!(client.post("/upload/", data).await.assert_status(200).json(), "kept.txt");
    assert_eq!(std::fs::read_to_string(folder.join("kept.txt")).expect("it is there"), "kept");
    drop(client);
    assert!(!folder.exists(), "{}", folder.display());
}

#[quintet::test]
async fn queries_headers_and_schemes_are_as_said() {
    let answer =
        client().get("/echo/?a=1").query([("b", "x y"), ("b", "ü&")]).header("content-type", "x/y").await.json();
    assert_eq!((&answer["query"], &answer["type"]), (&json!("a=1&b=x+y&b=%C3%BC%26"), &json!("x/y")));
    assert_eq!(answer["scheme"], "http");
    assert_eq!(client().over_https().get("/echo/").await.json()["scheme"], "https");
}

#[quintet::test]
async fn cookies_are_kept_and_a_clone_goes_on_with_its_own() {
    let client = client();
    client.get("/cookie/dark/").await;
    assert_eq!(client.cookie("theme").as_deref(), Some("dark"));
    let other = client.clone();
    other.get("/cookie/light/").await;
    assert_eq!(client.get("/echo/").await.json()["cookie"], "theme=dark");
    assert_eq!(other.with_cookie("a", "b").get("/echo/").await.json()["cookie"], "theme=light; a=b");
}

#[quintet::test]
async fn redirects_are_followed_when_that_is_asked() {
    let client = client();
    assert_eq!(client.get("/old/").await.status(), 302);
    let answer = client.get("/old/").follow().await;
    let way = [(302, "/elsewhere/?a=1".to_owned()), (302, "../echo/".to_owned())];
    assert_eq!((answer.status(), answer.redirects()), (200, &way[..]));
    let again = client.post("/elsewhere/", json!({ "a": 1 })).follow().await.json();
    assert_eq!((&again["method"], &again["body"]), (&json!("POST"), &json!("{\"a\":1}")), "307 keeps what was asked");
    let changed = client.post("/elsewhere/?a=1", json!({ "a": 1 })).follow().await.json();
    assert_eq!((&changed["method"], &changed["type"]), (&json!("GET"), &json!(null)), "302 does not");
    let said = panic_of(async { drop(client.get("/round/").follow().await) }).await;
    assert!(said.contains("more than 20 redirects"), "{said}");
}

#[quintet::test]
async fn why_a_view_failed_is_told() {
    let answer = client().get("/fail/").await;
    assert_eq!(answer.status(), 500);
    let error = &answer.errors()[0];
    assert!(error.contains("invalid digit found in string") && error.contains("project.rs:"), "{error}");
    let said = panic_of(async { drop(client().get("/fail/").await.json()) }).await;
    assert!(said.contains("invalid digit found in string"), "{said}");
    let said = panic_of(async {
        client().get("/panic/").await.assert_status(200);
    })
    .await;
    assert!(said.contains("the status is 500, and 200 expected") && said.contains("the view gives up"), "{said}");
}

#[quintet::test]
async fn a_client_without_a_database_says_how_to_have_one() {
    let answer = client().get("/memos/").await;
    assert_eq!(answer.status(), 500);
    assert!(answer.errors()[0].contains("no such table"), "{answer:?}");
    assert!(answer.errors()[0].contains("hint: a test that needs tables makes its client by"), "{answer:?}");
    let said = panic_of(async { drop(client().with_fixture("memos")) }).await;
    assert!(said.contains("hint: make the client by `Client::with_database`"), "{said}");
}

#[quintet::test]
async fn other_settings_are_for_the_same_database() {
    let client = Client::with_database(sqlite);
    client.post("/memos/", json!({ "title": "one" })).await.assert_status(201);
    let other = client.clone().with_settings(|settings| settings.security.x_frame_options = "SAMEORIGIN".to_owned());
    let answer = assert_queries(1, async || other.get("/memos/").await).await;
    assert_eq!((answer.json(), answer.header("x-frame-options")), (json!(["one"]), Some("SAMEORIGIN")));
    assert_eq!(client.get("/memos/").await.header("x-frame-options"), Some("DENY"), "this one is as it was");
}
