//! Tests of the demo.

use quintet::apps::auth::models::User;
use quintet::prelude::*;
use quintet::settings::{Env, Settings};
use quintet::testing::{Client, TestClock, assert_queries, call_command};

use crate::api::models::Note;

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

#[quintet::test]
async fn a_note_is_kept_with_the_time_and_goes_with_its_author() -> Result<()> {
    let clock = TestClock::at("2024-01-31T12:00:00Z");
    let client = Client::with_database(crate::settings::settings);
    let db = client.db();
    let ann = create!(db, User { username: "ann", password: "!" }).await?;
    create!(db, Note { title: "Hello", content: "World", author: &ann }).await?;
    let note = Note::objects().select_related(|n| n.author()).get(db).await?;
    assert_eq!((note.title.as_str(), note.created_at), ("Hello", clock.now()));
    ann.delete(db).await?;
    assert_queries(1, async || Note::objects().count(db).await.map(|count| assert_eq!(count, 0))).await?;
    Ok(())
}
