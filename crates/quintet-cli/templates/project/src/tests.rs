//! Tests of the project as a whole. `cargo manage test` runs them.

use quintet::testing::Client;

#[quintet::test]
async fn the_index_page_answers() {
    let client = Client::new(crate::settings::settings);
    let response = client.get("/").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json()["message"], "It works.");
}
