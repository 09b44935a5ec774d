//! Sessions: what a token used twice, a password, a lifetime and a user's own wish do to them.

use quintet::apps::auth::models::User;
use quintet::apps::token_families::models::{FamilyToken, TokenFamily};
use quintet::prelude::*;
use quintet::settings::{Duration, Settings, SimpleJwt, TokenClass};
use quintet::testing::{Client, TestClock};

use crate::harness::{PASSWORD, cheap, each, families, rotating};

const BLACKLISTED: &str = r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#;

async fn login(client: &Client, name: &str) -> Value {
    let answer = client.post("/api/token/", json!({ "username": name, "password": PASSWORD })).await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    answer.json()
}

async fn refresh(client: &Client, token: &Value) -> (u16, Value) {
    let answer = client.post("/api/token/refresh/", json!({ "refresh": token })).await;
    (answer.status(), answer.json())
}

fn opened(client: &Client, access: &Value) -> Client {
    client.clone().with_token(access.as_str().expect("a token"))
}

async fn opens(client: &Client, access: &Value) -> u16 {
    opened(client, access).get("/api/notes/").await.status()
}

#[quintet::test]
async fn a_lost_answer_is_repeated_byte_for_byte() {
    each(async |kit| {
        let clock = TestClock::stopped();
        let client = cheap(kit, families());
        let first = login(&client, "alice").await["refresh"].clone();
        let (_, second) = refresh(&client, &first).await;
        clock.advance(Duration::from_secs(9));
        let (status, again) = refresh(&client, &first).await;
        assert_eq!((status, &again["refresh"]), (200, &second["refresh"]));
        assert_eq!(opens(&client, &again["access"]).await, 200);
        let (status, _) = refresh(&client, &second["refresh"]).await;
        assert_eq!(status, 200, "the successor is good");
    })
    .await;
}

#[quintet::test]
async fn a_repeat_by_a_clock_that_is_behind_is_a_repeat_still() {
    each(async |kit| {
        // The successor was made half a second, and a second's beginning, later than this request came.
        let clock = TestClock::at("2026-01-01T00:00:01Z");
        let client = cheap(kit, families());
        let first = login(&client, "alice").await["refresh"].clone();
        clock.set("2026-01-01T00:00:02.1Z");
        let (_, second) = refresh(&client, &first).await;
        clock.set("2026-01-01T00:00:01.9Z");
        let (status, again) = refresh(&client, &first).await;
        assert_eq!((status, &again["refresh"]), (200, &second["refresh"]), "{again}");
    })
    .await;
}

#[quintet::test]
async fn a_token_that_comes_again_later_ends_its_session_for_everybody() {
    each(async |kit| {
        let clock = TestClock::stopped();
        let client = cheap(kit, families());
        let (first, other) = (login(&client, "alice").await, login(&client, "alice").await);
        let (_, second) = refresh(&client, &first["refresh"]).await;
        clock.advance(Duration::from_secs(11));
        let answer = client.post("/api/token/refresh/", json!({ "refresh": first["refresh"] })).await;
        assert_eq!((answer.status(), answer.text().as_str()), (401, BLACKLISTED));
        assert_eq!(refresh(&client, &second["refresh"]).await.0, 401, "the successor is not good any more");
        assert_eq!(opens(&client, &second["access"]).await, 401, "nor is its access token");
        let verified = client.post("/api/token/verify/", json!({ "token": second["access"] })).await;
        assert_eq!(verified.json(), json!({ "non_field_errors": ["Token is blacklisted"] }));
        assert_eq!(refresh(&client, &other["refresh"]).await.0, 200, "another login is another session");
    })
    .await;
}

#[quintet::test]
async fn a_token_whose_successor_was_used_is_no_repeat() {
    each(async |kit| {
        let _clock = TestClock::stopped();
        let client = cheap(kit, families());
        let first = login(&client, "alice").await["refresh"].clone();
        let (_, second) = refresh(&client, &first).await;
        let (_, third) = refresh(&client, &second["refresh"]).await;
        assert_eq!(refresh(&client, &first).await.0, 401);
        assert_eq!(refresh(&client, &third["refresh"]).await.0, 401);
    })
    .await;
}

#[quintet::test]
async fn what_ends_a_session_stays_where_requests_are_transactions() {
    each(async |kit| {
        let clock = TestClock::stopped();
        let client = cheap(kit, families()).with_settings(|settings| settings.atomic_requests = true);
        let first = login(&client, "alice").await["refresh"].clone();
        let (_, second) = refresh(&client, &first).await;
        clock.advance(Duration::from_secs(11));
        assert_eq!(refresh(&client, &first).await.0, 401);
        assert_eq!(refresh(&client, &second["refresh"]).await.0, 401);
    })
    .await;
}

#[quintet::test]
async fn of_many_that_refresh_at_once_all_get_the_same_successor() {
    each(async |kit| {
        // However long it takes, it is within the interval.
        let _clock = TestClock::stopped();
        let clients = [cheap(kit, families()), cheap(kit, families())];
        let token = login(&clients[0], "alice").await["refresh"].clone();
        let asked: Vec<_> = (0..32)
            .map(|number| {
                let (client, token) = (clients[number % 2].clone(), token.clone());
                tokio::spawn(async move { refresh(&client, &token).await })
            })
            .collect();
        let mut successors = std::collections::BTreeSet::new();
        for one in asked {
            let (status, answer) = one.await.expect("an answer");
            assert_eq!(status, 200, "{answer}");
            successors.insert(answer["refresh"].as_str().expect("a token").to_owned());
        }
        assert_eq!(successors.len(), 1);
        assert_eq!(FamilyToken::objects().count(&kit.db).await.expect("a number"), 2);
    })
    .await;
}

#[quintet::test]
async fn a_session_lasts_no_longer_than_its_lifetime_however_often_it_is_refreshed() {
    each(async |kit| {
        let clock = TestClock::at("2026-01-01T00:00:00Z");
        let lifetime = Some(Duration::from_secs(36 * 3600));
        let client = cheap(kit, SimpleJwt { family_lifetime: lifetime, ..families() });
        let mut token = login(&client, "alice").await["refresh"].clone();
        for _ in 0..3 {
            clock.advance(Duration::from_secs(11 * 3600));
            let (status, answer) = refresh(&client, &token).await;
            assert_eq!(status, 200, "{answer}");
            token = answer["refresh"].clone();
        }
        let claims = quintet::jwt::unverified_claims(token.as_str().expect("text")).expect("claims");
        assert_eq!(claims["exp"], 1_767_225_600 + 36 * 3600, "it says so itself");
        clock.advance(Duration::from_secs(3 * 3600));
        let (status, answer) = refresh(&client, &token).await;
        assert_eq!((status, &answer["detail"]), (401, &json!("Token is expired")));
    })
    .await;
}

#[quintet::test]
async fn a_changed_password_ends_sessions() {
    each(async |kit| {
        let client = cheap(kit, families());
        let tokens = login(&client, "alice").await;
        assert_eq!(opens(&client, &tokens["access"]).await, 200);
        let mut alice = User::objects().filter(|u| u.username().eq("alice")).get(&kit.db).await.expect("alice");
        let another = "md5$saltSALTsaltSALTsalt34$1c9225ab2112aac5065f5b0e5241b8cb";
        alice.update(&kit.db, |u| u.password().set(another)).await.expect("changed");
        let told = opened(&client, &tokens["access"]).get("/api/notes/").await;
        assert_eq!((told.status(), &told.json()["code"]), (401, &json!("password_changed")));
        let (status, answer) = refresh(&client, &tokens["refresh"]).await;
        assert_eq!((status, &answer["code"]), (401, &json!("password_changed")));
        let (status, answer) = refresh(&client, &tokens["refresh"]).await;
        assert_eq!((status, &answer["detail"]), (401, &json!("Token is blacklisted")), "the session has ended");
    })
    .await;
}

#[quintet::test]
async fn sessions_of_a_user_who_is_gone_are_gone() {
    each(async |kit| {
        let client = cheap(kit, families());
        let tokens = login(&client, "alice").await;
        let alice = User::objects().filter(|u| u.username().eq("alice")).get(&kit.db).await.expect("alice");
        Stored::delete(&alice, &kit.db).await.expect("gone");
        assert_eq!(refresh(&client, &tokens["refresh"]).await.0, 401);
        assert_eq!(opens(&client, &tokens["access"]).await, 401);
        assert_eq!(TokenFamily::objects().count(&kit.db).await.expect("a number"), 0);
    })
    .await;
}

#[quintet::test]
async fn a_user_lists_sessions_and_ends_one() {
    each(async |kit| {
        let client = cheap(kit, families()).with_header("user-agent", "a phone");
        let (phone, desk) = (login(&client, "alice").await, login(&cheap(kit, families()), "alice").await);
        let stranger = login(&client, "bob").await;
        let list = opened(&client, &phone["access"]).get("/api/sessions/").await.json();
        let list = list.as_array().expect("a list");
        assert_eq!(list.len(), 2);
        let own = list.iter().find(|session| session["is_current"] == true).expect("the one that asks");
        let other = list.iter().find(|session| session["is_current"] == false).expect("the other");
        assert_eq!(own["user_agent"], "a phone");
        let names: Vec<&str> = own.as_object().expect("an object").keys().map(String::as_str).collect();
        let wanted = ["id", "created_at", "last_used_at", "expires_at", "user_agent", "address", "is_current"];
        assert_eq!(names, wanted);
        let path = format!("/api/sessions/{}/", other["id"].as_str().expect("text"));
        assert_eq!(opened(&client, &stranger["access"]).delete(&path).await.status(), 404, "it is not bob's");
        assert_eq!(opened(&client, &phone["access"]).delete(&path).await.status(), 204);
        assert_eq!(opened(&client, &phone["access"]).delete(&path).await.status(), 404, "once is enough");
        for nobodys in ["x", "%00"] {
            let answer = opened(&client, &phone["access"]).delete(&format!("/api/sessions/{nobodys}/")).await;
            assert_eq!(answer.status(), 404, "{nobodys}");
        }
        assert_eq!(opens(&client, &desk["access"]).await, 401);
        assert_eq!(refresh(&client, &desk["refresh"]).await.0, 401);
        assert_eq!(refresh(&client, &phone["refresh"]).await.0, 200);
        assert_eq!(client.get("/api/sessions/").await.status(), 401, "nobody has none");
    })
    .await;
}

#[quintet::test]
async fn who_logs_out_everywhere_is_logged_out_everywhere() {
    each(async |kit| {
        let client = cheap(kit, families());
        // Before the sessions were there.
        let old = login(&cheap(kit, rotating()), "alice").await;
        let (one, two, stranger) =
            (login(&client, "alice").await, login(&client, "alice").await, login(&client, "bob").await);
        let answer = opened(&client, &one["access"]).delete("/api/sessions/?but=current").await;
        assert_eq!(answer.status(), 204, "{}", answer.text());
        assert_eq!((opens(&client, &one["access"]).await, opens(&client, &two["access"]).await), (200, 401));
        assert_eq!(refresh(&client, &old["refresh"]).await.0, 401, "what is older than sessions too");
        let (status, next) = refresh(&client, &one["refresh"]).await;
        assert_eq!(status, 200, "{next}");
        assert_eq!(opened(&client, &one["access"]).delete("/api/sessions/").await.status(), 204);
        assert_eq!((refresh(&client, &next["refresh"]).await.0, opens(&client, &next["access"]).await), (401, 401));
        assert_eq!(refresh(&client, &stranger["refresh"]).await.0, 200, "bob is another");
    })
    .await;
}

#[quintet::test]
async fn who_logs_out_ends_the_session() {
    each(async |kit| {
        let client = cheap(kit, families());
        let tokens = login(&client, "alice").await;
        let logout = async || client.post("/api/token/blacklist/", json!({ "refresh": tokens["refresh"] })).await;
        assert_eq!(logout().await.text(), "{}");
        assert_eq!(logout().await.text(), BLACKLISTED);
        assert_eq!((refresh(&client, &tokens["refresh"]).await.0, opens(&client, &tokens["access"]).await), (401, 401));
        // A server that knows no sessions refuses it as well.
        assert_eq!(refresh(&cheap(kit, rotating()), &tokens["refresh"]).await.0, 401);
    })
    .await;
}

#[quintet::test]
async fn a_token_that_is_older_than_sessions_begins_one() {
    each(async |kit| {
        let clock = TestClock::stopped();
        let old = login(&cheap(kit, rotating()), "alice").await;
        let client = cheap(kit, families());
        let (status, next) = refresh(&client, &old["refresh"]).await;
        assert_eq!(status, 200, "{next}");
        let list = opened(&client, &next["access"]).get("/api/sessions/").await.json();
        assert_eq!(list.as_array().map(Vec::len), Some(1), "{list}");
        let (_, again) = refresh(&client, &old["refresh"]).await;
        assert_eq!(again["refresh"], next["refresh"], "a lost answer is repeated");
        clock.advance(Duration::from_secs(11));
        assert_eq!(refresh(&client, &old["refresh"]).await.0, 401);
        assert_eq!(refresh(&client, &next["refresh"]).await.0, 401, "and a thief ends it");
    })
    .await;
}

#[quintet::test]
async fn without_rotation_a_session_can_be_ended_all_the_same() {
    each(async |kit| {
        let client = cheap(kit, SimpleJwt { rotate_refresh_tokens: false, ..families() });
        let tokens = login(&client, "alice").await;
        let (status, answer) = refresh(&client, &tokens["refresh"]).await;
        assert_eq!((status, answer.get("refresh")), (200, None));
        assert_eq!(opened(&client, &answer["access"]).delete("/api/sessions/").await.status(), 204);
        assert_eq!(refresh(&client, &tokens["refresh"]).await.0, 401);
    })
    .await;
}

#[quintet::test]
async fn sessions_need_no_list_of_tokens() {
    each(async |kit| {
        let mut settings = Settings { simple_jwt: families(), ..kit.settings.clone() };
        settings.auth.password_hashers = vec![quintet::settings::PasswordHasher::Md5];
        let without = Client::of(Settings { simple_jwt: rotating(), ..settings.clone() });
        let before = login(&without, "alice").await;
        settings.installed_apps.retain(|app| app.label != "token_blacklist");
        let client = Client::of(settings);
        let tokens = login(&client, "alice").await;
        let (status, next) = refresh(&client, &tokens["refresh"]).await;
        assert_eq!(status, 200, "{next}");
        assert_eq!(client.post("/api/token/blacklist/", json!({ "refresh": next["refresh"] })).await.status(), 200);
        assert_eq!(refresh(&client, &next["refresh"]).await.0, 401);
        assert_eq!(refresh(&client, &before["refresh"]).await.0, 401, "nobody could have taken it back");
    })
    .await;
}

#[quintet::test]
async fn sliding_tokens_have_sessions_too() {
    each(async |kit| {
        let clock = TestClock::stopped();
        let client = cheap(kit, SimpleJwt { auth_token_classes: vec![TokenClass::Sliding], ..families() });
        let answer = client.post("/api/sliding/", json!({ "username": "alice", "password": PASSWORD })).await;
        let token = answer.json()["token"].clone();
        clock.advance(Duration::from_secs(200));
        let renewed = client.post("/api/sliding/refresh/", json!({ "token": token })).await.json()["token"].clone();
        clock.advance(Duration::from_secs(200));
        assert_eq!(opens(&client, &renewed).await, 200);
        assert_eq!(opened(&client, &renewed).get("/api/sessions/").await.json().as_array().map(Vec::len), Some(1));
        assert_eq!(opened(&client, &renewed).delete("/api/sessions/").await.status(), 204);
        assert_eq!(opens(&client, &renewed).await, 401);
        let refused = client.post("/api/sliding/refresh/", json!({ "token": renewed })).await;
        assert_eq!(refused.text(), BLACKLISTED);
    })
    .await;
}

#[quintet::test]
async fn the_successor_cannot_be_read_in_the_database() {
    each(async |kit| {
        let client = cheap(kit, families());
        let tokens = login(&client, "alice").await;
        let (_, next) = refresh(&client, &tokens["refresh"]).await;
        let next = next["refresh"].as_str().expect("a token").to_owned();
        for row in FamilyToken::objects().all(&kit.db).await.expect("rows") {
            assert!(!row.successor.contains(next.rsplit('.').next().expect("a signature")));
        }
    })
    .await;
}

#[quintet::test]
async fn rows_whose_time_is_over_are_flushed() {
    each(async |kit| {
        let clock = TestClock::stopped();
        let client = cheap(kit, families());
        login(&client, "alice").await;
        clock.advance(Duration::from_secs(12 * 3600));
        login(&client, "bob").await;
        clock.advance(Duration::from_secs(13 * 3600));
        let (code, said) = client.call_command(&["flushexpiredtokens"]);
        assert_eq!(code, 0, "{}", said.err());
        let count = TokenFamily::objects().count(&kit.db).await.expect("a number");
        assert_eq!(count, 1, "bob's is good still");
    })
    .await;
}
