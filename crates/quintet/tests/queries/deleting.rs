//! Rows go with what refers to them, by the rules of the relations.

use quintet::prelude::*;
use quintet_db::ErrorKind;

use crate::harness::{each, library};
use crate::models::*;

#[quintet::test]
async fn what_refers_goes_too_and_is_counted() {
    each(async |db| {
        let (ann, bob) = library(db).await;
        let deleted = ann.delete(db).await.expect("gone");
        let by_model: Vec<(&str, u64)> =
            deleted.by_model.iter().map(|(label, count)| (label.as_str(), *count)).collect();
        assert_eq!(
            by_model,
            [("library.Author", 1), ("library.Book", 2), ("library.Book_tags", 3), ("library.Review", 3)]
        );
        assert_eq!(deleted.total, 9);
        assert_eq!(Book::objects().count(db).await.expect("a number"), 1);
        let bob = Author::objects().get(db).await.map(|author| (author.teacher.is_none(), author.id == bob.id));
        assert_eq!(bob.expect("an author"), (true, true));
    })
    .await;
}

#[quintet::test]
async fn a_protected_row_stays_and_so_does_everything_else() {
    each(async |db| {
        let (ann, _) = library(db).await;
        create!(db, Rule { protect: &ann, default: Some(&ann) }).await.expect("a rule");
        let error = ann.delete(db).await.expect_err("protected");
        assert_eq!(error.kind(), ErrorKind::ForeignKey);
        assert!(error.message().contains("protected by `Rule.protect`"), "{error}");
        assert_eq!(Book::objects().count(db).await.expect("a number"), 3);
    })
    .await;
}

#[quintet::test]
async fn a_restricted_row_goes_only_with_what_refers_to_it() {
    each(async |db| {
        let (ann, bob) = library(db).await;
        let of_bob = bob.books().all(db).await.expect("books");
        create!(db, Rule { restrict: &ann, default: &ann, book: &of_bob[0] }).await.expect("a rule");
        assert!(ann.delete(db).await.expect_err("restricted").message().contains("restricted"));
        let of_ann = ann.books().all(db).await.expect("books");
        Rule::objects().update(db, |r| r.book().set(&of_ann[0])).await.expect("changed");
        assert_eq!(ann.delete(db).await.expect("the rule goes too").by_model["library.Rule"], 1);
    })
    .await;
}

#[quintet::test]
async fn a_key_becomes_its_default_or_what_a_function_makes() {
    each(async |db| {
        let (ann, bob) = library(db).await;
        create!(db, Rule { default: &bob, function: &bob }).await.expect("a rule");
        bob.delete(db).await.expect("gone");
        let rule = Rule::objects().get(db).await.expect("a rule");
        let id = |key: Option<ForeignKey<Author>>| key.map(|key| key.id);
        assert_eq!((id(rule.default), id(rule.function)), (Some(ann.id.0), Some(ann.id.0)));
    })
    .await;
}

#[quintet::test]
async fn a_row_of_two_tables_goes_from_both() {
    each(async |db| {
        library(db).await;
        let book = Book::objects().filter(|b| b.title().eq("First")).get(db).await.expect("a book");
        let mut atlas = Atlas { book: Parent::to(book.id.0), maps: 1 };
        atlas.save(db).await.expect("an atlas");
        let deleted = Atlas::objects().delete(db).await.expect("gone");
        assert_eq!((deleted.by_model["library.Atlas"], deleted.by_model["library.Book"]), (1, 1));
        let second = Book::objects().filter(|b| b.title().eq("Second")).get(db).await.expect("a book");
        let mut atlas = Atlas { book: Parent::to(second.id.0), maps: 1 };
        atlas.save(db).await.expect("an atlas");
        second.delete(db).await.expect("the child goes too");
        assert_eq!(Atlas::objects().count(db).await.expect("a number"), 0);
    })
    .await;
}

#[quintet::test]
async fn a_query_deletes_what_it_finds_and_nothing_else() {
    each(async |db| {
        library(db).await;
        let deleted = Book::objects().filter(|b| b.author().name().eq("bob")).delete(db).await.expect("gone");
        assert_eq!(deleted.total, 1);
        assert_eq!(Book::objects().none().delete(db).await.expect("nothing").total, 0);
        assert_eq!(Book::objects().count(db).await.expect("a number"), 2);
    })
    .await;
}

#[quintet::test]
async fn rows_that_nobody_needs_go_unread() {
    each(async |db| {
        let (ann, _) = library(db).await;
        // Reviews, and what joins books and tags: nothing refers to them, and nobody is told.
        let deleted = Review::objects().filter(|r| r.book().author().eq(&ann)).delete(db).await.expect("gone");
        assert_eq!((deleted.total, deleted.by_model["library.Review"]), (3, 3));
        let first = ann.books().order_by(|b| b.id()).first(db).await.expect("an answer").expect("a book");
        let rule = create!(db, Rule { book: &first, restrict: &ann, default: Some(&ann) }).await.expect("a rule");
        let deleted = first.delete(db).await.expect("gone");
        let counts: Vec<(&str, u64)> = deleted.by_model.iter().map(|(label, count)| (label.as_str(), *count)).collect();
        assert_eq!(counts, [("library.Book", 1), ("library.Book_tags", 2), ("library.Rule", 1)]);
        assert!(!Rule::objects().filter(|r| r.id().eq(rule.id)).exists(db).await.expect("an answer"));
        assert!(Book::objects().values(|b| b.id()).delete(db).await.is_err());
        assert!(Review::objects().distinct().delete(db).await.is_err());
        assert!(Review::objects().limit(1).delete(db).await.is_err());
    })
    .await;
}

#[quintet::test]
async fn a_chain_of_any_length_goes_without_an_end_of_the_stack() {
    each(async |db| {
        let mut answers = vec![Answer { id: BigAuto(1), to: None }];
        answers.extend((2..=3000).map(|id| Answer { id: BigAuto(id), to: Some(ForeignKey::to(id - 1)) }));
        Answer::objects().bulk_create(db, &mut answers).await.expect("answers");
        let deleted = answers[0].delete(db).await.expect("gone");
        assert_eq!(deleted.by_model["library.Answer"], 3000);
    })
    .await;
}
