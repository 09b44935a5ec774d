//! Rows of other models: along with a row, behind its key, and belonging to it.

use quintet::prelude::*;

use crate::harness::{each, library};
use crate::models::*;

#[quintet::test]
async fn the_row_behind_a_key_comes_along() {
    each(async |db| {
        library(db).await;
        let books = Book::objects().select_related(|b| b.author().teacher()).order_by(|b| b.id().asc());
        let books = books.all(db).await.expect("books");
        let author = books[2].author.cached().expect("the author came along");
        assert_eq!(author.name, "bob");
        let teacher = author.teacher.as_ref().and_then(ForeignKey::cached);
        assert_eq!(teacher.map(|teacher| teacher.name.as_str()), Some("ann"));
        assert!(books[0].author.cached().is_some_and(|author| author.teacher.is_none()));
    })
    .await;
}

#[quintet::test]
async fn the_row_behind_a_key_is_asked_for() {
    each(async |db| {
        library(db).await;
        let book = Book::objects().filter(|b| b.title().eq("third")).get(db).await.expect("a book");
        assert!(book.author.cached().is_none());
        assert_eq!(book.author.get(db).await.expect("an author").name, "bob");
    })
    .await;
}

#[quintet::test]
async fn rows_of_many_come_along_by_one_query_more() {
    each(async |db| {
        library(db).await;
        let books = Book::objects().prefetch_related(|b| b.tags()).prefetch_related(|b| b.author());
        let books = books.order_by(|b| b.id().asc()).all(db).await.expect("books");
        let labels = |book: &Book| {
            let mut labels: Vec<String> =
                book.tags.cached().expect("tags came along").iter().map(|tag| tag.label.clone()).collect();
            labels.sort();
            labels
        };
        assert_eq!(books.iter().map(labels).collect::<Vec<_>>(), [vec!["new", "old"], vec!["old"], vec![]]);
        assert_eq!(books[2].author.cached().map(|author| author.name.as_str()), Some("bob"));
    })
    .await;
}

#[quintet::test]
async fn rows_that_refer_stand_beside() {
    each(async |db| {
        library(db).await;
        let long = Book::objects().filter(|b| b.pages().gt(100)).prefetch_related(|b| b.tags());
        let authors = Author::objects().with_rows(|a| a.books(), long).all(db).await.expect("authors");
        let (ann, books) = &authors[0];
        assert_eq!((ann.name.as_str(), books.len(), books[0].title.as_str()), ("ann", 1, "Second"));
        assert_eq!(books[0].tags.cached().map(<[Tag]>::len), Some(1));
    })
    .await;
}

#[quintet::test]
async fn the_way_back_is_a_query() {
    each(async |db| {
        let (ann, bob) = library(db).await;
        assert_eq!(ann.books().count(db).await.expect("a number"), 2);
        assert_eq!(ann.books().filter(|b| b.pages().gt(200)).count(db).await.expect("a number"), 1);
        assert_eq!(ann.pupils().all(db).await.expect("authors"), [bob]);
        let old = Tag::objects().filter(|t| t.label().eq("old")).get(db).await.expect("a tag");
        assert_eq!(old.books().count(db).await.expect("a number"), 2);
    })
    .await;
}

#[quintet::test]
async fn what_belongs_is_added_removed_replaced_and_cleared() {
    each(async |db| {
        library(db).await;
        let book = Book::objects().filter(|b| b.title().eq("third")).get(db).await.expect("a book");
        let tags = Tag::objects().order_by(|t| t.label().asc()).all(db).await.expect("tags");
        let labels = async || {
            let tags = book.tags.objects().order_by(|t| t.label().asc()).all(db).await.expect("tags");
            tags.into_iter().map(|tag| tag.label).collect::<Vec<_>>()
        };
        book.tags.add(db, &tags).await.expect("tags");
        book.tags.add(db, [&tags[0]]).await.expect("once is enough");
        assert_eq!(labels().await, ["new", "old"]);
        book.tags.remove(db, [&tags[0]]).await.expect("tags");
        assert_eq!(labels().await, ["old"]);
        book.tags.set(db, [&tags[0]]).await.expect("tags");
        assert_eq!(labels().await, ["new"]);
        tags[1].books().add(db, [&book]).await.expect("from the other side");
        assert_eq!(labels().await, ["new", "old"]);
        book.tags.clear(db).await.expect("tags");
        assert!(labels().await.is_empty());
    })
    .await;
}

#[quintet::test]
async fn friends_are_friends_in_both_directions() {
    each(async |db| {
        let (ann, bob) = library(db).await;
        ann.friends.add(db, [&bob]).await.expect("friends");
        assert_eq!(bob.friends.all(db).await.expect("friends").len(), 1);
        bob.friends.remove(db, [&ann]).await.expect("friends");
        assert!(ann.friends.all(db).await.expect("friends").is_empty());
    })
    .await;
}

#[quintet::test]
async fn keys_that_refer_are_set_and_made_null() {
    each(async |db| {
        let (ann, bob) = library(db).await;
        let third = Book::objects().filter(|b| b.title().eq("third")).get(db).await.expect("a book");
        bob.edited().add(db, [&third]).await.expect("books");
        assert_eq!(bob.edited().count(db).await.expect("a number"), 2);
        bob.edited().clear(db).await.expect("books");
        assert_eq!(bob.edited().count(db).await.expect("a number"), 0);
        let error = ann.books().clear(db).await.expect_err("a book has an author");
        assert!(error.message().contains("cannot be null"), "{error}");
    })
    .await;
}

#[quintet::test]
async fn a_row_in_no_database_has_nothing_that_belongs() {
    each(async |db| {
        let tags: ManyToMany<Tag> = ManyToMany::default();
        let error = tags.all(db).await.expect_err("no row");
        assert!(error.message().contains("in no database yet"), "{error}");
    })
    .await;
}
