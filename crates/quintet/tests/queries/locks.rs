//! Rows that are locked: another transaction waits for them, fails at once, or passes them over.

use quintet::prelude::*;
use quintet::query::{Lock, Strength};
use quintet_core::sql::Dialect;
use quintet_db::{Connection as _, ErrorKind};

use crate::harness::{each, library};
use crate::models::*;

fn free() -> Lock {
    Lock { skip_locked: true, ..Lock::default() }
}

fn at_once() -> Lock {
    Lock { no_wait: true, ..Lock::default() }
}

#[quintet::test]
async fn locked_rows_are_passed_over_or_refused() {
    each(async |db| {
        library(db).await;
        if db.dialect() == Dialect::Sqlite {
            // There are no locks of rows there, and one transaction that writes at a time.
            let all = db.atomic(async |tx| Book::objects().lock(free()).all(tx).await).await;
            assert_eq!(all.expect("books").len(), 3);
            return;
        }
        db.atomic(async |tx| {
            let mine = Book::objects().filter(|b| b.title().eq("First")).select_for_update().get(tx).await?;
            assert_eq!(mine.title, "First");
            let others = db.atomic(async |tx| Book::objects().lock(free()).order_by(|b| b.id()).all(tx).await).await?;
            assert_eq!(others.len(), 2);
            let refused = db.atomic(async |tx| Book::objects().lock(at_once()).all(tx).await).await;
            let error = refused.expect_err("another has it");
            assert_eq!(error.kind(), ErrorKind::Busy, "{error}");
            Ok(())
        })
        .await
        .expect("kept");
        let after = db.atomic(async |tx| Book::objects().lock(at_once()).all(tx).await).await;
        assert_eq!(after.expect("books").len(), 3);
    })
    .await;
}

#[quintet::test]
async fn only_the_named_rows_are_locked() {
    each(async |db| {
        library(db).await;
        let of_self = || Lock { of: vec!["self".into()], ..Lock::default() };
        db.atomic(async |tx| {
            let books = Book::objects().select_related(|b| b.author()).lock(of_self());
            assert_eq!(books.all(tx).await?.len(), 3);
            if db.dialect() == Dialect::Postgres {
                let authors = db.atomic(async |tx| Author::objects().lock(at_once()).all(tx).await).await?;
                assert_eq!(authors.len(), 2);
            }
            let shared = Lock { strength: Strength::NoKeyUpdate, ..Lock::default() };
            Author::objects().lock(shared).all(tx).await.map(|authors| assert_eq!(authors.len(), 2))
        })
        .await
        .expect("kept");
        let wrong = Lock { of: vec!["author\" --".into()], ..Lock::default() };
        let wrong = db.atomic(async |tx| Book::objects().lock(wrong).all(tx).await).await;
        if db.dialect() == Dialect::Postgres {
            let error = wrong.expect_err("no such relation comes along");
            assert_eq!(error.kind(), ErrorKind::Query);
            assert!(error.message().contains("choices are: self"), "{error}");
        }
        let both = Lock { no_wait: true, skip_locked: true, ..Lock::default() };
        let both = db.atomic(async |tx| Book::objects().lock(both).all(tx).await).await;
        assert_eq!(both.expect_err("not both").kind(), ErrorKind::Query);
    })
    .await;
}
