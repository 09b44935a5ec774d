//! Tests of this app.

use quintet::apps::auth::models::User;
use quintet::prelude::*;
use quintet::testing::Client;

#[quintet::test]
async fn a_note_belongs_to_who_wrote_it() -> Result<()> {
    let client = Client::with_database(crate::settings::settings);
    let ann = create!(client.db(), User { username: "ann", password: "!" }).await?;
    let bob = create!(client.db(), User { username: "bob", password: "!" }).await?;
    let (ann, bob) = (client.clone().force_authenticate(&ann), client.force_authenticate(&bob));

    let note = json!({ "title": "Hello", "content": "World" });
    let made = ann.post("/api/notes/", note).await.assert_status(201).json();
    let path = format!("/api/notes/{}/", made["id"]);
    let changed = ann.patch(&path, json!({ "title": "Hi" })).await;
    assert_eq!(changed.json()["title"], "Hi");

    assert_eq!(bob.get("/api/notes/").await.json(), json!([]));
    assert_eq!(bob.get(&path).await.status(), 404);
    assert_eq!(bob.delete(&path).await.status(), 404);
    assert_eq!(ann.delete(&path).await.status(), 204);
    Ok(())
}

#[quintet::test]
async fn who_registers_logs_in_and_reads() {
    let client = Client::with_database(crate::settings::settings);
    assert_eq!(client.get("/api/notes/").await.status(), 401);
    let account = json!({ "username": "eve", "password": "S3cret-pass!" });
    let made = client.post("/api/register/", account.clone()).await;
    assert_eq!(made.json()["username"], "eve");
    let pair = client.post("/api/token/", account).await.json();
    let token = pair["access"].as_str().expect("a token");
    let eve = client.with_token(token);
    assert_eq!(eve.get("/api/notes/").await.json(), json!([]));
}
