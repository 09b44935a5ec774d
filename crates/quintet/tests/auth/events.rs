//! What is said in the log when something happens that somebody should know of: by its name, and without any secret.

use std::cell::RefCell;
use std::fmt::Debug;

use quintet::prelude::*;
use quintet::security::SecurityEvent;
use quintet::settings::{Duration, SimpleJwt};
use quintet::testing::{Client, TestClock};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::harness::{PASSWORD, cheap, each, families};
use crate::passwords;

thread_local! {
    static SAID: RefCell<Vec<Vec<(String, String)>>> = const { RefCell::new(vec![]) };
}

struct Listener;

struct Line(Vec<(String, String)>);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push((field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned()));
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "quintet::security"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(vec![]);
        event.record(&mut line);
        SAID.with_borrow_mut(|said| said.push(line.0));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// The names of the events since this was asked last.
fn events() -> Vec<String> {
    let said = SAID.with_borrow_mut(std::mem::take);
    let secret = |value: &str| value.contains("eyJ") || value.contains(PASSWORD) || value.contains("alice");
    for line in &said {
        assert!(!line.iter().any(|(_, value)| secret(value)), "{line:?}");
        let names: Vec<&str> = line.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["message", "event", "user", "session", "address", "request"], "{line:?}");
    }
    let event = |line: Vec<(String, String)>| line.into_iter().find(|(name, _)| name == "event").expect("a name").1;
    said.into_iter().map(event).collect()
}

async fn login(client: &Client, password: &str) -> Value {
    client.post("/api/token/", json!({ "username": "alice", "password": password })).await.json()
}

async fn refresh(client: &Client, token: &Value) -> Value {
    client.post("/api/token/refresh/", json!({ "refresh": token })).await.json()
}

#[quintet::test]
async fn each_security_event_is_told_by_its_name() {
    let _listening = tracing::subscriber::set_default(Listener);
    each(async |kit| {
        let clock = TestClock::stopped();
        let client = cheap(kit, SimpleJwt { refresh_cookie: true, ..families() });
        events();
        login(&client, "guessed").await;
        let first = login(&client, PASSWORD).await["refresh"].clone();
        assert_eq!(events(), ["login.failed", "login.succeeded"]);
        refresh(&client, &first).await;
        assert_eq!(events(), [""; 0], "what happens all the time is not told");
        refresh(&client, &first).await;
        assert_eq!(events(), ["token.repeated"]);
        clock.advance(Duration::from_secs(11));
        refresh(&client, &first).await;
        refresh(&client, &first).await;
        assert_eq!(events(), ["token.reused", "token.revoked"]);

        let pair = login(&client, PASSWORD).await;
        client.post("/api/token/blacklist/", json!({ "refresh": pair["refresh"] })).await;
        assert_eq!(events(), ["login.succeeded", "session.ended"]);
        let pair = login(&client, PASSWORD).await;
        let opened = client.clone().with_token(pair["access"].as_str().expect("text"));
        opened.delete("/api/sessions/").await;
        assert_eq!(events(), ["login.succeeded", "sessions.ended"]);

        let evil =
            client.clone().with_header("x-refresh-token", "cookie").with_header("origin", "https://evil.example");
        login(&evil, PASSWORD).await;
        assert_eq!(events(), ["cookie.refused"]);

        let pair = login(&client, PASSWORD).await;
        let sql = "UPDATE auth_user SET password = 'md5$saltSALTsaltSALTsalt34$1c9225ab2112aac5065f5b0e5241b8cb'";
        quintet_db::Connection::script(&kit.db, sql).await.expect("changed");
        refresh(&client, &pair["refresh"]).await;
        assert_eq!(events(), ["login.succeeded", "token.password_changed"]);

        let rated = client.with_settings(|settings| {
            settings.rest_framework.default_throttle_rates = [("login".to_owned(), "1/hour".to_owned())].into();
        });
        login(&rated, "guessed").await;
        let refused = rated.post("/api/token/", json!({ "username": "alice", "password": "guessed" })).await;
        assert_eq!(refused.status(), 429, "{}", refused.text());
        assert_eq!(events(), ["login.failed", "login.throttled"]);
    })
    .await;
    assert_eq!(SecurityEvent::ALL.len(), 10 + 7, "all of them are told here and below");
}

#[quintet::test]
async fn each_event_about_passwords_is_told_by_its_name() {
    let _listening = tracing::subscriber::set_default(Listener);
    each(async |kit| {
        let client = passwords::site(kit, families()).await;
        let pair = login(&client, PASSWORD).await;
        let alice = client.clone().with_token(pair["access"].as_str().expect("text"));
        events();
        let change = async |old: &str| {
            alice.post("/api/user/password/", json!({ "old_password": old, "new_password": passwords::NEW })).await
        };
        change("guessed").await;
        assert_eq!(events(), ["password.refused"]);
        change(PASSWORD).await;
        assert_eq!(events(), ["sessions.ended", "password.set"]);

        for (address, told) in
            [("nobody@example.com", vec!["reset.asked"]), ("alice@example.com", vec!["reset.asked", "reset.sent"])]
        {
            client.post("/api/user/password/reset/", json!({ "email": address })).await;
            client.outbox().await;
            assert_eq!(events(), told);
        }
        passwords::confirm(&client, &("MQ".into(), "x-y".into()), PASSWORD).await;
        passwords::confirm(&client, &("OTk5".into(), "x-y".into()), PASSWORD).await;
        assert_eq!(events(), ["reset.refused", "reset.refused"]);
        let link = passwords::link(&client).await;
        events();
        passwords::confirm(&client, &link, "Quite-another-8").await;
        assert_eq!(events(), ["sessions.ended", "password.reset"]);

        let pair = login(&client, "Quite-another-8").await;
        let alice = client.clone().with_token(pair["access"].as_str().expect("text"));
        events();
        alice.request(Method::DELETE, "/api/user/me/", json!({ "password": "Quite-another-8" })).await;
        assert_eq!(events(), ["sessions.ended", "account.deleted"]);
    })
    .await;
}
