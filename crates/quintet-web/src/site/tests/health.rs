//! The paths that tell whether the process lives and can serve.

use http::Method;

use super::harness::{ask, get, middleware, options, site};
use crate::http::{Request, Response, Result};
use crate::urls::Urls;
use crate::{App, view};

async fn own(_: &Request) -> Result<Response> {
    Ok(Response::text("the project's own"))
}

fn catch_all() -> Urls {
    crate::urls![re_path("^.*$", view::get(own))]
}

#[test]
fn health_is_told_before_the_host_check_and_the_redirect_to_https() {
    let mut options = options(Urls::default);
    options.allowed_hosts = vec!["example.com".to_owned()];
    options.security.ssl_redirect = true;
    options.middleware = middleware(&["SecurityMiddleware", "CommonMiddleware"]);
    let site = site(options);
    for path in ["/livez", "/readyz"] {
        let answer = get(path).host(Some("evil.test")).to(&site);
        assert_eq!(
            (answer.code(), answer.text().as_str(), answer.header("cache-control")),
            (200, "ok\n", Some("no-store"))
        );
    }
    assert_eq!(get("/other").host(Some("evil.test")).to(&site).code(), 400);
}

#[test]
fn health_is_asked_for_by_get_and_head_alone() {
    let site = site(options(Urls::default));
    assert_eq!((ask("HEAD", "/livez").to(&site).code(), ask("HEAD", "/livez").to(&site).text().as_str()), (200, ""));
    let refused = ask(Method::POST.as_str(), "/livez").to(&site);
    assert_eq!((refused.code(), refused.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn a_projects_route_of_that_name_wins() {
    let routes = || crate::urls![path("livez", view::get(own)), re_path("^readyz$", view::get(own))];
    let site = site(options(routes));
    assert_eq!(get("/livez").to(&site).text(), "the project's own");
    assert_eq!(get("/readyz").to(&site).text(), "the project's own");
}

#[test]
fn a_route_that_takes_every_path_does_not_hide_health() {
    let site = site(options(catch_all));
    assert_eq!(get("/livez").to(&site).text(), "ok\n");
    assert_eq!(get("/livez/").to(&site).text(), "the project's own");
}

#[test]
fn health_can_be_renamed_and_switched_off() {
    let mut options = options(Urls::default);
    options.server.livez = "/_alive".to_owned();
    options.server.readyz = String::new();
    let site = site(options);
    let codes = ["/_alive", "/livez", "/readyz", "/"].map(|path| get(path).to(&site).code());
    assert_eq!(codes, [200, 404, 404, 404]);
}

#[test]
fn tower_layers_stand_around_health_too() {
    let mut options = options(Urls::default);
    options.layers = Some(|router| router.layer(axum::middleware::map_response(marked)));
    let app = App::new(site(options));
    assert_eq!(get("/livez").through(&app).header("x-layer"), Some("1"));
}

async fn marked(mut response: axum::response::Response) -> axum::response::Response {
    response.headers_mut().insert("x-layer", http::HeaderValue::from_static("1"));
    response
}
