//! Tests of this app, with its own addresses: they do not need a line in `src/urls.rs`.
//!
//! A test that needs rows makes its client by `Client::with_database(crate::settings::settings)`:
//! all tables are there, in a database of its own, which is gone with the test. Its addresses are those of the project.

use quintet::testing::Client;

#[quintet::test]
async fn the_index_page_answers() {
    let client = Client::with_urls(crate::settings::settings, super::urls::urls);
    let response = client.get("/").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json()["message"], "The app works.");
}
