//! The refresh token in a cookie: who gets it, who may send it, and when it goes.

use quintet::prelude::*;
use quintet::settings::{Cors, SimpleJwt};
use quintet::testing::{Client, TestResponse};

use crate::harness::{Kit, PASSWORD, cheap, each, families};

const FRONT: &str = "https://front.example";

fn baked(kit: &Kit, simple_jwt: SimpleJwt) -> Client {
    let simple_jwt = SimpleJwt { refresh_cookie: true, ..simple_jwt };
    let client = cheap(kit, simple_jwt).with_settings(|settings| {
        settings.cors = Cors {
            allowed_origins: vec![FRONT.into()],
            allowed_origin_regexes: vec![r"^https://[a-z]+\.preview\.example$".into()],
            ..Cors::default()
        };
    });
    client.over_https()
}

fn asking(client: &Client) -> Client {
    client.clone().with_header("x-refresh-token", "cookie").with_header("origin", FRONT)
}

async fn login(client: &Client) -> TestResponse {
    client.post("/api/token/", json!({ "username": "alice", "password": PASSWORD })).await
}

async fn refresh(client: &Client) -> TestResponse {
    client.post("/api/token/refresh/", json!({})).await
}

fn cookie(answer: &TestResponse) -> String {
    answer.header("set-cookie").unwrap_or_default().to_owned()
}

#[quintet::test]
async fn a_client_that_asks_gets_the_refresh_token_where_no_script_can_read_it() {
    each(async |kit| {
        let client = asking(&baked(kit, families()));
        let answer = login(&client).await;
        assert_eq!(answer.status(), 200, "{}", answer.text());
        assert!(answer.json()["access"].is_string() && answer.json().get("refresh").is_none(), "{}", answer.text());
        let set = cookie(&answer);
        for part in ["refresh_token=eyJ", "HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(set.contains(part), "{part}: {set}");
        }
        // A second may end between the token and its cookie.
        assert!(["Max-Age=86400", "Max-Age=86399"].iter().any(|age| set.contains(age)), "{set}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let fresh = refresh(&client).await;
        assert_eq!(fresh.status(), 200, "{}", fresh.text());
        assert!(fresh.json()["access"].is_string() && fresh.json().get("refresh").is_none());
        assert_ne!(cookie(&fresh), set, "it is another one");
    })
    .await;
}

#[quintet::test]
async fn who_does_not_ask_gets_it_in_the_body() {
    each(async |kit| {
        let client = baked(kit, families());
        for other in [client.clone(), client.clone().with_header("x-refresh-token", "body")] {
            let answer = login(&other).await;
            assert!(answer.json()["refresh"].is_string() && answer.header("set-cookie").is_none(), "{}", answer.text());
        }
        let off = asking(&client).with_settings(|settings| settings.simple_jwt.refresh_cookie = false);
        let answer = login(&off).await;
        assert!(answer.json()["refresh"].is_string() && answer.header("set-cookie").is_none(), "{}", answer.text());
    })
    .await;
}

#[quintet::test]
async fn the_cookie_alone_opens_nothing() {
    each(async |kit| {
        let client = asking(&baked(kit, families()));
        login(&client).await;
        let token = client.cookie("refresh_token").expect("the cookie");
        let bare = || baked(kit, families()).with_cookie("refresh_token", &token);
        // A form of another site, and one of this site: no header.
        let answer = bare().post("/api/token/refresh/", ()).await;
        assert_eq!(answer.text(), r#"{"refresh":["This field is required."]}"#);
        // A script of another site, and one that hides where it is from.
        for origin in ["https://evil.example", "null", "https://front.example.evil.example", "http://front.example", ""]
        {
            let evil = bare().with_header("x-refresh-token", "cookie").with_header("origin", origin);
            let answer = refresh(&evil).await;
            assert_eq!((answer.status(), answer.header("set-cookie")), (403, None), "{origin}");
        }
        let silent = refresh(&bare().with_header("x-refresh-token", "cookie")).await;
        assert_eq!(silent.status(), 403, "no origin at all");
        for origin in [FRONT, "https://one.preview.example", "https://testserver"] {
            let good = bare().with_header("x-refresh-token", "cookie").with_header("origin", origin);
            let answer = refresh(&good).await;
            assert_eq!(answer.status(), 200, "{origin}: {}", answer.text());
        }
    })
    .await;
}

#[quintet::test]
async fn that_any_origin_may_read_is_not_enough() {
    each(async |kit| {
        let client = baked(kit, families()).with_settings(|settings| {
            settings.cors = Cors { allow_all_origins: true, ..Cors::default() };
        });
        let client = client.with_header("x-refresh-token", "cookie").with_header("origin", "https://evil.example");
        assert_eq!(login(&client).await.status(), 403);
    })
    .await;
}

#[quintet::test]
async fn without_its_cookie_a_client_is_logged_out() {
    each(async |kit| {
        let answer = refresh(&asking(&baked(kit, families()))).await;
        assert_eq!(
            (answer.status(), answer.text().as_str()),
            (401, r#"{"detail":"Token is invalid","code":"token_not_valid"}"#)
        );
    })
    .await;
}

#[quintet::test]
async fn logging_out_takes_the_cookie_away_whatever_is_in_it() {
    each(async |kit| {
        let client = asking(&baked(kit, families()));
        login(&client).await;
        let token = client.cookie("refresh_token").expect("the cookie");
        let answer = client.post("/api/token/blacklist/", json!({})).await;
        assert_eq!((answer.status(), answer.text().as_str()), (200, "{}"));
        assert!(cookie(&answer).contains("Max-Age=0"), "{}", cookie(&answer));
        assert_eq!(client.cookie("refresh_token"), None);
        let again = client.clone().with_cookie("refresh_token", &token);
        assert_eq!(refresh(&again).await.status(), 401, "it is taken back");
        let answer = again.post("/api/token/blacklist/", json!({})).await;
        assert_eq!((answer.status(), cookie(&answer).contains("Max-Age=0")), (401, true));
    })
    .await;
}

#[quintet::test]
async fn a_refusal_takes_nobodys_cookie_away() {
    each(async |kit| {
        let client = asking(&baked(kit, families())).with_cookie("refresh_token", "nonsense");
        let answer = refresh(&client).await;
        assert_eq!((answer.status(), answer.header("set-cookie")), (401, None), "another tab may have the next one");
    })
    .await;
}

#[quintet::test]
async fn the_body_can_be_refused() {
    each(async |kit| {
        let only = SimpleJwt { refresh_cookie_only: true, ..families() };
        let client = baked(kit, only);
        let answer = login(&client).await;
        assert_eq!((answer.status(), answer.header("set-cookie")), (400, None), "{}", answer.text());
        let asking = asking(&client);
        assert_eq!(login(&asking).await.status(), 200);
        let token = asking.cookie("refresh_token").expect("the cookie");
        for path in ["/api/token/refresh/", "/api/token/blacklist/"] {
            assert_eq!(client.post(path, json!({ "refresh": token })).await.status(), 400, "{path}");
        }
    })
    .await;
}

#[quintet::test]
async fn with_debug_the_cookie_comes_by_plain_http() {
    each(async |kit| {
        let client = asking(&baked(kit, families())).with_settings(|settings| settings.debug = true);
        let set = cookie(&login(&client).await);
        assert!(!set.contains("Secure") && set.contains("HttpOnly"), "{set}");
    })
    .await;
}

#[quintet::test]
async fn the_cookie_is_named_and_placed_by_the_settings() {
    each(async |kit| {
        let named = SimpleJwt {
            refresh_cookie_name: "__Secure-renew".into(),
            refresh_cookie_path: "/api/token/".into(),
            refresh_cookie_domain: Some("example.com".into()),
            refresh_cookie_samesite: quintet::settings::SameSite::Lax,
            ..families()
        };
        let set = cookie(&login(&asking(&baked(kit, named))).await);
        for part in ["__Secure-renew=eyJ", "Path=/api/token/", "Domain=example.com", "SameSite=Lax"] {
            assert!(set.contains(part), "{part}: {set}");
        }
    })
    .await;
}
