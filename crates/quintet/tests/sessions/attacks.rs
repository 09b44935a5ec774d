//! What somebody tries who is not meant to get in.

use quintet::prelude::*;
use quintet::settings::SessionEngine;
use quintet::testing::{Client, TestData};

use crate::harness::{PASSWORD, each, sessions, site, site_with};

async fn who(client: &Client) -> String {
    client.get("/page/").await.assert_status(200).text()
}

#[quintet::test]
async fn a_key_that_was_slipped_into_a_browser_is_not_the_one_that_is_logged_in() {
    each(async || {
        let client = site().await;
        // The attacker's own session, whose key the victim's browser is made to send.
        let attacker = client.clone();
        attacker.get("/visit/").await.assert_status(200);
        let key = attacker.cookie("sessionid").expect("a key");
        let victim = client.with_cookie("sessionid", &key);
        victim.get("/in/ann/").await.assert_status(200);
        assert_ne!(victim.cookie("sessionid").as_deref(), Some(&*key));
        assert_eq!((who(&victim).await.as_str(), who(&attacker).await.as_str()), ("ann", ""));
    })
    .await;
}

#[quintet::test]
async fn a_key_that_somebody_made_up_becomes_no_session() {
    each(async || {
        let client = site().await.with_cookie("sessionid", "abcdefghijklmnopqrstuvwxyz012345");
        assert_eq!(client.get("/visit/").await.text(), "1");
        let key = client.cookie("sessionid").expect("a key");
        assert_ne!(key, "abcdefghijklmnopqrstuvwxyz012345", "the site chooses the key");
        for hostile in ["' OR 1=1 --", "..%2F..%2Fetc", &"k".repeat(5000), "\"\\000abcdefgh\"", "%", "ключключ"]
        {
            let client = site().await.with_cookie("sessionid", hostile);
            assert_eq!(client.get("/seen/").await.text(), "None", "{hostile}");
            assert_eq!(sessions(&client).await, 0);
        }
    })
    .await;
}

#[quintet::test]
async fn a_row_that_was_written_by_somebody_else_says_nothing() {
    each(async || {
        use quintet::apps::sessions::models::Session;
        let client = site().await;
        client.get("/in/ann/").await.assert_status(200);
        Session::objects()
            .update(client.db(), |s| s.session_data().set("eyJfYXV0aF91c2VyX2lkIjoiMiJ9:1abc:x"))
            .await
            .expect("changed");
        assert_eq!(who(&client).await, "");
    })
    .await;
}

#[quintet::test]
async fn a_cookie_that_was_changed_by_one_letter_is_nobody() {
    each(async || {
        let client = site_with(|settings| settings.sessions.engine = SessionEngine::SignedCookies).await;
        client.get("/in/ann/").await.assert_status(200);
        let cookie = client.cookie("sessionid").expect("a cookie");
        assert_eq!(who(&client).await, "ann");
        for at in (0..cookie.len()).step_by(7) {
            let mut changed = cookie.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("letters");
            if changed != cookie {
                assert_eq!(who(&client.clone().with_cookie("sessionid", &changed)).await, "", "{changed}");
            }
        }
        let database = client.clone().with_settings(|settings| settings.sessions.engine = SessionEngine::Database);
        assert_eq!(who(&database).await, "", "what is signed for one use is nothing in another");
    })
    .await;
}

#[quintet::test]
async fn a_log_in_leads_to_no_other_site() {
    each(async || {
        let client = site().await;
        let secret = client.get("/form/").await.text();
        let next = async |next: &str| {
            let fields =
                [("csrfmiddlewaretoken", &*secret), ("username", "ann"), ("password", PASSWORD), ("next", next)];
            let fresh = client.clone();
            let answer = fresh.post("/login/", TestData::form(fields)).await;
            answer.assert_status(302).header("location").expect("a way").to_owned()
        };
        for evil in [
            "https://evil.example/",
            "//evil.example/",
            "///evil.example",
            "http:///evil.example",
            "\\\\evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "https://testserver@evil.example",
            "\t//evil.example",
            " https://evil.example",
            "https://testserver/",
            "ftp://testserver/",
            "http://testserver:80@evil.example/",
            "http:evil.example",
        ] {
            let went = next(evil).await;
            let is_own = evil == "https://testserver/" && went == evil;
            assert!(went == "/accounts/profile/" || is_own, "{evil} -> {went}");
        }
        assert_eq!(next("/page/").await, "/page/");
        assert_eq!(next("http://testserver/page/").await, "http://testserver/page/");
        let split = next("/page/\r\nSet-Cookie: a=b").await;
        assert!(!split.contains('\n') && !split.contains('\r'), "{split:?}");
    })
    .await;
}

#[quintet::test]
async fn a_log_in_form_of_another_site_is_refused() {
    each(async || {
        let client = site().await;
        let fields = || TestData::form([("username", "ann"), ("password", PASSWORD)]);
        client.post("/login/", fields()).await.assert_status(403);
        let secret = "e".repeat(32);
        let planted = client.clone().with_cookie("csrftoken", &secret);
        let forged =
            || TestData::form([("username", "ann"), ("password", PASSWORD), ("csrfmiddlewaretoken", &*secret)]);
        planted.post("/login/", forged()).header("origin", "https://evil.example").await.assert_status(403);
        let bare =
            client.with_settings(|settings| settings.middleware.retain(|layer| layer.name() != "CsrfViewMiddleware"));
        bare.post("/login/", fields()).await.assert_status(403);
        assert_eq!(who(&bare).await, "");
    })
    .await;
}

#[quintet::test]
async fn nothing_that_a_view_keeps_gets_into_a_header() {
    each(async || {
        let client = site_with(|settings| {
            settings.urls = || urls![path("keep/", get(keep))];
            settings.sessions.engine = SessionEngine::SignedCookies;
        })
        .await;
        let answer = client.get("/keep/").await;
        let set = answer.header("set-cookie").expect("a cookie");
        assert!(set.chars().all(|c| c.is_ascii_graphic() || c == ' ') && !set.contains("evil"), "{set}");
    })
    .await;
}

async fn keep(request: &Request) -> Result<Response> {
    request.session()?.set("evil\r\nSet-Cookie: a", "x; Domain=evil.example\r\n").await?;
    Ok(Response::text("kept"))
}
