//! Values of rows, typed and by name, and of all rows together.

use quintet::prelude::*;
use quintet_core::schema::Value as V;

use crate::harness::{each, library, titles};
use crate::models::*;

#[quintet::test]
async fn values_have_the_types_of_their_columns() {
    each(async |db| {
        library(db).await;
        let rows = Book::objects().order_by(|b| b.id().asc()).values(|b| (b.id(), b.author().name(), b.price()));
        let rows: Vec<(BigAuto, String, Decimal)> = rows.all(db).await.expect("values");
        assert_eq!(rows[0], (BigAuto(1), "ann".to_owned(), Decimal::new(1050, 2)));
        let editors = Book::objects().order_by(|b| b.id().asc()).values(|b| b.editor().name().optional());
        assert_eq!(editors.all(db).await.expect("values"), [None, Some("bob".to_owned()), None]);
    })
    .await;
}

#[quintet::test]
async fn null_without_an_option_is_an_error_with_a_way_out() {
    each(async |db| {
        library(db).await;
        let error = Book::objects().values(|b| b.editor().name()).all(db).await.expect_err("null came");
        assert!(error.hint().is_some_and(|hint| hint.contains("optional")), "{error}");
    })
    .await;
}

#[quintet::test]
async fn values_are_named_at_run_time() {
    each(async |db| {
        library(db).await;
        let rows = Book::objects().order_by_names(&["id"]).values_list(&["title", "author__name"]).all(db).await;
        assert_eq!(rows.expect("values")[0], [V::from("First"), V::from("ann")]);
    })
    .await;
}

#[quintet::test]
async fn all_rows_have_values_together() {
    each(async |db| {
        library(db).await;
        let all =
            Book::objects().aggregate(db, |b| (b.pages().sum(), b.pages().avg(), b.price().max(), b.id().count()));
        let all = all.await.expect("values");
        assert_eq!(all, (Some(600), Some(200.0), Some(Decimal::new(1050, 2)), 3));
        let none = Book::objects().none().aggregate(db, |b| (b.pages().sum(), b.id().count())).await;
        assert_eq!(none.expect("values"), (None, 0));
        let some = Book::objects().aggregate(db, |b| b.pages().sum().filter(b.author().name().eq("bob")).default(0));
        assert_eq!(some.await.expect("a value"), 200);
    })
    .await;
}

#[quintet::test]
async fn columns_are_calculated_with() {
    each(async |db| {
        library(db).await;
        let long = Book::objects().filter(|b| (b.pages() * 2 + 1).gt(500));
        assert_eq!(titles(db, long).await, ["Second"]);
        let same = Book::objects().filter(|b| b.title().lower().eq(b.title()));
        assert_eq!(titles(db, same).await, ["third"]);
        let year = Author::objects().filter(|a| a.born().year().eq(1950) & a.born().month().lt(3));
        assert_eq!(year.count(db).await.expect("a number"), 1);
    })
    .await;
}

#[quintet::test]
async fn json_is_looked_into() {
    each(async |db| {
        let (ann, _) = library(db).await;
        create!(db, Book { title: "json", author: &ann, facts: json!({"size": {"width": 3}, "name": "x\"y"}) })
            .await
            .expect("a book");
        let wide = Book::objects().filter(|b| b.facts().key("size").key("width").eq(3));
        assert_eq!(titles(db, wide).await, ["json"]);
        let named = Book::objects().filter(|b| b.facts().key("name").text().startswith("x\""));
        assert_eq!(titles(db, named).await, ["json"]);
        let facts = Book::objects().filter(|b| b.facts().has_key("size")).get(db).await.expect("a book").facts;
        assert_eq!(facts, Some(json!({"size": {"width": 3}, "name": "x\"y"})));
    })
    .await;
}
