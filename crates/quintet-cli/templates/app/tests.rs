//! Tests of this app, with its own addresses: they do not need a line in `src/urls.rs`.

use quintet::testing::Client;

#[quintet::test]
async fn the_index_page_answers() {
    let client = Client::with_urls(crate::settings::settings, super::urls::urls);
    let response = client.get("/").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.json()["message"], "The app works.");
}
