//! What of the recordings needs no view: hosts, redirects and pages, per profile.

mod browsable;
mod models;

use quintet::settings::{Env, Settings};
use quintet::testing::Client;

fn profile(name: &str) -> Client {
    let env = Env::new([("PROFILE".to_owned(), name.to_owned())], []);
    let settings: Settings = crate::settings::settings(&env);
    assert_eq!(env.problems(), [], "{name}");
    Client::of(settings)
}

#[quintet::test]
async fn every_profile_answers_an_unknown_path_with_404() {
    for name in ["seed", "full", "revoke", "throttle", "secure", "jsononly"] {
        let client = profile(name).with_header("x-forwarded-proto", "https");
        assert_eq!(client.get("/nope/").await.status(), 404, "{name}");
    }
}

#[test]
fn an_unknown_profile_is_refused_with_the_known_ones() {
    let env = Env::new([("PROFILE".to_owned(), "fulll".to_owned())], []);
    let _ = crate::settings::settings(&env);
    assert!(env.problems()[0].hint.contains("jsononly"), "{:?}", env.problems());
}

#[quintet::test]
async fn the_seed_takes_any_host_but_not_one_that_is_none() {
    let any = profile("seed").with_header("host", "evil.example").get("/nope/").await;
    let none = profile("seed").with_header("host", "a b").get("/nope/").await;
    assert_eq!((any.status(), none.status()), (404, 400));
    assert_eq!(none.header("vary"), None);
}

#[quintet::test]
async fn the_secure_profile_redirects_to_https() {
    let redirect = profile("secure").get("/api/notes/?a=1").await;
    assert_eq!(redirect.status(), 301);
    assert_eq!(redirect.header("location"), Some("https://testserver/api/notes/?a=1"));
    let secure = profile("secure").with_header("x-forwarded-proto", "https").get("/api/notes/").await;
    assert_eq!(secure.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains; preload"));
}
