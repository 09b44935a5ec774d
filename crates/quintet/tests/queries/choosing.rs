//! Which rows come, and how many of them: unions, slices, distinct rows, rows by their keys, and their refusals.

use quintet::prelude::*;
use quintet_core::sql::Dialect;
use quintet_db::{Connection as _, ErrorKind};

use crate::harness::{each, library, titles};
use crate::models::*;

fn with(label: &str) -> QuerySet<Book> {
    Book::objects().filter(|b| b.tags().label().eq(label))
}

#[quintet::test]
async fn united_rows_are_ordered_sliced_counted_and_looked_through() {
    each(async |db| {
        library(db).await;
        let united = || with("new").union(with("old"));
        assert_eq!(titles(db, united().order_by(|b| b.pages().desc())).await, ["Second", "First"]);
        assert_eq!(titles(db, united().order_by(|b| b.pages().desc()).slice(1..)).await, ["First"]);
        assert_eq!(united().count(db).await.expect("a number"), 2);
        assert!(united().exists(db).await.expect("an answer"));
        assert_eq!(united().first(db).await.expect("an answer").map(|book| book.title).as_deref(), Some("First"));
        assert_eq!(united().last(db).await.expect("an answer").map(|book| book.title).as_deref(), Some("Second"));
        assert_eq!(with("new").union_all(with("old")).count(db).await.expect("a number"), 3);
        assert_eq!(united().union(Book::objects().filter(|b| b.pages().eq(200))).count(db).await.expect("a number"), 3);
        let in_it = Book::objects().exclude(|b| b.id().is_in(united().values(|b| b.id())));
        assert_eq!(titles(db, in_it).await, ["third"]);
        let refused = [
            united().exclude(|b| b.pages().gt(1)).all(db).await.err(),
            united().distinct().all(db).await.err(),
            united().annotate(|b| b.tags().count()).all(db).await.err(),
            united().select_related(|b| b.author()).all(db).await.err(),
            united().update(db, |b| b.pages().set(1)).await.err(),
            united().delete(db).await.err(),
            united().in_bulk(db, [1]).await.err(),
        ];
        for error in refused {
            assert_eq!(error.expect("a refusal").kind(), ErrorKind::Query);
        }
    })
    .await;
}

#[quintet::test]
async fn values_are_united_too() {
    each(async |db| {
        library(db).await;
        let short = Book::objects().filter(|b| b.pages().lt(250)).values(|b| (b.title(), b.pages()));
        let long = Book::objects().filter(|b| b.pages().gt(150)).values(|b| (b.title(), b.pages()));
        let all = short.clone().union(long.clone()).order_by(|b| b.title()).all(db).await.expect("values");
        assert_eq!(all.iter().map(|row| row.1).collect::<Vec<_>>().len(), 3);
        let both = short.clone().intersection(long.clone()).all(db).await.expect("values");
        assert_eq!(both, [("third".to_owned(), 200)]);
        let only = short.difference(long).all(db).await.expect("values");
        assert_eq!(only, [("First".to_owned(), 100)]);
    })
    .await;
}

#[quintet::test]
async fn nothing_united_with_something_is_that() {
    each(async |db| {
        library(db).await;
        let none = || Book::objects().none();
        assert_eq!(titles(db, none().union(with("new"))).await, ["First"]);
        assert_eq!(titles(db, with("new").union(none())).await, ["First"]);
        assert_eq!(titles(db, with("new").difference(none())).await, ["First"]);
        assert!(titles(db, with("new").intersection(none())).await.is_empty());
        assert!(titles(db, none().union(none())).await.is_empty());
    })
    .await;
}

#[quintet::test]
async fn the_first_of_each_is_for_postgresql() {
    each(async |db| {
        library(db).await;
        let longest = Book::objects().distinct_on(&["author"]).order_by(|b| (b.author().key(), b.pages().desc()));
        match db.dialect() {
            Dialect::Postgres => assert_eq!(titles(db, longest).await, ["Second", "third"]),
            Dialect::Sqlite => {
                let error = longest.all(db).await.expect_err("SQLite has none");
                assert_eq!(error.kind(), ErrorKind::Query, "{error}");
            }
        }
        let wrong = Book::objects().distinct_on(&["author\") --"]).all(db).await.expect_err("no such field");
        assert_eq!(wrong.kind(), ErrorKind::Query);
    })
    .await;
}

#[quintet::test]
async fn rows_that_come_twice_are_made_one() {
    each(async |db| {
        library(db).await;
        let tagged = || Book::objects().filter(|b| b.tags().label().is_in(["new", "old"])).order_by(|b| b.id());
        assert_eq!(titles(db, tagged()).await, ["First", "First", "Second"]);
        assert_eq!(titles(db, tagged().distinct()).await, ["First", "Second"]);
        assert_eq!(tagged().distinct().count(db).await.expect("a number"), 2);
        let labels = Book::objects().values(|b| b.author().name()).distinct().order_by(|b| b.author().name());
        assert_eq!(labels.all(db).await.expect("names"), ["ann", "bob"]);
    })
    .await;
}

#[quintet::test]
async fn two_filters_may_mean_two_rows_of_many() {
    each(async |db| {
        library(db).await;
        let one = Book::objects().filter(|b| b.tags().label().eq("new") & b.tags().label().eq("old"));
        assert!(titles(db, one).await.is_empty());
        let two = Book::objects().filter(|b| b.tags().label().eq("new")).filter(|b| b.tags().label().eq("old"));
        assert_eq!(titles(db, two).await, ["First"]);
        let excluded = Book::objects().exclude(|b| b.tags().label().eq("new")).order_by(|b| b.id());
        assert_eq!(titles(db, excluded).await, ["Second", "third"]);
        let untagged = Book::objects().filter(|b| b.tags().isnull(true));
        assert_eq!(titles(db, untagged).await, ["third"]);
        let old = Tag::objects().filter(|t| t.label().eq("old")).get(db).await.expect("a tag");
        assert_eq!(
            titles(db, Book::objects().filter(|b| b.tags().eq(&old)).order_by(|b| b.id())).await,
            ["First", "Second"]
        );
    })
    .await;
}

#[quintet::test]
async fn rows_are_taken_by_their_keys() {
    each(async |db| {
        let (ann, bob) = library(db).await;
        let all = Author::objects().in_bulk(db, [ann.id.0, bob.id.0, 99]).await.expect("authors");
        assert_eq!(all[&bob.id.0].name, "bob");
        assert!(Author::objects().in_bulk(db, []).await.expect("nobody").is_empty());
        let sliced = Author::objects().limit(1).in_bulk(db, [1]).await.expect_err("a slice");
        assert_eq!(sliced.kind(), ErrorKind::Query);
        create!(db, Shelf { row: 1, number: 2 }).await.expect("a shelf");
        let shelf = Shelf::objects().in_bulk(db, [(1, 2), (2, 1)]).await.expect("shelves");
        assert_eq!(shelf.keys().copied().collect::<Vec<_>>(), [(1, 2)]);
        let there = Shelf::objects().contains(db, &shelf[&(1, 2)]).await;
        assert!(there.expect("an answer"));
        assert!(!Author::objects().filter(|a| a.name().eq("bob")).contains(db, &ann).await.expect("an answer"));
        assert!(Author::objects().limit(1).contains(db, &ann).await.is_err());
    })
    .await;
}

#[quintet::test]
async fn the_ends_of_a_slice_and_of_an_order() {
    each(async |db| {
        library(db).await;
        let by_pages = || Book::objects().order_by(|b| b.pages());
        let title = |book: Option<Book>| book.map(|book| book.title).unwrap_or_default();
        assert_eq!(title(by_pages().slice(1..3).first(db).await.expect("an answer")), "third");
        assert_eq!(title(by_pages().reverse().first(db).await.expect("an answer")), "Second");
        assert_eq!(by_pages().slice(1..2).get(db).await.expect("a book").title, "third");
        assert!(!by_pages().slice(5..7).exists(db).await.expect("an answer"));
        assert!(titles(db, by_pages().slice(2..2)).await.is_empty());
        assert_eq!(by_pages().slice(1..=1).count(db).await.expect("a number"), 1);
        assert!(by_pages().limit(1).latest(db, |b| b.id()).await.is_err());
        assert_eq!(
            Book::objects().latest(db, |b| (b.author().name(), b.pages())).await.expect("a book").title,
            "third"
        );
        assert_eq!(Book::objects().earliest(db, |b| b.pages().desc()).await.expect("a book").title, "Second");
        assert!(Tag::objects().latest(db, |_| ()).await.expect_err("says none").message().contains("by which field"));
        assert_eq!(
            Book::objects().order_by(|b| b.author()).values(|b| b.title()).count(db).await.expect("a number"),
            3
        );
    })
    .await;
}

#[quintet::test]
async fn the_key_itself_is_ordered_and_grouped_by() {
    each(async |db| {
        let (_, bob) = library(db).await;
        Author::objects().filter(|a| a.id().eq(bob.id)).update(db, |a| a.name().set("aaron")).await.expect("changed");
        let by_name = Book::objects().order_by(|b| (b.author(), b.id().asc()));
        assert_eq!(titles(db, by_name).await, ["third", "First", "Second"]);
        let by_key = Book::objects().order_by(|b| (b.author().key(), b.id()));
        assert_eq!(titles(db, by_key).await, ["First", "Second", "third"]);
        let deep = Review::objects().order_by(|r| (r.book().author().key().desc(), r.id().asc()));
        assert_eq!(deep.count(db).await.expect("a number"), 3);
        let keys = Book::objects().order_by(|b| b.id()).values(|b| b.author().key()).all(db).await.expect("keys");
        assert_eq!(keys[2], bob.id.0);
    })
    .await;
}
