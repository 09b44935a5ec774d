//! Rows of other models that come along, in nested ways, and relations with a condition of their own.

use quintet::prelude::*;
use quintet::query::{row_number, window};
use quintet_db::ErrorKind;

use crate::harness::{each, library, titles};
use crate::models::*;

#[quintet::test]
async fn what_comes_along_brings_what_comes_along_with_it() {
    each(async |db| {
        library(db).await;
        let tags = Tag::objects().filter(|t| t.label().eq("old"));
        let books = Book::objects()
            .filter(|b| b.pages().gt(50))
            .select_related(|b| b.editor())
            .prefetch_with(|b| b.tags(), tags)
            .order_by(|b| b.pages().desc());
        let authors = Author::objects()
            .with_rows(|a| a.books(), books)
            .with_rows(|a| a.pupils(), Author::objects())
            .order_by(|a| a.id())
            .all(db)
            .await
            .expect("authors");
        let ((ann, books), of_ann) = &authors[0];
        assert_eq!((ann.name.as_str(), books.len(), of_ann.len()), ("ann", 2, 1));
        assert_eq!(books[0].title, "Second");
        assert_eq!(books[0].editor.as_ref().and_then(|key| key.cached()).map(|it| it.name.as_str()), Some("bob"));
        assert_eq!(books[1].tags.cached().map(|tags| tags.len()), Some(1));
        let covers = Book::objects().prefetch_related(|b| b.author()).prefetch_related(|b| b.editor());
        let covers = covers.order_by(|b| b.id()).all(db).await.expect("books");
        assert_eq!(covers[0].author.cached().map(|it| it.name.as_str()), Some("ann"));
        assert_eq!(covers[0].editor, None);
    })
    .await;
}

#[quintet::test]
async fn what_comes_along_stands_beside_values_too() {
    each(async |db| {
        library(db).await;
        let rows = Author::objects()
            .annotate(|a| a.books().count())
            .with_rows(|a| a.books(), Book::objects().order_by(|b| b.pages()))
            .order_by(|a| a.id())
            .all(db)
            .await
            .expect("authors");
        let ((ann, count), books) = &rows[0];
        assert_eq!((ann.name.as_str(), *count, books.len()), ("ann", 2, 2));
        let books =
            Book::objects().annotate(|b| b.reviews().count()).prefetch_related(|b| b.tags()).order_by(|b| b.id());
        let books = books.all(db).await.expect("books");
        assert_eq!((books[0].0.tags.cached().map(|tags| tags.len()), books[0].1), (Some(2), 2));
    })
    .await;
}

#[quintet::test]
async fn rows_that_come_along_have_rows_and_values_beside_them_in_turn() {
    each(async |db| {
        library(db).await;
        let reviews = Review::objects().order_by(|r| r.id().desc());
        let tags = Tag::objects().annotate(|t| t.books().count()).order_by_with(|t, _| t.label().asc());
        let books =
            Book::objects().order_by(|b| b.id()).with_rows(|b| b.reviews(), reviews).with_rows(|b| b.tags(), tags);
        let rows = Author::objects().order_by(|a| a.id()).with_rows(|a| a.books(), books);
        let rows = rows.all(db).await.expect("authors");
        let (ann, books) = &rows[0];
        assert_eq!((ann.name.as_str(), books.len(), rows[1].1.len()), ("ann", 2, 1));
        let ((first, reviews), tags) = &books[0];
        let all: Vec<Review> = first.reviews().order_by(|r| r.id().desc()).all(db).await.expect("reviews");
        assert_eq!((reviews, reviews.len()), (&all, 2));
        let mut own: Vec<(String, i64)> = vec![];
        for tag in first.tags.objects().order_by(|t| t.label()).all(db).await.expect("tags") {
            own.push((tag.label.clone(), tag.books().count(db).await.expect("a number")));
        }
        let beside: Vec<(String, i64)> = tags.iter().map(|(tag, count)| (tag.label.clone(), *count)).collect();
        assert_eq!(beside, own);
        // In part, and in lists of so many.
        let titles = Book::objects().only(|b| b.title()).order_by(|b| b.id());
        let mut chunks =
            Author::objects().order_by(|a| a.id()).with_rows(|a| a.books(), titles).chunks(db, 1).await.expect("rows");
        let (_, books) = chunks.next().await.expect("a list").expect("rows").remove(0);
        assert_eq!(books[0].get(|b| b.title()).expect("was read"), "First");
        assert!(books[0].get(|b| b.pages()).is_err());
    })
    .await;
}

#[quintet::test]
async fn a_slice_of_what_comes_along_is_refused() {
    each(async |db| {
        library(db).await;
        let sliced = Author::objects().with_rows(|a| a.books(), Book::objects().limit(1)).all(db).await;
        let error = sliced.expect_err("not one by one");
        assert_eq!(error.kind(), ErrorKind::Query);
        assert!(error.hint().is_some(), "{error}");
        // So many of each are those with a low number among their own.
        let longest = Book::objects()
            .alias("place", |b| row_number().over(window().partition_by(b.author()).order_by(b.pages().desc())))
            .filter_by("place__lte", 1);
        let authors = Author::objects().order_by(|a| a.id()).with_rows(|a| a.books(), longest).all(db).await;
        let books = authors.expect("authors").into_iter().map(|row| row.1);
        let books: Vec<String> = books.flatten().map(|book| book.title).collect();
        assert_eq!(books, ["Second", "third"]);
        let wrong = Book::objects().filter_by("nothing", 1);
        assert!(Author::objects().with_rows(|a| a.books(), wrong).all(db).await.is_err());
    })
    .await;
}

#[quintet::test]
async fn keys_are_followed_by_names_and_to_the_other_side_of_a_one() {
    each(async |db| {
        let (ann, _) = library(db).await;
        let first = ann.books().order_by(|b| b.id()).first(db).await.expect("an answer").expect("a book");
        create!(db, Cover { book: &first, colour: "red" }).await.expect("a cover");
        let books = Book::objects().filter(|b| b.cover().colour().eq("red"));
        assert_eq!(titles(db, books).await, ["First"]);
        assert_eq!(
            titles(db, Book::objects().filter(|b| b.cover().isnull(true)).order_by(|b| b.id())).await,
            ["Second", "third"]
        );
        assert_eq!(first.cover().get(db).await.expect("a cover").colour, "red");
        let second = Book::objects().filter(|b| b.title().eq("Second")).get(db).await.expect("a book");
        assert_eq!(second.cover().get(db).await.expect_err("none").kind(), ErrorKind::NotFound);
        let covers = Cover::objects().select_related(|c| c.book().author()).all(db).await.expect("covers");
        let book = covers[0].book.cached().expect("came along");
        assert_eq!(book.author.cached().map(|it| it.name.as_str()), Some("ann"));
        let named = Review::objects().select_related_names(&["book__author", "book__editor"]).order_by(|r| r.id());
        let named = named.all(db).await.expect("reviews");
        let book = named[2].book.cached().expect("came along");
        assert_eq!(book.editor.as_ref().and_then(|key| key.cached()).map(|it| it.name.as_str()), Some("bob"));
        let wrong = Book::objects().select_related_names(&["title"]).all(db).await.expect_err("no relation");
        assert_eq!(wrong.kind(), ErrorKind::Query);
        let all = Review::objects().select_related_all().first(db).await.expect("an answer").expect("a review");
        assert!(all.book.cached().is_some());
    })
    .await;
}

#[quintet::test]
async fn a_relation_has_a_condition_of_its_own() {
    each(async |db| {
        library(db).await;
        let authors = Author::objects()
            .filtered_relation("long", "books", |a| a.books().pages().gt(150))
            .filter_by("long__title__isnull", false)
            .order_by(|a| a.id())
            .all(db)
            .await
            .expect("authors");
        assert_eq!(authors.into_iter().map(|it| it.name).collect::<Vec<_>>(), ["ann", "bob"]);
        let titled = Author::objects()
            .filtered_relation("long", "books", |a| a.books().pages().gt(250))
            .order_by_names(&["name"])
            .values_list(&["name", "long__title"])
            .all(db)
            .await
            .expect("rows");
        assert_eq!(titled.len(), 2);
        assert_eq!(titled[0][1], "Second".into());
        assert_eq!(titled[1][1], quintet::migrations::Value::Null);
        for name in ["x y", "x\"--", "name"] {
            let refused = Author::objects()
                .filtered_relation(name.to_owned(), "books", |a| a.books().pages().gt(1))
                .filter_by("pk", 1)
                .all(db)
                .await;
            assert!(refused.is_err(), "{name}");
        }
    })
    .await;
}
