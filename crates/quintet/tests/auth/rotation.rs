//! Of a refresh token there is one successor, and what is taken back stays so.

use quintet::apps::auth::models::User;
use quintet::apps::token_blacklist::models::{BlacklistedToken, OutstandingToken};
use quintet::prelude::*;
use quintet::settings::{Settings, SimpleJwt};
use quintet::testing::Client;
use quintet_core::sql::Dialect;
use quintet_db::Connection as _;

use crate::harness::{PASSWORD, cheap, each, rotating};

async fn login(client: &Client) -> Value {
    let answer = client.post("/api/token/", json!({"username": "alice", "password": PASSWORD})).await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    answer.json()
}

#[quintet::test]
async fn of_many_that_refresh_one_token_at_once_one_gets_its_successor() {
    each(async |kit| {
        // Two sites, as two processes upon one database would be.
        let clients = [cheap(kit, rotating()), cheap(kit, rotating())];
        for _ in 0..5 {
            let refresh = login(&clients[0]).await["refresh"].clone();
            let mut asked = vec![];
            for number in 0..32 {
                let (client, body) = (clients[number % 2].clone(), json!({ "refresh": refresh }));
                asked.push(tokio::spawn(async move {
                    let answer = client.post("/api/token/refresh/", &body).await;
                    (answer.status(), answer.text())
                }));
            }
            let mut good = 0;
            for asked in asked {
                match asked.await.expect("an answer") {
                    (200, _) => good += 1,
                    (status, text) => {
                        let wanted = r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#;
                        assert_eq!((status, text.as_str()), (401, wanted));
                    }
                }
            }
            assert_eq!(good, 1);
        }
        let count = OutstandingToken::objects().count(&kit.db).await.expect("a number");
        assert_eq!(count, 10, "five logins, five successors");
        assert_eq!(BlacklistedToken::objects().count(&kit.db).await.expect("a number"), 5);
    })
    .await;
}

#[quintet::test]
async fn a_failure_of_the_database_takes_no_token_back() {
    each(async |kit| {
        let client = cheap(kit, rotating());
        let refresh = login(&client).await["refresh"].clone();
        let broken = "ALTER TABLE token_blacklist_blacklistedtoken RENAME TO elsewhere";
        kit.db.script(broken).await.expect("broken");
        let answer = client.post("/api/token/refresh/", json!({ "refresh": refresh })).await;
        assert_eq!(answer.status(), 500);
        let mended = "ALTER TABLE elsewhere RENAME TO token_blacklist_blacklistedtoken";
        kit.db.script(mended).await.expect("mended");
        let answer = client.post("/api/token/refresh/", json!({ "refresh": refresh })).await;
        assert_eq!(answer.status(), 200, "{}", answer.text());
        let count = OutstandingToken::objects().count(&kit.db).await.expect("a number");
        assert_eq!(count, 2, "nothing is left of what failed");
    })
    .await;
}

#[quintet::test]
async fn a_token_is_exchanged_once_where_requests_are_transactions() {
    each(async |kit| {
        let client = cheap(kit, rotating()).with_settings(|settings| settings.atomic_requests = true);
        let mut refresh = login(&client).await["refresh"].clone();
        for _ in 0..2 {
            let answer = client.post("/api/token/refresh/", json!({ "refresh": refresh })).await;
            assert_eq!(answer.status(), 200, "{}", answer.text());
            let again = client.post("/api/token/refresh/", json!({ "refresh": refresh })).await;
            assert_eq!(again.status(), 401, "{}", again.text());
            refresh = answer.json()["refresh"].clone();
        }
        assert_eq!(OutstandingToken::objects().count(&kit.db).await.expect("a number"), 3);
        assert_eq!(BlacklistedToken::objects().count(&kit.db).await.expect("a number"), 2);
    })
    .await;
}

/// Where a token stays good when it is exchanged, nothing is written that could meet who takes it back: it is looked at
/// where its successor is written.
#[quintet::test]
async fn who_is_logged_out_while_a_token_is_exchanged_gets_no_successor() {
    each(async |kit| {
        let client = cheap(kit, SimpleJwt { blacklist_after_rotation: false, ..rotating() });
        let refresh = login(&client).await["refresh"].clone();
        for _ in 0..2 {
            let answer = client.post("/api/token/refresh/", json!({ "refresh": refresh })).await;
            assert_eq!(answer.status(), 200, "{}", answer.text());
        }
        let logging_out = kit.db.transaction().await.expect("a transaction");
        let listed = OutstandingToken::objects().order_by(|t| t.id().asc()).first(&logging_out).await;
        let listed = listed.expect("tokens").expect("a token");
        create!(&logging_out, BlacklistedToken { token: &listed }).await.expect("taken back");
        let asked = tokio::spawn({
            let (client, body) = (client.clone(), json!({ "refresh": refresh }));
            async move { client.post("/api/token/refresh/", &body).await.status() }
        });
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        logging_out.commit().await.expect("logged out");
        // On SQLite the exchange waited for its turn; on PostgreSQL it was before the logout.
        let status = asked.await.expect("an answer");
        assert_eq!(status, if kit.db.dialect() == Dialect::Sqlite { 401 } else { 200 });
        let later = client.post("/api/token/refresh/", json!({ "refresh": refresh })).await;
        assert_eq!(later.status(), 401);
    })
    .await;
}

#[quintet::test]
async fn a_token_of_a_user_who_is_gone_or_inactive_is_refused() {
    each(async |kit| {
        let client = cheap(kit, rotating());
        let tokens = login(&client).await;
        let mut alice = User::objects().filter(|u| u.username().eq("alice")).get(&kit.db).await.expect("alice");
        let access = format!("Bearer {}", tokens["access"].as_str().expect("text"));
        let with_access = client.clone().with_header("authorization", &access);
        assert_eq!(with_access.get("/api/notes/").await.json(), json!(["alice"]));
        alice.update(&kit.db, |u| u.is_active().set(false)).await.expect("changed");
        assert_eq!(with_access.get("/api/notes/").await.json()["code"], "user_inactive");
        let body = json!({ "refresh": tokens["refresh"] });
        let wanted = json!({"detail": "No active account found for the given token."});
        assert_eq!(client.post("/api/token/refresh/", &body).await.json(), wanted);
        Stored::delete(&alice, &kit.db).await.expect("gone");
        assert_eq!(with_access.get("/api/notes/").await.json()["code"], "user_not_found");
        let answer = client.post("/api/token/refresh/", &body).await;
        assert_eq!((answer.status(), answer.json()), (401, wanted));
    })
    .await;
}

#[quintet::test]
async fn changing_the_key_logs_nobody_out_while_the_old_one_is_believed() {
    each(async |kit| {
        let tokens = login(&cheap(kit, rotating())).await;
        let access = format!("Bearer {}", tokens["access"].as_str().expect("text"));
        let changed = |fallbacks: Vec<quintet::settings::Secret>| {
            let settings = Settings {
                secret_key: "another-key-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789".into(),
                secret_key_fallbacks: fallbacks,
                ..kit.settings.clone()
            };
            Client::of(settings).with_header("authorization", &access)
        };
        assert_eq!(changed(vec![crate::harness::SECRET.into()]).get("/api/notes/").await.status(), 200);
        assert_eq!(changed(vec![]).get("/api/notes/").await.status(), 401);
    })
    .await;
}
