//! Tests of the project as a whole. `cargo manage test` runs them.
//!
//! `Client::new` has no database; `Client::with_database` has one of the test's own, with all tables.

use quintet::json;
use quintet::testing::Client;

{{root_test}}
#[quintet::test]
async fn a_login_needs_a_password() {
    let client = Client::new(crate::settings::settings);
    let response = client.post("/api/token/", json!({})).await;
    assert_eq!(response.status(), 400);
    let told = json!(["This field is required."]);
    assert_eq!(response.json()["password"], told);
}
