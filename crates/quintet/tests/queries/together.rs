//! What belongs together is kept together, or not at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use quintet::prelude::*;
use quintet::query::{Begin, DbError, Isolation};
use quintet_core::query::{Assign, Conflict, Insert, Query, Statement, Step};
use quintet_core::schema::Value;
use quintet_db::{ErrorKind, Made, Recipe, Together};

use crate::harness::each;
use crate::models::*;

async fn tags(db: &Database) -> i64 {
    Tag::objects().count(db).await.expect("a number")
}

#[quintet::test]
async fn a_savepoint_is_undone_alone() {
    each(async |db| {
        let kept = db.atomic(async |tx| {
            create!(tx, Tag { label: "a" }).await?;
            let inner: Result<(), DbError> = tx
                .atomic(async |tx| {
                    create!(tx, Tag { label: "b" }).await?;
                    create!(tx, Tag { label: "a" }).await.map(|_| ())
                })
                .await;
            assert_eq!(inner.expect_err("twice").kind(), ErrorKind::Unique);
            create!(tx, Tag { label: "c" }).await.map(|_| ())
        });
        kept.await.expect("kept");
        assert_eq!(tags(db).await, 2);
        let undone: Result<(), DbError> = db
            .atomic(async |tx| {
                create!(tx, Tag { label: "d" }).await?;
                Err(DbError::other("no"))
            })
            .await;
        assert!(undone.is_err());
        assert_eq!(tags(db).await, 2);
    })
    .await;
}

#[quintet::test]
async fn a_dropped_future_keeps_nothing() {
    each(async |db| {
        let work = db.atomic(async |tx| {
            create!(tx, Tag { label: "a" }).await?;
            std::future::pending::<()>().await;
            Ok(())
        });
        let late = tokio::time::timeout(std::time::Duration::from_millis(300), work).await;
        assert!(late.is_err());
        assert_eq!(tags(db).await, 0);
        create!(db, Tag { label: "a" }).await.expect("nobody holds it");
    })
    .await;
}

#[quintet::test]
async fn what_waits_for_the_commit_is_done_once_and_only_then() {
    each(async |db| {
        let done = Arc::new(AtomicU32::new(0));
        let later = |by: u32| {
            let done = Arc::clone(&done);
            async move || {
                done.fetch_add(by, Ordering::Relaxed);
            }
        };
        db.atomic(async |tx| {
            tx.on_commit(later(1));
            let inner: Result<(), DbError> = tx
                .atomic(async |tx| {
                    tx.on_commit(later(10));
                    Err(DbError::other("no"))
                })
                .await;
            assert!(inner.is_err());
            assert_eq!(done.load(Ordering::Relaxed), 0);
            Ok(())
        })
        .await
        .expect("kept");
        assert_eq!(done.load(Ordering::Relaxed), 1);
        Db::from(db).on_commit(later(100)).await;
        assert_eq!(done.load(Ordering::Relaxed), 101);
    })
    .await;
}

#[quintet::test]
async fn the_outermost_transaction_has_the_level() {
    each(async |db| {
        for level in [Isolation::ReadCommitted, Isolation::RepeatableRead, Isolation::Serializable] {
            let count = db.atomic_with(level, async |tx| Tag::objects().count(tx).await).await;
            assert_eq!(count.expect("a number"), 0);
        }
        let inner = db
            .atomic(async |tx| Db::from(tx).atomic_with(Isolation::Serializable, async |_| Ok(())).await)
            .await
            .expect_err("it is within another");
        assert_eq!(inner.kind(), ErrorKind::Usage);
        let durable =
            db.atomic(async |tx| Db::from(tx).atomic_with(Begin::new().durable(), async |_| Ok(())).await).await;
        assert_eq!(durable.expect_err("it is within another").kind(), ErrorKind::Usage);
    })
    .await;
}

#[quintet::test]
async fn raw_rows_and_statements_take_bound_values() {
    each(async |db| {
        create!(db, Tag { label: "it's" }).await.expect("a tag");
        let hostile = "x'; DROP TABLE library_tag; --";
        let sql = "SELECT * FROM library_tag WHERE label = $1 OR label = $2";
        let rows = QuerySet::<Tag>::raw(db, sql, vec![hostile.into(), "it's".into()]).await.expect("tags");
        assert_eq!(rows.len(), 1);
        let plain =
            Db::from(db).query("SELECT count(*) AS n FROM library_tag WHERE label <> $1", &[hostile.into()]).await;
        assert_eq!(plain.expect("rows")[0].int("n").expect("a number"), 1);
        let broken = Db::from(db).query("SELECT missing FROM nowhere", &[]).await.expect_err("no such table");
        assert_eq!(broken.kind(), ErrorKind::NoSuchTable, "{broken}");
    })
    .await;
}

fn new_tag(label: &str, conflict: Option<Conflict>) -> Insert {
    Insert {
        model: ("library".into(), "Tag".into()),
        fields: vec!["label".into()],
        rows: vec![vec![Value::from(label).into()]],
        conflict,
        returning: vec![],
    }
}

#[quintet::test]
async fn statements_that_are_known_before_are_made_together() {
    each(async |db| {
        let made = async |labels: &[&str], needed: &Statement<'_>| {
            let mut together = Together::on(db.into());
            for label in labels {
                together.add(&Statement::Insert(&new_tag(label, None)))?;
            }
            let first = together.need(needed)?;
            let second = together.need(&Statement::Insert(&new_tag("last", Some(Conflict::Ignore))))?;
            assert_eq!((first, second), (0, 1));
            together.make().await
        };
        let there = new_tag("there", Some(Conflict::Ignore));
        assert_eq!(made(&["a", "b"], &Statement::Insert(&there)).await.expect("made"), None);
        assert_eq!(tags(db).await, 4);
        assert_eq!(made(&["c"], &Statement::Insert(&there)).await.expect("missed"), Some(0));
        let other = new_tag("other", Some(Conflict::Ignore));
        assert_eq!(made(&["c"], &Statement::Insert(&other)).await.expect("missed"), Some(1));
        // What certainly touches no row needs no database.
        let nobody = Query::of("library", "Tag");
        let mut nobody_at_all = nobody.clone();
        nobody_at_all.steps.push(Step::lookup("id__in", Value::List(vec![])));
        let label = [Assign { field: "label".into(), value: Value::from("x").into() }];
        assert_eq!(made(&["c"], &Statement::Update(&nobody_at_all, &label)).await.expect("missed"), Some(0));
        let twice = made(&["c", "c"], &Statement::Insert(&other)).await.expect_err("twice");
        assert_eq!(twice.kind(), ErrorKind::Unique);
        assert_eq!(tags(db).await, 4);
        assert_eq!(Together::on(db.into()).make().await.expect("nothing"), None);
        let read = Together::on(db.into()).add(&Statement::Select(&Query::of("library", "Tag")));
        assert_eq!(read.expect_err("no change").kind(), ErrorKind::Usage);
    })
    .await;
}

const TAG: (&str, &str) = ("library", "Tag");

static NEW: Recipe = Recipe::new(TAG, |label| {
    let row = label.into_iter().map(Into::into).collect();
    Made::New(Insert { rows: vec![row], ..new_tag("", Some(Conflict::Ignore)) })
});

static RENAMED: Recipe = Recipe::new(TAG, |values| renamed("label", values));

/// It says its values the other way round.
static CONFUSED: Recipe = Recipe::new(TAG, |values| renamed("label", values.into_iter().rev().collect()));

static FOUND: Recipe = Recipe::new(TAG, |label| {
    let mut query = Query::of("library", "Tag");
    query.steps.extend(label.into_iter().map(|label| Step::lookup("label", label)));
    Made::Found(query)
});

fn renamed(found_by: &str, values: Vec<Value>) -> Made {
    let mut values = values.into_iter();
    let mut query = Query::of("library", "Tag");
    query.steps.extend(values.next().map(|value| Step::lookup(found_by, value)));
    Made::Changed(query, values.map(|label| Assign { field: "label".into(), value: label.into() }).collect())
}

#[quintet::test]
async fn recipes_make_the_same_statement_each_time_with_other_values() {
    each(async |db| {
        let db = Db::from(db);
        let found = async |label: &str| db.find_by(&FOUND, vec![label.into()]).await.expect("rows").len();
        for label in ["a", "it's", "12", "'; DROP TABLE t; --"] {
            assert_eq!(db.run_by(&NEW, vec![label.into()]).await.expect("new"), 1);
            assert_eq!(db.run_by(&NEW, vec![label.into()]).await.expect("there"), 0);
            assert_eq!(found(label).await, 1, "{label}");
            let other = format!("{label}!");
            assert_eq!(db.run_by(&RENAMED, vec![label.into(), other.as_str().into()]).await.expect("renamed"), 1);
            assert_eq!((found(label).await, found(&other).await), (0, 1), "{label}");
        }
        // A number is text where text is wanted, and no row has a label that is null.
        assert_eq!(db.run_by(&NEW, vec![Value::Int(7)]).await.expect("new"), 1);
        assert_eq!(found("7").await, 1);
        assert_eq!(db.find_by(&FOUND, vec![Value::Null]).await.expect("none").len(), 0);
        let mut together = Together::on(db);
        together.add_by(&NEW, vec!["b".into()]).expect("added");
        assert_eq!(together.need_by(&RENAMED, vec!["nobody".into(), "x".into()]).expect("added"), 0);
        assert_eq!(together.make().await.expect("missed"), Some(0));
        assert_eq!(found("b").await, 0);
    })
    .await;
}

#[quintet::test]
async fn a_recipe_that_is_not_what_it_says_is_refused() {
    each(async |db| {
        let db = Db::from(db);
        let wrong = [
            db.run_by(&CONFUSED, vec!["a".into(), "b".into()]).await.map(drop),
            db.run_by(&NEW, vec!["a".into(), "b".into()]).await.map(drop),
            db.find_by(&NEW, vec!["a".into()]).await.map(drop),
            db.run_by(&FOUND, vec!["a".into()]).await.map(drop),
            Together::on(db).add_by(&FOUND, vec!["a".into()]),
        ];
        for (at, wrong) in wrong.into_iter().enumerate() {
            let refused = wrong.err().map(|error| error.kind());
            assert!(matches!(refused, Some(ErrorKind::Usage | ErrorKind::Query)), "{at}: {refused:?}");
        }
        // It is no other where it was right before.
        assert_eq!(db.run_by(&NEW, vec!["a".into()]).await.expect("new"), 1);
        assert!(db.find_by(&NEW, vec!["a".into()]).await.is_err());
        assert_eq!(db.find_by(&FOUND, vec!["a".into()]).await.expect("rows").len(), 1);
    })
    .await;
}
