//! Functions as views, and rules joined with each other.

use super::harness::{settings, site};
use crate::http::{Method, Request, Response, Result};
use crate::rest::{
    AllowAny, HasPermission, IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly, Object, Permission,
    RestFramework, ViewFacts,
};
use crate::urls::Urls;
use crate::view::{api_view, get};

async fn page(request: &Request) -> Result<Response> {
    Ok(Response::text(request.user().username()))
}

async fn data(_: &Request) -> Result<Response> {
    Ok(Response::data(1))
}

fn urls() -> Urls {
    crate::urls![
        path("page/", get(page)),
        path("open/", get(page).permissions(AllowAny)),
        path("api/", api_view(get(data).post(data)).permissions(AllowAny)),
        path("locked/", api_view(get(data))),
    ]
}

fn locked() -> RestFramework {
    RestFramework { default_permission_classes: IsAuthenticated.into(), ..settings() }
}

#[test]
fn a_function_that_chooses_nothing_is_as_the_settings_say() {
    let asked = site(urls, locked());
    let answer = asked.get("/page/");
    answer.is(401, r#"{"detail":"Authentication credentials were not provided."}"#);
    assert_eq!(answer.header("www-authenticate"), "Header realm=\"api\"");
    asked.by("ana", "GET", "/page/").is(200, "ana");
    asked.get("/locked/").is(401, r#"{"detail":"Authentication credentials were not provided."}"#);
}

#[test]
fn a_function_may_be_open_and_is_open_where_nothing_is_locked() {
    site(urls, locked()).get("/open/").is(200, "");
    site(urls, RestFramework::default()).get("/page/").is(200, "");
}

#[test]
fn a_plain_function_answers_whatever_is_accepted() {
    let answer = site(urls, locked()).ask("GET", "/open/", &[("accept", "image/png")]);
    answer.is(200, "");
    assert_eq!((answer.header("allow"), answer.header("vary")), ("", ""));
}

#[test]
fn an_api_view_negotiates_and_has_no_head_of_its_own() {
    let asked = site(urls, locked());
    assert_eq!(asked.ask("GET", "/api/", &[("accept", "image/png")]).status, 406);
    let head = asked.ask("HEAD", "/api/", &[]);
    assert_eq!((head.status, head.header("allow")), (405, "GET, POST, OPTIONS"));
}

struct Yes;
struct No;

impl HasPermission for Yes {}

impl HasPermission for No {
    async fn request(&self, _: &Request, _: &ViewFacts) -> Result<bool> {
        Ok(false)
    }

    async fn object(&self, _: &Request, _: &ViewFacts, _: Object<'_>) -> Result<bool> {
        Ok(true)
    }

    fn message(&self) -> Option<serde_json::Value> {
        Some("Never.".into())
    }

    fn code(&self) -> &'static str {
        "never"
    }
}

fn yes() -> Permission {
    Yes.into()
}

fn no() -> Permission {
    No.into()
}

async fn with_object(request: &Request) -> Result<Response> {
    request.check_object_permissions(Object::new(&1_i64)).await?;
    Ok(Response::data("given"))
}

fn joined() -> Urls {
    let rules: [(&'static str, Permission); 10] = [
        ("each", (Yes, No).into()),
        ("each-of-one", vec![yes() & no(), yes()].into()),
        ("both", yes() & yes()),
        ("both-no", yes() & no()),
        ("either", no() | yes()),
        ("neither", no() | no()),
        ("not", !no()),
        ("not-yes", !yes()),
        ("mixed", IsAuthenticated & (IsAdminUser | yes())),
        ("read", IsAuthenticatedOrReadOnly.into()),
    ];
    rules.into_iter().fold(Urls::default(), |urls, (name, rule)| {
        let view = get(with_object).on(Method::POST, with_object).permissions(rule);
        urls.with(crate::urls::path(format!("{name}/"), view))
    })
}

#[test]
fn rules_are_joined_as_in_the_reference() {
    let asked = site(joined, RestFramework::default());
    // `not` lets the request through and refuses the row, which its rule would give.
    let expected = [
        ("both", 200),
        ("both-no", 403),
        ("either", 200),
        ("neither", 403),
        ("not", 403),
        ("not-yes", 403),
        ("mixed", 403),
    ];
    for (name, status) in expected {
        assert_eq!(asked.get(&format!("/{name}/")).status, status, "{name}");
    }
    let asked = site(joined, settings());
    assert_eq!(asked.by("ana", "GET", "/mixed/").status, 200);
    assert_eq!((asked.get("/read/").status, asked.ask("POST", "/read/", &[]).status), (200, 401));
}

#[test]
fn a_rule_that_refuses_is_told_in_its_own_words_unless_it_is_joined_to_others() {
    let asked = site(joined, RestFramework::default());
    asked.get("/each/").is(403, r#"{"detail":"Never."}"#);
    let usual = r#"{"detail":"You do not have permission to perform this action."}"#;
    asked.get("/each-of-one/").is(403, usual);
    asked.get("/both-no/").is(403, usual);
    asked.get("/neither/").is(403, r#"{"detail":"You do not have permission to perform this action."}"#);
}
