//! What is computed from columns: arithmetic, functions, cases, and what comes of them in every place where a column stands.

use quintet::prelude::*;
use quintet::query::{
    case, concat, condition, exists, function, greatest, least, now, outer, random, raw, subquery, value,
};

use crate::harness::{each, library, titles};
use crate::models::*;

#[quintet::test]
async fn columns_of_other_models_are_calculated_with() {
    each(async |db| {
        library(db).await;
        let more = Book::objects().filter(|b| (b.pages() + b.sides() * 2 - 1).gt(999)).order_by(|b| b.id());
        assert_eq!(titles(db, more).await, ["Second"]);
        let odd = Book::objects().filter(|b| (b.pages() % 200).eq(100)).order_by(|b| b.id());
        assert_eq!(titles(db, odd).await, ["First", "Second"]);
        let own = Book::objects().filter(|b| b.title().lower().eq(b.title())).order_by(|b| b.id());
        assert_eq!(titles(db, own).await, ["third"]);
        let prices = Book::objects().order_by(|b| b.id()).values(|b| b.price() * 2 + b.pages().as_decimal());
        assert_eq!(prices.first(db).await.expect("an answer"), Some(Decimal::new(12100, 2)));
    })
    .await;
}

#[quintet::test]
async fn functions_of_texts() {
    each(async |db| {
        library(db).await;
        let row = Book::objects()
            .filter(|b| b.title().eq("First"))
            .values(|b| {
                let spaced = concat([value("  "), b.title(), value(" ")]);
                (
                    (b.title().lower(), b.title().upper(), b.title().length(), spaced.trim(), spaced.ltrim()),
                    (b.title().substr(2, 3), b.title().left(2), b.title().right(2), b.title().reverse()),
                    (
                        b.title().concat("!"),
                        b.title().replace("st", "sT"),
                        b.title().str_index("r"),
                        b.title().repeat(2),
                    ),
                    (b.title().lpad(7, "-"), b.title().rpad(7, "-"), b.title().ord(), b.title().md5()),
                    b.title().collate(if is_sqlite(db) { "NOCASE" } else { "C" }),
                )
            })
            .get(db)
            .await
            .expect("a row");
        let text = |text: &str| text.to_owned();
        assert_eq!(row.0, (text("first"), text("FIRST"), Some(5), text("First"), text("First ")));
        assert_eq!(row.1, (text("irs"), text("Fi"), text("st"), text("tsriF")));
        assert_eq!(row.2, (text("First!"), text("FirsT"), 3, text("FirstFirst")));
        assert_eq!(row.3, (text("--First"), text("First--"), 70, text("7fb55ed0b7a30342ba6da306428cae04")));
    })
    .await;
}

fn is_sqlite(db: &Database) -> bool {
    use quintet_db::Connection as _;
    db.dialect() == quintet_core::sql::Dialect::Sqlite
}

#[quintet::test]
async fn functions_of_numbers() {
    each(async |db| {
        library(db).await;
        let row = Book::objects()
            .filter(|b| b.title().eq("First"))
            .values(|b| {
                let less = (b.pages() - 250).of_type::<i64>();
                (
                    (less.abs(), less.sign(), b.pages().sqrt(), b.pages().power(2)),
                    (b.price().round(0), b.price().floor(), b.price().ceil()),
                    (greatest([b.pages(), b.sides().of_type()]), least([b.pages(), b.sides().of_type()])),
                    (b.pages().nullif(100), b.pages().cast::<String>(), b.price().cast::<f64>()),
                    function::<Option<f64>>("Sin", [value(0.0).into_expr()]),
                )
            })
            .get(db)
            .await;
        let row = row.expect("a row");
        assert_eq!(row.0, (150, -1, Some(10.0), Some(10_000.0)));
        assert_eq!((row.1.1, row.1.2), (Decimal::from(10), Decimal::from(11)));
        assert_eq!(row.2, (Some(200), Some(100)));
        assert_eq!(row.3, (None, "100".to_owned(), 10.5));
        assert_eq!(row.4, Some(0.0));
    })
    .await;
}

#[quintet::test]
async fn null_is_replaced() {
    each(async |db| {
        library(db).await;
        let editors = Book::objects()
            .order_by(|b| b.id())
            .values(|b| b.editor().name().optional().coalesce("nobody"))
            .all(db)
            .await;
        assert_eq!(editors.expect("names"), ["nobody", "bob", "nobody"]);
        let stars = Review::objects().order_by(|r| r.id()).values(|r| r.stars().coalesce(0)).all(db).await;
        assert_eq!(stars.expect("numbers"), [5, 3, 0]);
    })
    .await;
}

#[quintet::test]
async fn moments_are_moved_and_cut() {
    each(async |db| {
        library(db).await;
        let day = Duration::days(1);
        let fresh = Book::objects().filter(|b| b.created_at().later(day).gt(now()) & b.created_at().lte(now()));
        assert_eq!(fresh.count(db).await.expect("a number"), 3);
        let row = Author::objects()
            .filter(|a| a.name().eq("ann"))
            .values(|a| (a.born().year(), a.born().trunc_month(), a.born().trunc_year(), a.born().quarter()))
            .get(db)
            .await
            .expect("a row");
        let date = |year, month, day| Date::from_ymd_opt(year, month, day);
        assert_eq!(row, (1950, date(1950, 2, 1), date(1950, 1, 1), 1));
        let age = Book::objects().values(|b| b.updated_at().since(b.created_at())).first(db).await;
        assert!(age.expect("an answer").flatten().is_some_and(|age| age < Duration::seconds(60)));
    })
    .await;
}

#[quintet::test]
async fn a_case_is_compared_ordered_by_and_stored() {
    each(async |db| {
        library(db).await;
        let size = |b: &<Book as Model>::Columns| {
            case(b.pages().gt(250), "long").when(b.pages().gt(150), "middle").otherwise("short")
        };
        let middle = Book::objects().filter(|b| size(&b).eq("middle"));
        assert_eq!(titles(db, middle).await, ["third"]);
        let ordered = Book::objects().order_by(|b| (size(&b).desc(), b.id().asc()));
        assert_eq!(titles(db, ordered).await, ["First", "third", "Second"]);
        let changed = Book::objects().update(db, |b| {
            (b.words().set(size(&b)), b.status().set(case(b.pages().gt(150), Status::Printed).otherwise(Status::Draft)))
        });
        assert_eq!(changed.await.expect("a number"), 3);
        let again = Book::objects().order_by(|b| b.id()).values(|b| (b.words(), b.status())).all(db).await;
        let again = again.expect("values");
        assert_eq!((again[1].0.as_str(), again[0].1, again[1].1), ("long", Status::Draft, Status::Printed));
        let null = Book::objects().order_by(|b| b.id()).values(|b| case(b.pages().gt(150), 1).or_null()).all(db).await;
        assert_eq!(null.expect("values"), [None, Some(1_i64), Some(1)]);
    })
    .await;
}

#[quintet::test]
async fn conditions_are_values() {
    each(async |db| {
        library(db).await;
        let long = Book::objects().order_by(|b| b.id()).values(|b| condition(b.pages().gt(150))).all(db).await;
        assert_eq!(long.expect("truths"), [false, true, true]);
        let reviewed =
            |_: &()| condition(exists(Review::objects().filter(|r| r.book().key().eq(outer::<Book, _>(|b| b.id())))));
        let rows = Book::objects().annotate(|_| reviewed(&())).order_by(|b| b.id()).all(db).await.expect("rows");
        assert_eq!(rows.iter().map(|row| row.1).collect::<Vec<_>>(), [true, true, false]);
        let by = Book::objects().annotate(|_| reviewed(&())).filter_with(|_, yes| yes.eq(false)).all(db).await;
        assert_eq!(by.expect("rows").len(), 1);
        let not = Book::objects()
            .filter(|_| !exists(Review::objects().filter(|r| r.book().key().eq(outer::<Book, _>(|b| b.id())))));
        assert_eq!(titles(db, not).await, ["third"]);
    })
    .await;
}

#[quintet::test]
async fn a_subquery_is_compared_ordered_by_and_stored() {
    each(async |db| {
        library(db).await;
        let best = || {
            let own = Review::objects().filter(|r| r.book().key().eq(outer::<Book, _>(|b| b.id())));
            subquery(own.order_by(|r| r.stars().desc().nulls_last()).values(|r| r.stars()).limit(1))
        };
        let rows = Book::objects().annotate(|_| best()).order_by(|b| b.id()).all(db).await.expect("rows");
        assert_eq!(rows.into_iter().map(|row| row.1.flatten()).collect::<Vec<_>>(), [Some(5), None, None]);
        let good = Book::objects().filter(|_| best().gt(4));
        assert_eq!(titles(db, good).await, ["First"]);
        let ordered = Book::objects().order_by(|b| (best().desc().nulls_last(), b.id().desc()));
        assert_eq!(titles(db, ordered).await, ["First", "third", "Second"]);
        let counted = Book::objects().update(db, |b| b.pages().set(best().coalesce(1)));
        assert_eq!(counted.await.expect("a number"), 3);
        let pages = Book::objects().order_by(|b| b.id()).values(|b| b.pages()).all(db).await.expect("numbers");
        assert_eq!(pages, [5, 1, 1]);
    })
    .await;
}

#[quintet::test]
async fn chance_and_sql_of_ones_own_stand_where_columns_do() {
    each(async |db| {
        library(db).await;
        let shuffled = titles(db, Book::objects().order_by(|_| random())).await;
        assert_eq!(shuffled.len(), 3);
        let hostile = "x' OR '1'='1";
        let none = Book::objects().filter(|_| raw::<String>("library_book.title || ?", ["".into()]).eq(hostile));
        assert_eq!(none.count(db).await.expect("a number"), 0);
        let all = Book::objects().filter(|_| raw::<String>("library_book.title || ?", ["!".into()]).endswith("!"));
        assert_eq!(all.count(db).await.expect("a number"), 3);
    })
    .await;
}

#[quintet::test]
async fn a_name_for_a_value_is_used_by_paths() {
    each(async |db| {
        library(db).await;
        let long = Book::objects().alias("size", |b| b.title().length()).filter_by("size__gt", 5);
        assert_eq!(titles(db, long).await, ["Second"]);
        let ordered = Book::objects().alias("size", |b| b.pages() * -1).order_by_names(&["size"]);
        assert_eq!(titles(db, ordered).await, ["Second", "third", "First"]);
        for name in ["a b", "a\"b", "a;b", "title", "x--", ""] {
            let refused = Book::objects().alias(name.to_owned(), |b| b.pages()).all(db).await;
            assert!(refused.is_err(), "{name}");
        }
    })
    .await;
}
