//! What a view has otherwise than others, or one request otherwise than its view.

use quintet_core::json::{Json, Object};

use super::harness::{settings, site};
use crate::http::{Error, Method, Request, Response, Result};
use crate::rest::negotiate::{Accepted, Negotiate, Negotiation};
use crate::rest::versioning::{
    NamespaceVersioning, QueryParameterVersioning, UrlPathVersioning, Versioning, VersioningScheme,
};
use crate::rest::{
    Actions, AllowAny, ApiView, Choice, Choices, IsAuthenticated, JsonRenderer, Methods, Permission, Render,
    RenderContext, Renderer, RestFramework, SimpleRouter, StaticHtmlRenderer, ViewSet, reverse,
};
use crate::urls::Urls;
use crate::view::{api_view, get};

/// Reading is for everybody who says so; nothing is written.
struct Chosen;

impl ApiView for Chosen {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).put(Self::show);
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }

    fn choices(&self, request: &Request) -> Option<Choices> {
        request.header("x-open")?;
        Some(Choices { permissions: AllowAny.into(), ..Choices::default() })
    }

    fn http_method_names(&self) -> &'static [&'static str] {
        &["get", "head"]
    }

    fn finalize_response(&self, _: &Request, response: Response) -> Response {
        response.with_header("x-last", "seen")
    }
}

impl Chosen {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::data("shown"))
    }
}

struct Silent;

impl ApiView for Silent {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn has_metadata(&self) -> bool {
        false
    }
}

impl Silent {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::data(1))
    }
}

/// A version of its own, and where it leads.
struct Versioned(Versioning);

impl ApiView for Versioned {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn versioning(&self) -> Choice<Versioning> {
        self.0.clone().into()
    }
}

impl Versioned {
    async fn show(&self, request: &Request) -> Result<Response> {
        Ok(Response::data(vec![reverse(request, "here", &[])?, reverse(request, "plain", &[])?]))
    }
}

fn versioned(scheme: impl VersioningScheme) -> Versioned {
    Versioned(Versioning::new(scheme).allowed_versions(["v1", "v2"]))
}

/// Whatever is asked for, the first.
struct FirstOnly;

impl Negotiate for FirstOnly {
    fn renderer(&self, _: &Request, renderers: &[Renderer], _: Option<&str>) -> Result<Accepted> {
        Ok(Accepted::new(renderers[0].clone()))
    }
}

/// The status, and whether it is a refusal.
struct StatusRenderer;

impl Render for StatusRenderer {
    fn media_type(&self) -> &'static str {
        "text/plain"
    }

    fn format(&self) -> &'static str {
        "txt"
    }

    fn render(&self, _: &Json, context: &RenderContext<'_>) -> Result<bytes::Bytes> {
        Ok(format!("{} {}", context.status.as_u16(), context.is_refusal).into())
    }
}

struct Rendered;

impl ApiView for Rendered {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).post(Self::refuse);
    }

    fn renderers(&self) -> Choice<Renderer> {
        Choice::from(StatusRenderer).and(JsonRenderer).and(StaticHtmlRenderer)
    }

    fn negotiation(&self) -> Choice<Negotiation> {
        FirstOnly.into()
    }
}

impl Rendered {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::data("<p>page</p>").with_status(http::StatusCode::ACCEPTED))
    }

    async fn refuse(&self, _: &Request) -> Result<Response> {
        Err(Error::not_found())
    }
}

struct Paged;

impl ApiView for Paged {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn renderers(&self) -> Choice<Renderer> {
        StaticHtmlRenderer.into()
    }
}

impl Paged {
    async fn show(&self, request: &Request) -> Result<Response> {
        if request.query()?.get("fail").is_some() {
            return Err(Error::not_found());
        }
        Ok(Response::data("<p>caf\u{e9}</p>").with_header("content-type", "text/html; charset=x"))
    }
}

/// Tells more, and of what was agreed upon.
struct Telling;

impl ApiView for Telling {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn determine_metadata(&self, request: &Request, told: Object) -> Object {
        Object::new().with("called", told.get("name").cloned().unwrap_or(Json::Null)).with("path", request.path())
    }
}

impl Telling {
    async fn show(&self, request: &Request) -> Result<Response> {
        agreed(request).await
    }
}

async fn agreed(request: &Request) -> Result<Response> {
    let accepted = request.accepted();
    let media_type = accepted.map(|accepted| accepted.media_type().as_str().to_owned()).unwrap_or_default();
    let format = accepted.map_or("", |accepted| accepted.renderer().format());
    Ok(Response::data(format!("{format} {media_type} {}", request.api_version().unwrap_or_default())))
}

struct Several;

impl ViewSet for Several {
    fn actions(actions: &mut Actions<Self>) {
        actions.list(Method::GET, "plain", Self::told);
        let versions = Versioning::new(QueryParameterVersioning).allowed_versions(["v1"]);
        actions.list(Method::GET, "versioned", Self::told).versioning(versions).negotiation(FirstOnly);
    }
}

impl Several {
    async fn told(&self, request: &Request) -> Result<Response> {
        agreed(request).await
    }
}

fn functions() -> Urls {
    let versions = || Versioning::new(QueryParameterVersioning).allowed_versions(["v1"]);
    crate::urls![
        path("telling/", Telling),
        path("agreed/", api_view(get(agreed))),
        path("versioned/", api_view(get(agreed)).versioning(versions())),
        path("first/", api_view(get(agreed)).negotiation(FirstOnly)),
        include("", SimpleRouter::new().register_as("several", Several, "several").urls()),
    ]
}

fn urls() -> Urls {
    let spaced = || crate::urls![path("", versioned(NamespaceVersioning), name = "here")];
    crate::urls![
        path("chosen/", Chosen),
        path("silent/", Silent),
        path("rendered/", Rendered),
        path("paged/", Paged),
        path("plain/", Silent, name = "plain"),
        path("query/", versioned(QueryParameterVersioning), name = "here"),
        path("path/<str:version>/", versioned(UrlPathVersioning)),
        include("v1/", spaced(), namespace = "v1"),
        include("v3/", spaced(), namespace = "v3"),
        path("by-path/<str:version>/", Silent, name = "here"),
    ]
}

#[test]
fn a_request_chooses_otherwise_than_its_view_and_the_last_word_sees_every_answer() {
    let asked = site(urls, settings());
    asked.ask("GET", "/chosen/", &[("x-open", "1")]).is(200, r#""shown""#);
    let refused = asked.get("/chosen/");
    assert_eq!((refused.status, refused.header("x-last")), (401, "seen"));
}

#[test]
fn methods_whose_names_are_not_listed_are_refused() {
    let asked = site(urls, settings());
    let put = asked.ask("PUT", "/chosen/", &[("x-open", "1")]);
    assert_eq!((put.status, put.header("allow")), (405, "GET, HEAD"));
    assert_eq!(asked.ask("OPTIONS", "/chosen/", &[("x-open", "1")]).status, 405);
}

#[test]
fn a_view_without_metadata_refuses_the_question() {
    let refused = site(urls, settings()).ask("OPTIONS", "/silent/", &[]);
    assert_eq!((refused.status, refused.header("allow")), (405, "GET, HEAD, OPTIONS"));
}

#[test]
fn addresses_stay_within_the_version_that_was_asked_for() {
    let asked = site(urls, settings());
    let told = |path: &str| asked.get(path).body;
    let root = "http://testserver";
    assert_eq!(told("/query/?version=v2"), format!(r#"["{root}/query/?version=v2","{root}/plain/?version=v2"]"#));
    assert_eq!(told("/path/v2/"), format!(r#"["{root}/by-path/v2/","{root}/plain/"]"#));
    assert_eq!(told("/v1/"), format!(r#"["{root}/v1/","{root}/plain/"]"#));
    assert_eq!(
        told("/query/?version=v2&format=json"),
        format!(r#"["{root}/query/?format=json&version=v2","{root}/plain/?format=json&version=v2"]"#)
    );
    assert_eq!((asked.get("/v3/").status, asked.get("/query/?version=v3").status), (404, 404));
}

#[test]
fn a_renderer_knows_the_status_and_negotiation_may_be_a_projects_own() {
    let asked = site(urls, settings());
    let answer = asked.ask("GET", "/rendered/?format=nope", &[("accept", "image/png")]);
    assert_eq!((answer.status, answer.body.as_str()), (202, "202 false"));
    asked.ask("POST", "/rendered/", &[]).is(404, "404 true");
}

#[test]
fn a_page_is_written_as_it_is_and_a_refusal_as_its_status() {
    let asked = site(urls, settings());
    let page = asked.get("/paged/");
    assert_eq!((page.body.as_str(), page.header("content-type")), ("<p>café</p>", "text/html; charset=x"));
    let refused = asked.get("/paged/?fail");
    assert_eq!((refused.body.as_str(), refused.header("content-type")), ("404 Not Found", "text/html; charset=utf-8"));
}

#[test]
fn what_options_tells_may_be_a_views_own() {
    site(functions, settings()).ask("OPTIONS", "/telling/", &[]).is(200, r#"{"called":"Telling","path":"/telling/"}"#);
}

#[test]
fn what_was_agreed_upon_is_known_to_a_view() {
    let asked = site(functions, settings());
    asked
        .ask("GET", "/telling/", &[("accept", "application/json; indent=2")])
        .is(200, "\"json application/json; indent=2 \"");
    asked.get("/agreed/").is(200, "\"json application/json \"");
}

#[test]
fn functions_and_actions_choose_their_own_versions_and_negotiation() {
    let asked = site(functions, settings());
    for path in ["/versioned/", "/several/versioned/"] {
        asked.get(&format!("{path}?version=v1")).is(200, "\"json application/json v1\"");
        assert_eq!(asked.get(&format!("{path}?version=v2")).status, 404, "{path}");
    }
    asked.get("/agreed/?version=v2").is(200, "\"json application/json \"");
    let refused = [("accept", "image/png")];
    let status = |path: &str| asked.ask("GET", path, &refused).status;
    assert_eq!((status("/first/"), status("/several/versioned/?version=v1")), (200, 200));
    assert_eq!((status("/agreed/"), status("/several/plain/")), (406, 406));
}

#[test]
fn negotiation_of_the_settings_counts_where_a_view_has_none_of_its_own() {
    let ours = RestFramework { default_content_negotiation_class: Some(FirstOnly.into()), ..settings() };
    let asked = site(functions, ours);
    assert_eq!(asked.ask("GET", "/agreed/", &[("accept", "image/png")]).status, 200);
}
