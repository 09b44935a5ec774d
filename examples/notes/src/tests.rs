//! Tests of the demo.

use quintet::testing::Client;

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
