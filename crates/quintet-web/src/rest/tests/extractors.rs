//! Functions of views that take axum's extractors.

use std::collections::HashMap;

use axum::extract::{Extension, Path};
use bytes::Bytes;
use http::{HeaderMap, Uri};

use super::harness::{settings, site};
use crate::http::{Method, Request, Response, Result};
use crate::rest::{IsAuthenticated, RestFramework};
use crate::urls::Urls;
use crate::view::{api_view, get, on, post};

async fn request_alone(request: &Request) -> Result<Response> {
    Ok(Response::data(request.path()))
}

async fn one(Path(number): Path<u8>) -> Result<Response> {
    Ok(Response::data(i64::from(number)))
}

async fn several(Path(named): Path<HashMap<String, String>>, uri: Uri, headers: HeaderMap) -> Result<Response> {
    let told = headers.get("x-told").and_then(|told| told.to_str().ok()).unwrap_or_default();
    Ok(Response::data(format!("{} {} {} {told}", named["a"], named["b"], uri.path())))
}

async fn behind(request: &Request, Path((a, b)): Path<(String, u8)>) -> Result<Response> {
    Ok(Response::data(format!("{} {a} {b}", request.user().username())))
}

async fn body(request: &Request, method: Method, body: String) -> Result<Response> {
    Ok(Response::data(format!("{method} {} {body}", request.path())))
}

async fn bytes(body: Bytes) -> Result<Response> {
    Ok(Response::data(body.len() as i64))
}

/// No extractor reads the body, so that the request still has it.
async fn left(request: &Request, _: HeaderMap) -> Result<Response> {
    Ok(Response::data(String::from_utf8_lossy(&request.bytes().await?).into_owned()))
}

async fn nobody_set(Extension(_): Extension<std::sync::Arc<u8>>) -> Result<Response> {
    Ok(Response::data(1))
}

fn urls() -> Urls {
    crate::urls![
        path("alone/", api_view(get(request_alone))),
        path("one/<str:number>/", api_view(get(one))),
        path("several/<str:a>/<str:b>/", get(several)),
        path("behind/<str:a>/<str:b>/", api_view(get(behind)).permissions(IsAuthenticated)),
        path("body/", api_view(post(body).put(bytes).on(Method::PATCH, left))),
        path("wrong/", on(Method::GET, nobody_set)),
    ]
}

#[test]
fn a_function_takes_extractors_instead_of_the_request_or_behind_it() {
    let asked = site(urls, settings());
    asked.get("/alone/").is(200, r#""/alone/""#);
    asked.get("/one/7/").is(200, "7");
    asked.ask("GET", "/several/x%20y/%C3%A9%2Fz/", &[("x-told", "t")]).is(404, &asked.get("/none/").body);
    asked.ask("GET", "/several/x%20y/%C3%A9/", &[("x-told", "t")]).is(200, r#""x y é /several/x%20y/%C3%A9/ t""#);
    asked.by("ana", "GET", "/behind/x/3/").is(200, r#""ana x 3""#);
}

#[test]
fn the_last_extractor_may_read_the_body_and_others_leave_it() {
    let asked = site(urls, settings());
    asked.send("POST", "/body/", &[("content-type", "text/plain")], "words").is(200, r#""POST /body/ words""#);
    asked.send("PUT", "/body/", &[], "words").is(200, "5");
    asked.send("PATCH", "/body/", &[], "words").is(200, r#""words""#);
}

#[test]
fn what_an_extractor_rejects_is_a_refusal_of_ours() {
    let asked = site(urls, settings());
    let refused = asked.get("/one/300/");
    assert_eq!((refused.status, refused.header("allow")), (400, "GET, OPTIONS"));
    assert!(refused.body.starts_with(r#"{"detail":"Invalid URL: "#), "{}", refused.body);
}

#[test]
fn permissions_come_before_extractors() {
    let refused = site(urls, settings()).get("/behind/x/300/");
    assert_eq!(refused.status, 401);
}

#[test]
fn an_extractor_that_fails_by_the_programs_fault_is_the_500_page() {
    let failed = site(urls, RestFramework::default()).get("/wrong/");
    assert_eq!((failed.status, failed.body.contains("extension")), (500, false), "{}", failed.body);
}
