//! The one row by a field, as a URL names it: what a kept statement gives is what a query gives.

use quintet::prelude::*;
use quintet::query::{Untyped, q};
use quintet_core::query::{Condition as Ast, Expr, Path, Step};
use quintet_core::schema::Value;

use crate::harness::{each, library};
use crate::models::*;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The row's key, or what is wrong.
async fn found(rows: quintet_db::Result<quintet::query::Running<'_, Book>>) -> Result<i64, String> {
    let row = async { rows?.await };
    row.await.map(|book| book.id.0).map_err(|error| format!("{:?} {:?} {error}", error.kind(), error.query()))
}

#[quintet::test]
async fn a_row_by_a_field_is_that_of_a_filter() {
    each(async |db| {
        library(db).await;
        let rows: [fn() -> Untyped; 5] = [
            || Book::objects().untyped(),
            || Book::objects().order_by(|b| b.title().desc()).untyped(),
            || Book::objects().filter(|b| b.id().gt(1)).untyped(),
            || Book::objects().none().untyped(),
            || Book::objects().filter(|_| q("nothing", 1)).untyped(),
        ];
        let values = [
            ("pk", text("2")),
            ("pk", text(" 2 ")),
            ("pk", text("99")),
            ("pk", text("x")),
            ("pk", text("")),
            ("pk", text("2\0")),
            ("pk", text("99999999999999999999")),
            ("pk", Value::Int(2)),
            ("id", Value::Int(i64::MAX)),
            ("id", Value::Bool(true)),
            ("id", Value::Float(2.5)),
            ("id", Value::Null),
            ("id", Value::List(vec![Value::Int(2)])),
            ("title", text("First")),
            ("title", text("first")),
            ("title", Value::Int(2)),
            // Several books, or one, are of an author.
            ("author", text("1")),
            ("author_id", Value::Int(1)),
            ("author__name", text("ann")),
            ("title__icontains", text("IRS")),
            ("nothing", text("x")),
        ];
        let mut seen = std::collections::BTreeSet::new();
        // Twice around: the second time the statements are known.
        for _ in 1..=2 {
            for (number, rows) in rows.iter().enumerate() {
                for (field, value) in &values {
                    let by = found(rows().get_by::<Book>(db, field, value.clone())).await;
                    let condition = Ast::Lookup(Path::parse(field), Expr::Value(value.clone()));
                    let filtered = rows().with(|query| query.steps.push(Step::Filter(condition))).typed::<Book>();
                    let filtered = found(filtered.map(|rows| rows.get(db))).await;
                    assert_eq!(by, filtered, "{number} {field} {value:?}");
                    seen.insert(by.is_ok());
                }
            }
        }
        assert_eq!(seen.len(), 2);
        assert!(Author::objects().untyped().get_by::<Book>(db, "pk", text("1")).is_err());
    })
    .await;
}

async fn tag_of(db: &Database, key: i64) -> quintet_db::Result<Tag> {
    Tag::objects().untyped().get_by::<Tag>(db, "pk", Value::Int(key))?.await
}

#[quintet::test]
async fn rows_that_many_look_for_at_once_are_each_their_own() {
    each(async |db| {
        library(db).await;
        for number in 1..=60 {
            Tag { id: BigAuto::default(), label: format!("tag {number}") }.save(db).await.unwrap();
        }
        let labels = Tag::objects().all(db).await.unwrap().into_iter().map(|tag| (tag.id.0, tag.label));
        let labels: std::collections::BTreeMap<i64, String> = labels.collect();
        let last = *labels.keys().last().unwrap();
        // Some are not there, some are wanted by several, and some no key can be.
        let wanted = (0..400).map(|number| match number % 40 {
            0 => i64::MAX - number,
            1 => -number,
            number => number * 3 % (last + 10),
        });
        for round in 0..5 {
            let tasks = wanted.clone().map(|key| {
                let db = db.clone();
                tokio::spawn(async move { (key, tag_of(&db, key).await) })
            });
            for task in tasks.collect::<Vec<_>>() {
                let (key, tag) = task.await.unwrap();
                match (tag, labels.get(&key)) {
                    (Ok(tag), Some(label)) => assert_eq!((tag.id.0, &tag.label), (key, label)),
                    (Err(error), None) => assert_eq!(error.kind(), quintet_db::ErrorKind::NotFound, "{error}"),
                    (tag, label) => panic!("{round} {key} {tag:?} {label:?}"),
                }
            }
        }
    })
    .await;
}

#[quintet::test]
async fn who_looks_for_a_row_sees_what_was_kept_before_however_many_look() {
    each(async |db| {
        library(db).await;
        let mut tag = Tag { id: BigAuto::default(), label: "0".to_owned() };
        tag.save(db).await.unwrap();
        let key = tag.id.0;
        for number in 1..=40 {
            tag.label = number.to_string();
            tag.save(db).await.unwrap();
            let tasks = (0..30).map(|_| {
                let db = db.clone();
                tokio::spawn(async move { tag_of(&db, key).await })
            });
            for task in tasks.collect::<Vec<_>>() {
                assert_eq!(task.await.unwrap().unwrap().label, number.to_string());
            }
        }
    })
    .await;
}
