//! Requests that nobody sends by accident: each is answered, soon, and without a panic.

use std::time::Duration;

use super::harness::{Answer, Ask, ask, get, middleware, options, site};
use crate::http::{Request, Response, Result};
use crate::urls::Urls;
use crate::{SiteOptions, view};

/// Far above what any of these takes in a debug build on a slow machine.
const SOON: Duration = Duration::from_secs(3);

fn routes() -> Urls {
    crate::urls![
        path("", view::get(everything).post(everything)),
        path("any/<path:rest>/", view::get(everything)),
        path("long/<slug:s>/", view::get(everything)),
        re_path(r"^r/(?P<a>(?:x+)+)/$", view::get(everything)),
    ]
}

/// Reads whatever a view can read.
async fn everything(request: &Request) -> Result<Response> {
    let pairs = request.query()?.pairs().len();
    let cookies = request.cookies().len();
    let body = request.bytes().await?.len();
    let uri = request.absolute_uri()?.len();
    let headers: usize = request.headers().keys().map(|name| request.header(name).map_or(0, |text| text.len())).sum();
    let known = (request.is_secure(), request.get_port(), request.client_ip(), request.params().iter().count());
    let text = format!("{pairs} {cookies} {body} {uri} {headers} {known:?}");
    Ok(Response::text(text.repeat(10)).with_header("etag", "\"abc\""))
}

fn hostile() -> SiteOptions {
    let mut options = options(routes);
    options.middleware = middleware(&[
        "CorsMiddleware",
        "SecurityMiddleware",
        "GZipMiddleware",
        "ConditionalGetMiddleware",
        "CommonMiddleware",
        "XFrameOptionsMiddleware",
    ]);
    options.cors.allowed_origins = vec!["https://app.example.com".to_owned()];
    options.cors.allowed_origin_regexes = vec![r"^https://(\w+\.)*example\.com$".to_owned()];
    options.security.proxy_ssl_header = Some(("x-forwarded-proto".to_owned(), "https".to_owned()));
    options.http.use_x_forwarded_host = true;
    options.http.use_x_forwarded_port = true;
    options.http.disallowed_user_agents = vec![r"^(a+)+$".to_owned()];
    options.server.trusted_proxies = 1;
    options.server.request_id_header = "x-request-id".to_owned();
    options
}

fn answered(asked: &Ask) -> Answer {
    let mut last = None;
    for debug in [false, true] {
        let mut options = hostile();
        options.debug = debug;
        let answer = in_time(|| asked.to(&site(options)));
        last.get_or_insert(answer);
    }
    last.expect("an answer")
}

/// A test may look at the clock: it asserts that no time is lost.
#[allow(clippy::disallowed_methods)]
fn in_time<T>(function: impl FnOnce() -> T) -> T {
    let started = std::time::Instant::now();
    let result = function();
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    result
}

const K64: usize = 65_536;

#[test]
fn a_path_of_64_kib_is_matched_and_redirected_in_time() {
    // 400: a redirect to so long an address is refused.
    // The `http` crate takes at most 65534 bytes.
    for part in ["a", "/", "%2F", "%FF", "%00", "%C3%A9", "..", "%", "%25"] {
        let rest = part.repeat(65_000 / part.len());
        for target in [format!("/{rest}"), format!("/any/{rest}"), format!("/any/{rest}/"), format!("/r/{rest}")] {
            let answer = answered(&get(&target));
            assert!([200, 301, 400, 404].contains(&answer.code()), "{part}: {}", answer.code());
        }
    }
}

#[test]
fn a_path_that_a_backtracking_matcher_would_never_leave_is_left() {
    assert_eq!(answered(&get(&format!("/r/{}!/", "x".repeat(60_000)))).code(), 404);
}

#[test]
fn ten_thousand_query_fields_are_the_400_page_and_a_thousand_are_not() {
    assert_eq!(answered(&get(&format!("/?{}", ["a=1"; 10_000].join("&")))).code(), 400);
    assert_eq!(answered(&get(&format!("/?{}", ["a=1"; 1_001].join("&")))).code(), 400);
    assert_eq!(answered(&get(&format!("/?{}", ["a=1"; 1_000].join("&")))).code(), 200);
    assert_eq!(answered(&get(&format!("/?{}", "&".repeat(60_000)))).code(), 400);
}

#[test]
fn broken_escapes_and_controls_are_text_like_any_other() {
    for target in [
        "/any/%/",
        "/any/%zz/",
        "/any/%4/",
        "/any/%00/",
        "/any/%C0%AF/",
        "/any/%ED%A0%80/",
        "/?%=%&%zz=%00",
        "/?a=%FF%FE",
    ] {
        assert_eq!(answered(&get(target)).code(), 200, "{target}");
    }
}

#[test]
fn header_values_of_any_bytes_are_read() {
    let bytes: Vec<u8> = (0..=255).filter(|byte| *byte >= 32 && *byte != 127).collect();
    let names = [
        "origin",
        "cookie",
        "accept",
        "accept-encoding",
        "if-none-match",
        "if-match",
        "if-modified-since",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-port",
        "x-request-id",
        "user-agent",
        "access-control-request-method",
        "x-any",
    ];
    for name in names {
        let answer = answered(&get("/").header(name, &bytes));
        assert!([200, 412].contains(&answer.code()), "{name}: {}", answer.code());
    }
    for name in ["host", "x-forwarded-host"] {
        assert_eq!(answered(&get("/").host(None).header(name, &bytes)).code(), 400, "{name}");
    }
}

#[test]
fn long_headers_are_read_in_time() {
    let long = |part: &str| part.repeat(K64 / part.len());
    let rows: [(&str, String, u16); 14] = [
        ("accept-encoding", long("gzipgzip,"), 200),
        ("accept-encoding", long("gzi"), 200),
        ("accept", long("text/html;q=0,"), 200),
        ("if-none-match", long("\"x\","), 200),
        ("if-none-match", long("W/"), 200),
        ("if-match", long("\"x\","), 412),
        ("origin", format!("https://{}", long("a.")), 200),
        ("origin", format!("http://[{}", long(":")), 200),
        ("cookie", long("a=\"\\073\";"), 200),
        ("x-forwarded-for", long("1.1.1.1,"), 200),
        ("x-forwarded-proto", long(","), 200),
        ("user-agent", format!("{}!", long("a")), 200),
        ("x-request-id", long("a"), 200),
        ("if-modified-since", long("Tue, "), 200),
    ];
    for (name, value, code) in rows {
        assert_eq!(answered(&get("/").header(name, &value)).code(), code, "{name}: {}", &value[..20]);
    }
    assert_eq!(answered(&get("/").host(Some(&long("a.")))).code(), 200);
    assert_eq!(answered(&get("/").host(Some(&format!("[{}]", long(":"))))).code(), 200);
}

#[test]
fn ten_thousand_tags_are_compared_in_time() {
    let mut tags: String = (0..10_000).map(|n| format!("\"{n}\", ")).collect();
    assert_eq!(answered(&get("/").header("if-none-match", &tags)).code(), 200);
    tags.push_str("W/\"abc\"");
    assert_eq!(answered(&get("/").header("if-none-match", &tags)).code(), 304);
}

#[test]
fn ten_thousand_cookies_are_read_in_time() {
    let cookies: String = (0..10_000).map(|n| format!("c{n}={n}; ")).collect();
    assert_eq!(answered(&get("/").header("cookie", &cookies)).code(), 200);
}

#[test]
fn an_origin_of_8_kib_is_not_echoed_unless_it_is_allowed() {
    let answer = answered(&get("/").header("origin", format!("https://{}evil.test", "a.".repeat(4000))));
    assert_eq!(answer.header("access-control-allow-origin"), None);
    let allowed = format!("https://{}example.com", "a.".repeat(4000));
    assert_eq!(
        answered(&get("/").header("origin", &allowed)).header("access-control-allow-origin"),
        Some(allowed.as_str())
    );
}

#[test]
fn a_redirect_cannot_carry_a_header() {
    for target in ["/any/%0D%0AX-Evil:1", "/any/a%0D%0A%0D%0A<b>".trim_end_matches("<b>"), "/any/x?%0d%0aX-Evil:%201"] {
        let answer = answered(&get(target));
        assert!(answer.headers.get("x-evil").is_none());
        assert!(answer.header("location").is_none_or(|location| !location.contains(['\r', '\n'])));
    }
}

#[test]
fn targets_without_a_path_are_answered() {
    assert_eq!(answered(&ask("OPTIONS", "*")).code(), 404);
    assert_eq!(answered(&get("http://testserver")).code(), 200);
    assert_eq!(answered(&get("http://testserver/any/x/")).code(), 200);
    assert_eq!(answered(&ask("CONNECT", "testserver:443")).code(), 405);
}

#[test]
fn an_unknown_method_is_refused_by_its_name() {
    let name = "A".repeat(1000);
    let answer = answered(&ask(&name, "/"));
    assert_eq!((answer.code(), answer.header("allow")), (405, Some("GET, POST, HEAD, OPTIONS")));
}
