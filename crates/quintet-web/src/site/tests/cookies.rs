//! Cookies that are set, against `oracle/vectors/set_cookie.json`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::harness::{Given, Recording, get, given, options, same, site, text, texts};
use crate::http::{Cookie, Request, Response, Result, SameSite};
use crate::view;

#[test]
fn cookies_are_written_as_recorded() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/set_cookie.json"));
    let skipped = [
        ("max age of a fraction", "half a second of a cookie's life is kept nowhere: both headers say whole seconds"),
        ("delete, then set", "a cookie that is set after it was deleted lives, see the test of that name"),
    ];
    assert_eq!(recording.each("cases", &skipped, written_as_recorded), 57);
}

fn written_as_recorded(case: &Value) -> Result<(), String> {
    let mut options = options(|| crate::urls![path("", view::get(sets))]);
    options.middleware = vec![Given(case.clone()).into()];
    let answer = get("/").to(&site(options));
    if case["set_cookie"].is_null() {
        return same("status", answer.code(), 500);
    }
    let ours: Vec<String> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("text").to_owned()).collect();
    same("cookies", ours, texts(&case["set_cookie"]))
}

async fn sets(request: &Request) -> Result<Response> {
    let mut response = Response::text("");
    for call in given(request)["calls"].as_array().expect("calls") {
        response.set_cookie(cookie(call));
    }
    Ok(response)
}

fn cookie(call: &Value) -> Cookie {
    let name = text(call, "name");
    let mut cookie =
        if text(call, "kind") == "delete" { Cookie::deleted(name) } else { Cookie::new(name, text(call, "value")) };
    if let Some(age) = call["max_age"].as_f64() {
        cookie = cookie.max_age(Duration::from_secs_f64(age));
    }
    if let Some(at) = call["expires"].as_f64() {
        cookie = cookie.expires(UNIX_EPOCH + Duration::from_secs_f64(at));
    }
    cookie = match &call["path"] {
        Value::String(path) => cookie.path(path),
        Value::Null if call.get("path").is_some() => cookie.without_path(),
        _ => cookie,
    };
    if let Some(domain) = call["domain"].as_str() {
        cookie = cookie.domain(domain);
    }
    cookie = if call["secure"] == true { cookie.secure() } else { cookie };
    cookie = if call["httponly"] == true { cookie.http_only() } else { cookie };
    match call["samesite"].as_str() {
        Some("Lax") => cookie.same_site(SameSite::Lax),
        Some("Strict") => cookie.same_site(SameSite::Strict),
        Some("None") => cookie.same_site(SameSite::None),
        _ => cookie,
    }
}

/// The headers of a response that a function makes.
fn written(make: fn(&mut Response)) -> Vec<String> {
    let mut response = Response::text("");
    make(&mut response);
    let clock = crate::Clock::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000), || Duration::ZERO);
    response.write_cookies(&clock);
    response
        .headers()
        .get_all("set-cookie")
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        .collect()
}

#[test]
fn a_cookie_that_is_set_after_it_was_deleted_lives() {
    let set = written(|response| {
        response.delete_cookie("a");
        response.set_cookie(Cookie::new("a", "1"));
    });
    assert_eq!(set, ["a=1; Path=/"]);
}

#[test]
fn a_value_beyond_latin_1_comes_back_as_it_was() {
    let set = written(|response| response.set_cookie(Cookie::new("a", "日本 é")));
    assert_eq!(set, ["a=\"日本 \\351\"; Path=/"]);
    let (pair, _) = set[0].split_once(';').expect("attributes");
    assert_eq!(crate::http::cookies(pair), [("a".to_owned(), "日本 é".to_owned())]);
}

#[test]
fn an_attribute_cannot_smuggle_in_another() {
    for cookie in [Cookie::new("a", "1").path("/; Domain=evil.test"), Cookie::new("a", "1").domain("x\r\ny: z")] {
        let set = std::panic::catch_unwind(|| Response::text("").with_cookie(cookie));
        assert!(set.is_err());
    }
}
