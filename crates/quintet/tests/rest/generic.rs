//! What each generic view does.

use quintet::prelude::*;

use crate::harness::each;
use crate::views::Note;

const FIRST: &str = r#"{"id":1,"title":"first","archived":false,"owner":1}"#;

#[test]
fn a_list_is_that_of_the_user_and_what_is_made_belongs_to_him() {
    each(async |notes| {
        let ana = notes.by("ana");
        assert_eq!(ana.get("/own/").await.text(), format!("[{FIRST}]"));
        let made = ana.post("/own/", json!({"title": "third", "owner": 2})).await;
        let body = r#"{"id":3,"title":"third","archived":false,"owner":1}"#;
        assert_eq!((made.status(), made.text().as_str()), (201, body));
        assert_eq!(made.header("allow"), Some("GET, POST, HEAD, OPTIONS"));
    });
}

#[test]
fn nobody_has_no_rows_and_gets_none_by_exclusion_either() {
    each(async |notes| {
        let nobody = notes.by("");
        assert_eq!(nobody.get("/own/").await.text(), "[]");
        assert_eq!(nobody.get("/others/").await.text(), "[]");
        assert_eq!(notes.by("ana").get("/others/").await.json()[0]["title"], "second");
    });
}

#[test]
fn nobody_is_stored_nowhere() {
    each(async |notes| {
        let answer = notes.by("").post("/create/", json!({"title": "of nobody"})).await;
        let told = r#"{"detail":"Authentication credentials were not provided."}"#;
        assert_eq!((answer.status(), answer.text().as_str()), (401, told));
        assert_eq!(notes.titles().await, ["first", "second"]);
    });
}

#[test]
fn what_is_wrong_is_told_by_field() {
    each(async |notes| {
        let answer = notes.by("ana").post("/own/", json!({"title": "first"})).await;
        let told = r#"{"title":["note with this title already exists."]}"#;
        assert_eq!((answer.status(), answer.text().as_str()), (400, told));
    });
}

#[test]
fn what_somebody_else_takes_meanwhile_is_refused_as_what_was_taken_before() {
    each(async |notes| {
        let ana = notes.by("ana");
        let told = r#"{"title":["note with this title already exists."]}"#;
        let made = ana.post("/raced/", json!({"title": "taken"})).await;
        assert_eq!((made.status(), made.text().as_str()), (400, told));
        assert_eq!(notes.titles().await, ["first", "second", "taken"], "the one that was first is there");
        Note::objects().filter(|note| note.title().eq("taken")).delete(&notes.db).await.expect("it goes");
        let changed = ana.patch("/raced/1/", json!({"title": "taken"})).await;
        assert_eq!((changed.status(), changed.text().as_str()), (400, told));
        assert_eq!(notes.titles().await, ["first", "second", "taken"]);
    });
}

#[test]
fn what_no_serializer_can_tell_of_is_an_error_still() {
    each(async |notes| {
        // The note is not taken by what is sent, but by the view itself, twice.
        let first = notes.by("ana").post("/raced/", json!({"title": "free"})).await;
        assert_eq!(first.status(), 201);
        assert_eq!(notes.by("ana").post("/raced/", json!({"title": "other"})).await.status(), 500);
    });
}

#[test]
fn a_row_is_shown_changed_and_deleted_by_who_may() {
    each(async |notes| {
        let (ana, boris) = (notes.by("ana"), notes.by("boris"));
        assert_eq!(ana.get("/own/1/").await.text(), FIRST);
        let changed = ana.put("/own/1/", json!({"title": "one"})).await;
        assert_eq!(changed.text(), FIRST.replace("first", "one"));
        assert_eq!(ana.put("/own/1/", json!({"archived": true})).await.status(), 400, "all that is required");
        assert_eq!(ana.patch("/own/1/", json!({"archived": true})).await.json()["archived"], true);
        let refused = boris.delete("/own/1/").await;
        let told = r#"{"detail":"You do not have permission to perform this action."}"#;
        assert_eq!((refused.status(), refused.text().as_str()), (403, told));
        let deleted = ana.delete("/own/1/").await;
        assert_eq!((deleted.status(), deleted.text().as_str(), deleted.header("content-type")), (204, "", None));
        assert_eq!(notes.titles().await, ["second"]);
    });
}

#[test]
fn what_is_not_there_is_named_and_what_cannot_be_is_not() {
    each(async |notes| {
        let ana = notes.by("ana");
        let missing = r#"{"detail":"No Note matches the given query."}"#;
        assert_eq!(ana.get("/own/99/").await.text(), missing);
        assert_eq!(ana.get("/own/99999999999999999999/").await.text(), missing);
        let impossible = ana.get("/loose/x/").await;
        assert_eq!((impossible.status(), impossible.text().as_str()), (404, r#"{"detail":"Not found."}"#));
    });
}

#[test]
fn each_view_has_the_methods_of_its_name() {
    each(async |notes| {
        let root = notes.by("root");
        for (path, allow) in [
            ("/own/", "GET, POST, HEAD, OPTIONS"),
            ("/own/1/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
            ("/others/", "GET, HEAD, OPTIONS"),
            ("/create/", "POST, OPTIONS"),
            ("/retrieve/first/", "GET, HEAD, OPTIONS"),
            ("/update/first/", "PUT, PATCH, OPTIONS"),
            ("/destroy/first/", "DELETE, OPTIONS"),
            ("/retrieve-update/first/", "GET, PUT, PATCH, HEAD, OPTIONS"),
            ("/retrieve-destroy/first/", "GET, DELETE, HEAD, OPTIONS"),
            ("/api/notes/", "GET, POST, HEAD, OPTIONS"),
            ("/api/notes/1/", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
            ("/api/notes/1/archive/", "POST, OPTIONS"),
            ("/api/reading/", "GET, HEAD, OPTIONS"),
            ("/api/reading/first/", "GET, HEAD, OPTIONS"),
        ] {
            assert_eq!(root.options(path).await.header("allow"), Some(allow), "{path}");
        }
    });
}

#[test]
fn a_row_may_be_named_by_another_field() {
    each(async |notes| {
        let ana = notes.by("ana");
        assert_eq!(ana.get("/retrieve/first/").await.text(), FIRST);
        assert_eq!(ana.get("/api/reading/first/").await.text(), FIRST);
        assert_eq!(ana.patch("/update/first/", json!({"title": "one"})).await.json()["title"], "one");
        assert_eq!(ana.delete("/destroy/one/").await.status(), 204);
        assert_eq!(ana.delete("/retrieve-destroy/second/").await.status(), 204);
    });
}
