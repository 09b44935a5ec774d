//! Rows are written in all the ways that there are: found or made, many at once, in part.

use quintet::prelude::*;
use quintet::query::Bulk;
use quintet_db::ErrorKind;

use crate::harness::{each, library, titles};
use crate::models::*;

#[quintet::test]
async fn what_is_found_or_made_is_one_row() {
    each(async |db| {
        let (ann, _) = library(db).await;
        // Several rows fit: that is an error, as `get` would say.
        let several = Book::objects().get_or_create(db, |b| b.author().set(&ann), |b| b.title().set("x")).await;
        assert_eq!(several.expect_err("two").kind(), ErrorKind::MultipleFound);
        // Made within what belongs to a row.
        let (tag, is_new) = Tag::objects().get_or_create(db, |t| t.label().set("rare"), |_| ()).await.expect("a tag");
        assert!(is_new && tag.id.0 > 0);
        let (author, is_new) = Author::objects()
            .update_or_create(db, |a| a.name().set("eve"), |a| (a.teacher().set(&ann), a.born().set_null()))
            .await
            .expect("an author");
        assert_eq!((is_new, author.teacher.map(|key| key.id)), (true, Some(ann.id.0)));
        let (author, is_new) = Author::objects()
            .filter(|a| a.teacher().name().eq("ann"))
            .update_or_create(db, |a| a.name().set("eve"), |a| a.teacher().set_null())
            .await
            .expect("an author");
        assert_eq!((is_new, author.teacher), (false, None));
        let lacks = Book::objects().get_or_create(db, |b| b.title().set("No author"), |_| ()).await;
        let error = lacks.expect_err("an author is needed");
        assert!(error.message().contains("`Book.author` needs a value"), "{error}");
    })
    .await;
}

#[quintet::test]
async fn a_row_is_created_by_a_query() {
    each(async |db| {
        let (ann, _) = library(db).await;
        let book =
            Book::objects().create(db, |b| (b.title().set("Made"), b.author().set(ann.id))).await.expect("a book");
        assert_eq!((book.title.as_str(), book.author.id, book.pages), ("Made", ann.id.0, 100));
        let computed =
            Book::objects().create(db, |b| (b.title().set("x"), b.author().set(&ann), b.sides().set(1))).await;
        assert!(computed.expect_err("the database computes it").message().contains("computed"));
        let foreign = Book::objects().create(db, |b| (b.author().name().set("x"), b.title().set("x"))).await;
        assert_eq!(foreign.expect_err("another model").kind(), ErrorKind::Query);
    })
    .await;
}

#[quintet::test]
async fn many_rows_meet_those_that_are_there() {
    each(async |db| {
        let tag = |label: &str| Tag { id: BigAuto(0), label: label.to_owned() };
        let mut first = [tag("a"), tag("b")];
        Tag::objects().bulk_create(db, &mut first).await.expect("tags");
        let mut again = [tag("b"), tag("c")];
        let refused = Tag::objects().bulk_create(db, &mut again).await.expect_err("`b` is there");
        assert_eq!(refused.kind(), ErrorKind::Unique);
        assert_eq!(Tag::objects().count(db).await.expect("a number"), 2);
        let change = Bulk::default().update_conflicts(&["label"], &["label"]).batch_size(1);
        Tag::objects().bulk_create_with(db, &mut again, change).await.expect("tags");
        assert_eq!(again[0].id, first[1].id);
        assert!(again[1].id.0 > 0 && again[1].id != first[1].id);
        let mut keyed = [Tag { id: BigAuto(70), label: "k".to_owned() }, tag("l")];
        Tag::objects().bulk_create(db, &mut keyed).await.expect("tags");
        assert_eq!(keyed[0].id, 70);
        for wrong in [&["nothing"][..], &["label\") --"], &["id"]] {
            let how = Bulk::default().update_conflicts(&["label"], wrong);
            let error = Tag::objects().bulk_create_with(db, &mut [tag("x")], how).await.expect_err("no such field");
            assert_eq!(error.kind(), ErrorKind::Query, "{error}");
        }
        Tag::objects().bulk_create(db, &mut []).await.expect("nothing");
    })
    .await;
}

#[quintet::test]
async fn many_rows_are_changed_by_their_keys() {
    each(async |db| {
        library(db).await;
        let mut books = Book::objects().order_by(|b| b.id()).all(db).await.expect("books");
        for (number, book) in books.iter_mut().enumerate() {
            book.price = Decimal::new(i64::try_from(number).expect("small") * 100 + 99, 2);
            book.editor = None;
            book.facts = Some(json!({ "number": number }));
            book.status = Status::Printed;
        }
        let changed = Book::objects()
            .bulk_update(db, &books, |b| (b.price(), b.editor(), b.facts(), b.status(), b.created_at()))
            .await;
        assert_eq!(changed.expect("a number"), 3);
        let again = Book::objects().order_by(|b| b.id()).all(db).await.expect("books");
        assert_eq!(again[2].price, Decimal::new(299, 2));
        assert_eq!((again[1].editor.clone(), again[1].facts.clone()), (None, Some(json!({ "number": 1 }))));
        let key = Book::objects().bulk_update(db, &books, |b| b.id()).await.expect_err("a key");
        assert_eq!(key.kind(), ErrorKind::Query);
        assert_eq!(Book::objects().bulk_update(db, &[], |b| b.title()).await.expect("a number"), 0);
    })
    .await;
}

#[quintet::test]
async fn only_the_changed_columns_are_written() {
    each(async |db| {
        library(db).await;
        let mut book = Book::objects().filter(|b| b.title().eq("First")).get(db).await.expect("a book");
        Book::objects().filter(|b| b.id().eq(book.id)).update(db, |b| b.words().set("of another")).await.expect("set");
        book.pages = 77;
        book.title = "Kept here only".to_owned();
        book.save_only(db, |b| b.pages()).await.expect("saved");
        let mut again = Book::objects().filter(|b| b.id().eq(book.id)).get(db).await.expect("a book");
        assert_eq!((again.pages, again.title.as_str(), again.words.as_str()), (77, "First", "of another"));
        assert_eq!((book.sides.0, book.title.as_str()), (154, "Kept here only"));
        assert_eq!(again.updated_at, book.updated_at);
        again.refresh(db).await.expect("read again");
        assert_eq!(again.pages, 77);
        again.delete(db).await.expect("gone");
        let gone = again.save_only(db, |b| (b.pages(), b.title())).await.expect_err("it is gone");
        assert_eq!(gone.kind(), ErrorKind::NotFound);
        let foreign = book.save_only(db, |b| b.author().name()).await.expect_err("another model");
        assert_eq!(foreign.kind(), ErrorKind::Query);
    })
    .await;
}

#[quintet::test]
async fn rows_are_changed_along_what_is_computed() {
    each(async |db| {
        library(db).await;
        let over =
            Book::objects().filter(|b| b.tags().label().eq("old")).update(db, |b| b.pages().set(b.pages() * 2)).await;
        assert_eq!(over.expect("a number"), 2);
        assert_eq!(titles(db, Book::objects().filter(|b| b.pages().eq(600))).await, ["Second"]);
        let swapped = Book::objects().update(db, |b| (b.words().set(b.title()), b.title().set(b.words()))).await;
        assert_eq!(swapped.expect("a number"), 3);
        assert_eq!(Book::objects().filter(|b| b.words().eq("third")).count(db).await.expect("a number"), 1);
        assert_eq!(Book::objects().none().update(db, |b| b.pages().set(1)).await.expect("a number"), 0);
        assert_eq!(Book::objects().update(db, |_| ()).await.expect("a number"), 0);
        let joined = Book::objects().update(db, |b| b.title().set(b.author().name())).await.expect_err("a join");
        assert_eq!(joined.kind(), ErrorKind::Query, "{joined}");
    })
    .await;
}

#[quintet::test]
async fn rows_stream_within_a_transaction_too() {
    each(async |db| {
        library(db).await;
        let found = db
            .atomic(async |tx| {
                let mut rows =
                    Book::objects().order_by(|b| b.id()).values(|b| (b.id(), b.title())).iterator(tx, 1).await?;
                let mut found = vec![];
                while let Some((_, title)) = rows.next().await? {
                    found.push(title);
                }
                Ok(found)
            })
            .await;
        assert_eq!(found.expect("titles"), ["First", "Second", "third"]);
        let refused = Book::objects().prefetch_related(|b| b.tags()).iterator(db, 10).await;
        assert!(refused.is_err_and(|error| error.hint().is_some()));
    })
    .await;
}
