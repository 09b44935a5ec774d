//! Who a client is.

use quintet::apps::auth::models::{Permission as Right, User};
use quintet::prelude::*;
use quintet::testing::{Client, TestClock, assert_queries};

use crate::project::{each, sqlite};

async fn ann(client: &Client) -> User {
    let given = ["username", "password"].map(|name| quintet::query::Assignment::named(name, "ann"));
    User::create_user(client.db().into(), given.to_vec()).await.expect("a user")
}

#[quintet::test]
async fn a_forced_user_needs_no_credentials_and_costs_no_query() {
    for project in each() {
        let client = Client::with_database(project);
        client.get("/me/").await.assert_status(401);
        let mut user = ann(&client).await;
        user.is_staff = true;
        let forced = client.clone().force_authenticate(&user);
        let answer = assert_queries(2, async || forced.get("/me/").await).await;
        assert_eq!(answer.json(), json!(["ann", true, false]), "only the permissions are asked for, as ever");
        let db = client.db();
        let right = Right::objects().filter(|p| p.codename().eq("add_memo")).get(db).await.expect("a permission");
        user.user.permissions.user_permissions.add(db, [&right]).await.expect("it is given");
        let again = client.clone().force_authenticate(&user);
        assert_eq!(again.get("/me/").await.json(), json!(["ann", true, true]));
        again.credentials([]).get("/me/").await.assert_status(401);
    }
}

#[quintet::test]
async fn a_user_of_another_model_is_refused() {
    let client = Client::with_database(sqlite);
    let user = ann(&client).await;
    let other = client.with_settings(|settings| settings.auth_user_model = "auth.Group".to_owned());
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| other.force_authenticate(&user)));
    let said = refused.expect_err("users are groups").downcast_ref::<String>().cloned().expect("words");
    assert!(said.contains("users are of `auth.Group`, not of `auth.User`") && said.contains("hint: "), "{said}");
}

#[quintet::test]
async fn a_token_is_good_as_long_as_the_clock_says() {
    for project in each() {
        let clock = TestClock::at("2024-01-31T12:00:00Z");
        let client = Client::with_database(project);
        ann(&client).await;
        let pair = client.post("/token/", json!({ "username": "ann", "password": "ann" })).await;
        let client = client.with_token(pair.assert_status(200).json()["access"].as_str().expect("a token"));
        assert_eq!(client.get("/me/").await.assert_status(200).json()[0], "ann");
        clock.advance(client.settings().simple_jwt.access_token_lifetime + std::time::Duration::from_secs(1));
        client.get("/me/").await.assert_status(401);
        client.with_token("nonsense").get("/me/").await.assert_status(401);
    }
}
