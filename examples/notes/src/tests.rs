//! Tests of the project as a whole. `cargo manage test` runs them.
//!
//! `Client::new` has no database; `Client::with_database` has one of the test's own, with all tables.

use quintet::json;
use quintet::testing::Client;

#[quintet::test]
async fn who_registers_can_log_in() {
    let client = Client::with_database(crate::settings::settings);
    let account = json!({ "username": "eve", "password": "S3cret-pass!" });
    let made = client.post("/api/user/register/", account.clone()).await;
    assert_eq!(made.status(), 201);
    assert_eq!(made.json()["username"], "eve");
    let tokens = client.post("/api/token/", account).await;
    assert_eq!(tokens.status(), 200);
}

#[quintet::test]
async fn a_login_needs_a_password() {
    let client = Client::new(crate::settings::settings);
    let response = client.post("/api/token/", json!({})).await;
    assert_eq!(response.status(), 400);
    let told = json!(["This field is required."]);
    assert_eq!(response.json()["password"], told);
}
