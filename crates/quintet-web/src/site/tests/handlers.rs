//! The fixed error pages, and what an error is answered with, against `oracle/vectors/handlers.json`.

use http::StatusCode;
use serde_json::Value;

use super::harness::{
    Recording, ask, get, middleware, options, pairs, same, same_answer, same_headers, set, site, status, text,
};
use crate::http::{Error, Request, Response, Result};
use crate::urls::Urls;
use crate::view::{Function, Handler, get as answers_get, post};

fn recording() -> Recording {
    Recording::new(include_str!("../../../../../oracle/vectors/handlers.json"))
}

#[test]
fn the_fixed_pages_are_those_of_the_reference_to_the_byte() {
    let ran = recording().each("pages", &[], |case| {
        let target = match status(case) {
            400 => "/bad-request/",
            403 => "/permission-denied/",
            404 => "/nope/",
            _ => "/value-error/",
        };
        let method = text(case, "method");
        let answer = ask(method, target).to(&site(options(routes)));
        same_answer(case, &answer)?;
        same("body", answer.text(), if method == "HEAD" { String::new() } else { text(case, "body").to_owned() })
    });
    assert_eq!(ran, 16);
}

const NO_FORMS: &str = "forms are read by parsers, which are not here";
const TOO_LARGE: &str = "a body over the limit is 413 and JSON here, see the test of that name";
const NO_SUCH: &str = "a view cannot fail to answer: its type says so";
const OTHER_405: &str = "a function that refuses methods answers as an API view does, see `views`";
const NO_FILES: &str = "uploaded files are not here yet";

#[test]
fn an_error_is_answered_with_the_recorded_status_and_page() {
    let skipped = [
        ("request-data-too-big", TOO_LARGE),
        ("request-data-too-big, DEBUG", TOO_LARGE),
        ("reads-body", TOO_LARGE),
        ("reads-body, DEBUG", TOO_LARGE),
        ("too-many-files", NO_FILES),
        ("too-many-files, DEBUG", NO_FILES),
        ("returns-none", NO_SUCH),
        ("returns-none, DEBUG", NO_SUCH),
        ("wrong-method", OTHER_405),
        ("wrong-method, DEBUG", OTHER_405),
        ("reads-form", NO_FORMS),
        ("reads-form, DEBUG", NO_FORMS),
        ("reads-multipart", NO_FORMS),
        ("reads-multipart, DEBUG", NO_FORMS),
        ("reads-files", NO_FORMS),
        ("reads-files, DEBUG", NO_FORMS),
        ("multipart-error", NO_FORMS),
        ("multipart-error, DEBUG", NO_FORMS),
        ("reads-many-query-fields, DEBUG", "the reference's own page fails over the query; here it is the 400 page"),
    ];
    assert_eq!(recording().each("cases", &skipped, answered_as_recorded), 75);
}

fn answered_as_recorded(case: &Value) -> Result<(), String> {
    let mut options = options(routes);
    set(&mut options, &case["settings"]);
    options.debug = case["debug"] == true;
    let asked = ask(text(case, "method"), text(case, "target")).headers(&pairs(case, "request_headers"));
    let asked = if let Some(host) = case["host"].as_str() { asked.host(Some(host)) } else { asked };
    let answer = asked.to(&site(options));
    same_answer(case, &answer)?;
    if text(case, "method") != "HEAD" {
        same("page", page(&answer.text()), text(case, "page"))?;
    }
    Ok(())
}

fn page(body: &str) -> &'static str {
    const FIXED: [(&str, &str); 4] =
        [("Bad Request (400)", "400"), ("403 Forbidden", "403"), ("Not Found", "404"), ("Server Error (500)", "500")];
    let title = |title: &str| body.contains(&format!("<title>{title}</title>"));
    FIXED.iter().find(|(known, _)| title(known)).map_or("debug", |(_, page)| page)
}

#[test]
fn error_pages_get_the_headers_of_the_middleware_as_recorded() {
    let ran = recording().each("with_middleware", &[], |case| {
        let mut options = options(routes);
        options.middleware = middleware(&["SecurityMiddleware", "CommonMiddleware", "XFrameOptionsMiddleware"]);
        let answer = get(&format!("/{}/", text(case, "id"))).to(&site(options));
        same("status", answer.code(), status(case))?;
        same_headers(&answer, &pairs(case, "headers"))
    });
    assert_eq!(ran, 4);
}

#[test]
fn a_body_over_the_limit_is_413_and_json() {
    for debug in [false, true] {
        let mut options = options(routes);
        options.http.data_upload_max_memory_size = Some(4);
        options.debug = debug;
        let answer = ask("POST", "/reads-body/").body("12345").to(&site(options.clone()));
        assert_eq!((answer.code(), answer.text().as_str()), (413, r#"{"detail":"The request body is too large."}"#));
        assert_eq!(ask("POST", "/reads-body/").body("1234").to(&site(options)).code(), 200);
    }
}

#[test]
fn too_many_query_fields_get_the_400_page_with_debug_too() {
    let mut options = options(routes);
    options.http.data_upload_max_number_fields = Some(2);
    options.debug = true;
    let answer = get("/reads-many-query-fields/?a=1&b=2&c=3").to(&site(options));
    assert_eq!(answer.code(), 400);
    assert!(answer.text().contains("data_upload_max_number_fields"), "{}", answer.text());
}

fn routes() -> Urls {
    crate::urls![
        path("http404/", any(http404)),
        path("http404-with-text/", any(http404)),
        path("permission-denied/", any(forbidden)),
        path("permission-denied-with-text/", any(forbidden)),
        path("suspicious-operation/", any(bad_request)),
        path("disallowed-host/", any(bad_request)),
        path("disallowed-redirect/", any(bad_request)),
        path("suspicious-file/", any(bad_request)),
        path("too-many-fields/", any(bad_request)),
        path("bad-request/", any(bad_request)),
        path("bad-request-with-text/", any(bad_request)),
        path("reads-many-query-fields/", any(reads_query)),
        path("reads-host/", any(reads_host)),
        path("reads-body/", post(reads_body)),
        // The rest raises what is nobody's fault but the program's.
        re_path("^[a-z]+-(?:error|exist|post|configured)/$", any(unexpected)),
        re_path("^(?:unicode-decode-error|object-does-not-exist|value-error)/$", any(unexpected)),
    ]
}

fn any(function: impl for<'a> Handler<'a> + Copy + 'static) -> Function {
    answers_get(function).post(function).on(http::Method::OPTIONS, function)
}

async fn http404(_: &Request) -> Result<Response> {
    Err(Error::page(StatusCode::NOT_FOUND, "no such note"))
}

async fn forbidden(_: &Request) -> Result<Response> {
    Err(Error::page(StatusCode::FORBIDDEN, "not yours"))
}

async fn bad_request(_: &Request) -> Result<Response> {
    Err(Error::page(StatusCode::BAD_REQUEST, "nonsense"))
}

async fn unexpected(_: &Request) -> Result<Response> {
    Err("x".parse::<u8>().expect_err("no number").into())
}

async fn reads_query(request: &Request) -> Result<Response> {
    Ok(Response::html(request.query()?.pairs().len().to_string()))
}

async fn reads_host(request: &Request) -> Result<Response> {
    Ok(Response::html(request.get_host()?.into_owned()))
}

async fn reads_body(request: &Request) -> Result<Response> {
    Ok(Response::html(request.bytes().await?.len().to_string()))
}

#[test]
fn a_refusal_has_headers_and_a_detail_of_any_shape() {
    use serde_json::json;
    async fn refused(request: &Request) -> Result<Response> {
        let status = StatusCode::UNAUTHORIZED;
        Err(match request.path() {
            "/text" => Error::api(status, "not_authenticated", "No.").with_header("www-authenticate", "Bearer"),
            "/object" => Error::api(status, format!("in{}", "valid"), json!({"title": ["This field is required."]})),
            "/list" => Error::api(status, "invalid", json!(["One.", "Two."])),
            "/page" => Error::page(status, "why").with_header("retry-after", "60"),
            _ => Error::unexpected("boom").with_header("retry-after", "5"),
        })
    }
    let site = site(options(|| crate::urls![re_path("", answers_get(refused))]));
    let rows = [
        ("/text", r#"{"detail":"No."}"#, "www-authenticate", Some("Bearer")),
        ("/object", r#"{"title":["This field is required."]}"#, "www-authenticate", None),
        ("/list", r#"["One.","Two."]"#, "retry-after", None),
    ];
    for (target, body, header, value) in rows {
        let answer = get(target).to(&site);
        assert_eq!((answer.code(), answer.text().as_str(), answer.header(header)), (401, body, value), "{target}");
    }
    assert_eq!(get("/page").to(&site).header("retry-after"), Some("60"));
    assert_eq!(get("/boom").to(&site).header("retry-after"), Some("5"));
}

#[test]
fn a_refusal_says_its_status_its_code_and_its_detail() {
    let error = Error::api(StatusCode::CONFLICT, "taken", "Taken.");
    let api = error.as_api().expect("a refusal");
    assert_eq!((api.status(), api.code(), api.detail().as_str()), (StatusCode::CONFLICT, "taken", Some("Taken.")));
    assert_eq!(error.to_string(), "Taken.");
}

#[test]
fn without_a_limit_any_body_and_any_query_are_read() {
    async fn counted(request: &Request) -> Result<Response> {
        Ok(Response::text(format!("{} {}", request.bytes().await?.len(), request.query()?.pairs().len())))
    }
    let mut options = options(|| crate::urls![path("", post(counted))]);
    options.http.data_upload_max_memory_size = None;
    options.http.data_upload_max_number_fields = None;
    let target = format!("/?{}", "a&".repeat(2000));
    let answer = ask("POST", &target).body(vec![b'x'; 3_000_000]).to(&site(options));
    assert_eq!(answer.text(), "3000000 2000");
}
