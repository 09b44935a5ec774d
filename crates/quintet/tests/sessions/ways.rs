//! Other ways to say who one is: the session at an API, a name and a password, a token.

use quintet::apps::authtoken::models::Token;
use quintet::prelude::*;
use quintet::settings::*;
use quintet::testing::{Client, TestData, assert_queries};

use crate::harness::{PASSWORD, each, site, site_with};

#[quintet::test]
async fn an_api_asks_a_session_for_the_secret_when_something_changes() {
    each(async || {
        let client = site().await;
        assert_eq!(client.post("/me/", ()).await.json()["detail"], "Authentication credentials were not provided.");
        client.get("/in/ann/").await.assert_status(200);
        client.get("/me/").await.assert_status(200);
        let secret = client.cookie("csrftoken").expect("a cookie");
        for method in [Method::POST, Method::PUT] {
            let refused = client.request(method.clone(), "/me/", ()).await;
            assert_eq!(
                (refused.status(), refused.json()),
                (403, json!({"detail": "CSRF Failed: CSRF token missing."}))
            );
            client.request(method, "/me/", ()).header("x-csrftoken", &secret).await.assert_status(200);
        }
        let said = async |name: &str, value: &str| {
            let answer = client.post("/me/", ()).header(name, value).await;
            (answer.status(), answer.json()["detail"].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(
            said("x-csrftoken", "x").await,
            (403, "CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header has incorrect length.".to_owned())
        );
        assert_eq!(
            said("x-csrftoken", &"a".repeat(32)).await,
            (403, "CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect.".to_owned())
        );
        assert_eq!(
            said("origin", "https://evil.example").await,
            (
                403,
                "CSRF Failed: Origin checking failed - https://evil.example does not match any trusted origins."
                    .to_owned()
            )
        );
        let form = client.post("/me/", TestData::form([("csrfmiddlewaretoken", &*secret)])).await;
        form.assert_status(200);
        let form = client.post("/me/", TestData::form([("csrfmiddlewaretoken", "no")])).await;
        assert_eq!(form.json()["detail"], "CSRF Failed: CSRF token from POST has incorrect length.");
        let bare = client.clone().with_cookie("csrftoken", "");
        assert_eq!(bare.post("/me/", ()).await.json()["detail"], "CSRF Failed: CSRF cookie has incorrect length.");
    })
    .await;
}

#[quintet::test]
async fn an_api_asks_for_the_secret_though_the_middleware_is_not_listed() {
    each(async || {
        let client = site().await;
        client.get("/in/ann/").await.assert_status(200);
        let unlisted =
            client.with_settings(|settings| settings.middleware.retain(|layer| layer.name() != "CsrfViewMiddleware"));
        assert_eq!(unlisted.post("/me/", ()).await.json()["detail"], "CSRF Failed: CSRF token missing.");
        unlisted.get("/me/").await.assert_status(200);
    })
    .await;
}

fn basic(settings: &mut Settings) {
    settings.rest_framework.default_authentication_classes = vec![BasicAuthentication::default().into()];
}

#[quintet::test]
async fn a_name_and_a_password_in_the_header_are_a_user() {
    each(async || {
        let client = site_with(basic).await;
        let encoded = |text: &str| quintet_core::python::base64::encode(text.as_bytes());
        let asked = async |header: &str| {
            let answer = client.get("/me/").header("authorization", header).await;
            (answer.status(), answer.text())
        };
        let good = encoded(&format!("ann:{PASSWORD}"));
        for word in ["Basic", "basic", "BASIC"] {
            assert_eq!(asked(&format!("{word} {good}")).await, (200, "\"ann\"".to_owned()));
        }
        for (header, detail) in [
            ("Basic".to_owned(), "Invalid basic header. No credentials provided."),
            (format!("Basic {good} x"), "Invalid basic header. Credentials string should not contain spaces."),
            ("Basic ???".to_owned(), "Invalid basic header. Credentials not correctly base64 encoded."),
            (format!("Basic {}", encoded("ann")), "Invalid basic header. Credentials not correctly base64 encoded."),
            (format!("Basic {}", encoded("ann:wrong")), "Invalid username/password."),
            (format!("Basic {}", encoded(&format!("carol:{PASSWORD}"))), "Invalid username/password."),
            (format!("Basic {}", encoded(&format!("nobody:{PASSWORD}"))), "Invalid username/password."),
            (format!("Basic {}", encoded("a\0nn:x")), "Invalid username/password."),
        ] {
            assert_eq!(asked(&header).await, (401, json!({ "detail": detail }).to_string()), "{header}");
        }
        assert_eq!(
            asked("Token x").await,
            (401, r#"{"detail":"Authentication credentials were not provided."}"#.to_owned())
        );
        let refused = client.get("/me/").await;
        assert_eq!(refused.header("www-authenticate"), Some("Basic realm=\"api\""));
    })
    .await;
}

#[quintet::test]
async fn who_is_not_active_is_told_so_where_the_backend_takes_everybody() {
    each(async || {
        let client = site_with(|settings| {
            basic(settings);
            settings.auth.backends = vec![AllowAllUsersModelBackend.into()];
        })
        .await;
        let encoded = quintet_core::python::base64::encode(format!("carol:{PASSWORD}").as_bytes());
        let answer = client.get("/me/").header("authorization", &format!("Basic {encoded}")).await;
        assert_eq!((answer.status(), answer.json()), (401, json!({"detail": "User inactive or deleted."})));
    })
    .await;
}

fn tokens(settings: &mut Settings) {
    settings.rest_framework.default_authentication_classes = vec![TokenAuthentication::default().into()];
}

async fn token_of(client: &Client, name: &str, password: &str) -> quintet::testing::TestResponse {
    client.post("/token/", json!({ "username": name, "password": password })).await
}

#[quintet::test]
async fn a_token_of_the_database_is_a_user() {
    each(async || {
        let client = site_with(tokens).await;
        let given = token_of(&client, "ann", PASSWORD).await.assert_status(200).json();
        let token = given["token"].as_str().expect("a token").to_owned();
        assert!(token.len() == 40 && token.bytes().all(|digit| digit.is_ascii_hexdigit()), "{token}");
        assert_eq!(token_of(&client, "ann", PASSWORD).await.json(), given, "one for each user");
        let asked = async |header: &str| {
            let answer = client.get("/me/").header("authorization", header).await;
            (answer.status(), answer.text())
        };
        let header = format!("Token {token}");
        assert_eq!(assert_queries(1, async || asked(&header).await).await, (200, "\"ann\"".to_owned()));
        assert_eq!(asked(&format!("token {token}")).await.0, 200);
        for (header, detail) in [
            ("Token".to_owned(), "Invalid token header. No credentials provided."),
            (format!("Token {token} x"), "Invalid token header. Token string should not contain spaces."),
            ("Token \u{e9}".to_owned(), "Invalid token."),
            (format!("Token {}", token.to_uppercase()), "Invalid token."),
            ("Token x".to_owned(), "Invalid token."),
        ] {
            assert_eq!(asked(&header).await, (401, json!({ "detail": detail }).to_string()), "{header}");
        }
        assert_eq!(client.get("/me/").await.header("www-authenticate"), Some("Token"));
        quintet::apps::auth::models::User::objects()
            .filter(|u| u.username().eq("ann"))
            .update(client.db(), |u| u.is_active().set(false))
            .await
            .expect("changed");
        assert_eq!(asked(&header).await, (401, json!({"detail": "User inactive or deleted."}).to_string()));
    })
    .await;
}

#[quintet::test]
async fn a_token_is_given_for_a_name_and_a_password() {
    each(async || {
        let client = site_with(tokens).await;
        let wrong = json!({"non_field_errors": ["Unable to log in with provided credentials."]});
        for (name, password) in [("ann", "wrong"), ("nobody", PASSWORD), ("carol", PASSWORD)] {
            let answer = token_of(&client, name, password).await;
            assert_eq!((answer.status(), answer.json()), (400, wrong.clone()));
        }
        let missing = client.post("/token/", json!({})).await;
        let required = json!(["This field is required."]);
        assert_eq!((missing.status(), missing.json()), (400, json!({"username": required, "password": required})));
        let form = client.post("/token/", TestData::form([("username", "bob"), ("password", PASSWORD)])).await;
        form.assert_status(200);
        assert_eq!(form.header("vary"), None, "it answers JSON alone");
        assert_eq!(Token::objects().count(client.db()).await.expect("counted"), 1);
        client.get("/token/").await.assert_status(405);
    })
    .await;
}

#[quintet::test]
async fn many_who_ask_for_one_users_token_at_once_get_the_same() {
    each(async || {
        let client = site_with(tokens).await;
        let ask = || token_of(&client, "ann", PASSWORD);
        let answers = tokio::join!(ask(), ask(), ask(), ask());
        let first = answers.0.assert_status(200).json();
        for answer in [answers.1, answers.2, answers.3] {
            assert_eq!(answer.assert_status(200).json(), first);
        }
    })
    .await;
}

#[quintet::test]
async fn without_its_app_a_token_is_told_what_is_missing() {
    each(async || {
        let client = site_with(|settings| {
            tokens(settings);
            settings.installed_apps.retain(|app| app.label != "authtoken");
        })
        .await;
        let answer = client.get("/me/").header("authorization", "Token x").await;
        answer.assert_status(500);
        assert!(answer.errors()[0].contains("add `quintet::apps::authtoken()`"), "{:?}", answer.errors());
    })
    .await;
}
