//! How often somebody may ask.

use std::collections::BTreeMap;

use super::harness::{settings, site, try_site};
use crate::http::{Request, Response, Result};
use crate::rest::{AllowAny, AnonRateThrottle, IsAuthenticated, RestFramework, ScopedRateThrottle, UserRateThrottle};
use crate::urls::Urls;
use crate::view::{api_view, get};

async fn ok(_: &Request) -> Result<Response> {
    Ok(Response::data("ok"))
}

fn urls() -> Urls {
    crate::urls![
        path("all/", api_view(get(ok)).permissions(AllowAny)),
        path("users/", api_view(get(ok)).permissions(IsAuthenticated)),
        path("own-rate/", api_view(get(ok)).throttles(AnonRateThrottle.rate("1/min"))),
        path("own-scope/", api_view(get(ok)).throttles(UserRateThrottle.scope("few"))),
        path("free/", api_view(get(ok)).throttles(UserRateThrottle.scope("free"))),
        path("scoped/", api_view(get(ok)).throttles(ScopedRateThrottle).throttle_scope("few")),
        path("unknown/", api_view(get(ok)).throttles(ScopedRateThrottle).throttle_scope("none")),
    ]
}

fn rates(rates: &[(&str, &str)]) -> RestFramework {
    RestFramework {
        default_throttle_classes: vec![AnonRateThrottle.into(), UserRateThrottle.into()],
        default_throttle_rates: rates.iter().map(|(name, rate)| ((*name).to_owned(), (*rate).to_owned())).collect(),
        ..settings()
    }
}

#[test]
fn who_asks_too_often_is_told_how_long_to_wait() {
    let asked = site(urls, rates(&[("anon", "2/min")]));
    assert_eq!((asked.get("/all/").status, asked.get("/all/").status), (200, 200));
    asked.forward(20);
    let answer = asked.get("/all/");
    answer.is(429, r#"{"detail":"Request was throttled. Expected available in 40 seconds."}"#);
    assert_eq!((answer.header("retry-after"), answer.header("allow")), ("40", "GET, OPTIONS"));
    asked.forward(39);
    asked.get("/all/").is(429, r#"{"detail":"Request was throttled. Expected available in 1 second."}"#);
    asked.forward(1);
    asked.get("/all/").is(200, "\"ok\"");
}

#[test]
fn users_are_counted_apart_and_not_as_strangers() {
    let asked = site(urls, rates(&[("anon", "1/min"), ("user", "2/min")]));
    let statuses = ["ana", "ana", "ana", "boris"].map(|user| asked.by(user, "GET", "/all/").status);
    assert_eq!(statuses, [200, 200, 429, 200]);
}

#[test]
fn who_is_refused_by_permissions_loses_nothing() {
    let asked = site(urls, rates(&[("user", "1/min")]));
    assert_eq!((asked.get("/users/").status, asked.get("/users/").status), (401, 401));
    assert_eq!(asked.by("ana", "GET", "/users/").status, 200);
}

#[test]
fn a_scope_has_a_rate_of_its_own() {
    let asked = site(urls, rates(&[("few", "1/h")]));
    assert_eq!(
        (asked.get("/scoped/").status, asked.get("/scoped/").status, asked.get("/all/").status),
        (200, 429, 200)
    );
    assert_eq!(asked.get("/unknown/").status, 500, "a scope without a rate is the project's mistake");
}

#[test]
fn the_forwarded_address_counts_as_far_as_proxies_are_known() {
    let ask = |proxies: Option<usize>, forwarded: [&str; 2]| {
        let asked = site(urls, RestFramework { num_proxies: proxies, ..rates(&[("anon", "1/min")]) });
        forwarded.map(|forwarded| asked.ask("GET", "/all/", &[("x-forwarded-for", forwarded)]).status)
    };
    assert_eq!(ask(None, ["1.1.1.1", "2.2.2.2"]), [200, 200]);
    assert_eq!(ask(None, ["1.1.1.1, 9.9.9.9", "1.1.1.1,9.9.9.9"]), [200, 429], "spaces say nothing");
    assert_eq!(ask(Some(0), ["1.1.1.1", "2.2.2.2"]), [200, 429]);
    assert_eq!(ask(Some(1), ["1.1.1.1, 9.9.9.9", "2.2.2.2, 9.9.9.9"]), [200, 429]);
    assert_eq!(ask(Some(2), ["1.1.1.1, 9.9.9.9", "2.2.2.2, 9.9.9.9"]), [200, 200]);
}

#[test]
fn a_rate_that_is_none_is_found_when_the_site_is_built() {
    let wrong = RestFramework {
        default_throttle_rates: BTreeMap::from([("anon".to_owned(), "often".to_owned())]),
        ..RestFramework::default()
    };
    let problems = try_site(urls, wrong).err().unwrap_or_default();
    assert!(problems.iter().any(|told| told.contains("`often` is no rate")), "{problems:?}");
}

#[test]
fn a_view_can_have_a_rate_or_a_scope_of_its_own() {
    let asked = site(urls, rates(&[("few", "2/min"), ("free", "")]));
    assert_eq!((asked.get("/own-rate/").status, asked.get("/own-rate/").status), (200, 429));
    let few: Vec<u16> = (0..3).map(|_| asked.get("/own-scope/").status).collect();
    assert_eq!(few, [200, 200, 429]);
    assert!((0..5).all(|_| asked.get("/free/").status == 200), "an empty rate is no limit");
}
