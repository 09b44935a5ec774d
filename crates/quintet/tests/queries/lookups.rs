//! Every comparison that a column has, once on each database.

use quintet::prelude::*;
use quintet::query::{columns, condition, value};
use quintet_core::sql::Dialect;
use quintet_db::{Connection as _, ErrorKind};

use crate::harness::{each, library, titles};
use crate::models::*;

/// The titles of the books of which something is true, put together.
async fn that(db: &Database, condition: Condition) -> String {
    titles(db, Book::objects().filter(|_| condition).order_by(|b| b.id())).await.join(" ")
}

#[quintet::test]
async fn texts_are_compared() {
    each(async |db| {
        library(db).await;
        let title = || columns::<Book>().title();
        let all = "First Second third";
        let is_sqlite = db.dialect() == Dialect::Sqlite;
        for (condition, wanted) in [
            (title().eq("First"), "First"),
            (title().iexact("fIRST"), "First"),
            (title().ne("First"), "Second third"),
            (title().contains("ir"), "First third"),
            // SQLite's `LIKE` does not tell small letters from capitals: so it is with the reference.
            (title().contains("IR"), if is_sqlite { "First third" } else { "" }),
            (title().icontains("IR"), "First third"),
            (title().startswith("t"), "third"),
            (title().istartswith("T"), "third"),
            (title().endswith("d"), "Second third"),
            (title().iendswith("D"), "Second third"),
            (title().regex("^[A-Z]"), "First Second"),
            (title().iregex("^[A-S]"), "First Second"),
            (title().is_in(["First", "third"]), "First third"),
            (title().is_in(Vec::<String>::new()), ""),
            (!title().is_in(Vec::<String>::new()), all),
            (title().contains("%"), ""),
            (title().contains("_"), ""),
            (title().gt("Second"), "third"),
            (title().isnull(false), all),
            (title().length().gt(5), "Second"),
            (title().lower().startswith("f"), "First"),
            (title().contains(columns::<Book>().title().left(2)), all),
        ] {
            assert_eq!(that(db, condition.clone()).await, wanted, "{condition:?}");
        }
    })
    .await;
}

#[quintet::test]
async fn numbers_are_compared() {
    each(async |db| {
        library(db).await;
        let pages = || columns::<Book>().pages();
        let price = || columns::<Book>().price();
        for (condition, wanted) in [
            (pages().eq(100), "First"),
            (pages().lt(200), "First"),
            (pages().lte(200), "First third"),
            (pages().gt(200), "Second"),
            (pages().gte(200), "Second third"),
            (pages().range(150, 250), "third"),
            (pages().is_in([100, 300]), "First Second"),
            (pages().eq(columns::<Book>().sides() / 2), "First Second third"),
            (pages().lt(i64::MAX), "First Second third"),
            (price().eq(Decimal::new(105, 1)), "First Second third"),
            (price().lt(10), ""),
            (price().range(10, 11), "First Second third"),
            (condition(pages().gt(150)).eq(false), "First"),
        ] {
            assert_eq!(that(db, condition.clone()).await, wanted, "{condition:?}");
        }
    })
    .await;
}

#[quintet::test]
async fn moments_are_compared_whole_and_in_parts() {
    each(async |db| {
        library(db).await;
        let moment = |text: &str| text.parse::<DateTime>().expect("a moment");
        let at =
            [("First", "2024-02-29T23:15:10Z"), ("Second", "2023-12-31T10:30:00Z"), ("third", "2025-07-06T00:00:59Z")];
        for (title, text) in at {
            let changed =
                Book::objects().filter(|b| b.title().eq(title)).update(db, |b| b.created_at().set(moment(text)));
            assert_eq!(changed.await.expect("a number"), 1);
        }
        let created = || columns::<Book>().created_at();
        let day = |year, month, day| Date::from_ymd_opt(year, month, day).expect("a day");
        let time = Time::from_hms_opt(12, 0, 0).expect("a time");
        for (condition, wanted) in [
            (created().lt(moment("2024-01-01T00:00:00Z")), "Second"),
            (created().year().eq(2024), "First"),
            (created().year().gte(2024), "First third"),
            (created().iso_year().eq(2023), "Second"),
            (created().quarter().eq(1), "First"),
            (created().month().is_in([2, 7]), "First third"),
            (created().week().eq(52), "Second"),
            (created().day().eq(29), "First"),
            (created().week_day().eq(1), "Second third"),
            (created().iso_week_day().eq(7), "Second third"),
            (created().hour().eq(23), "First"),
            (created().minute().gt(20), "Second"),
            (created().second().eq(59), "third"),
            (created().date().eq(day(2024, 2, 29)), "First"),
            (created().date().year().eq(2025), "third"),
            (created().date().range(day(2023, 1, 1), day(2024, 12, 31)), "First Second"),
            (created().time().lt(time), "Second third"),
            (created().trunc_month().eq(moment("2024-02-01T00:00:00Z")), "First"),
            (created().trunc_day().month().eq(2), "First"),
        ] {
            assert_eq!(that(db, condition.clone()).await, wanted, "{condition:?}");
        }
    })
    .await;
}

#[quintet::test]
async fn null_is_equal_to_nothing_and_found_by_isnull() {
    each(async |db| {
        library(db).await;
        let names = async |authors: QuerySet<Author>| -> Vec<String> {
            authors.order_by(|a| a.id()).all(db).await.expect("authors").into_iter().map(|it| it.name).collect()
        };
        let feb = Date::from_ymd_opt(1950, 2, 3).expect("a day");
        assert_eq!(names(Author::objects().filter(|a| a.born().isnull(true))).await, ["bob"]);
        assert_eq!(names(Author::objects().filter(|a| a.born().eq(feb))).await, ["ann"]);
        // As `exclude` of the reference: what is not known is not equal.
        assert_eq!(names(Author::objects().exclude(|a| a.born().eq(feb))).await, ["bob"]);
        assert_eq!(names(Author::objects().filter(|a| a.born().ne(feb))).await, ["bob"]);
        assert_eq!(names(Author::objects().exclude(|a| a.born().lt(feb))).await, ["ann", "bob"]);
        assert_eq!(names(Author::objects().filter(|a| a.teacher().isnull(true))).await, ["ann"]);
        assert_eq!(names(Author::objects().filter(|a| a.pupils().isnull(false))).await, ["ann"]);
        assert_eq!(names(Author::objects().filter(|a| a.teacher().name().isnull(true))).await, ["ann"]);
    })
    .await;
}

#[quintet::test]
async fn conditions_are_put_together_at_run_time() {
    each(async |db| {
        library(db).await;
        let wanted = ["First", "third"];
        let any = Condition::any(wanted.map(|title| columns::<Book>().title().eq(title)));
        assert_eq!(that(db, any.clone()).await, "First third");
        assert_eq!(that(db, !any.clone()).await, "Second");
        assert_eq!(that(db, any.clone() ^ columns::<Book>().pages().gt(150)).await, "First Second");
        assert_eq!(that(db, !(any.clone() ^ columns::<Book>().pages().gt(150))).await, "third");
        assert_eq!(that(db, Condition::all([])).await, "First Second third");
        assert_eq!(that(db, Condition::never()).await, "");
        assert_eq!(that(db, !Condition::never() & any).await, "First third");
        assert_eq!(that(db, Condition::any([])).await, "First Second third");
    })
    .await;
}

#[quintet::test]
async fn words_are_searched_for_on_postgresql() {
    each(async |db| {
        library(db).await;
        Book::objects()
            .filter(|b| b.title().eq("First"))
            .update(db, |b| b.words().set("two small cats"))
            .await
            .expect("set");
        let found = Book::objects().filter(|b| b.words().search("cat small")).count(db).await;
        match db.dialect() {
            Dialect::Postgres => assert!(found.is_ok()),
            Dialect::Sqlite => {
                let error = found.expect_err("SQLite has none");
                assert_eq!(error.kind(), ErrorKind::Query);
                assert!(error.hint().is_some_and(|hint| hint.contains("icontains")), "{error}");
            }
        }
    })
    .await;
}

#[quintet::test]
async fn a_choice_is_compared_as_itself() {
    each(async |db| {
        library(db).await;
        assert_eq!(that(db, columns::<Book>().status().eq(Status::Printed)).await, "First");
        assert_eq!(that(db, columns::<Book>().status().is_in([Status::Draft])).await, "Second third");
        assert_eq!(that(db, columns::<Book>().status().eq(value(Status::Draft))).await, "Second third");
    })
    .await;
}
