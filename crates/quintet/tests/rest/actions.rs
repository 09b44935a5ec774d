//! View sets of models: permissions of models, actions of their own.

use quintet::prelude::*;

use crate::harness::each;

#[test]
fn permissions_of_models_are_asked_by_method() {
    each(async |notes| {
        let new = json!({"title": "new"});
        assert_eq!(notes.by("").get("/api/notes/").await.status(), 200);
        assert_eq!(notes.by("").post("/api/notes/", &new).await.status(), 401);
        assert_eq!(notes.by("boris").post("/api/notes/", &new).await.status(), 403);
        assert_eq!(notes.by("ana").post("/api/notes/", &new).await.status(), 201);
        assert_eq!(notes.by("ana").patch("/api/notes/1/", &new).await.status(), 403);
        assert_eq!(notes.by("root").patch("/api/notes/1/", json!({"title": "one"})).await.status(), 200);
    });
}

#[test]
fn an_action_reaches_its_row_by_its_own_permissions() {
    each(async |notes| {
        let archive = "/api/notes/1/archive/";
        assert_eq!(notes.by("").post(archive, json!({})).await.status(), 401);
        assert_eq!(notes.by("boris").post(archive, json!({})).await.status(), 403);
        let archived = notes.by("ana").post(archive, json!({})).await;
        assert_eq!((archived.status(), archived.text().as_str()), (200, r#"{"archived":1}"#));
        assert_eq!(notes.by("").get("/api/notes/archived/").await.text(), r#"{"count":1}"#);
    });
}

#[test]
fn a_project_may_write_a_standard_action_itself() {
    each(async |notes| {
        let refused = notes.by("root").delete("/api/notes/1/").await;
        assert_eq!((refused.status(), refused.text().as_str()), (409, r#"{"detail":"Notes stay."}"#));
        assert_eq!(notes.by("").delete("/api/notes/1/").await.status(), 401);
    });
}

#[test]
fn the_root_names_the_lists_by_model_and_basename() {
    each(async |notes| {
        let root = r#"{"notes":"http://testserver/api/notes/","reading":"http://testserver/api/reading/"}"#;
        assert_eq!(notes.by("").get("/api/").await.text(), root);
    });
}
