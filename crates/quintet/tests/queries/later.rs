//! Plans in many forms, rows by what names them, days, bits, values of several queries, rows in chunks, lists.

use quintet::prelude::*;
use quintet::query::{Each, Explain, condition, count_rows};
use quintet_core::sql::Dialect;
use quintet_db::{Connection as _, ErrorKind};

use crate::harness::{each, library};
use crate::models::*;

#[quintet::test]
async fn the_database_explains_itself_in_the_form_that_is_asked_for() {
    each(async |db| {
        library(db).await;
        let books = || Book::objects().filter(|b| b.title().eq("First"));
        let asked = books().explain_with(db, Explain::new().analyze(true).costs(false).format("json")).await;
        if db.dialect() == Dialect::Sqlite {
            let error = asked.expect_err("SQLite has no options");
            assert!(error.message().contains("SQLite has no options"), "{error}");
            return;
        }
        let text = asked.expect("a plan");
        let plan: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(plan[0]["Plan"]["Actual Rows"], 1);
        assert!(plan[0]["Plan"].get("Total Cost").is_none(), "{text}");
        let verbose = books().explain_with(db, Explain::new().verbose(true)).await.expect("a plan");
        assert!(verbose.contains("Output: id, title"), "{verbose}");
        for how in [Explain::new().option("x) SELECT 1 --", "true"), Explain::new().format("text) DELETE FROM x --")] {
            assert_eq!(books().explain_with(db, how).await.expect_err("refused").kind(), ErrorKind::Query);
        }
    })
    .await;
}

#[quintet::test]
async fn rows_are_found_by_another_unique_field() {
    each(async |db| {
        let (ann, _) = library(db).await;
        let found = Author::objects().in_bulk_by(db, |a| a.name(), ["ann", "nobody"]).await.expect("authors");
        assert_eq!(found.len(), 1);
        assert_eq!(found["ann"], ann);
        assert!(Author::objects().in_bulk_by(db, |a| a.name(), Vec::<&str>::new()).await.expect("none").is_empty());
        let many = Book::objects().in_bulk_by(db, |b| b.title(), ["First"]).await.expect_err("titles are not unique");
        assert_eq!(
            many.message(),
            "`library.Book.title` may be the same in several rows, so that no row is found by it"
        );
        let sliced = Author::objects().limit(1).in_bulk_by(db, |a| a.name(), ["ann"]).await;
        assert!(sliced.is_err());
        assert!(Author::objects().limit(1).in_bulk(db, [1]).await.is_err());
        // More than a statement takes.
        let keys = (0..70_000).chain([ann.id.0]);
        assert_eq!(Author::objects().in_bulk(db, keys).await.expect("authors").len(), 2);
    })
    .await;
}

#[quintet::test]
async fn days_and_moments_come_once_each_and_in_order() {
    each(async |db| {
        library(db).await;
        let day = |year, month, day| Date::from_ymd_opt(year, month, day).expect("a day");
        for (name, born) in [("cat", day(1950, 2, 20)), ("dan", day(1951, 5, 6))] {
            create!(db, Author { name, born }).await.expect("an author");
        }
        let dates = |each| Author::objects().dates(|a| a.born(), each);
        assert_eq!(dates(Each::Year).all(db).await.expect("days"), [day(1950, 1, 1), day(1951, 1, 1)]);
        assert_eq!(dates(Each::Month).all(db).await.expect("days"), [day(1950, 2, 1), day(1951, 5, 1)]);
        assert_eq!(dates(Each::Day).reverse().first(db).await.expect("days"), Some(day(1951, 5, 6)));
        assert_eq!(dates(Each::Week).count(db).await.expect("a number"), 3);
        assert!(dates(Each::Hour).all(db).await.expect_err("a day has none").message().contains("a date has no hour"));
        let hours = Book::objects().datetimes(|b| b.created_at(), Each::Hour).all(db).await.expect("moments");
        assert!(!hours.is_empty() && hours.len() < 3 && hours.is_sorted());
        let days = Book::objects().datetimes_in(|b| b.created_at(), Each::Day, "Asia/Tokyo").all(db).await;
        assert!(!days.expect("moments").is_empty());
        let nowhere = Book::objects().datetimes_in(|b| b.created_at(), Each::Day, "x' OR 1=1").all(db).await;
        assert_eq!(nowhere.expect_err("no such zone").kind(), ErrorKind::Query);
        let of_books = Book::objects().dates(|b| b.created_at(), Each::Year).all(db).await.expect("days");
        assert_eq!(of_books.len(), 1);
    })
    .await;
}

#[quintet::test]
async fn bits_are_computed_with() {
    each(async |db| {
        library(db).await;
        let rows = Book::objects().filter(|b| b.pages().eq(100)).values(|b| {
            let pages = b.pages();
            (
                pages.bitand(6),
                pages.bitor(3),
                pages.bitxor(5),
                pages.bitleftshift(2),
                pages.bitrightshift(2),
                pages.bitxor(pages.bitand(6)),
            )
        });
        assert_eq!(rows.get(db).await.expect("numbers"), (100 & 6, 100 | 3, 100 ^ 5, 400, 25, 100 ^ (100 & 6)));
        let odd = Book::objects().filter(|b| b.pages().bitand(4).eq(4)).count(db).await.expect("a number");
        assert_eq!(odd, 2);
        Book::objects().update(db, |b| b.pages().set(b.pages().bitor(1))).await.expect("a change");
        assert_eq!(Book::objects().filter(|b| b.pages().eq(101)).count(db).await.expect("a number"), 1);
    })
    .await;
}

#[quintet::test]
async fn several_queries_have_values_together() {
    each(async |db| {
        library(db).await;
        let with = |label: &str| Book::objects().filter(|b| b.tags().label().eq(label));
        let both = || with("new").union(with("old"));
        let (sum, most, rows) =
            both().aggregate(db, |b| (b.pages().sum(), b.price().max(), count_rows())).await.expect("values");
        assert_eq!((sum, most.map(|price| price.normalize()), rows), (Some(400), Some(Decimal::new(105, 1)), 2));
        let twice = with("new").union_all(with("old")).aggregate(db, |b| b.pages().sum()).await.expect("a sum");
        assert_eq!(twice, Some(500));
        let none = both().none().aggregate(db, |b| (b.pages().sum(), b.id().count())).await.expect("values");
        assert_eq!(none, (None, 0));
        let annotated = |label: &str| with(label).annotate(|b| b.pages() * 2);
        let doubled = annotated("new").union(annotated("old")).aggregate_with(db, |_, twice| twice.max()).await;
        assert_eq!(doubled.expect("a value"), Some(600));
        let behind = both().aggregate(db, |b| b.author().name().max()).await.expect_err("it gives no authors");
        assert_eq!(behind.kind(), ErrorKind::Query, "{behind}");
        let left = with("old").difference(with("new")).order_by_names(&["-pages"]).limit(1);
        assert_eq!(left.aggregate(db, |b| b.pages().min()).await.expect("a value"), Some(300));
    })
    .await;
}

#[quintet::test]
async fn rows_come_in_chunks_with_what_comes_along() {
    each(async |db| {
        library(db).await;
        let books =
            || Book::objects().prefetch_related(|b| b.tags()).prefetch_related(|b| b.author()).order_by(|b| b.id());
        let mut chunks = books().chunks(db, 2).await.expect("chunks");
        let mut found = vec![];
        let mut sizes = vec![];
        while let Some(books) = chunks.next().await.expect("books") {
            sizes.push(books.len());
            for book in books {
                let tags = book.tags.cached().expect("came along").len();
                found.push((book.title.clone(), tags, book.author.cached().expect("came along").name.clone()));
            }
        }
        let known = |title: &str, tags, author: &str| (title.to_owned(), tags, author.to_owned());
        assert_eq!(found, [known("First", 2, "ann"), known("Second", 1, "ann"), known("third", 0, "bob")]);
        assert_eq!(sizes, [2, 1]);
        let within = db.atomic(async |tx| {
            let mut authors = Author::objects().with_rows(|a| a.books(), Book::objects()).chunks(tx, 1).await?;
            let mut books = vec![];
            while let Some(rows) = authors.next().await? {
                books.extend(rows.into_iter().map(|(_, books)| books.len()));
            }
            Ok(books)
        });
        assert_eq!(within.await.expect("authors"), [2, 1]);
        let refused = books().iterator(db, 10).await.expect_err("an iterator fetches nothing besides");
        assert!(refused.hint().is_some_and(|hint| hint.contains("`chunks`")), "{refused}");
    })
    .await;
}

#[quintet::test]
async fn groups_are_put_into_lists() {
    each(async |db| {
        library(db).await;
        let titles = Author::objects()
            .order_by(|a| a.name())
            .values(|a| (a.name(), a.books().title().array_agg().order_by(a.books().title().desc())));
        let rows = titles.all(db).await;
        if db.dialect() == Dialect::Sqlite {
            assert!(rows.expect_err("PostgreSQL only").message().contains("SQLite has no aggregate `ArrayAgg`"));
            return;
        }
        let list = |titles: &[&str]| Some(titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>());
        let known = [("ann".to_owned(), list(&["Second", "First"])), ("bob".to_owned(), list(&["third"]))];
        assert_eq!(rows.expect("rows"), known);
        let days = Author::objects().aggregate(db, |a| a.born().array_agg().order_by(a.name().asc())).await;
        assert_eq!(days.expect("days").map(|days| days.iter().map(Option::is_some).collect()), Some(vec![true, false]));
        let none = Author::objects().filter(|a| a.name().eq("x")).aggregate(db, |a| a.name().array_agg()).await;
        assert_eq!(none.expect("nothing"), None);
        let (all, any, bits, json) = Book::objects()
            .aggregate(db, |b| {
                let long = condition(b.pages().gt(150));
                (long.bool_and(), long.bool_or(), b.pages().bit_or(), b.title().jsonb_agg().filter(b.pages().lt(150)))
            })
            .await
            .expect("values");
        assert_eq!((all, any, bits), (Some(false), Some(true), Some(100 | 200 | 300)));
        assert_eq!(json, Some(serde_json::json!(["First"])));
        let words = Book::objects().order_by(|b| b.id()).values(|b| {
            (b.title().search_rank("first"), b.title().search_headline_with("first", "StartSel=*, StopSel=*"))
        });
        let words = words.all(db).await.expect("rows");
        assert!(words[0].0 > 0.0 && words[1].0 == 0.0);
        assert_eq!(words[0].1, "*First*");
    })
    .await;
}

#[quintet::test]
async fn many_rows_of_two_tables_are_not_made_at_once() {
    each(async |db| {
        let (ann, _) = library(db).await;
        create!(db, Book { title: "x", author: &ann }).await.expect("a book");
        let book = Book::objects().filter(|b| b.title().eq("x")).get(db).await.expect("a book");
        let mut rows = [Atlas { book: Parent::new(book), maps: 1 }];
        let error = Atlas::objects().bulk_create(db, &mut rows).await.expect_err("as the reference refuses it");
        assert!(error.message().contains("in several tables"), "{error}");
        assert_eq!(Atlas::objects().count(db).await.expect("a number"), 0);
    })
    .await;
}
