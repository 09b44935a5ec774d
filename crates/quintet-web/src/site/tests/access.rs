//! What is told of an answer: the access log, the request's id, the client's address.

use std::sync::{Arc, Mutex};

use super::harness::{ask, get, options, site};
use crate::http::{Request, Response, Result};
use crate::urls::Urls;
use crate::{SiteOptions, view};

fn routes() -> Urls {
    crate::urls![path("", view::get(id).post(id)), path("ip/", view::get(ip))]
}

async fn id(request: &Request) -> Result<Response> {
    Ok(Response::text(request.id()))
}

async fn ip(request: &Request) -> Result<Response> {
    Ok(Response::text(request.client_ip().map(|ip| ip.to_string()).unwrap_or_default()))
}

fn with_header() -> SiteOptions {
    let mut options = options(routes);
    options.server.request_id_header = "X-Request-ID".to_owned();
    options
}

#[test]
fn every_request_has_an_id_of_its_own() {
    let site = site(with_header());
    let (first, second) = (get("/").to(&site), get("/").to(&site));
    assert_ne!(first.text(), second.text());
    assert_eq!(first.header("x-request-id"), Some(first.text().as_str()));
}

#[test]
fn a_clients_id_is_taken_over_where_it_is_plain_and_short() {
    let site = site(with_header());
    let answer = get("/").header("x-request-id", "abc-123").to(&site);
    assert_eq!((answer.text().as_str(), answer.header("x-request-id")), ("abc-123", Some("abc-123")));
    for sent in ["", "a b", "<script>", &"x".repeat(101), "é"] {
        assert_ne!(get("/").header("x-request-id", sent).to(&site).text(), *sent);
    }
}

#[test]
fn without_the_setting_no_id_is_taken_or_sent() {
    let answer = get("/").header("x-request-id", "abc").to(&site(options(routes)));
    assert_eq!(answer.header("x-request-id"), None);
    assert_ne!(answer.text(), "abc");
}

#[test]
fn error_pages_and_redirects_carry_the_id_too() {
    let site = site(with_header());
    assert!(get("/nope").to(&site).header("x-request-id").is_some());
    assert!(ask("HEAD", "/").to(&site).header("x-request-id").is_some());
}

#[test]
fn the_access_log_is_told_of_every_answer_once() {
    let lines: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = lines.clone();
    let mut options = options(routes);
    options.access_log = Some(Arc::new(move |access| {
        let line = format!(
            "{} {} {} {:?}",
            access.request.method(),
            access.request.path(),
            access.status.as_u16(),
            access.length
        );
        log.lock().expect("a log").push(line);
    }));
    let site = site(options);
    get("/nope%0Aline").to(&site);
    ask("DELETE", "/").to(&site);
    get("/livez").to(&site);
    let lines = lines.lock().expect("a log").clone();
    assert_eq!(lines, ["GET /nope\nline 404 Some(179)", "DELETE / 405 Some(43)"]);
}

#[test]
fn the_clients_address_is_the_connections_unless_proxies_are_trusted() {
    let address = |proxies, forwarded: &[&str]| {
        let mut options = options(routes);
        options.server.trusted_proxies = proxies;
        let asked = get("/ip/").client("192.0.2.9:1234".parse().expect("an address"));
        let asked = forwarded.iter().fold(asked, |asked, value| asked.header("x-forwarded-for", value));
        asked.to(&site(options)).text()
    };
    assert_eq!(address(0, &["10.0.0.1"]), "192.0.2.9");
    assert_eq!(address(1, &[]), "192.0.2.9");
    assert_eq!(address(1, &["10.0.0.1"]), "10.0.0.1");
    assert_eq!(address(1, &["1.1.1.1, 10.0.0.1"]), "10.0.0.1");
    assert_eq!(address(2, &["1.1.1.1, 10.0.0.1"]), "1.1.1.1");
    assert_eq!(address(2, &["6.6.6.6", "1.1.1.1", "10.0.0.1"]), "1.1.1.1");
    assert_eq!(address(3, &["1.1.1.1"]), "1.1.1.1");
    assert_eq!(address(1, &["2001:db8::1"]), "2001:db8::1");
    assert_eq!(address(1, &["[2001:db8::1]:443"]), "2001:db8::1");
    assert_eq!(address(1, &["10.0.0.1:5000"]), "10.0.0.1");
    for nonsense in ["", "unknown", "10.0.0.1.2", ",", "<script>"] {
        assert_eq!(address(1, &[nonsense]), "192.0.2.9", "{nonsense}");
    }
}
