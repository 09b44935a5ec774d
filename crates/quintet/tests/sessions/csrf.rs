//! Forms that are sent, and forms that are forged.

use quintet::http::{Method, Request, Response};
use quintet::prelude::{StatusCode, json};
use quintet::settings::{CsrfFailure, SameSite};
use quintet::testing::{Client, TestClock, TestData, TestRequest};

use crate::harness::{each, site, site_with};

/// A client that has the cookie, and a token.
async fn ready(client: &Client) -> String {
    client.get("/form/").await.assert_status(200).text()
}

fn sent(client: &Client, token: &str) -> TestRequest {
    client.post("/form/", TestData::form([("csrfmiddlewaretoken", token)]))
}

#[quintet::test]
async fn a_form_with_the_token_of_its_page_is_taken_and_another_is_refused() {
    each(async || {
        let client = site().await;
        let token = ready(&client).await;
        let cookie = client.cookie("csrftoken").expect("a cookie");
        assert_eq!((token.len(), cookie.len()), (64, 32));
        assert_ne!(ready(&client).await, token, "under another mask");
        sent(&client, &token).await.assert_status(200);
        sent(&client, &cookie).await.assert_status(200);
        let header = client.post("/form/", ()).header("x-csrftoken", &token);
        header.await.assert_status(200);
        client.post("/form/", json!({})).header("X-CSRFToken", &cookie).await.assert_status(200);
        client.post("/form/", TestData::multipart([("csrfmiddlewaretoken", &*token)])).await.assert_status(200);
        for wrong in ["", "x", &token[1..], &"a".repeat(64), &"a".repeat(32), "tökén", &format!("{token} ")] {
            sent(&client, wrong).await.assert_status(403);
        }
        let stranger = client.clone().with_cookie("csrftoken", &"b".repeat(32));
        sent(&stranger, &token).await.assert_status(403);
        let bare = site().await;
        sent(&bare, &token).await.assert_status(403);
    })
    .await;
}

#[quintet::test]
async fn the_field_counts_before_the_header() {
    each(async || {
        let client = site().await;
        let token = ready(&client).await;
        sent(&client, "wrong").header("x-csrftoken", &token).await.assert_status(403);
        sent(&client, "").header("x-csrftoken", &token).await.assert_status(200);
    })
    .await;
}

#[quintet::test]
async fn the_cookie_says_what_the_settings_say() {
    each(async || {
        let _clock = TestClock::at("2024-01-31T12:00:00Z");
        let client = site().await;
        let answer = client.get("/form/").await;
        let cookie = client.cookie("csrftoken").expect("a cookie");
        let expected = format!(
            "csrftoken={cookie}; expires=Wed, 29 Jan 2025 12:00:00 GMT; Max-Age=31449600; Path=/; SameSite=Lax"
        );
        assert_eq!((answer.header("set-cookie"), answer.header("vary")), (Some(expected.as_str()), Some("Cookie")));
        let other = site_with(|settings| {
            settings.csrf.cookie_name = "secret".to_owned();
            settings.csrf.cookie_age = None;
            settings.csrf.cookie_domain = Some("example.com".to_owned());
            settings.csrf.cookie_path = "/form".to_owned();
            settings.csrf.cookie_secure = true;
            settings.csrf.cookie_httponly = true;
            settings.csrf.cookie_samesite = Some(SameSite::None);
            settings.csrf.header_name = "HTTP_X_MY_TOKEN".to_owned();
        })
        .await
        .over_https();
        let answer = other.get("/form/").await;
        let set = answer.header("set-cookie").expect("a cookie");
        assert_eq!(
            set.split_once("; ").expect("attributes").1,
            "Domain=example.com; HttpOnly; Path=/form; SameSite=None; Secure"
        );
        let token = answer.text();
        let post = || other.post("/form/", ()).header("referer", "https://example.com/");
        post().header("x-my-token", &token).await.assert_status(200);
        post().header("x-csrftoken", &token).await.assert_status(403);
    })
    .await;
}

#[quintet::test]
async fn what_changes_nothing_needs_no_token() {
    each(async || {
        let client = site().await;
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE] {
            let status = client.request(method, "/form/", ()).await.status();
            assert_ne!(status, 403);
        }
        client.request(Method::DELETE, "/form/", ()).await.assert_status(403);
        client.post("/nowhere/", ()).await.assert_status(404);
    })
    .await;
}

#[quintet::test]
async fn an_exempt_view_takes_any_form_and_a_protected_one_takes_none_though_nothing_is_listed() {
    each(async || {
        let client = site().await;
        client.post("/hook/", ()).await.assert_status(200);
        let bare = site_with(|settings| settings.middleware.clear()).await;
        bare.post("/form/", ()).await.assert_status(200);
        bare.post("/guarded/", ()).await.assert_status(403);
        let secret = "c".repeat(32);
        let knowing = bare.with_cookie("csrftoken", &secret);
        knowing.post("/guarded/", ()).header("x-csrftoken", &secret).await.assert_status(200);
    })
    .await;
}

#[quintet::test]
async fn a_view_can_see_to_it_that_a_script_has_the_cookie() {
    each(async || {
        for client in [site().await, site_with(|settings| settings.middleware.clear()).await] {
            let answer = client.get("/cookie/").await;
            assert_eq!(answer.header("vary"), Some("Cookie"));
            assert_eq!(client.cookie("csrftoken").expect("a cookie").len(), 32);
            let again = client.cookie("csrftoken");
            client.get("/cookie/").await.assert_status(200);
            assert_eq!(client.cookie("csrftoken"), again, "the same secret, with another year");
        }
    })
    .await;
}

#[quintet::test]
async fn the_body_of_a_mounted_router_is_not_looked_into() {
    each(async || {
        use quintet::axum::{Router, routing};
        use quintet::prelude::*;
        fn mounted() -> Urls {
            let echo = Router::new().route("/echo", routing::post(|body: String| async move { body }));
            urls![path("form/", get(crate::harness::token)), mount("mounted/", echo)]
        }
        let client = site_with(|settings| settings.urls = mounted).await;
        let token = ready(&client).await;
        let form = || TestData::form([("csrfmiddlewaretoken", &*token)]);
        client.post("/mounted/echo", form()).await.assert_status(403);
        let answer = client.post("/mounted/echo", form()).header("x-csrftoken", &token).await;
        assert_eq!((answer.status(), answer.text()), (200, format!("csrfmiddlewaretoken={token}")));
    })
    .await;
}

#[quintet::test]
async fn a_cookie_that_is_none_is_replaced() {
    each(async || {
        let client = site().await.with_cookie("csrftoken", "no secret");
        client.get("/quiet/").await.assert_status(200);
        assert_eq!(client.cookie("csrftoken").expect("another").len(), 32);
    })
    .await;
}

#[quintet::test]
async fn a_masked_cookie_of_a_former_version_is_read() {
    each(async || {
        let client = site().await;
        let token = ready(&client).await;
        let old = client.clone().with_cookie("csrftoken", &token);
        sent(&old, &token).await.assert_status(200);
        sent(&old, &client.cookie("csrftoken").expect("a cookie")).await.assert_status(200);
    })
    .await;
}

#[quintet::test]
async fn the_secret_may_be_in_the_session() {
    each(async || {
        let client = site_with(|settings| settings.csrf.use_sessions = true).await;
        let answer = client.get("/form/").await;
        assert_eq!(client.cookie("csrftoken"), None);
        assert!(answer.header("set-cookie").expect("a cookie").starts_with("sessionid="));
        sent(&client, &answer.text()).await.assert_status(200);
        sent(&client, &"a".repeat(64)).await.assert_status(403);
        let stranger = site_with(|settings| settings.csrf.use_sessions = true).await;
        sent(&stranger, &answer.text()).await.assert_status(403);
    })
    .await;
}

#[quintet::test]
async fn a_log_in_makes_another_secret() {
    each(async || {
        let client = site().await;
        let token = ready(&client).await;
        let before = client.cookie("csrftoken");
        client.get("/in/ann/").await.assert_status(200);
        assert_ne!(client.cookie("csrftoken"), before);
        sent(&client, &token).await.assert_status(403);
    })
    .await;
}

#[quintet::test]
async fn an_origin_must_be_this_site_or_a_trusted_one() {
    each(async || {
        let client = site_with(|settings| {
            settings.csrf.trusted_origins =
                ["https://app.example.com", "https://*.trusted.example", "http://plain.example:8000"]
                    .map(String::from)
                    .into();
        })
        .await;
        let token = ready(&client).await;
        for (origin, status) in [
            ("http://testserver", 200),
            ("https://app.example.com", 200),
            ("https://a.trusted.example", 200),
            ("https://a.b.trusted.example", 200),
            ("http://plain.example:8000", 200),
            ("https://trusted.example", 200),
            ("https://testserver", 403),
            ("http://app.example.com", 403),
            ("http://a.trusted.example", 403),
            ("https://eviltrusted.example", 403),
            ("https://app.example.com.evil.example", 403),
            ("https://app.example.com:444", 403),
            ("http://plain.example", 403),
            ("null", 403),
            ("", 403),
            ("https://[::1", 403),
        ] {
            assert_eq!(sent(&client, &token).header("origin", origin).await.status(), status, "{origin}");
        }
        sent(&client, &token).await.assert_status(200);
    })
    .await;
}

#[quintet::test]
async fn over_https_without_an_origin_the_referer_must_be_this_site() {
    each(async || {
        let client =
            site_with(|settings| settings.csrf.trusted_origins = vec!["https://*.trusted.example".into()]).await;
        let token = ready(&client).await;
        let secure = client.clone().over_https();
        sent(&secure, &token).await.assert_status(403);
        for (referer, status) in [
            ("https://testserver/page/", 200),
            ("https://a.trusted.example/x", 200),
            ("http://testserver/page/", 403),
            ("https://evil.example/testserver", 403),
            ("https://testserver.evil.example/", 403),
            ("https://testserver@evil.example/", 403),
            ("https:///testserver", 403),
            ("testserver", 403),
            ("", 403),
            ("https://[::1", 403),
        ] {
            assert_eq!(sent(&secure, &token).header("referer", referer).await.status(), status, "{referer}");
        }
        sent(&secure, &token).header("origin", "https://testserver").await.assert_status(200);
        let domain =
            client.with_settings(|settings| settings.csrf.cookie_domain = Some(".example.com".to_owned())).over_https();
        let post = |referer: &str| sent(&domain, &token).header("referer", referer);
        assert_eq!(post("https://www.example.com/").await.status(), 200, "wherever the cookie goes");
        assert_eq!(post("https://testserver/").await.status(), 403);
    })
    .await;
}

#[quintet::test]
async fn the_page_tells_a_developer_why_and_nobody_else() {
    each(async || {
        let client = site().await;
        let page = client.post("/form/", ()).await;
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(page.text().contains("<p>CSRF verification failed. Request aborted.</p>"), "{}", page.text());
        assert!(page.text().contains("sent no cookie of this site") && !page.text().contains("CSRF cookie not set"));
        let open = site_with(|settings| settings.debug = true).await;
        assert!(open.post("/form/", ()).await.text().contains("<pre>CSRF cookie not set.</pre>"));
        let evil = open.post("/form/", ()).header("origin", "<script>").await.text();
        assert!(evil.contains("Origin checking failed - &lt;script&gt; does not match"), "{evil}");
        let own = site_with(|settings| settings.csrf.failure_view = CsrfFailure::new(own_page)).await;
        let answer = own.post("/form/", ()).await;
        assert_eq!((answer.status(), answer.text().as_str()), (418, "CSRF cookie not set."));
    })
    .await;
}

fn own_page(_: &Request, reason: &str) -> Response {
    Response::text(reason).with_status(StatusCode::IM_A_TEAPOT)
}
