//! Which hosts are answered, against `oracle/vectors/hosts.json`.

use serde_json::Value;

use super::harness::{Recording, get, options, same, site, text, texts};
use crate::http::{host_allowed, split_domain_port};
use crate::urls::Urls;

fn recording() -> Recording {
    Recording::new(include_str!("../../../../../oracle/vectors/hosts.json"))
}

const NO_NAME: &str = "a socket's address has no name";
const NO_HEADER: &str = "no header can carry it: the server refuses such a request before";

#[test]
fn a_host_is_accepted_or_refused_as_recorded() {
    let skipped = [
        ("no Host, server name", NO_NAME),
        ("no Host, server port", NO_NAME),
        ("no Host, https and port 443", NO_NAME),
        ("no Host, https and port 80", NO_NAME),
        ("no Host, http and port 443", NO_NAME),
        ("no Host, server name refused", NO_NAME),
        ("newline at the end", NO_HEADER),
        ("no Host, IPv6 server name", "the reference forgets the brackets and refuses itself"),
    ];
    assert_eq!(recording().each("cases", &skipped, accepted_as_recorded), 123);
}

fn accepted_as_recorded(case: &Value) -> Result<(), String> {
    let mut options = options(Urls::default);
    options.allowed_hosts = texts(&case["allowed_hosts"]);
    options.debug = case["debug"] == true;
    options.http.use_x_forwarded_host = case["use_x_forwarded_host"] == true;
    let mut asked = get("/").host(case["host_header"].as_str());
    if let Some(forwarded) = case["x_forwarded_host"].as_str() {
        asked = asked.header("x-forwarded-host", forwarded);
    }
    let request = asked.request(&site(options));
    same("host", request.get_host().ok().as_deref(), case["host"].as_str())
}

#[test]
fn a_name_matches_the_patterns_as_recorded() {
    let ran = recording().each("matching", &[], |case| {
        same("match", host_allowed(text(case, "host"), &texts(&case["patterns"])), case["match"] == true)
    });
    assert_eq!(ran, 48);
}

#[test]
fn a_host_is_split_into_domain_and_port_as_recorded() {
    let ran = recording().each("splitting", &[], |case| {
        let (domain, port) = split_domain_port(text(case, "host"));
        same("split", (&*domain, port), (text(case, "domain"), text(case, "port")))
    });
    assert_eq!(ran, 79);
}

#[test]
fn without_a_host_header_the_address_of_the_socket_is_the_host() {
    let host = |address: &str, https| {
        let asked = get("/").host(None).local(address.parse().expect("an address")).https(https);
        asked.request(&site(options(Urls::default))).get_host().ok().map(|host| host.into_owned())
    };
    assert_eq!(host("192.0.2.1:8000", false).as_deref(), Some("192.0.2.1:8000"));
    assert_eq!(host("192.0.2.1:80", false).as_deref(), Some("192.0.2.1"));
    assert_eq!(host("192.0.2.1:443", true).as_deref(), Some("192.0.2.1"));
    assert_eq!(host("[::1]:8000", false).as_deref(), Some("[::1]:8000"));
    assert_eq!(host("[::1]:80", false).as_deref(), Some("[::1]"));
    assert_eq!(host("192.0.2.1:443", false).as_deref(), Some("192.0.2.1:443"));
}

#[test]
fn the_port_is_taken_from_the_proxy_only_where_it_is_trusted() {
    let port = |trusted| {
        let mut options = options(Urls::default);
        options.http.use_x_forwarded_port = trusted;
        let asked = get("/").host(Some("testserver:8000")).header("x-forwarded-port", "8443");
        asked.request(&site(options)).get_port()
    };
    assert_eq!((port(false), port(true)), (Some(8000), Some(8443)));
}
