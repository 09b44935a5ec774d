//! Requests as transactions: a refusal undoes what was done before it.

use quintet::prelude::*;

use crate::harness::each;

#[test]
fn a_refusal_undoes_what_was_done_before_it() {
    each(async |notes| {
        let late = json!({"title": "late"});
        assert_eq!(notes.atomic().post("/create/", &late).await.status(), 403);
        assert_eq!(notes.titles().await, ["first", "second"]);
        assert_eq!(notes.atomic().post("/create/", json!({"title": "kept"})).await.status(), 201);
        assert_eq!(notes.titles().await, ["first", "second", "kept"]);
    });
}

#[test]
fn without_transactions_what_was_done_stays() {
    each(async |notes| {
        assert_eq!(notes.by("ana").post("/create/", json!({"title": "late"})).await.status(), 403);
        assert_eq!(notes.titles().await, ["first", "second", "late"]);
    });
}
