//! What is done from the command line.

use quintet::apps::authtoken::models::Token;
use quintet::models::Model as _;
use quintet::settings::{SessionEngine, days, hours};
use quintet::testing::TestClock;

use crate::harness::{each, sessions, site};

#[quintet::test]
async fn sessions_whose_time_is_over_are_cleared() {
    each(async || {
        let clock = TestClock::at("2024-01-31T12:00:00Z");
        let client = site().await;
        client.get("/visit/").await.assert_status(200);
        clock.advance(days(13));
        client.clone().with_cookie("sessionid", "").get("/visit/").await.assert_status(200);
        clock.advance(days(1) + hours(1));
        assert_eq!(sessions(&client).await, 2);
        let db = client.db();
        let cleared = quintet::sessions::clear_expired(db.into(), quintet_db::time()).await.expect("cleared");
        assert_eq!((cleared, sessions(&client).await), (1, 1));
        clock.advance(days(14));
        let (code, said) = client.call_command(&["clearsessions", "--skip-checks"]);
        assert_eq!((code, said.out().as_str(), said.err().as_str()), (0, "", ""));
        assert_eq!(sessions(&client).await, 0);
        let cookies = client.with_settings(|settings| settings.sessions.engine = SessionEngine::SignedCookies);
        assert_eq!(cookies.call_command(&["clearsessions", "--skip-checks"]).0, 0, "nothing to do is done");
    })
    .await;
}

#[quintet::test]
async fn a_project_with_sessions_is_warned_of_cookies_that_travel_in_the_open() {
    each(async || {
        let client = site().await;
        let warned = |client: &quintet::testing::Client| {
            let (_, said) = client.call_command(&["check", "--deploy"]);
            let ids = ["W003", "W010", "W011", "W012", "W013", "W014", "W015", "W016"];
            ids.into_iter().filter(|id| said.err().contains(&format!("(security.{id})"))).collect::<Vec<_>>()
        };
        assert_eq!(warned(&client), ["W012", "W016"]);
        let open = client.clone().with_settings(|settings| settings.sessions.cookie_httponly = false);
        assert_eq!(warned(&open), ["W012", "W015", "W016"]);
        let bare = client.clone().with_settings(|settings| {
            settings.middleware.retain(|layer| layer.name() != "CsrfViewMiddleware");
            settings.installed_apps.retain(|app| app.label != "sessions");
        });
        assert_eq!(warned(&bare), ["W003", "W011"]);
        let good = client.with_settings(|settings| {
            settings.sessions.cookie_secure = true;
            settings.csrf.cookie_secure = true;
        });
        assert_eq!(warned(&good), [""; 0]);
        let weak = good.with_settings(|settings| settings.secret_key_fallbacks = vec!["weak".into()]);
        let (_, said) = weak.call_command(&["check", "--deploy"]);
        assert!(said.err().contains("(security.W025)"), "{}", said.err());
    })
    .await;
}

#[quintet::test]
async fn a_project_without_sessions_is_not_warned_of_their_cookies() {
    each(async || {
        let client =
            site().await.with_settings(|settings| settings.middleware = quintet::settings::default_middleware());
        let (_, said) = client.call_command(&["check", "--deploy"]);
        assert!(!said.err().contains("cookie") && !said.err().contains("W003"), "{}", said.err());
    })
    .await;
}

#[quintet::test]
async fn a_trusted_origin_without_a_scheme_is_an_error() {
    each(async || {
        let client =
            site().await.with_settings(|settings| settings.csrf.trusted_origins = vec!["example.com".to_owned()]);
        let (code, said) = client.call_command(&["check"]);
        assert!(code == 1 && said.err().contains("(4_0.E001)"), "{}", said.err());
    })
    .await;
}

#[quintet::test]
async fn the_structs_of_tokens_are_what_their_migrations_lead_to() {
    each(async || {
        let client = site().await;
        let (code, said) =
            client.call_command(&["makemigrations", "authtoken", "--check", "--dry-run", "--skip-checks"]);
        assert_eq!(code, 0, "{}{}", said.out(), said.err());
    })
    .await;
}

#[quintet::test]
async fn a_token_is_made_and_replaced() {
    each(async || {
        let client = site().await;
        let run = |words: &[&str]| {
            let all: Vec<&str> = ["drf_create_token"].iter().chain(words).copied().chain(["--skip-checks"]).collect();
            client.call_command(&all)
        };
        let (code, said) = run(&["ann"]);
        let first = said.out();
        assert_eq!(code, 0, "{}", said.err());
        let key = first.trim_end().strip_prefix("Generated token ").and_then(|rest| rest.strip_suffix(" for user ann"));
        assert_eq!(key.expect("a key").len(), 40);
        assert_eq!(run(&["ann"]).1.out(), first, "the same again");
        assert_ne!(run(&["ann", "--reset"]).1.out(), first);
        assert_eq!(Token::objects().count(client.db()).await.expect("counted"), 1);
        let (code, said) = run(&["nobody"]);
        assert!(
            code == 1 && said.err().contains("cannot create the token: user `nobody` does not exist"),
            "{}",
            said.err()
        );
    })
    .await;
}
