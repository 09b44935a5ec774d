//! Tests of the project as a whole. `cargo manage test` runs them.

use quintet::json;
use quintet::settings::{Env, Settings};
use quintet::testing::{Client, call_command};

fn client() -> Client {
    Client::new(crate::settings::settings)
}

#[quintet::test]
async fn the_page_lists_what_is_there_and_links_to_it() {
    let page = client().get("/about/").await.text();
    assert!(page.contains("<dt>runserver</dt>"), "{page}");
    assert!(page.contains("href=\"/greet/you/\""), "{page}");
    assert!(page.contains("href=\"/api/notes/\""), "{page}");
}

#[quintet::test]
async fn a_greeting_names_who_was_named() {
    let greeting = client().get("/greet/Zo%C3%AB/").await;
    assert_eq!(greeting.json()["message"], "Hello, Zoë!");
}

#[quintet::test]
async fn a_method_that_a_view_lacks_is_refused_with_the_ones_it_has() {
    let refused = client().delete("/greet/you/").await;
    assert_eq!(refused.status(), 405);
    assert_eq!(refused.header("allow"), Some("GET, HEAD, OPTIONS"));
}

#[quintet::test]
async fn a_front_end_on_another_origin_may_call() {
    let client = client().with_header("origin", "http://localhost:5173");
    let answer = client.get("/api/notes/").await;
    assert_eq!(answer.status(), 401);
    let allowed = answer.header("access-control-allow-origin");
    assert_eq!(allowed, Some("http://localhost:5173"));
}

#[quintet::test]
async fn a_login_needs_a_password() {
    let response = client().post("/api/token/", json!({})).await;
    assert_eq!(response.status(), 400);
    let told = json!(["This field is required."]);
    assert_eq!(response.json()["password"], told);
}

/// The settings, with a database that is gone with the test.
fn in_memory(env: &Env) -> Settings {
    Settings { database: Settings::default().database, ..crate::settings::settings(env) }
}

#[test]
fn the_migrations_lead_to_the_models() {
    let (code, said) = call_command(in_memory, &["makemigrations", "--check"]);
    let told = said.out();
    assert_eq!((code, told.as_str()), (0, "No changes detected\n"));
}
