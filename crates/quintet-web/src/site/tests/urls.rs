//! `urls![]` in each of its forms, and what a view is told of its route.

use super::harness::{get, options, site};
use crate::Site;
use crate::http::{Request, Response, Result};
use crate::routing::Converter;
use crate::urls::{Urls, include, path};
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

#[test]
fn each_problem_of_a_route_has_one_hint() {
    let wrong = || crate::urls![re_path("(?=a)", view::get(told)), path("<nope:x>/", view::get(told))];
    for problem in Site::build(options(wrong)).expect_err("a bad site").0 {
        assert_eq!(problem.matches("hint: ").count(), 1, "{problem}");
    }
}

fn converted(text: &'static str) -> Converter {
    Converter::new("[a-z]").accept(move |_| Some(text.to_owned()))
}

#[test]
fn a_converter_acts_in_its_list_and_below_and_the_inner_one_wins() {
    fn list() -> Urls {
        crate::urls![path("<c:x>/", view::get(told))]
    }
    let routes = || {
        crate::urls![
            include("one/", list().converter("c", converted("one"))),
            include("two/", list().converter("c", converted("two"))),
            include("deep/", crate::urls![include("er/", list())]),
            path("<c:x>/", view::get(told)),
        ]
        .converter("c", converted("outer"))
    };
    let site = site(options(routes));
    let rows = [("/one/a/", "x=one"), ("/two/a/", "x=two"), ("/deep/er/a/", "x=outer"), ("/a/", "x=outer")];
    for (target, text) in rows {
        assert!(get(target).to(&site).text().ends_with(text), "{target}");
    }
}

#[test]
fn a_converter_is_not_known_beside_or_above_its_list() {
    let routes = || {
        crate::urls![
            include("in/", crate::urls![path("<c:x>/", view::get(told))].converter("c", converted("c"))),
            include("beside/", crate::urls![path("<c:y>/", view::get(told))]),
            path("<c:z>/", view::get(told)),
        ]
    };
    let problems = Site::build(options(routes)).expect_err("a bad site").0;
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("<c:y>") && problems[1].contains("<c:z>"), "{problems:?}");
}

async fn positions(request: &Request) -> Result<Response> {
    let told: Vec<&str> = request.params().positional().map(|text| text.unwrap_or("none")).collect();
    Ok(Response::text(told.join(",")))
}

#[test]
fn unnamed_groups_are_given_to_the_view_in_their_order() {
    let routes = || {
        crate::urls![
            re_path("^a/([0-9]+)/([a-z]+)?/$", view::get(positions), name = "a"),
            re_path("^b/([0-9]+)/(?P<word>[a-z]+)/$", view::get(positions), name = "b"),
        ]
    };
    let site = site(options(routes));
    assert_eq!(get("/a/7/x/").to(&site).text(), "7,x");
    assert_eq!(get("/a/7//").to(&site).text(), "7,none");
    assert_eq!(get("/b/7/x/").to(&site).text(), "");
}

async fn by_position(request: &Request) -> Result<Response> {
    Ok(Response::text(request.reverse_args("ns:post", &[&2024, &"a b"])?))
}

#[test]
fn names_are_reversed_with_arguments_by_position() {
    let routes = || {
        let inner = crate::urls![
            path("<int:year>/<str:slug>/", view::get(told), name = "post"),
            path("", view::get(by_position)),
        ];
        crate::urls![
            include("in/", inner, namespace = "ns"),
            re_path("^([0-9]+)/([a-z]+)/$", view::get(told), name = "unnamed"),
        ]
    };
    let site = site(options(routes));
    assert_eq!(get("/in/").to(&site).text(), "/in/2024/a%20b/");
    assert_eq!(site.reverse_args("unnamed", &[&7, &"x"]).expect("a path"), "/7/x/");
    assert!(site.reverse_args("unnamed", &[&7]).is_err());
    assert!(site.reverse_args("unnamed", &[&"x", &7]).is_err());
}

#[test]
fn one_app_can_be_included_twice_under_namespaces_of_its_own() {
    fn polls() -> Urls {
        crate::urls![path("", view::get(listed), name = "list")]
    }
    async fn listed(request: &Request) -> Result<Response> {
        Ok(Response::text(request.reverse("polls:list", &[])?))
    }
    let site = site(options(|| {
        crate::urls![
            include("a/", polls(), app_name = "polls", namespace = "first"),
            include("b/", polls(), namespace = "second", app_name = "polls"),
            include("c/", polls(), app_name = "other"),
        ]
    }));
    let path = |name: &str| site.reverse(name, &[]).ok();
    assert_eq!(path("first:list").as_deref(), Some("/a/"));
    assert_eq!(path("second:list").as_deref(), Some("/b/"));
    assert_eq!(path("other:list").as_deref(), Some("/c/"));
    assert_eq!(get("/a/").to(&site).text(), "/a/", "the instance that asks comes first");
    assert_eq!(get("/b/").to(&site).text(), "/b/");
}

#[test]
fn an_include_can_stand_below_a_regular_expression() {
    let site = site(options(|| {
        crate::urls![re_include(
            r"^(?P<year>[0-9]{4})/",
            crate::urls![path("<slug:post>/", view::get(told), name = "post")],
            namespace = "archive"
        )]
    }));
    assert!(get("/2024/x/").to(&site).text().ends_with(" year=2024,post=x"));
    assert_eq!(get("/24/x/").to(&site).code(), 404);
    assert_eq!(site.reverse("archive:post", &[("year", &2024), ("post", &"x")]).expect("a path"), "/2024/x/");
}

#[test]
fn extra_parameters_reach_the_view() {
    let site = site(options(|| {
        crate::urls![
            path("a/", view::get(told), name = "a", extra = [("format", "html")]),
            path("b/<format>/", view::get(told), extra = [("format", "json")]),
            include("in/", crate::urls![path("c/<int:pk>/", view::get(told))], extra = [("user", "ann"), ("pk", "0")]),
        ]
    }));
    assert_eq!(get("/a/").to(&site).text(), "a/ format=html");
    assert_eq!(get("/b/xml/").to(&site).text(), "b/<format>/ format=json");
    assert_eq!(get("/in/c/7/").to(&site).text(), "in/c/<int:pk>/ user=ann,pk=7");
}

#[test]
fn routes_can_be_made_at_run_time() {
    let routes = || {
        let things = ["notes", "tags"].into_iter();
        things.fold(Urls::default(), |urls, thing| {
            let detail = path(format!("{thing}/<pk>/"), view::get(told)).name(format!("{thing}-detail"));
            urls.with(include(format!("{thing}/"), crate::urls![path("", view::get(told))])).with(detail)
        })
    };
    let site = site(options(routes));
    assert_eq!(site.reverse("tags-detail", &[("pk", &7)]).expect("a path"), "/tags/7/");
    assert_eq!(get("/notes/").to(&site).code(), 200);
}

/// Each route of a list is expanded by itself: no limit of the compiler's is near.
#[test]
fn a_list_may_be_long() {
    macro_rules! four {
        ($($item:tt)*) => { crate::urls![$($item)*, $($item)*, $($item)*, $($item)*] };
    }
    macro_rules! sixteen {
        ($($item:tt)*) => { four![$($item)*, $($item)*, $($item)*, $($item)*] };
    }
    macro_rules! two_hundred_and_fifty_six {
        ($($item:tt)*) => { sixteen![$($item)*, $($item)*, $($item)*, $($item)*, $($item)*, $($item)*, $($item)*, $($item)*,
            $($item)*, $($item)*, $($item)*, $($item)*, $($item)*, $($item)*, $($item)*, $($item)*] };
    }
    let routes = || two_hundred_and_fifty_six![path("a/", view::get(told), name = "a")];
    assert_eq!(get("/a/").to(&site(options(routes))).code(), 200);
}
