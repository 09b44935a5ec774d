//! Keys of JSON, however hostile, are values: they find what stands there and are never SQL.

use quintet::prelude::*;
use quintet::query::columns;
use quintet_core::sql::Dialect;
use quintet_db::{Connection as _, ErrorKind};

use crate::harness::{each, library, titles};
use crate::models::*;

const HOSTILE: [&str; 10] = ["a'b", "a\"b", "a.b", "a b", "$", "a]b[0", "') OR 1=1 --", "ключ", "a\\b", "%s"];

async fn with_facts(db: &Database, facts: Json) {
    library(db).await;
    let set = Book::objects().filter(|b| b.title().eq("First")).update(db, |b| b.facts().set(facts));
    assert_eq!(set.await.expect("a number"), 1);
}

#[quintet::test]
async fn hostile_keys_find_what_stands_there() {
    each(async |db| {
        let facts: serde_json::Map<String, Json> = HOSTILE.iter().map(|key| ((*key).to_owned(), json!(*key))).collect();
        with_facts(db, Json::Object(facts)).await;
        for key in HOSTILE {
            let by_value = Book::objects().filter(|b| b.facts().key(key).eq(key));
            assert_eq!(titles(db, by_value).await, ["First"], "{key}");
            let by_text = Book::objects().filter(|b| b.facts().key(key).text().startswith(key));
            assert_eq!(titles(db, by_text).await, ["First"], "{key}");
            let there = Book::objects().filter(|b| b.facts().has_key(key));
            assert_eq!(titles(db, there).await, ["First"], "{key}");
            let read = Book::objects().filter(|b| b.facts().has_key(key)).values(|b| b.facts().key(key)).get(db).await;
            assert_eq!(read.expect("a value"), Some(json!(key)), "{key}");
            let ordered = Book::objects().order_by(|b| (b.facts().key(key).asc().nulls_last(), b.id().asc()));
            assert_eq!(titles(db, ordered).await[0], "First", "{key}");
        }
        let absent = Book::objects().filter(|b| b.facts().key("') OR 1=1 -- x").eq(1));
        assert!(titles(db, absent).await.is_empty());
    })
    .await;
}

#[quintet::test]
async fn paths_as_text_lead_into_json() {
    each(async |db| {
        with_facts(db, json!({ "a": { "b": [1, { "c": "deep" }] }, "n": 5, "none": null })).await;
        for (path, value) in [
            ("facts__a__b__0", json!(1)),
            ("facts__a__b__1__c", json!("deep")),
            ("facts__n__gte", json!(5)),
            ("facts__n__in", json!([5, 6])),
            ("facts__a__b__1__c__icontains", json!("DEE")),
            ("facts__has_key", json!("none")),
            ("facts__none__isnull", json!(false)),
        ] {
            let value: quintet::migrations::Value = match value {
                Json::String(text) => text.into(),
                Json::Bool(yes) => yes.into(),
                Json::Array(values) => {
                    quintet::migrations::Value::List(values.iter().filter_map(Json::as_i64).map(Into::into).collect())
                }
                other => other.as_i64().map(Into::into).expect("a number"),
            };
            assert_eq!(titles(db, Book::objects().filter_by(path, value)).await, ["First"], "{path}");
        }
        let hostile = Book::objects().filter_by("facts__') OR 1=1 --", 1);
        assert!(titles(db, hostile).await.is_empty());
    })
    .await;
}

#[quintet::test]
async fn keys_are_asked_for_and_compared() {
    each(async |db| {
        with_facts(db, json!({ "a": { "b": [1, 2] }, "n": 5, "none": null, "yes": true })).await;
        let facts = || columns::<Book>().facts();
        for (condition, wanted) in [
            (facts().key("a").key("b").index(1).eq(2), true),
            (facts().key("n").gt(4), true),
            (facts().key("n").lt(4), false),
            (facts().key("n").is_in([4, 5]), true),
            (facts().key("yes").eq(true), true),
            (facts().key("a").eq(json!({ "b": [1, 2] })), true),
            (facts().key("none").eq(Json::Null), true),
            (facts().key("none").isnull(false), true),
            (facts().key("missing").isnull(true) & facts().isnull(false), true),
            (facts().has_keys(&["a", "n"]), true),
            (facts().has_keys(&["a", "x"]), false),
            (facts().has_any_keys(&["x", "n"]), true),
        ] {
            let found = Book::objects().filter(|_| condition.clone()).exists(db).await.expect("an answer");
            assert_eq!(found, wanted, "{condition:?}");
        }
        let part = Book::objects().filter(|b| b.facts().contains_json(json!({ "n": 5 }))).exists(db).await;
        let within =
            Book::objects().filter(|b| b.facts().key("a").contained_by(json!({ "b": [1, 2, 3] }))).exists(db).await;
        match db.dialect() {
            Dialect::Postgres => assert!(part.expect("an answer") && within.expect("an answer")),
            Dialect::Sqlite => {
                assert_eq!(part.expect_err("SQLite has none").kind(), ErrorKind::Query);
                assert_eq!(within.expect_err("SQLite has none").kind(), ErrorKind::Query);
            }
        }
    })
    .await;
}

#[quintet::test]
async fn json_null_and_no_json_are_two_things() {
    each(async |db| {
        with_facts(db, Json::Null).await;
        let none = Book::objects().filter(|b| b.facts().isnull(true)).count(db).await;
        assert_eq!(none.expect("a number"), 2);
        let null = Book::objects().filter(|b| b.facts().eq(Json::Null)).count(db).await;
        assert_eq!(null.expect("a number"), 1);
        let read = Book::objects().filter(|b| b.facts().isnull(false)).get(db).await.expect("a book");
        assert_eq!(read.facts, Some(Json::Null));
        Book::objects().update(db, |b| b.facts().set_null()).await.expect("changed");
        assert_eq!(Book::objects().filter(|b| b.facts().isnull(true)).count(db).await.expect("a number"), 3);
    })
    .await;
}
