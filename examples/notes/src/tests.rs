//! Tests of the demo.

use quintet::settings::{Env, Settings};
use quintet::testing::{Client, call_command};

fn client() -> Client {
    Client::new(crate::settings::settings)
}

#[quintet::test]
async fn the_page_lists_what_is_there_and_links_to_it() {
    let page = client().get("/").await;
    assert_eq!(page.status(), 200);
    assert!(page.text().contains("<dt>runserver</dt>"), "{}", page.text());
    assert!(page.text().contains("href=\"/api/greet/you/\""), "{}", page.text());
}

#[quintet::test]
async fn the_list_is_there_as_json() {
    assert_eq!(client().get("/api/").await.json()["there"][1]["name"], "runserver");
}

#[quintet::test]
async fn a_greeting_names_who_was_named() {
    let greeting = client().get("/api/greet/Zo%C3%AB/").await;
    assert_eq!(greeting.json()["message"], "Hello, Zoë!");
}

#[quintet::test]
async fn a_method_that_a_view_lacks_is_refused_with_the_ones_it_has() {
    let refused = client().delete("/api/").await;
    assert_eq!(refused.status(), 405);
    assert_eq!(refused.header("allow"), Some("GET, HEAD, OPTIONS"));
}

/// The demo's settings, with a database that is gone with the test.
fn in_memory(env: &Env) -> Settings {
    Settings { database: Settings::default().database, ..crate::settings::settings(env) }
}

#[test]
fn the_migrations_lead_to_the_models() {
    let (code, said) = call_command(in_memory, &["makemigrations", "--check"]);
    assert_eq!((code, said.out().as_str()), (0, "No changes detected\n"), "{}", said.err());
}

#[test]
fn an_empty_database_gets_the_table_of_notes() {
    let (code, said) = call_command(in_memory, &["migrate"]);
    assert_eq!(code, 0, "{}", said.err());
    assert!(said.out().contains("Applying api.0001_initial... OK"), "{}", said.out());
}
