//! The routes of view sets.

use super::harness::{settings, site, try_site};
use crate::http::{Method, Request, Response, Result};
use crate::rest::router::Route;
use crate::rest::{
    Actions, AllowAny, DefaultRouter, IntoViewSet, IsAdminUser, IsAuthenticated, Permission, RestFramework,
    SimpleRouter, Standard, ViewSet, format_suffix_patterns, reverse_action,
};
use crate::urls::Urls;
use crate::view::{api_view, get};

struct Things;

impl ViewSet for Things {
    fn actions(actions: &mut Actions<Self>) {
        actions.standard(Standard::List, Self::told);
        actions.standard(Standard::Create, Self::told).permissions(IsAdminUser);
        actions.standard(Standard::Retrieve, Self::told);
        actions.list(Method::GET, "by_status", Self::told).url_path("by-status");
        actions.detail(Method::POST, "archive", Self::told).permissions(IsAuthenticated).on(Method::DELETE, Self::told);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}

impl Things {
    async fn told(&self, request: &Request) -> Result<Response> {
        let params: Vec<String> = request.params().iter().map(|(name, value)| format!("{name}={value}")).collect();
        Ok(Response::data(format!("{} {}", request.action().unwrap_or("none"), params.join(" "))))
    }
}

struct Numbered;

impl ViewSet for Numbered {
    fn actions(actions: &mut Actions<Self>) {
        actions.standard(Standard::Retrieve, Self::told);
    }

    fn lookup_url_kwarg(&self) -> &'static str {
        "number"
    }

    fn lookup_value_regex(&self) -> &'static str {
        "[0-9]+"
    }
}

impl Numbered {
    async fn told(&self, request: &Request) -> Result<Response> {
        Ok(Response::data(request.param::<String>("number")?))
    }
}

fn router() -> Urls {
    DefaultRouter::new().register_as("things", Things, "thing").register_as("numbers", Numbered, "number").urls()
}

fn urls() -> Urls {
    crate::urls![include("api/", router()), include("v2/", router(), namespace = "v2")]
}

#[test]
fn each_route_means_its_action() {
    let asked = site(urls, settings());
    for (method, path, told) in [
        ("GET", "/api/things/", "list "),
        ("HEAD", "/api/things/", ""),
        ("GET", "/api/things/a%20b/", "retrieve pk=a b"),
        ("GET", "/api/things/by-status/", "by_status "),
        ("GET", "/api/things.json", "list format=json"),
        ("GET", "/api/things/7.json", "retrieve pk=7 format=json"),
    ] {
        let answer = asked.ask(method, path, &[]);
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
        assert!(answer.body == format!("\"{told}\"") || method == "HEAD", "{path}: {}", answer.body);
    }
    asked.by("ana", "POST", "/api/things/7/archive/").is(200, "\"archive pk=7\"");
    asked.by("ana", "DELETE", "/api/things/7/archive/").is(200, "\"archive pk=7\"");
}

#[test]
fn an_action_may_choose_its_own_permission() {
    let asked = site(urls, settings());
    assert_eq!(asked.ask("POST", "/api/things/", &[]).status, 401);
    assert_eq!(asked.by("ana", "POST", "/api/things/").status, 403);
    assert_eq!(asked.by("staff", "POST", "/api/things/").status, 200);
    assert_eq!(asked.ask("POST", "/api/things/7/archive/", &[]).status, 401);
}

#[test]
fn what_an_action_does_not_answer_is_refused_with_what_it_does() {
    let answer = site(urls, settings()).by("ana", "PUT", "/api/things/7/archive/");
    assert_eq!((answer.status, answer.header("allow")), (405, "POST, DELETE, OPTIONS"));
}

#[test]
fn a_format_that_there_is_not_is_not_found() {
    site(urls, settings()).get("/api/things.xml").is(404, r#"{"detail":"Not found."}"#);
}

#[test]
fn a_lookup_may_have_a_name_and_a_shape() {
    let asked = site(urls, settings());
    asked.get("/api/numbers/12/").is(200, "\"12\"");
    assert_eq!(asked.get("/api/numbers/x/").status, 404);
    assert_eq!(asked.get("/api/numbers/").status, 404, "there is no list of them");
}

#[test]
fn the_root_lists_the_lists_by_absolute_addresses() {
    let asked = site(urls, settings());
    asked.get("/api/").is(200, r#"{"things":"http://testserver/api/things/"}"#);
    asked.get("/v2/").is(200, r#"{"things":"http://testserver/v2/things/"}"#);
    asked.get("/api/.json").is(200, r#"{"things":"http://testserver/api/things.json"}"#);
}

#[test]
fn the_root_is_guarded_as_the_settings_say() {
    let locked = RestFramework { default_permission_classes: IsAuthenticated.into(), ..settings() };
    assert_eq!(site(urls, locked).get("/api/").status, 401);
}

#[test]
fn two_view_sets_of_one_name_and_actions_of_a_standard_name_are_found_when_the_site_is_built() {
    struct Wrong;
    impl ViewSet for Wrong {
        fn actions(actions: &mut Actions<Self>) {
            actions.list(Method::GET, "list", Self::told);
        }
    }
    impl Wrong {
        async fn told(&self, _: &Request) -> Result<Response> {
            Ok(Response::data(1))
        }
    }
    fn urls() -> Urls {
        let twice = SimpleRouter::new().register_as("a", Things, "thing").register_as("b", Things, "thing");
        crate::urls![include("", twice.register("c", Wrong).urls())]
    }
    let problems = try_site(urls, settings()).err().unwrap_or_default().join("\n");
    for told in ["two view sets of a router are named `thing`", "which is the name of a standard one", "have no name"] {
        assert!(problems.contains(told), "{problems}");
    }
}

fn renamed() -> Urls {
    let own = SimpleRouter::new().with_routes([
        Route::list("^{prefix}$", "{basename}-all", [(Method::GET, "list")]).suffix("All"),
        Route::detail_actions("^{prefix}-{lookup}!{url_path}$", "{basename}-{url_name}"),
        Route::detail("^{prefix}-{lookup}$", "{basename}-one", [(Method::GET, "retrieve")]),
    ]);
    let bare = DefaultRouter::new().without_root_view().without_format_suffixes();
    let converted = SimpleRouter::new().without_regex_paths();
    crate::urls![
        include("own/", own.register_as("things", Things, "own").urls()),
        include("bare/", bare.register_as("things", Things, "bare").urls()),
        include("converted/", converted.register_as("numbers", Numbered, "converted").urls()),
        include("empty/", SimpleRouter::new().register_as("", Things, "empty").urls()),
        path("mapped/<str:pk>/", Things.into_view_set().as_view([(Method::GET, "retrieve"), (Method::PUT, "archive")])),
    ]
}

#[test]
fn a_router_makes_the_routes_that_its_templates_say() {
    let asked = site(renamed, settings());
    asked.get("/own/things").is(200, r#""list ""#);
    asked.get("/own/things-3").is(200, r#""retrieve pk=3""#);
    asked.by("ana", "POST", "/own/things-3!archive").is(200, r#""archive pk=3""#);
    assert_eq!(asked.ask("POST", "/own/things", &[]).status, 405, "the mapping has no such method");
    let options = asked.ask("OPTIONS", "/own/things", &[]).body;
    assert!(options.starts_with(r#"{"name":"Things All""#), "{options}");
}

#[test]
fn a_root_and_formats_can_be_left_out_and_paths_can_have_converters() {
    let asked = site(renamed, settings());
    assert_eq!((asked.get("/bare/").status, asked.get("/bare/things.json").status), (404, 404));
    assert_eq!(asked.get("/bare/things/").status, 200);
    asked.by("ana", "GET", "/converted/numbers/x-1/").is(200, r#""x-1""#);
    assert_eq!((asked.get("/empty/").status, asked.get("/empty/4/").status), (200, 200));
}

#[test]
fn a_view_set_is_a_view_by_a_mapping_of_methods() {
    let asked = site(renamed, settings());
    asked.get("/mapped/3/").is(200, r#""retrieve pk=3""#);
    asked.by("ana", "PUT", "/mapped/3/").is(200, r#""archive pk=3""#);
    let refused = asked.ask("POST", "/mapped/3/", &[]);
    assert_eq!((refused.status, refused.header("allow")), (405, "GET, PUT, HEAD, OPTIONS"));
}

async fn told(request: &Request) -> Result<Response> {
    let params: Vec<String> = request.params().iter().map(|(name, value)| format!("{name}={value}")).collect();
    Ok(Response::data(params.join(" ")))
}

fn suffixed() -> Urls {
    let below = crate::urls![re_path("^year/(?P<year>[0-9]{4})/$", api_view(get(told)), name = "year")];
    let routes = crate::urls![
        path("", api_view(get(told)), name = "root"),
        path("notes/", api_view(get(told)), name = "notes"),
        path("notes/<int:pk>/", api_view(get(told)), name = "note", extra = [("of", "them")]),
        include("below/", below, namespace = "below"),
    ];
    let few = crate::urls![path("few/", api_view(get(told)))];
    let linked = crate::urls![path("linked/", api_view(get(linked)))];
    crate::urls![
        include("few/", format_suffix_patterns(few, &["json", "api"])),
        include("", format_suffix_patterns(routes, &[])),
        include("", linked),
    ]
}

async fn linked(request: &Request) -> Result<Response> {
    let links = [
        request.reverse("note", &[("pk", &3)])?,
        request.reverse("note", &[("pk", &3), ("format", &"json")])?,
        request.reverse("below:year", &[("year", &2026), ("format", &"json")])?,
    ];
    Ok(Response::data(links.to_vec()))
}

#[test]
fn every_route_of_a_list_is_given_a_format() {
    let asked = site(suffixed, settings());
    asked.get("/notes/").is(200, r#""""#);
    for (path, told) in [
        ("/notes.json", "format=json"),
        ("/notes.json/", "format=json"),
        ("/.json", "format=json"),
        ("/notes/3/", "pk=3 of=them"),
        ("/notes/3.json", "pk=3 format=json of=them"),
        ("/below/year/2026.json", "year=2026 format=json"),
        ("/few/few.json", "format=json"),
    ] {
        asked.get(path).is(200, &format!("\"{told}\""));
    }
    asked.get("/notes.xml").is(404, r#"{"detail":"Not found."}"#);
    let other = asked.get("/few/few.xml");
    assert!(other.status == 404 && !other.body.starts_with('{'), "there is no such route: {}", other.body);
    asked.get("/linked/").is(200, r#"["/notes/3/","/notes/3.json/","/below/year/2026.json"]"#);
}

/// Says where its actions are.
struct Linked;

impl ViewSet for Linked {
    fn actions(actions: &mut Actions<Self>) {
        actions.standard(Standard::List, Self::told);
        actions.detail(Method::POST, "set_password", Self::told);
    }
}

impl Linked {
    async fn told(&self, request: &Request) -> Result<Response> {
        let links = [reverse_action(request, "set-password", &[("pk", &1)])?, reverse_action(request, "list", &[])?];
        Ok(Response::data(links.to_vec()))
    }
}

async fn lost(request: &Request) -> Result<Response> {
    reverse_action(request, "list", &[]).map(Response::data)
}

fn extended() -> Urls {
    let app = DefaultRouter::new().register_as("linked", Linked, "linked");
    let router = || SimpleRouter::new().without_trailing_slash().register_as("things", Things, "thing");
    crate::urls![
        include("v1/", router().extend(app).urls(), namespace = "v1"),
        include("", DefaultRouter::new().extend(router()).urls()),
        path("lost/", get(lost)),
    ]
}

#[test]
fn a_router_takes_over_the_view_sets_of_another_and_keeps_its_own_ways() {
    let asked = site(extended, settings());
    assert_eq!((asked.get("/v1/things").status, asked.get("/v1/linked").status), (200, 200));
    assert_eq!((asked.get("/v1/").status, asked.get("/v1/linked.json").status), (404, 404));
    asked.get("/").is(200, r#"{"things":"http://testserver/things/"}"#);
    fn twice() -> Urls {
        let one = || SimpleRouter::new().register_as("things", Things, "thing");
        one().extend(one()).urls()
    }
    let problems = try_site(twice, settings()).err().unwrap_or_default();
    assert!(problems.join("\n").contains("two view sets of a router are named `thing`"), "{problems:?}");
}

#[test]
fn an_action_is_found_by_its_own_name_in_the_namespace_that_was_asked() {
    let asked = site(extended, settings());
    let links = r#"["http://testserver/v1/linked/1/set_password","http://testserver/v1/linked"]"#;
    asked.get("/v1/linked").is(200, links);
    assert_eq!(asked.get("/lost/").status, 500);
}
