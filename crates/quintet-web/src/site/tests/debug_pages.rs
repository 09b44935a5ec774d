//! The developers' pages: help with DEBUG, safe against what comes from outside, never there without DEBUG.

use super::harness::{Answer, Ask, get, options, site};
use crate::http::{Error, Request, Response, Result};
use crate::urls::Urls;
use crate::view;

fn routes() -> Urls {
    crate::urls![
        path("boom/", view::get(boom), name = "boom"),
        path("echo/<path:rest>", view::get(echo)),
        path("notes/<int:pk>/", view::get(boom), name = "note"),
    ]
}

async fn boom(_: &Request) -> Result<Response> {
    Err(std::io::Error::other(std::fmt::Error).into())
}

/// Fails with a text from outside.
async fn echo(request: &Request) -> Result<Response> {
    Err(Error::unexpected(request.params().get("rest").unwrap_or_default().to_owned()))
}

fn debugged(asked: &Ask) -> Answer {
    let mut options = options(routes);
    options.debug = true;
    asked.to(&site(options))
}

const SCRIPT: &str = "%3Cscript%3Ealert(1)%3C/script%3E";

#[test]
fn nothing_from_outside_becomes_markup() {
    let asked = [
        get(&format!("/{SCRIPT}/")),
        get(&format!("/echo/{SCRIPT}")),
        get(&format!("/boom/?a={SCRIPT}")),
        get("/boom/").header("x-a", "<script>alert(1)</script>"),
        get("/boom/").header("user-agent", "\"><script>alert(1)</script>"),
        get("/echo/'%22onload=%22alert(1)"),
    ];
    for asked in asked {
        let answer = debugged(&asked);
        let page = answer.text();
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(!page.contains("<script") && !page.contains("\"onload"), "{page}");
    }
}

#[test]
fn a_refused_host_is_escaped_in_its_page() {
    let mut options = options(routes);
    options.debug = true;
    options.middleware = vec![crate::middleware::CommonMiddleware.into()];
    let answer = get("/boom/").host(Some("<script>")).to(&site(options));
    assert_eq!(answer.code(), 400);
    assert!(answer.text().contains("&lt;script&gt;") && !answer.text().contains("<script>"), "{}", answer.text());
}

#[test]
fn the_404_page_lists_what_was_tried() {
    let page = debugged(&get("/note/1/")).text();
    for tried in [
        "boom/ [name = &quot;boom&quot;]",
        "echo/&lt;path:rest&gt;",
        "notes/&lt;int:pk&gt;/ [name = &quot;note&quot;]",
        "note/1/",
    ] {
        assert!(page.contains(tried), "{tried} is not in {page}");
    }
}

#[test]
fn the_500_page_tells_the_cause_and_the_route() {
    let page = debugged(&get("/boom/")).text();
    assert!(page.contains("an error occurred when formatting an argument") && page.contains("boom/"), "{page}");
}

#[test]
fn clients_that_take_no_pages_get_text() {
    let kind =
        |accept: &str| debugged(&get("/boom/").header("accept", accept)).header("content-type").map(str::to_owned);
    let (page, text) = (Some("text/html; charset=utf-8".to_owned()), Some("text/plain; charset=utf-8".to_owned()));
    for accept in [
        "text/html",
        "*/*",
        "text/*",
        "application/json, */*;q=0.1",
        "TEXT/HTML",
        "application/xhtml+xml,text/html;q=0.9",
    ] {
        assert_eq!(kind(accept), page, "{accept}");
    }
    for accept in ["application/json", "text/plain", "", "text/html;q=0", "text/html;level=1", "image/*"] {
        assert_eq!(kind(accept), text, "{accept}");
    }
}

#[test]
fn without_debug_nothing_is_told() {
    for target in ["/boom/", "/nope/", "/echo/secret-text"] {
        let page = get(target).to(&site(options(routes))).text();
        assert!(page.len() < 200 && !page.contains("DEBUG") && !page.contains("secret-text"), "{page}");
    }
}

#[test]
fn a_site_without_routes_says_where_to_write_them() {
    let mut options = options(Urls::default);
    options.debug = true;
    assert!(get("/").to(&site(options)).text().contains("src/urls.rs"));
}

#[test]
fn an_error_says_on_which_line_it_came_up() {
    let page = debugged(&get("/boom/")).text();
    assert!(page.contains("site/tests/debug_pages.rs:"), "{page}");
    let through: Result<()> = (|| Ok("x".parse::<u8>().map(drop)?))();
    let line = through.expect_err("no number").place().map(std::panic::Location::line);
    assert_eq!(line, Some(line!() - 2), "the line of the `?`");
}

/// Asks for a parameter that its route does not have.
async fn mistaken(request: &Request) -> Result<Response> {
    Ok(Response::text(request.param::<String>("pk")?))
}

#[test]
fn a_parameter_that_the_route_does_not_capture_is_a_500_that_names_those_it_does() {
    fn routes() -> Urls {
        crate::urls![path("wrong/<int:id>/", view::get(mistaken)), path("bare/", view::get(mistaken))]
    }
    let mut options = options(routes);
    options.debug = true;
    let site = site(options);
    for (path, captured) in [("/wrong/7/", "`id`"), ("/bare/", "nothing")] {
        let answer = get(path).to(&site);
        assert_eq!(answer.code(), 500, "a client that asks for {path} did nothing wrong");
        assert!(answer.text().contains(&format!("captures no `pk`, it captures {captured}")), "{}", answer.text());
    }
}
