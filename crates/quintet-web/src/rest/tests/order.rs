//! The order of decisions, of which the first refusal counts.

use super::harness::{settings, site};
use crate::http::{Error, Method, Request, Response, Result};
use crate::rest::{
    AllowAny, ApiView, Authentication, Authenticator, Choice, ExceptionHandler, IsAdminUser, IsAuthenticated, Methods,
    Permission, RestFramework,
};
use crate::urls::Urls;

struct Staff;

impl ApiView for Staff {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).post(Self::fail);
    }

    fn permissions(&self) -> Permission {
        IsAdminUser.into()
    }
}

impl Staff {
    async fn show(&self, request: &Request) -> Result<Response> {
        Ok(Response::data(request.user().username()))
    }

    async fn fail(&self, _: &Request) -> Result<Response> {
        Err(Error::unexpected("boom"))
    }
}

struct Open;

impl ApiView for Open {
    fn methods(on: &mut Methods<Self>) {
        on.on(Method::DELETE, Self::gone);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    async fn initial(&self, request: &Request) -> Result<()> {
        match request.header("x-initial") {
            Some(_) => Err(Error::not_found()),
            None => Ok(()),
        }
    }

    fn handle_exception(&self, request: &Request, error: Error) -> Result<Response> {
        match request.header("x-handle") {
            Some(_) => Ok(Response::data(format!("handled {}", error.status().as_u16()))),
            None => Err(error),
        }
    }
}

impl Open {
    async fn gone(&self, _: &Request) -> Result<Response> {
        Ok(Response::empty(crate::http::StatusCode::NO_CONTENT))
    }
}

struct Nobody;

impl Authentication for Nobody {
    fn authenticate<'a>(
        &'a self,
        _: &'a Request,
    ) -> crate::http::BoxFuture<'a, Result<Option<(crate::rest::Identity, Option<crate::rest::Token>)>>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

struct WithoutChallenge;

impl ApiView for WithoutChallenge {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }

    fn authentication(&self) -> Choice<Authenticator> {
        Nobody.into()
    }
}

impl WithoutChallenge {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::data("shown"))
    }
}

fn urls() -> Urls {
    crate::urls![path("staff/", Staff), path("open/", Open), path("quiet/", WithoutChallenge)]
}

const NO_CREDENTIALS: &str = r#"{"detail":"Authentication credentials were not provided."}"#;

#[test]
fn what_cannot_be_accepted_is_refused_before_anything_else() {
    let answer = site(urls, settings()).ask("PUT", "/staff/", &[("accept", "application/xml"), ("x-user", "bad")]);
    answer.is(406, r#"{"detail":"Could not satisfy the request Accept header."}"#);
}

#[test]
fn bad_credentials_are_refused_on_an_open_view_before_its_method_is() {
    let answer = site(urls, settings()).by("bad", "PUT", "/open/");
    answer.is(401, r#"{"detail":"Who is that?"}"#);
    assert_eq!(answer.header("www-authenticate"), "Header realm=\"api\"");
}

#[test]
fn permissions_are_asked_before_the_method() {
    let asked = site(urls, settings());
    asked.ask("PUT", "/staff/", &[]).is(401, NO_CREDENTIALS);
    asked.by("ana", "PUT", "/staff/").is(403, r#"{"detail":"You do not have permission to perform this action."}"#);
    asked.by("staff", "PUT", "/staff/").is(405, r#"{"detail":"Method \"PUT\" not allowed."}"#);
    asked.by("staff", "FOO", "/staff/").is(405, r#"{"detail":"Method \"FOO\" not allowed."}"#);
    asked.by("staff", "GET", "/staff/").is(200, "\"staff\"");
}

#[test]
fn without_a_challenge_a_refusal_is_a_403() {
    let answer = site(urls, settings()).get("/quiet/");
    answer.is(403, NO_CREDENTIALS);
    assert_eq!(answer.header("www-authenticate"), "");
}

#[test]
fn without_an_authentication_nobody_is_asked_for_credentials() {
    let answer = site(urls, RestFramework::default()).get("/staff/");
    answer.is(403, r#"{"detail":"You do not have permission to perform this action."}"#);
}

#[test]
fn every_answer_says_allow_and_vary_in_this_order() {
    let asked = site(urls, settings());
    for answer in [asked.get("/staff/"), asked.by("staff", "GET", "/staff/"), asked.by("staff", "PUT", "/staff/")] {
        assert_eq!((answer.header("allow"), answer.header("vary")), ("GET, POST, HEAD, OPTIONS", "Accept"));
        let names: Vec<&str> = answer.headers.keys().map(|name| name.as_str()).collect();
        let place = |name: &str| names.iter().position(|known| *known == name).unwrap_or(usize::MAX);
        assert!(place("content-type") < place("vary") && place("vary") < place("allow"), "{names:?}");
    }
    assert_eq!(asked.ask("DELETE", "/open/", &[]).header("allow"), "DELETE, OPTIONS");
}

#[test]
fn head_has_the_headers_of_get() {
    let asked = site(urls, settings());
    let (head, get) = (asked.by("staff", "HEAD", "/staff/"), asked.by("staff", "GET", "/staff/"));
    assert_eq!((head.status, head.body.as_str(), head.header("content-length")), (200, "", "7"));
    assert_eq!(head.header("allow"), get.header("allow"));
}

#[test]
fn what_is_no_refusal_is_the_sites_page_without_headers_of_the_api() {
    let answer = site(urls, settings()).by("staff", "POST", "/staff/");
    assert_eq!(answer.status, 500);
    assert!(answer.body.contains("Server Error (500)"), "{}", answer.body);
    assert_eq!(answer.header("allow"), "");
}

#[test]
fn a_view_may_refuse_before_its_handlers_and_answer_errors_itself() {
    let asked = site(urls, settings());
    asked.ask("DELETE", "/open/", &[("x-initial", "1")]).is(404, r#"{"detail":"Not found."}"#);
    asked.ask("DELETE", "/open/", &[("x-initial", "1"), ("x-handle", "1")]).is(200, "\"handled 404\"");
    asked.ask("GET", "/open/", &[("x-handle", "1")]).is(200, "\"handled 405\"");
}

#[test]
fn a_project_may_replace_the_handler_of_exceptions() {
    let handler = ExceptionHandler::new(|error, _, view| {
        Some(Response::data(format!("{} {}", view.name, error.status().as_u16())).with_status(error.status()))
    });
    let asked = site(urls, RestFramework { exception_handler: handler, ..settings() });
    asked.get("/staff/").is(401, "\"Staff 401\"");
    asked.by("staff", "POST", "/staff/").is(500, "\"Staff 500\"");
}
