//! Absolute addresses, against `oracle/vectors/absolute_uri.json`.

use super::harness::{Recording, get, options, same, site, text};
use crate::urls::Urls;

#[test]
fn absolute_addresses_are_built_as_recorded() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/absolute_uri.json"));
    let site = site(options(Urls::default));
    let ran = recording.each("cases", &[], |case| {
        let asked = get(text(case, "page")).host(case["host"].as_str()).https(case["scheme"] == "https");
        let request = asked.request(&site);
        let ours = match case["location"].as_str() {
            Some(location) => request.build_absolute_uri(location),
            None => request.absolute_uri(),
        };
        same("uri", ours.ok().as_deref(), case["uri"].as_str())
    });
    assert_eq!(ran, 226);
}

#[test]
fn an_absolute_address_is_not_built_for_a_refused_host() {
    let mut options = options(Urls::default);
    options.allowed_hosts = vec!["example.com".to_owned()];
    assert!(get("/").request(&site(options)).build_absolute_uri("/a").is_err());
}
