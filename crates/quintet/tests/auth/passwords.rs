//! Another password, a forgotten one, and the account itself, by JSON: each success and each refusal.

use quintet::apps::auth::models::User;
use quintet::apps::auth::views::{
    CurrentUserView, LoginView, PasswordChangeView, PasswordResetConfirmView, PasswordResetView,
};
use quintet::mail::EmailMessage;
use quintet::prelude::*;
use quintet::rest::SessionAuthentication;
use quintet::settings::{
    AuthenticationMiddleware, Duration, PasswordReset, PasswordResetMail, PasswordValidator, SessionEngine,
    SessionMiddleware, Settings, SimpleJwt,
};
use quintet::testing::{Client, TestClock, TestResponse};
use quintet_db::Connection as _;

use crate::harness::{Kit, PASSWORD, cheap, each, families, rotating};

pub const NEW: &str = "Quite-another-7";

fn urls() -> Urls {
    urls![
        path("api/token/", TokenObtainPairView),
        path("api/token/refresh/", TokenRefreshView),
        path("api/user/me/", CurrentUserView, name = "current_user"),
        path("api/user/password/", PasswordChangeView, name = "password_change"),
        path("api/user/password/reset/", PasswordResetView, name = "password_reset"),
        path("api/user/password/reset/confirm/", PasswordResetConfirmView, name = "password_reset_confirm"),
        path("login/", LoginView::default()),
    ]
}

/// Alice has an address, Bob has one and no password that could be forgotten, Carol has one and is not active.
pub async fn site(kit: &Kit, simple_jwt: SimpleJwt) -> Client {
    for (name, email) in [("alice", "Alice@example.com"), ("bob", "bob@example.com"), ("carol", "carol@example.com")] {
        let sql = format!("UPDATE auth_user SET email = '{email}' WHERE username = '{name}'");
        kit.db.script(&sql).await.expect("an address");
    }
    let sql = "UPDATE auth_user SET password = '!unusable' WHERE username = 'bob'";
    kit.db.script(sql).await.expect("an unusable password");
    cheap(kit, simple_jwt).with_settings(|settings| {
        settings.urls = urls;
        settings.auth.password_validators = PasswordValidator::usual();
        settings.auth.frontend_origin = "https://app.example.com".to_owned();
        settings.email.default_from_email = "site@example.com".to_owned();
    })
}

async fn login(client: &Client, name: &str, password: &str) -> TestResponse {
    client.post("/api/token/", json!({ "username": name, "password": password })).await
}

async fn as_user(client: &Client, name: &str) -> Client {
    let pair = login(client, name, PASSWORD).await;
    client.clone().with_token(pair.json()["access"].as_str().expect("a token"))
}

/// Asks for a link, and takes it out of the mail: the parts that say who, and that it is good.
pub async fn link(client: &Client) -> (String, String) {
    let answer = client.post("/api/user/password/reset/", json!({ "email": "alice@example.com" })).await;
    assert_eq!(answer.status(), 204, "{}", answer.text());
    let mail = client.outbox().await.pop().expect("a mail");
    let place = mail.body.split("https://app.example.com/reset-password/").nth(1).expect("a link");
    let mut parts = place.split_whitespace().next().expect("a link").split('/');
    (parts.next().expect("who").to_owned(), parts.next().expect("that it is good").to_owned())
}

pub async fn confirm(client: &Client, (uid, token): &(String, String), password: &str) -> TestResponse {
    let body = json!({ "uid": uid, "token": token, "new_password": password });
    client.post("/api/user/password/reset/confirm/", body).await
}

const BAD_LINK: &str = r#"{"token":["The password reset link was invalid, possibly because it has already been used. Please request a new password reset."]}"#;

#[quintet::test]
async fn who_asks_sees_the_own_account_and_changes_it() {
    each(async |kit| {
        let client = site(kit, families()).await;
        assert_eq!(client.get("/api/user/me/").await.status(), 401);
        let alice = as_user(&client, "alice").await;
        let shown = r#"{"id":1,"username":"alice","email":"Alice@example.com","first_name":"","last_name":""}"#;
        assert_eq!(alice.get("/api/user/me/").await.text(), shown);
        let change = json!({ "first_name": "Alice", "id": 7, "is_superuser": true, "password": "x" });
        let changed = alice.patch("/api/user/me/", change).await;
        assert_eq!(changed.status(), 200, "{}", changed.text());
        assert_eq!(changed.json()["first_name"], "Alice");
        let row = User::objects().filter(|user| user.username().eq("alice")).get(&kit.db).await.expect("alice");
        assert!(!row.user.permissions.is_superuser && changed.json()["id"] == 1, "{}", changed.text());
        assert_eq!(login(&client, "alice", PASSWORD).await.status(), 200, "the password is another matter");
        for (change, told) in [
            (json!({ "username": "bob" }), r#"{"username":["A user with that username already exists."]}"#),
            (json!({ "email": "nowhere" }), r#"{"email":["Enter a valid email address."]}"#),
            (json!({ "username": "" }), r#"{"username":["This field may not be blank."]}"#),
        ] {
            let refused = alice.patch("/api/user/me/", change).await;
            assert_eq!((refused.status(), refused.text().as_str()), (400, told));
        }
        for method in [Method::POST, Method::PUT] {
            assert_eq!(alice.request(method, "/api/user/me/", json!({})).await.status(), 405);
        }
    })
    .await;
}

#[quintet::test]
async fn an_account_is_deleted_by_who_knows_its_password() {
    each(async |kit| {
        let client = site(kit, families()).await;
        let pair = login(&client, "alice", PASSWORD).await.json();
        let alice = client.clone().with_token(pair["access"].as_str().expect("text"));
        let delete = async |body: Value| alice.request(Method::DELETE, "/api/user/me/", body).await;
        let refused = delete(json!({})).await;
        assert_eq!((refused.status(), refused.text().as_str()), (400, r#"{"password":["This field is required."]}"#));
        let refused = delete(json!({ "password": "guessed" })).await;
        let told = r#"{"password":["Your password was entered incorrectly. Please enter it again."]}"#;
        assert_eq!((refused.status(), refused.text().as_str()), (400, told));
        assert_eq!(
            client.request(Method::DELETE, "/api/user/me/", json!({ "password": PASSWORD })).await.status(),
            401
        );
        let gone = delete(json!({ "password": PASSWORD })).await;
        assert_eq!((gone.status(), gone.text().as_str()), (204, ""));
        assert_eq!(User::objects().filter(|user| user.username().eq("alice")).count(&kit.db).await.expect("asked"), 0);
        assert_eq!(alice.get("/api/user/me/").await.status(), 401);
        let refresh = client.post("/api/token/refresh/", json!({ "refresh": pair["refresh"] })).await;
        assert_eq!(refresh.status(), 401, "{}", refresh.text());
    })
    .await;
}

#[quintet::test]
async fn another_password_needs_the_old_one_and_ends_all_sessions() {
    each(async |kit| {
        let client = site(kit, families()).await;
        let elsewhere = login(&client, "alice", PASSWORD).await.json();
        let alice = as_user(&client, "alice").await;
        let change = async |old: &str, new: &str| {
            alice.post("/api/user/password/", json!({ "old_password": old, "new_password": new })).await
        };
        let told = async |answer: TestResponse| (answer.status(), answer.text());
        let wrong = r#"{"old_password":["Your old password was entered incorrectly. Please enter it again."]}"#;
        assert_eq!(told(change("guessed", NEW).await).await, (400, wrong.to_owned()));
        let weak = r#"{"new_password":["This password is too short. It must contain at least 8 characters.","This password is too common.","This password is entirely numeric."]}"#;
        assert_eq!(told(change(PASSWORD, "12345").await).await, (400, weak.to_owned()));
        let like = r#"{"new_password":["The password is too similar to the username."]}"#;
        assert_eq!(told(change(PASSWORD, "alicealic").await).await, (400, like.to_owned()));
        let both = change("guessed", "12345").await.json();
        assert!(both["old_password"].is_array() && both["new_password"].is_array(), "{both}");
        let missing = alice.post("/api/user/password/", json!({})).await;
        let required = r#"{"old_password":["This field is required."],"new_password":["This field is required."]}"#;
        assert_eq!((missing.status(), missing.text().as_str()), (400, required));
        assert_eq!(client.post("/api/user/password/", json!({})).await.status(), 401);
        assert_eq!(login(&client, "alice", PASSWORD).await.status(), 200, "nothing is changed yet");

        assert_eq!(told(change(PASSWORD, NEW).await).await, (204, String::new()));
        assert_eq!(alice.get("/api/user/me/").await.status(), 401, "the session that asked has ended too");
        let refresh = client.post("/api/token/refresh/", json!({ "refresh": elsewhere["refresh"] })).await;
        assert_eq!(refresh.status(), 401, "{}", refresh.text());
        assert_eq!(login(&client, "alice", PASSWORD).await.status(), 401);
        assert_eq!(login(&client, "alice", NEW).await.status(), 200);
    })
    .await;
}

#[quintet::test]
async fn with_sessions_of_browsers_the_one_that_asked_goes_on_and_others_end() {
    each(async |kit| {
        let client = site(kit, rotating()).await.with_settings(|settings| {
            settings.middleware = vec![SessionMiddleware.into(), AuthenticationMiddleware.into()];
            settings.sessions.engine = SessionEngine::SignedCookies;
            settings.rest_framework.default_authentication_classes = vec![SessionAuthentication.into()];
        });
        let (here, there) = (client.clone(), client.clone());
        for browser in [&here, &there] {
            let form = quintet::testing::TestData::form([("username", "alice"), ("password", PASSWORD)]);
            assert_eq!(browser.post("/login/", form).await.status(), 302);
            assert_eq!(browser.get("/api/user/me/").await.status(), 200);
        }
        let body = json!({ "old_password": PASSWORD, "new_password": NEW });
        let changed = here.post("/api/user/password/", body).await;
        assert_eq!(changed.status(), 204, "{}", changed.text());
        assert_eq!(here.get("/api/user/me/").await.status(), 200);
        assert_eq!(there.get("/api/user/me/").await.status(), 403);
        let deleted = here.request(Method::DELETE, "/api/user/me/", json!({ "password": NEW })).await;
        assert_eq!(deleted.status(), 204, "{}", deleted.text());
        assert_eq!(here.get("/api/user/me/").await.status(), 403);
    })
    .await;
}

#[quintet::test]
async fn who_asks_for_a_link_learns_nothing_of_the_address() {
    each(async |kit| {
        let client = site(kit, families()).await;
        let ask = async |address: &str| client.post("/api/user/password/reset/", json!({ "email": address })).await;
        let mut answers = vec![];
        for address in ["alice@example.com", "nobody@example.com", "bob@example.com", "carol@example.com"] {
            let answer = ask(address).await;
            let mut headers: Vec<String> = answer.headers().iter().map(|header| format!("{header:?}")).collect();
            headers.sort();
            answers.push((answer.status(), answer.text(), headers));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!(answers[0].0, 204);
        let sent = client.outbox().await;
        assert_eq!(sent.iter().map(|mail| mail.to.clone()).collect::<Vec<_>>(), [["Alice@example.com"]]);
        for (body, told) in [
            (json!({}), r#"{"email":["This field is required."]}"#),
            (json!({ "email": "nowhere" }), r#"{"email":["Enter a valid email address."]}"#),
            (
                json!({ "email": "a@example.com\nBcc: eve@example.com" }),
                r#"{"email":["Enter a valid email address."]}"#,
            ),
        ] {
            let refused = client.post("/api/user/password/reset/", body).await;
            assert_eq!((refused.status(), refused.text().as_str()), (400, told));
        }
    })
    .await;
}

#[quintet::test]
async fn a_link_goes_to_the_address_that_the_database_has_whatever_was_typed() {
    each(async |kit| {
        let client = site(kit, families()).await;
        // Letters that some databases take for others.
        for typed in ["al\u{131}ce@example.com", "ALICE@EXAMPLE.COM", "alice@exam\u{7f}ple.com"] {
            client.post("/api/user/password/reset/", json!({ "email": typed })).await;
        }
        let sent = client.outbox().await;
        assert_eq!(sent.iter().map(|mail| mail.to.clone()).collect::<Vec<_>>(), [["Alice@example.com"]]);
    })
    .await;
}

#[quintet::test]
async fn a_link_leads_to_where_the_settings_say_whatever_host_a_request_names() {
    each(async |kit| {
        let client = site(kit, families()).await;
        let evil = client.clone().with_header("host", "evil.example").with_header("x-forwarded-host", "evil.example");
        evil.post("/api/user/password/reset/", json!({ "email": "alice@example.com" })).await;
        let mail = client.outbox().await.pop().expect("a mail");
        assert_eq!(mail.subject, "Password reset on app.example.com");
        assert_eq!(mail.from_email.as_deref(), Some("site@example.com"));
        assert!(!format!("{mail:?}").contains("evil"), "{mail:?}");
        let nowhere = client.with_settings(|settings| settings.auth.frontend_origin = String::new());
        let failed = nowhere.post("/api/user/password/reset/", json!({ "email": "nobody@example.com" })).await;
        assert_eq!(failed.status(), 500);
    })
    .await;
}

#[quintet::test]
async fn a_project_writes_the_mail_but_does_not_choose_who_gets_it() {
    fn own(reset: &PasswordReset<'_>) -> EmailMessage {
        let html = format!("<a href=\"{}\">Hello {}</a>", reset.link, reset.user.text("username"));
        EmailMessage::new("Forgotten?", "Plain.", ["eve@example.com"]).bcc(["eve@example.com"]).html(html)
    }
    each(async |kit| {
        let client = site(kit, families()).await.with_settings(|settings| {
            settings.auth.password_reset_mail = PasswordResetMail::new(own);
            settings.auth.password_reset_url = "https://other.example/r?u={uid}&t={token}".to_owned();
        });
        client.post("/api/user/password/reset/", json!({ "email": "alice@example.com" })).await;
        let mail = client.outbox().await.pop().expect("a mail");
        assert_eq!((mail.subject.as_str(), mail.recipients()), ("Forgotten?", vec!["Alice@example.com"]));
        let html = &mail.alternatives[0].content;
        assert!(
            html.starts_with("<a href=\"https://other.example/r?u=MQ&t=") && html.ends_with(">Hello alice</a>"),
            "{html}"
        );
    })
    .await;
}

#[quintet::test]
async fn a_link_is_good_once_and_ends_all_sessions() {
    each(async |kit| {
        let client = site(kit, families()).await;
        let pair = login(&client, "alice", PASSWORD).await.json();
        let link = link(&client).await;
        let weak = confirm(&client, &link, "12345").await;
        assert_eq!(weak.status(), 400);
        assert_eq!(
            weak.json()["new_password"][0],
            "This password is too short. It must contain at least 8 characters."
        );
        let done = confirm(&client, &link, NEW).await;
        assert_eq!((done.status(), done.text().as_str()), (204, ""));
        let again = confirm(&client, &link, "And-another-8").await;
        assert_eq!((again.status(), again.text().as_str()), (400, BAD_LINK));
        let refresh = client.post("/api/token/refresh/", json!({ "refresh": pair["refresh"] })).await;
        assert_eq!(refresh.status(), 401);
        assert_eq!(login(&client, "alice", PASSWORD).await.status(), 401);
        assert_eq!(login(&client, "alice", NEW).await.status(), 200);
    })
    .await;
}

#[quintet::test]
async fn a_link_that_is_no_good_says_nothing_but_that() {
    each(async |kit| {
        let client = site(kit, families()).await;
        let (uid, token) = link(&client).await;
        let part = |text: &str| text.to_owned();
        for (uid, token) in [
            (uid.clone(), part("x")),
            (uid.clone(), format!("{token}0")),
            (uid.clone(), token.to_uppercase()),
            (part("Mg"), token.clone()),
            (part("OTk5"), token.clone()),
            (part("!!"), token.clone()),
            (format!("{uid}="), token.clone()),
            (part("\u{e4}"), token.clone()),
        ] {
            let refused = confirm(&client, &(uid.clone(), token.clone()), NEW).await;
            assert_eq!((refused.status(), refused.text().as_str()), (400, BAD_LINK), "{uid} {token}");
        }
        let missing = client.post("/api/user/password/reset/confirm/", json!({})).await;
        assert_eq!(missing.status(), 400);
        assert_eq!(missing.json().as_object().map(serde_json::Map::len), Some(3), "{}", missing.text());
        assert_eq!(confirm(&client, &(uid, token), NEW).await.status(), 204, "and the good one is still good");
    })
    .await;
}

#[quintet::test]
async fn a_link_dies_with_time_a_login_another_address_and_the_account() {
    each(async |kit| {
        let clock = TestClock::stopped();
        let client = site(kit, families()).await;
        let dies = async |change: &str| {
            let link = link(&client).await;
            kit.db.script(change).await.expect("changed");
            let refused = confirm(&client, &link, NEW).await;
            assert_eq!((refused.status(), refused.text().as_str()), (400, BAD_LINK), "{change}");
        };
        let after = async |seconds: u64| {
            let link = link(&client).await;
            clock.advance(Duration::from_secs(seconds));
            confirm(&client, &link, NEW).await.status()
        };
        assert_eq!(after(3 * 24 * 3600 + 1).await, 400);
        dies("UPDATE auth_user SET email = 'ALICE@example.com' WHERE id = 1").await;
        dies("UPDATE auth_user SET password = 'md5$saltSALTsaltSALTsalt34$1c9225ab2112aac5065f5b0e5241b8cb' WHERE id = 1").await;
        dies("UPDATE auth_user SET is_active = FALSE WHERE id = 1").await;
        kit.db.script("UPDATE auth_user SET is_active = TRUE, password = 'md5$saltSALTsaltSALTsalt12$1c9225ab2112aac5065f5b0e5241b8cb' WHERE id = 1").await.expect("changed");
        let link = link(&client).await;
        clock.advance(Duration::from_secs(1));
        assert_eq!(login(&client, "alice", PASSWORD).await.status(), 200);
        assert_eq!(confirm(&client, &link, NEW).await.status(), 400, "a login");
        assert_eq!(after(3 * 24 * 3600).await, 204);
    })
    .await;
}

#[quintet::test]
async fn a_link_outlives_a_change_of_the_secret_key_as_long_as_the_old_one_is_believed() {
    each(async |kit| {
        let client = site(kit, families()).await;
        let link = link(&client).await;
        let changed = |settings: &mut Settings| {
            let old =
                std::mem::replace(&mut settings.secret_key, "another-key-of-fifty-letters-0123456789-abcdefgh".into());
            settings.secret_key_fallbacks = vec![old];
        };
        let forgotten = client.clone().with_settings(|settings| {
            changed(settings);
            settings.secret_key_fallbacks.clear();
        });
        assert_eq!(confirm(&forgotten, &link, NEW).await.status(), 400);
        assert_eq!(confirm(&client.with_settings(changed), &link, NEW).await.status(), 204);
    })
    .await;
}

#[quintet::test]
async fn of_two_who_come_with_one_link_at_once_one_is_let_in() {
    each(async |kit| {
        let client = site(kit, families()).await;
        let link = link(&client).await;
        let many: Vec<_> = (0..8)
            .map(|number| {
                let (client, link) = (client.clone(), link.clone());
                tokio::spawn(async move { confirm(&client, &link, &format!("{NEW}-{number}")).await.status() })
            })
            .collect();
        let mut told = vec![];
        for one in many {
            told.push(one.await.expect("an answer"));
        }
        told.sort_unstable();
        assert_eq!(told, [204, 400, 400, 400, 400, 400, 400, 400]);
    })
    .await;
}

#[quintet::test]
async fn guessing_by_these_doors_has_the_end_that_logins_have() {
    each(async |kit| {
        let client = site(kit, families()).await;
        let alice = as_user(&client, "alice").await;
        let rated = |settings: &mut Settings| {
            settings.rest_framework.default_throttle_rates = [("login".to_owned(), "3/hour".to_owned())].into();
        };
        let (alice, anybody) = (alice.with_settings(rated), client.with_settings(rated));
        let wrong = json!({ "old_password": "guessed", "new_password": NEW });
        let door = async || alice.post("/api/user/password/", wrong.clone()).await.status();
        assert_eq!([door().await, door().await, door().await, door().await], [400, 400, 400, 429]);
        let deleted = alice.request(Method::DELETE, "/api/user/me/", json!({ "password": PASSWORD })).await;
        assert_eq!(deleted.status(), 429, "it is one account, by whichever door");
        for address in ["alice@example.com", "nobody@example.com"] {
            let ask = async || anybody.post("/api/user/password/reset/", json!({ "email": address })).await.status();
            assert_eq!([ask().await, ask().await, ask().await, ask().await], [204, 204, 204, 429], "{address}");
        }
        let link = ("MQ".to_owned(), "x-y".to_owned());
        let door = async || confirm(&anybody, &link, NEW).await.status();
        assert_eq!([door().await, door().await, door().await, door().await], [400, 400, 400, 429]);
    })
    .await;
}

#[quintet::test]
async fn without_any_app_of_tokens_a_password_is_changed_all_the_same() {
    each(async |kit| {
        let client = site(kit, SimpleJwt::default()).await.with_settings(|settings| {
            settings.installed_apps = vec![quintet::apps::contenttypes(), quintet::apps::auth()];
        });
        let alice = as_user(&client, "alice").await;
        let body = json!({ "old_password": PASSWORD, "new_password": NEW });
        let changed = alice.post("/api/user/password/", body).await;
        assert_eq!(changed.status(), 204, "{}", changed.text());
        assert_eq!(confirm(&client, &link(&client).await, PASSWORD).await.status(), 204);
    })
    .await;
}

#[quintet::test]
async fn past_a_number_of_passwords_these_doors_ask_to_come_back() {
    each(async |kit| {
        let client = site(kit, SimpleJwt::default()).await;
        let alice = as_user(&client, "alice").await.with_settings(|settings| {
            settings.auth.hashing_queue = 0;
            let slow =
                quintet::settings::PasswordHasher::Scrypt { work_factor: 1 << 12, block_size: 8, parallelism: 5 };
            settings.auth.password_hashers.insert(0, slow);
        });
        let body = json!({ "old_password": "guessed", "new_password": NEW });
        let many: Vec<_> = (0..40)
            .map(|_| {
                let (alice, body) = (alice.clone(), body.clone());
                tokio::spawn(async move {
                    let answer = alice.post("/api/user/password/", body).await;
                    (answer.status(), answer.header("retry-after").map(str::to_owned))
                })
            })
            .collect();
        let mut refused = 0;
        for one in many {
            match one.await.expect("an answer") {
                (503, wait) => {
                    assert_eq!(wait.as_deref(), Some("5"));
                    refused += 1;
                }
                (status, _) => assert_eq!(status, 400),
            }
        }
        assert!(refused > 0);
    })
    .await;
}
