//! Other origins, against `oracle/vectors/cors.json`.

use http::Method;
use serde_json::{Value, json};

use super::harness::{
    Given, Recording, ask, given, middleware, options, pairs, same, set, site, status, text, with_headers,
};
use crate::Site;
use crate::config::CorsRule;
use crate::http::{Error, Request, Response, Result};
use crate::urls::Urls;
use crate::view::{Function, Handler, get};

#[test]
fn other_origins_are_answered_as_recorded() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/cors.json"));
    let skipped = [("credentials misspelt has no effect", "a misspelt setting does not compile")];
    assert_eq!(recording.each("cases", &skipped, answered_as_recorded), 143);
}

fn answered_as_recorded(case: &Value) -> Result<(), String> {
    let mut options = options(routes);
    set(&mut options, &case["settings"]);
    // Without DEBUG no site is built that lets anyone act as its users.
    options.debug = options.cors.allow_all_origins && options.cors.allow_credentials;
    options.middleware = middleware(match text(case, "cors_middleware") {
        "first" => &["CorsMiddleware", "SecurityMiddleware", "CommonMiddleware"],
        _ => &["SecurityMiddleware", "CommonMiddleware", "CorsMiddleware"],
    });
    options.middleware.push(Given(case.clone()).into());
    let asked = ask(text(case, "method"), text(case, "target")).headers(&pairs(case, "request_headers"));
    let answer = asked.to(&site(options));
    same("status", answer.code(), status(case))?;
    let is_cors = |name: &str| name.starts_with("access-control-") || name == "vary";
    let ours: Vec<(String, String)> = answer.header_list().into_iter().filter(|(name, _)| is_cors(name)).collect();
    let recorded: Vec<(String, String)> =
        pairs(case, "headers").into_iter().map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    same("headers", ours, recorded)?;
    same("content type", answer.header("content-type"), case["content_type"].as_str())?;
    same("the view was reached", answer.text() == "ok", case["view_reached"] == true && text(case, "method") != "HEAD")
}

fn routes() -> Urls {
    crate::urls![
        path("boom/", any(boom)),
        path("api/<rest>/", any(ok)),
        path("api/café/", any(ok)),
        re_path("^api/a\nb/$", any(ok))
    ]
}

fn any(function: impl for<'a> Handler<'a> + Copy + 'static) -> Function {
    get(function).post(function).delete(function).on(Method::OPTIONS, function)
}

async fn ok(request: &Request) -> Result<Response> {
    Ok(with_headers(Response::html("ok"), &pairs(&given(request), "view_headers")))
}

async fn boom(_: &Request) -> Result<Response> {
    Err(Error::unexpected("boom"))
}

/// What the reference does for the receivers of its signal `check_request_enabled`.
#[test]
fn a_function_allows_requests_besides_the_lists() {
    let mut options = options(routes);
    options.cors.allowed_origins = vec!["https://app.example.com".to_owned()];
    options.cors.urls_regex = "^/api/.*$".to_owned();
    options.cors.check_request_enabled = CorsRule::new(|request| request.method() != Method::DELETE);
    options.middleware = middleware(&["CorsMiddleware", "CommonMiddleware"]);
    options.middleware.push(Given(json!({ "view_headers": [] })).into());
    let site = site(options);
    let origin_of = |method: &str, path: &str, origin: &str| {
        let answer = ask(method, path).headers(&[("Origin", origin)]).to(&site);
        answer.header("access-control-allow-origin").map(str::to_owned)
    };
    let (known, other) = ("https://app.example.com", "https://other.example.com");
    assert_eq!(origin_of("GET", "/api/x/", other).as_deref(), Some(other), "another origin");
    assert_eq!(origin_of("GET", "/boom/", known).as_deref(), Some(known), "another path");
    assert_eq!(origin_of("DELETE", "/api/x/", other), None);
    assert_eq!(origin_of("DELETE", "/boom/", known), None);
    assert_eq!(origin_of("DELETE", "/api/x/", known).as_deref(), Some(known), "the lists go on to count");
    let asking = [("Origin", other), ("Access-Control-Request-Method", "GET")];
    let preflight = ask("OPTIONS", "/boom/").headers(&asking).to(&site);
    assert_eq!((preflight.code(), preflight.header("access-control-allow-methods").is_some()), (200, true));
}

/// Whatever checks are skipped or silenced.
#[test]
fn a_site_that_lets_anyone_act_as_its_users_is_built_for_development_only() {
    let built = |debug: bool, all: bool, regex: &str, credentials: bool| {
        let mut options = options(routes);
        options.debug = debug;
        options.cors.allow_all_origins = all;
        options.cors.allow_credentials = credentials;
        options.cors.allowed_origin_regexes = vec![regex.to_owned()];
        Site::build(options).map(drop).map_err(|bad| bad.to_string())
    };
    const CLOSED: &str = "^https://app\\.test$";
    for (all, regex, cause) in [(true, CLOSED, "allow_all_origins"), (false, "^https://.*", "the regex `^https://.*`")]
    {
        let problem = built(false, all, regex, true).expect_err("refused");
        assert!(problem.starts_with("`cors.") && problem.contains(cause), "{problem}");
        assert_eq!(problem.matches("hint: ").count(), 1, "{problem}");
        assert_eq!(built(true, all, regex, true), Ok(()));
        assert_eq!(built(false, all, regex, false), Ok(()));
    }
    assert_eq!(built(false, false, CLOSED, true), Ok(()));
}
