//! `urls![]` in each of its forms, and what a view is told of its route.

use super::harness::{get, options, site};
use crate::Site;
use crate::http::{Request, Response, Result};
use crate::routing::Converter;
use crate::urls::Urls;
use crate::view;

async fn told(request: &Request) -> Result<Response> {
    let params: Vec<String> = request.params().iter().map(|(name, value)| format!("{name}={value}")).collect();
    Ok(Response::text(format!("{} {}", request.route().unwrap_or("none"), params.join(","))))
}

fn routes() -> Urls {
    let inner =
        crate::urls![path("a/", view::get(told), name = "a"), path("b/<slug:s>/", view::get(reversed), name = "b")];
    crate::urls![
        path("", view::get(told)),
        path("named/<int:pk>/", view::get(told), name = "named",),
        re_path(r"^year/(?P<year>[0-9]{4})/$", view::get(told), name = "year"),
        re_path("^plain/$", view::get(told),),
        include("in/", inner, namespace = "ns"),
        include("bare/", crate::urls![path("c/", view::get(told), name = "c")]),
        mount("axum/", axum::Router::new()),
        path("hex/<hex:x>/", view::get(told)),
    ]
    .converter("hex", Converter::new("[0-9a-f]+"))
}

async fn reversed(request: &Request) -> Result<Response> {
    Ok(Response::text(request.reverse("ns:a", &[])?))
}

#[test]
fn every_form_of_a_route_leads_to_its_view() {
    let site = site(options(routes));
    let rows = [
        ("/", " "),
        ("/named/7/", "named/<int:pk>/ pk=7"),
        ("/year/2024/", "^year/(?P<year>[0-9]{4})/$ year=2024"),
        ("/plain/", "^plain/$ "),
        ("/in/a/", "in/a/ "),
        ("/in/b/x-y/", "/in/a/"),
        ("/bare/c/", "bare/c/ "),
        ("/hex/ff/", "hex/<hex:x>/ x=ff"),
    ];
    for (target, text) in rows {
        assert_eq!(get(target).to(&site).text(), text, "{target}");
    }
    assert_eq!(get("/hex/xyz/").to(&site).code(), 404);
}

#[test]
fn names_are_reversed_with_their_namespaces() {
    let site = site(options(routes));
    assert_eq!(site.reverse("named", &[("pk", &7)]).expect("a path"), "/named/7/");
    assert_eq!(site.reverse("ns:b", &[("s", &"x")]).expect("a path"), "/in/b/x/");
    assert_eq!(site.reverse("c", &[]).expect("a path"), "/bare/c/");
    assert!(site.reverse("a", &[]).is_err());
}

#[test]
fn an_empty_list_is_a_list() {
    assert_eq!(get("/").to(&site(options(|| crate::urls![]))).code(), 404);
}

#[test]
fn a_parameter_that_is_no_such_thing_is_404_and_json() {
    let small = || {
        crate::urls![path(
            "<int:pk>/",
            view::get(async |request: &Request| Ok(Response::text(request.param::<u8>("pk")?.to_string())))
        )]
    };
    let site = site(options(small));
    assert_eq!(get("/200/").to(&site).text(), "200");
    let answer = get("/300/").to(&site);
    assert_eq!((answer.code(), answer.text().as_str()), (404, r#"{"detail":"Not found."}"#));
}

#[test]
fn everything_that_is_wrong_with_a_site_is_said_at_once() {
    let wrong = || crate::urls![re_path("(", view::get(told)), path("<nope:x>/", view::get(told))];
    let mut options = options(wrong);
    options.cors.urls_regex = "[".to_owned();
    options.http.disallowed_user_agents = vec!["(".to_owned()];
    options.security.redirect_exempt = vec!["(".to_owned()];
    options.security.x_frame_options = "a\nb".to_owned();
    options.server.request_id_header = "not a name".to_owned();
    let problems = Site::build(options).expect_err("a bad site").0.join("\n");
    for part in ["nope", "urls_regex", "disallowed_user_agents", "redirect_exempt", "request_id_header"] {
        assert!(problems.contains(part), "{part} is not in {problems}");
    }
}
