//! Rows are made: one, many, or only where there is none.

use quintet::prelude::*;
use quintet::query::{Bulk, value};
use quintet_db::ErrorKind;

use crate::harness::{each, library};
use crate::models::*;

fn tag(label: &str) -> Tag {
    Tag { id: BigAuto(0), label: label.to_owned() }
}

#[quintet::test]
async fn a_new_row_has_its_key_its_defaults_and_its_moments() {
    each(async |db| {
        let ann = create!(db, Author { name: "ann" }).await.expect("an author");
        let book = create!(db, Book { title: "x", author: &ann }).await.expect("a book");
        assert_eq!((book.id.0, book.pages, book.status, book.sides.0), (1, 100, Status::Draft, 200));
        assert!(book.created_at.timestamp() > 1_600_000_000);
        assert_eq!(book.words.as_str(), "");
    })
    .await;
}

#[quintet::test]
async fn a_moment_of_making_is_that_whatever_is_given() {
    each(async |db| {
        let ann = create!(db, Author { name: "ann" }).await.expect("an author");
        let long_ago = DateTime::from_timestamp(0, 0).expect("a moment");
        let made = create!(db, Book { title: "x", author: &ann, created_at: long_ago }).await.expect("a book");
        let other = Book::objects().get_or_create(
            db,
            |b| b.title().set("y"),
            |b| (b.author().set(&ann), b.created_at().set(long_ago)),
        );
        let (other, is_new) = other.await.expect("a book");
        assert!(is_new);
        for book in [made, other] {
            let kept = Book::objects().filter(|b| b.id().eq(book.id.0)).get(db).await.expect("a book").created_at;
            assert!(book.created_at > long_ago && kept == book.created_at, "{kept:?}");
        }
    })
    .await;
}

#[quintet::test]
async fn rows_that_are_given_other_things_than_the_row_before_have_them() {
    each(async |db| {
        let born = Date::from_ymd_opt(1950, 2, 3).expect("a day");
        // Twice around: the second time the statements are known.
        for round in 1..=2 {
            let name = |of: &str| format!("{of}{round}");
            let ann = create!(db, Author { name: name("ann") }).await.expect("an author");
            assert_eq!((ann.born, ann.teacher.is_none()), (None, true));
            let bob = create!(db, Author { name: name("bob"), born, teacher: &ann }).await.expect("an author");
            assert_eq!((bob.born, bob.teacher.as_ref().map(|it| it.id)), (Some(born), Some(ann.id.0)));
            let cid = Author::objects().create(db, |a| (a.id().set(100 * round), a.name().set(name("cid"))));
            assert_eq!(cid.await.expect("an author").id.0, 100 * round);
            let dan = Author::objects().create(db, |a| a.name().set(value(name("DAN")).lower()));
            assert_eq!(dan.await.expect("an author").name, name("dan"));
            let found = Author::objects().filter(|a| a.name().endswith(round.to_string())).order_by(|a| a.name());
            let found = found.all(db).await.expect("authors");
            let found: Vec<_> = found.into_iter().map(|author| (author.name, author.born)).collect();
            let all = [("ann", None), ("bob", Some(born)), ("cid", None), ("dan", None)];
            let all = all.map(|(of, born)| (name(of), born));
            assert_eq!(found, all);
        }
    })
    .await;
}

#[quintet::test]
async fn a_second_row_of_the_same_is_refused() {
    each(async |db| {
        create!(db, Tag { label: "x" }).await.expect("a tag");
        let error = create!(db, Tag { label: "x" }).await.expect_err("it is there");
        assert_eq!(error.kind(), ErrorKind::Unique);
    })
    .await;
}

#[quintet::test]
async fn a_row_is_found_or_made() {
    each(async |db| {
        let (ann, _) = library(db).await;
        let find = async |title: &str| {
            let found = Book::objects().get_or_create(
                db,
                |b| (b.title().set(title), b.author().set(&ann)),
                |b| b.pages().set(7),
            );
            let (book, is_new) = found.await.expect("a book");
            (book.pages, is_new)
        };
        assert_eq!(find("First").await, (100, false));
        assert_eq!(find("New").await, (7, true));
        assert_eq!(find("New").await, (7, false));
    })
    .await;
}

#[quintet::test]
async fn a_row_is_changed_or_made() {
    each(async |db| {
        let (ann, _) = library(db).await;
        let (book, is_new) = Book::objects()
            .update_or_create(db, |b| b.title().set("First"), |b| (b.pages().set(8), b.author().set(&ann)))
            .await
            .expect("a book");
        assert_eq!((book.pages, is_new), (8, false));
        let (book, is_new) = Book::objects()
            .update_or_create(db, |b| b.title().set("New"), |b| (b.pages().set(9), b.author().set(&ann)))
            .await
            .expect("a book");
        assert_eq!((book.pages, is_new), (9, true));
    })
    .await;
}

/// What is given for it does not count, as in a row that is saved.
#[quintet::test]
async fn a_changed_row_has_the_moment_of_its_change() {
    each(async |db| {
        let (ann, _) = library(db).await;
        let long_ago = DateTime::from_timestamp(0, 0).expect("a moment");
        let (book, is_new) = Book::objects()
            .update_or_create(
                db,
                |b| b.title().set("First"),
                |b| (b.updated_at().set(long_ago), b.pages().set(8), b.author().set(&ann)),
            )
            .await
            .expect("a book");
        assert_eq!((book.pages, is_new), (8, false));
        assert!(book.stamps.updated_at > long_ago, "{}", book.stamps.updated_at);
    })
    .await;
}

#[quintet::test]
async fn many_rows_get_their_keys() {
    each(async |db| {
        let mut tags: Vec<Tag> = (0..5).map(|number| tag(&format!("t{number}"))).collect();
        Tag::objects().bulk_create_with(db, &mut tags, Bulk::default().batch_size(2)).await.expect("tags");
        assert_eq!(tags.iter().map(|tag| tag.id.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    })
    .await;
}

#[quintet::test]
async fn rows_that_are_there_are_left_out_or_changed() {
    each(async |db| {
        create!(db, Shelf { row: 1, number: 1, place: "left" }).await.expect("a shelf");
        let shelf = |place: &str| Shelf { row: 1, number: 1, place: place.to_owned() };
        let mut same = [shelf("right")];
        Shelf::objects().bulk_create_with(db, &mut same, Bulk::default().ignore_conflicts()).await.expect("shelves");
        assert_eq!(Shelf::objects().get(db).await.expect("a shelf").place, "left");
        let change = Bulk::default().update_conflicts(&["row", "number"], &["place"]);
        Shelf::objects().bulk_create_with(db, &mut same, change).await.expect("shelves");
        assert_eq!(Shelf::objects().get(db).await.expect("a shelf").place, "right");
    })
    .await;
}

#[quintet::test]
async fn a_row_of_two_tables_is_made_and_read() {
    each(async |db| {
        let (ann, _) = library(db).await;
        let mut book = Book::objects().filter(|b| b.title().eq("First")).get(db).await.expect("a book");
        book.id = BigAuto(0);
        book.title = "World".to_owned();
        let mut atlas = Atlas { book: Parent::new(book), maps: 7 };
        atlas.save(db).await.expect("an atlas");
        assert_ne!(atlas.book.id, 0);
        let atlas = Atlas::objects().filter(|a| a.book().author().eq(&ann)).get(db).await.expect("an atlas");
        assert_eq!((atlas.maps, atlas.book.row().map(|book| book.title.as_str())), (7, Some("World")));
        let by_name = Atlas::objects().filter_by("title", "World").count(db).await;
        assert_eq!(by_name.expect("a number"), 1);
    })
    .await;
}
