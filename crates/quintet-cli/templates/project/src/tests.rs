//! Tests of the project as a whole. `cargo manage test` runs them.
//!
//! `Client::new` has no database; `Client::with_database` has one of the test's own, with all tables.

use quintet::testing::Client;

#[quintet::test]
async fn the_index_page_answers() {
    let client = Client::new(crate::settings::settings);
    let response = client.get("/").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json()["message"], "It works.");
}
