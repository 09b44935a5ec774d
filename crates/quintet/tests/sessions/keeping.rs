//! What is remembered, for how long, and what the browser is told.

use quintet::apps::sessions::models::Session;
use quintet::prelude::*;
use quintet::settings::{SameSite, SessionEngine, days, hours};
use quintet::testing::{TestClock, assert_queries};

use crate::harness::{each, sessions, site, site_with};

#[quintet::test]
async fn a_browser_is_remembered_from_request_to_request() {
    each(async || {
        let client = site().await;
        let stranger = client.clone();
        for visit in 1..4 {
            assert_eq!(client.get("/visit/").await.text(), visit.to_string());
        }
        assert_eq!(stranger.get("/visit/").await.text(), "1", "another browser is another");
        assert_eq!(sessions(&client).await, 2);
    })
    .await;
}

#[quintet::test]
async fn who_asks_nothing_of_a_session_costs_no_query_and_gets_no_cookie() {
    each(async || {
        let client = site().await;
        let answer = assert_queries(0, async || client.get("/quiet/").await).await;
        assert!(answer.header("set-cookie").is_none());
        client.get("/visit/").await.assert_status(200);
        // A page asks who it is shown to; an answer without a session would not.
        let answer = assert_queries(1, async || client.get("/seen/").await).await;
        assert!(answer.header("set-cookie").is_none(), "what was only read is not saved");
        assert_eq!((answer.text().as_str(), answer.header("vary")), ("Some(1)", Some("Cookie")));
    })
    .await;
}

#[quintet::test]
async fn the_cookie_says_what_the_settings_say() {
    each(async || {
        let _clock = TestClock::at("2024-01-31T12:00:00Z");
        let client = site().await;
        let set = client.get("/visit/").await.header("set-cookie").expect("a cookie").to_owned();
        let key = client.cookie("sessionid").expect("a cookie");
        assert!(key.len() == 32 && key.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{key}");
        assert_eq!(
            set,
            format!(
                "sessionid={key}; expires=Wed, 14 Feb 2024 12:00:00 GMT; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax"
            )
        );
        let other = site_with(|settings| {
            settings.sessions.cookie_name = "sid".to_owned();
            settings.sessions.cookie_age = hours(1);
            settings.sessions.cookie_domain = Some("example.com".to_owned());
            settings.sessions.cookie_path = "/visit".to_owned();
            settings.sessions.cookie_secure = true;
            settings.sessions.cookie_httponly = false;
            settings.sessions.cookie_samesite = Some(SameSite::Strict);
        })
        .await
        .over_https();
        let set = other.get("/visit/").await.header("set-cookie").expect("a cookie").to_owned();
        let rest = set.split_once("; ").expect("attributes").1;
        assert_eq!(
            rest,
            "Domain=example.com; expires=Wed, 31 Jan 2024 13:00:00 GMT; Max-Age=3600; Path=/visit; SameSite=Strict; Secure"
        );
        let plain = site_with(|settings| settings.sessions.cookie_samesite = None).await;
        let set = plain.get("/visit/").await.header("set-cookie").expect("a cookie").to_owned();
        assert!(!set.contains("SameSite"), "{set}");
    })
    .await;
}

#[quintet::test]
async fn a_session_ends_when_its_time_is_over_and_lives_on_when_it_is_changed() {
    each(async || {
        let clock = TestClock::at("2024-01-31T12:00:00Z");
        let client = site().await;
        client.get("/visit/").await.assert_status(200);
        let kept = client.clone().with_cookie("sessionid", &client.cookie("sessionid").expect("a cookie"));
        clock.advance(days(14) - hours(1));
        assert_eq!(client.get("/seen/").await.text(), "Some(1)");
        assert_eq!(client.get("/visit/").await.text(), "2", "and that was a change");
        clock.advance(days(14) - hours(1));
        assert_eq!(client.get("/seen/").await.text(), "Some(2)");
        clock.advance(hours(1));
        let gone = kept.get("/seen/").await;
        assert_eq!(gone.text(), "None", "whatever the browser sends");
        let set = gone.header("set-cookie").expect("a deletion");
        assert_eq!(set, "sessionid=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax");
        assert_eq!(gone.header("vary"), Some("Cookie"));
    })
    .await;
}

#[quintet::test]
async fn a_session_may_say_itself_how_long_it_lives() {
    each(async || {
        let clock = TestClock::at("2024-01-31T12:00:00Z");
        let client = site().await;
        let answer = client.get("/until/hour/").await;
        assert_eq!(answer.text(), "3600s false");
        assert!(answer.header("set-cookie").expect("a cookie").contains("Max-Age=3600;"));
        let answer = client.get("/until/day/").await;
        assert_eq!(answer.text(), "86400s false");
        let row = Session::objects().get(client.db()).await.expect("one");
        assert_eq!(row.expire_date, "2024-02-01T12:00:00Z".parse::<DateTime>().expect("a moment"));
        clock.advance(hours(6));
        let answer = client.get("/visit/").await;
        assert!(answer.header("set-cookie").expect("a cookie").contains("Max-Age=64800;"), "that moment stays");
        let answer = client.get("/until/close/").await;
        assert_eq!(answer.text(), "1209600s true");
        let set = answer.header("set-cookie").expect("a cookie").to_owned();
        assert!(!set.contains("Max-Age") && !set.contains("expires"), "{set}");
        let answer = client.get("/until/usual/").await;
        assert_eq!(answer.text(), "1209600s false");
        let closing = site_with(|settings| settings.sessions.expire_at_browser_close = true).await;
        let set = closing.get("/visit/").await.header("set-cookie").expect("a cookie").to_owned();
        assert!(!set.contains("Max-Age"), "{set}");
    })
    .await;
}

#[quintet::test]
async fn ending_a_session_deletes_its_row_and_its_cookie() {
    each(async || {
        let client = site().await;
        client.get("/visit/").await.assert_status(200);
        let answer = client.get("/forget/").await;
        assert!(answer.header("set-cookie").expect("a deletion").contains("Max-Age=0"));
        assert_eq!((sessions(&client).await, client.cookie("sessionid")), (0, None));
        assert_eq!(client.get("/visit/").await.text(), "1");
    })
    .await;
}

#[quintet::test]
async fn another_key_keeps_what_is_remembered_and_leaves_the_old_key_behind() {
    each(async || {
        let client = site().await;
        client.get("/visit/").await.assert_status(200);
        let before = client.clone();
        client.get("/cycle/").await.assert_status(200);
        assert_ne!(client.cookie("sessionid"), before.cookie("sessionid"));
        assert_eq!(client.get("/seen/").await.text(), "Some(1)");
        assert_eq!(before.get("/seen/").await.text(), "None");
        assert_eq!(sessions(&client).await, 1);
    })
    .await;
}

#[quintet::test]
async fn a_request_that_failed_saves_nothing() {
    each(async || {
        let client = site().await;
        let answer = client.get("/fail/").await;
        answer.assert_status(500);
        assert_eq!((sessions(&client).await, answer.header("set-cookie")), (0, None));
        assert_eq!(answer.header("vary"), Some("Cookie"), "it was looked at");
    })
    .await;
}

#[quintet::test]
async fn a_session_that_was_deleted_meanwhile_is_not_made_again() {
    each(async || {
        let client = site().await;
        client.get("/visit/").await.assert_status(200);
        let key = client.cookie("sessionid").expect("a cookie");
        // As if the other window had logged out while this request was answered.
        let racing = client.clone().with_settings(|settings| settings.urls = racing_urls);
        let answer = racing.get("/race/").await;
        answer.assert_status(400);
        assert!(answer.errors()[0].contains("deleted before the request was answered"), "{:?}", answer.errors());
        assert_eq!(
            Session::objects().filter(|s| s.session_key().eq(&*key)).count(client.db()).await.expect("counted"),
            0
        );
    })
    .await;
}

fn racing_urls() -> Urls {
    urls![path("race/", get(race))]
}

async fn race(request: &Request) -> Result<Response> {
    request.session()?.set("late", 1).await?;
    Session::objects().delete(request).await?;
    Ok(Response::text("too late"))
}

#[quintet::test]
async fn saving_every_request_lets_a_session_live_on() {
    each(async || {
        let clock = TestClock::at("2024-01-31T12:00:00Z");
        let client = site_with(|settings| settings.sessions.save_every_request = true).await;
        client.get("/visit/").await.assert_status(200);
        clock.advance(days(13));
        assert!(client.get("/quiet/").await.header("set-cookie").expect("a cookie").contains("Max-Age=1209600"));
        clock.advance(days(13));
        assert_eq!(client.get("/seen/").await.text(), "Some(1)");
        assert!(client.clone().get("/quiet/").await.header("set-cookie").is_some());
        let nobody = site_with(|settings| settings.sessions.save_every_request = true).await;
        assert!(nobody.get("/quiet/").await.header("set-cookie").is_none(), "nothing is no session");
    })
    .await;
}

#[quintet::test]
async fn a_test_cookie_tells_whether_the_browser_takes_any() {
    each(async || {
        let client = site().await;
        assert_eq!(client.get("/test/").await.text(), "false");
        assert_eq!(client.get("/test/").await.text(), "true");
        assert_eq!(client.get("/test/").await.text(), "false");
    })
    .await;
}

#[quintet::test]
async fn signed_cookies_need_no_table() {
    each(async || {
        let clock = TestClock::at("2024-01-31T12:00:00Z");
        let client = site_with(|settings| settings.sessions.engine = SessionEngine::SignedCookies).await;
        for visit in 1..4 {
            let answer = assert_queries(0, async || client.get("/visit/").await).await;
            assert_eq!(answer.text(), visit.to_string());
        }
        let copied = client.clone();
        assert!(client.get("/forget/").await.header("set-cookie").expect("a deletion").contains("Max-Age=0"));
        assert_eq!(client.cookie("sessionid"), None);
        assert_eq!(copied.get("/seen/").await.text(), "Some(3)", "a copy cannot be taken back");
        clock.advance(days(14) + hours(1));
        let old = copied.with_cookie("sessionid", "x");
        assert_eq!(old.get("/seen/").await.text(), "None");
        assert_eq!(sessions(&old).await, 0);
    })
    .await;
}

#[quintet::test]
async fn a_cache_keeps_sessions_alone_or_in_front_of_the_table() {
    each(async || {
        let clock = TestClock::at("2024-01-31T12:00:00Z");
        for (engine, rows) in [(SessionEngine::Cache, 0), (SessionEngine::CachedDatabase, 1)] {
            let client = site_with(|settings| settings.sessions.engine = engine).await;
            client.get("/visit/").await.assert_status(200);
            assert_eq!(client.get("/visit/").await.text(), "2");
            let seen = assert_queries(0, async || client.get("/seen/").await).await;
            assert_eq!(seen.text(), "Some(2)");
            assert_eq!(sessions(&client).await, rows);
            let before = client.clone();
            client.get("/cycle/").await.assert_status(200);
            assert_eq!(
                (client.get("/seen/").await.text(), before.get("/seen/").await.text()),
                ("Some(2)".into(), "None".into())
            );
            let copied = client.clone();
            client.get("/forget/").await.assert_status(200);
            assert_eq!((copied.get("/seen/").await.text().as_str(), sessions(&client).await), ("None", 0));
            client.get("/visit/").await.assert_status(200);
            let kept = client.clone().with_cookie("sessionid", &client.cookie("sessionid").expect("a key"));
            clock.advance(days(14) + hours(1));
            assert_eq!(kept.get("/seen/").await.text(), "None");
        }
    })
    .await;
}

#[quintet::test]
async fn what_the_cache_forgot_is_still_in_the_table() {
    each(async || {
        let client = site_with(|settings| settings.sessions.engine = SessionEngine::CachedDatabase).await;
        client.get("/visit/").await.assert_status(200);
        // Another process begins with an empty cache.
        let other = client.with_settings(|_| {});
        assert_eq!(assert_queries(1, async || other.get("/seen/").await).await.text(), "Some(1)");
        assert_eq!(assert_queries(0, async || other.get("/seen/").await).await.text(), "Some(1)");
    })
    .await;
}

#[test]
fn a_cache_that_keeps_sessions_must_be_there() {
    use quintet::settings::*;
    let sessions = Sessions { engine: SessionEngine::Cache, cache_alias: "none".to_owned(), ..Sessions::default() };
    let settings = Settings { secret_key: "x".into(), sessions, ..Settings::default() };
    let bad = quintet::site(&settings).map(drop).expect_err("there is no such cache").to_string();
    assert!(bad.contains("`sessions.cache_alias`"), "{bad}");
}

#[quintet::test]
async fn two_requests_at_once_each_keep_what_they_know() {
    each(async || {
        let client = site().await;
        client.get("/visit/").await.assert_status(200);
        let answers = tokio::join!(client.get("/visit/"), client.get("/visit/"), client.get("/visit/"));
        for answer in [answers.0, answers.1, answers.2] {
            answer.assert_status(200);
        }
        assert_eq!(sessions(&client).await, 1);
        // The last one to save wins, as in the reference: nothing is mixed, and nothing is lost of what it knew.
        let seen = client.get("/seen/").await.text();
        assert!(["Some(2)", "Some(3)", "Some(4)"].contains(&seen.as_str()), "{seen}");
    })
    .await;
}

#[quintet::test]
async fn without_the_middleware_a_view_is_told_what_is_missing() {
    each(async || {
        let client = site_with(|settings| settings.middleware.clear()).await;
        let answer = client.get("/visit/").await;
        answer.assert_status(500);
        assert!(answer.errors()[0].contains("add `SessionMiddleware` to `middleware`"), "{:?}", answer.errors());
    })
    .await;
}

#[test]
fn what_asks_for_sessions_stands_behind_what_begins_them() {
    use quintet::settings::*;
    let build = |middleware: Vec<Layer>, use_sessions: bool| {
        let csrf = Csrf { use_sessions, ..Csrf::default() };
        let settings = Settings { secret_key: "x".into(), middleware, csrf, ..Settings::default() };
        quintet::site(&settings).map(drop).map_err(|bad| bad.to_string())
    };
    let wrong = build(vec![AuthenticationMiddleware.into(), SessionMiddleware.into()], false);
    assert!(wrong.expect_err("the wrong order").contains("`AuthenticationMiddleware` needs `SessionMiddleware`"));
    assert!(build(vec![CsrfViewMiddleware.into()], true).is_err());
    assert!(build(vec![CsrfViewMiddleware.into()], false).is_ok());
    assert!(
        build(vec![SessionMiddleware.into(), CsrfViewMiddleware.into(), AuthenticationMiddleware.into()], true).is_ok()
    );
}
