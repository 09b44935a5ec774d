//! Functions and methods of views that take axum's extractors.

use std::collections::HashMap;

use axum::extract::{Extension, Path};
use bytes::Bytes;
use http::{HeaderMap, Uri};

use super::harness::{settings, site};
use crate::http::{Method, Request, Response, Result};
use crate::rest::{
    Actions, ApiView, DefaultRouter, HasPermission, IsAuthenticated, Methods, Permission, RestFramework, Standard,
    ViewFacts, ViewSet,
};
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

/// What a view keeps is there for methods that take extractors.
struct Scaled(u32);

impl ApiView for Scaled {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::request_alone).post(Self::instead).put(Self::behind).patch(Self::body);
    }
}

impl Scaled {
    async fn request_alone(&self, request: &Request) -> Result<Response> {
        Ok(Response::data(format!("{} {}", self.0, request.path())))
    }

    async fn instead(&self, Path(number): Path<u8>, uri: Uri) -> Result<Response> {
        Ok(Response::data(format!("{} {}", self.0 * u32::from(number), uri.path())))
    }

    async fn behind(&self, request: &Request, Path(number): Path<u8>) -> Result<Response> {
        Ok(Response::data(format!("{} {}", self.0 * u32::from(number), request.method())))
    }

    async fn body(&self, body: String) -> Result<Response> {
        Ok(Response::data(format!("{} {body}", self.0)))
    }
}

struct Shelves;

impl ViewSet for Shelves {
    fn actions(actions: &mut Actions<Self>) {
        actions.standard(Standard::Retrieve, Self::retrieve);
        actions.detail(Method::POST, "fill", Self::fill).permissions(IsAuthenticated).on(Method::PUT, Self::refill);
        actions.list(Method::GET, "told", Self::told);
    }

    fn permissions(&self) -> Permission {
        crate::rest::AllowAny.into()
    }
}

impl Shelves {
    async fn retrieve(&self, Path(pk): Path<u16>) -> Result<Response> {
        Ok(Response::data(i64::from(pk)))
    }

    async fn fill(&self, request: &Request, Path(pk): Path<u16>, body: String) -> Result<Response> {
        Ok(Response::data(format!("{} {pk} {body}", request.user().username())))
    }

    async fn refill(&self, request: &Request) -> Result<Response> {
        Ok(Response::data(request.path()))
    }

    async fn told(&self, headers: HeaderMap) -> Result<Response> {
        Ok(Response::data(headers.get("x-told").is_some()))
    }
}

/// Only whoever says `x-told` may ask: an extractor in a permission, and two in a hook.
#[derive(Clone, Copy)]
struct Told;

impl HasPermission for Told {
    async fn request(&self, request: &Request, _: &ViewFacts) -> Result<bool> {
        let headers: HeaderMap = request.extract().await?;
        Ok(headers.contains_key("x-told"))
    }
}

struct Hooked;

impl ApiView for Hooked {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::store);
    }

    fn permissions(&self) -> Permission {
        Told.into()
    }

    async fn initial(&self, request: &Request) -> Result<()> {
        let (Path(number), uri): (Path<u8>, Uri) = request.extract().await?;
        request.insert(format!("{number} {}", uri.path()));
        Ok(())
    }
}

impl Hooked {
    async fn store(&self, request: &Request) -> Result<Response> {
        let body: String = request.extract().await?;
        let kept = request.get::<String>().unwrap_or_default();
        Ok(Response::data(format!("{kept} {body}")))
    }
}

fn urls() -> Urls {
    crate::urls![
        path("scaled/<str:number>/", Scaled(3)),
        path("hooked/<str:number>/", Hooked),
        include("", DefaultRouter::new().register_as("shelves", Shelves, "shelf").urls()),
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
fn a_method_of_a_view_takes_extractors_instead_of_the_request_or_behind_it() {
    let asked = site(urls, settings());
    asked.get("/scaled/7/").is(200, r#""3 /scaled/7/""#);
    asked.ask("POST", "/scaled/7/", &[]).is(200, r#""21 /scaled/7/""#);
    asked.ask("PUT", "/scaled/7/", &[]).is(200, r#""21 PUT""#);
    asked.send("PATCH", "/scaled/7/", &[], "words").is(200, r#""3 words""#);
    assert_eq!(asked.ask("PUT", "/scaled/300/", &[]).status, 400);
}

#[test]
fn actions_of_a_view_set_take_extractors_behind_their_own_permissions() {
    let asked = site(urls, settings());
    asked.get("/shelves/7/").is(200, "7");
    assert_eq!(asked.get("/shelves/70000/").status, 400);
    asked.ask("GET", "/shelves/told/", &[("x-told", "t")]).is(200, "true");
    assert_eq!(asked.send("POST", "/shelves/x/fill/", &[], "words").status, 401);
    asked.by("ana", "POST", "/shelves/7/fill/").is(200, r#""ana 7 ""#);
    asked.by("ana", "PUT", "/shelves/x/fill/").is(200, r#""/shelves/x/fill/""#);
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

#[test]
fn hooks_and_permissions_ask_a_request_for_what_extractors_give() {
    let asked = site(urls, settings());
    let told = [("x-told", "t")];
    asked.send("POST", "/hooked/7/", &told, "words").is(200, r#""7 /hooked/7/ words""#);
    assert_eq!(asked.send("POST", "/hooked/7/", &[], "words").status, 401);
    let refused = asked.send("POST", "/hooked/300/", &told, "words");
    assert_eq!(refused.status, 400);
    assert!(refused.body.starts_with(r#"{"detail":"Invalid URL: "#), "{}", refused.body);
}
