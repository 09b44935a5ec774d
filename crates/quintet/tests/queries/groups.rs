//! Values of many rows: of all, of groups, beside each row, and of the rows around each.

use quintet::prelude::*;
use quintet::query::{
    count_rows, cume_dist, dense_rank, first_value, lag, last_value, lead, ntile, percent_rank, rank, row_number,
    window,
};

use crate::harness::{each, library};
use crate::models::*;

#[quintet::test]
async fn all_aggregates_of_all_rows() {
    each(async |db| {
        library(db).await;
        let row = Book::objects()
            .aggregate(db, |b| {
                (
                    (count_rows(), b.editor().count(), b.author().count().distinct(), b.price().sum()),
                    (b.pages().avg(), b.pages().min(), b.pages().max(), b.price().avg()),
                    (b.pages().std_dev(), b.pages().variance()),
                    b.title().string_agg(", ").order_by(b.title().desc()),
                    (
                        b.pages().sum().filter(b.author().name().eq("ann")),
                        b.pages().sum().filter(b.pages().gt(999)).default(7),
                    ),
                )
            })
            .await
            .expect("values");
        assert_eq!(row.0, (3, 1, 2, Some(Decimal::new(3150, 2))));
        assert_eq!(row.1, (Some(200.0), Some(100), Some(300), Some(Decimal::new(1050, 2))));
        assert!(
            (row.2.0.expect("a number") - 81.649_658).abs() < 0.001
                && (row.2.1.expect("a number") - 6_666.666_7).abs() < 0.001
        );
        assert_eq!(row.3.map(|text| text.len()), Some("third, Second, First".len()));
        assert_eq!(row.4, (Some(400), 7));
    })
    .await;
}

#[quintet::test]
async fn aggregates_of_no_rows_are_null_or_their_default() {
    each(async |db| {
        let values =
            Book::objects().aggregate(db, |b| (b.id().count(), b.pages().sum(), b.pages().avg().default(0.5))).await;
        assert_eq!(values.expect("values"), (0, None, 0.5));
        let none = Book::objects().none().aggregate(db, |b| (b.id().count(), b.pages().max())).await;
        assert_eq!(none.expect("values"), (0, None));
    })
    .await;
}

#[quintet::test]
async fn aggregates_are_calculated_with_and_nested_as_the_reference_allows() {
    each(async |db| {
        library(db).await;
        let spread = Book::objects().aggregate(db, |b| b.pages().max() - b.pages().min()).await.expect("a value");
        assert_eq!(spread, Some(200));
        let counts = Author::objects().annotate(|a| a.books().count());
        let number = counts.clone().aggregate(db, |_| count_rows()).await.expect("a value");
        assert_eq!(number, 2);
        let of_counts = counts.aggregate_with(db, |_, count| (count.avg(), count.max())).await.expect("values");
        assert_eq!(of_counts, (Some(1.5), Some(2)));
        let groups = Book::objects().order_by(|_| ()).values(|b| b.author()).annotate(|b| b.pages().sum());
        let most = groups.aggregate_with(db, |_, (_, pages)| pages.max()).await.expect("a value");
        assert_eq!(most, Some(400));
        let sliced = Book::objects().order_by(|b| b.pages().desc()).limit(2).aggregate(db, |b| b.pages().sum()).await;
        assert_eq!(sliced.expect("a value"), Some(500));
        let distinct = Book::objects().distinct().aggregate(db, |b| b.pages().count()).await;
        assert_eq!(distinct.expect("a value"), 3);
    })
    .await;
}

#[quintet::test]
async fn groups_are_filtered_ordered_and_counted() {
    each(async |db| {
        library(db).await;
        let by_author = || Book::objects().values(|b| b.author().name()).annotate(|b| (count_rows(), b.pages().sum()));
        let many = by_author().filter_with(|_, (_, (count, _))| count.gt(1)).all(db).await.expect("groups");
        assert_eq!(many, [("ann".to_owned(), (2, Some(400)))]);
        let ordered = by_author().order_by_with(|_, (_, (_, sum))| sum.asc()).all(db).await.expect("groups");
        assert_eq!(ordered.iter().map(|group| group.0.as_str()).collect::<Vec<_>>(), ["bob", "ann"]);
        assert_eq!(by_author().count(db).await.expect("a number"), 2);
        let by_key: Vec<(ForeignKey<Author>, i64)> = Book::objects()
            .order_by(|_| ())
            .values(|b| b.author())
            .annotate(|_| count_rows())
            .all(db)
            .await
            .expect("groups");
        assert_eq!(by_key.len(), 2);
        let by_choice = Book::objects().values(|b| b.status()).annotate(|_| count_rows());
        let by_choice = by_choice.order_by_with(|_, (_, count)| count.asc()).all(db).await.expect("groups");
        assert_eq!(by_choice, [(Status::Printed, 1), (Status::Draft, 2)]);
    })
    .await;
}

#[quintet::test]
async fn what_is_filtered_before_an_aggregate_is_not_counted() {
    each(async |db| {
        library(db).await;
        let counts = async |authors: QuerySet<Author>| -> Vec<(String, i64)> {
            let rows = authors.annotate(|a| a.books().count()).order_by(|a| a.id()).all(db).await.expect("rows");
            rows.into_iter().map(|(author, count)| (author.name, count)).collect()
        };
        let all = counts(Author::objects()).await;
        assert_eq!(all, [("ann".to_owned(), 2), ("bob".to_owned(), 1)]);
        let long = counts(Author::objects().filter(|a| a.books().pages().gt(150))).await;
        assert_eq!(long, [("ann".to_owned(), 1), ("bob".to_owned(), 1)]);
        let two = Author::objects()
            .annotate(|a| (a.books().count(), a.books().count().distinct(), a.books().reviews().count()));
        let two = two.filter(|a| a.name().eq("ann")).get(db).await.expect("a row").1;
        assert_eq!(two, (3, 2, 3));
        let filtered = Author::objects().annotate(|a| a.books().count().filter(a.books().tags().label().eq("new")));
        let filtered = filtered.order_by(|a| a.id()).all(db).await.expect("rows");
        assert_eq!(filtered.iter().map(|row| row.1).collect::<Vec<_>>(), [1, 0]);
    })
    .await;
}

#[quintet::test]
async fn all_functions_of_windows() {
    each(async |db| {
        library(db).await;
        let rows = Book::objects()
            .order_by(|b| b.pages())
            .values(|b| {
                let by = || window().order_by(b.pages().asc());
                (
                    (row_number().over(by()), rank().over(by()), dense_rank().over(by()), ntile(2).over(by())),
                    (percent_rank().over(by()), cume_dist().over(by())),
                    (lag(b.title(), 1).over(by()), lead(b.title(), 1).over(by())),
                    (first_value(b.title()).over(by()), last_value(b.title()).over(by().rows(None, None))),
                    (
                        b.pages().sum().over(by().rows(Some(-1), Some(0))),
                        b.pages().avg().over(window().partition_by(b.author())),
                    ),
                )
            })
            .all(db)
            .await
            .expect("rows");
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(rows[0].0, (1, 1, 1, 1));
        assert_eq!(rows[2].0, (3, 3, 3, 2));
        assert!(rows[1].1.0 > 0.49 && rows[1].1.0 < 0.51 && rows[2].1.1 > 0.99);
        assert_eq!(rows[1].2, (some("First"), some("Second")));
        assert_eq!(rows[1].3, (some("First"), some("Second")));
        assert_eq!(rows.iter().map(|row| row.4.0).collect::<Vec<_>>(), [Some(100), Some(300), Some(500)]);
        assert_eq!(rows.iter().map(|row| row.4.1).collect::<Vec<_>>(), [Some(200.0), Some(200.0), Some(200.0)]);
    })
    .await;
}

#[quintet::test]
async fn rows_are_filtered_by_their_place_in_a_window() {
    each(async |db| {
        library(db).await;
        // The longest book of each author.
        let numbered = Book::objects()
            .annotate(|b| row_number().over(window().partition_by(b.author()).order_by(b.pages().desc())))
            .filter_with(|_, number| number.eq(1))
            .order_by(|b| b.id());
        let found: Vec<String> = numbered.all(db).await.expect("rows").into_iter().map(|row| row.0.title).collect();
        assert_eq!(found, ["Second", "third"]);
    })
    .await;
}

#[quintet::test]
async fn united_rows_have_values_as_those_whose_keys_are_in_it_have() {
    each(async |db| {
        library(db).await;
        let both = Book::objects().filter(|b| b.pages().eq(100)).union(Book::objects().filter(|b| b.pages().eq(300)));
        assert_eq!(both.clone().count(db).await.expect("a number"), 2);
        assert!(both.clone().exists(db).await.expect("an answer"));
        assert_eq!(both.clone().aggregate(db, |b| b.pages().sum()).await.expect("a value"), Some(400));
        let within = Book::objects().filter(|b| b.id().is_in(both.values(|b| b.id())));
        assert_eq!(within.aggregate(db, |b| b.pages().sum()).await.expect("a value"), Some(400));
    })
    .await;
}
