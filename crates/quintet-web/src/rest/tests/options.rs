//! What `OPTIONS` tells.

use super::harness::{settings, site};
use crate::http::{Method, Request, Response, Result};
use crate::rest::{
    Actions, ApiView, IsAuthenticated, JsonParser, Methods, Permission, SimpleRouter, Standard, ViewSet,
};
use crate::urls::Urls;
use crate::view::{api_view, get};

struct CreateUserView;

impl ApiView for CreateUserView {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::store);
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }

    fn description(&self) -> &'static str {
        "Makes a user."
    }
}

impl CreateUserView {
    async fn store(&self, _: &Request) -> Result<Response> {
        Ok(Response::data("stored"))
    }
}

struct ProductViewSet;

impl ViewSet for ProductViewSet {
    fn actions(actions: &mut Actions<Self>) {
        actions.standard(Standard::List, Self::show);
        actions.standard(Standard::Retrieve, Self::show);
        actions.list(Method::GET, "by_status", Self::show);
    }
}

impl ProductViewSet {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::data("shown"))
    }
}

async fn render_samples(_: &Request) -> Result<Response> {
    Ok(Response::data(1))
}

fn urls() -> Urls {
    crate::urls![
        path("users/", CreateUserView),
        path("render/", api_view(get(render_samples)).parsers(JsonParser)),
        include("", SimpleRouter::new().register_as("products", ProductViewSet, "product").urls()),
    ]
}

#[test]
fn a_view_is_described_to_those_who_may_use_it() {
    let asked = site(urls, settings());
    assert_eq!(asked.ask("OPTIONS", "/users/", &[]).status, 401);
    let answer = asked.by("ana", "OPTIONS", "/users/");
    answer.is(
        200,
        r#"{"name":"Create User","description":"Makes a user.","renders":["application/json","text/html"],"parses":["application/json","application/x-www-form-urlencoded","multipart/form-data"]}"#,
    );
    assert_eq!(answer.header("allow"), "POST, OPTIONS");
}

#[test]
fn a_function_is_called_by_its_name_and_parses_what_it_chose() {
    let answer = site(urls, settings()).ask("OPTIONS", "/render/", &[]);
    answer.is(
        200,
        r#"{"name":"Render Samples","description":"","renders":["application/json","text/html"],"parses":["application/json"]}"#,
    );
}

#[test]
fn the_routes_of_a_view_set_are_called_by_what_they_are() {
    let asked = site(urls, settings());
    for (path, name) in
        [("/products/", "Product List"), ("/products/1/", "Product Instance"), ("/products/by_status/", "By status")]
    {
        let body = asked.ask("OPTIONS", path, &[]).body;
        assert!(body.starts_with(&format!("{{\"name\":\"{name}\"")), "{path}: {body}");
    }
}
