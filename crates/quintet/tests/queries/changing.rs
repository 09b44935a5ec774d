//! Rows are changed: all of a query, or one that is there as a struct.

use quintet::prelude::*;
use quintet::testing::capture_queries;
use quintet_core::schema;
use quintet_core::sql::Dialect;
use quintet_db::query::save_with;
use quintet_db::{Connection as _, ErrorKind};

use crate::harness::{each, library};
use crate::models::*;

async fn first(db: &Database) -> Book {
    Book::objects().filter(|b| b.id().eq(1)).get(db).await.expect("a book")
}

#[quintet::test]
async fn all_rows_of_a_query_are_changed_at_once() {
    each(async |db| {
        library(db).await;
        let changed = Book::objects()
            .filter(|b| b.author().name().eq("ann"))
            .update(db, |b| (b.pages().set(b.pages() + 1), b.editor().set_null()))
            .await;
        assert_eq!(changed.expect("a number"), 2);
        let pages = Book::objects().order_by(|b| b.id().asc()).values(|b| b.pages()).all(db).await;
        assert_eq!(pages.expect("values"), [101, 301, 200]);
    })
    .await;
}

#[quintet::test]
async fn a_field_of_another_model_is_not_set() {
    each(async |db| {
        let error = Book::objects().update(db, |b| b.author().name().set("x")).await.expect_err("another model");
        assert_eq!(error.kind(), ErrorKind::Query);
        assert!(error.message().contains("`author__name`"), "{error}");
    })
    .await;
}

#[quintet::test]
async fn a_row_is_saved() {
    each(async |db| {
        library(db).await;
        let mut book = first(db).await;
        let before = book.updated_at;
        book.title = "Changed".to_owned();
        book.pages = 5;
        book.save(db).await.expect("saved");
        assert!(book.updated_at > before);
        assert_eq!(book.sides.0, 10);
        let again = first(db).await;
        assert_eq!((again.title.as_str(), again.pages, again.created_at), ("Changed", 5, book.created_at));
        assert_eq!(Book::objects().count(db).await.expect("a number"), 3);
    })
    .await;
}

#[quintet::test]
async fn a_new_row_is_saved_and_gets_its_key() {
    each(async |db| {
        let mut tag = Tag { id: BigAuto(0), label: "x".to_owned() };
        tag.save(db).await.expect("saved");
        assert_eq!(tag.id, 1);
        let mut shelf = Shelf { row: 1, number: 2, place: "here".to_owned() };
        shelf.save(db).await.expect("made");
        shelf.place = "there".to_owned();
        shelf.save(db).await.expect("changed");
        assert_eq!(Shelf::objects().get(db).await.expect("a shelf"), shelf);
    })
    .await;
}

#[quintet::test]
async fn only_what_is_said_is_changed() {
    each(async |db| {
        library(db).await;
        let mut book = first(db).await;
        let mut other = first(db).await;
        other.pages = 9;
        other.save(db).await.expect("saved");
        book.update(db, |b| b.title().set("Changed")).await.expect("changed");
        assert_eq!((book.title.as_str(), book.pages), ("Changed", 9));
        other.refresh(db).await.expect("read again");
        assert_eq!(other.title, "Changed");
    })
    .await;
}

#[quintet::test]
async fn a_row_that_went_is_not_changed() {
    each(async |db| {
        library(db).await;
        let mut book = first(db).await;
        book.delete(db).await.expect("gone");
        let error = book.update(db, |b| b.title().set("x")).await.expect_err("it is gone");
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(book.refresh(db).await.expect_err("it is gone").kind(), ErrorKind::NotFound);
    })
    .await;
}

#[quintet::test]
async fn fields_of_many_rows_are_written_at_once() {
    each(async |db| {
        library(db).await;
        let mut books = Book::objects().order_by(|b| b.id().asc()).all(db).await.expect("books");
        for book in &mut books {
            book.pages += 1;
            book.title.push('!');
            book.words = "not written".into();
        }
        let changed = Book::objects().bulk_update(db, &books, |b| (b.pages(), b.title())).await;
        assert_eq!(changed.expect("a number"), 3);
        let again = Book::objects().order_by(|b| b.id().asc()).all(db).await.expect("books");
        assert_eq!((again[1].pages, again[1].title.as_str(), again[1].words.as_str()), (301, "Second!", ""));
    })
    .await;
}

/// The columns that a row is found by, and those that are written, of the one statement that changes a book.
fn parts(queries: &[String]) -> (&str, &str) {
    let [update] = queries.iter().filter(|sql| sql.starts_with("UPDATE")).collect::<Vec<_>>()[..] else {
        panic!("not one update: {queries:?}")
    };
    update.split_once(" WHERE ").expect("a condition")
}

#[quintet::test]
async fn a_row_is_written_whole_though_sqlite_is_spared_its_indexes() {
    each(async |db| {
        let (ann, ben) = library(db).await;
        let mut book = first(db).await;
        assert_eq!(book.author.id, ann.id.0);
        let titled = |title: &str| vec![("title".to_owned(), schema::Value::from(title))];
        let (saved, queries) = capture_queries(async || save_with(db.into(), &mut book, titled("A")).await).await;
        saved.expect("saved");
        let (written, condition) = parts(&queries);
        assert!(written.contains(r#""title" ="#) && written.contains(r#""words" ="#), "{written}");
        let is_sqlite = db.dialect() == Dialect::Sqlite;
        assert_eq!(written.contains(r#""author_id" ="#), !is_sqlite, "{written}");
        assert_eq!(condition.contains(r#""author_id" ="#), is_sqlite, "{condition}");
        assert_eq!(first(db).await.title, "A");
        // Somebody else was quicker: what is written is the whole row all the same, nulls among it.
        let others = Book::objects().filter(|b| b.id().eq(book.id));
        let set =
            others.clone().update(db, |b| (b.author().set(&ben), b.editor().set(&ben), b.words().set("new"))).await;
        assert_eq!(set.expect("a change"), 1);
        save_with(db.into(), &mut book, titled("B")).await.expect("saved");
        let again = first(db).await;
        assert_eq!((&again.title[..], &again.words[..], again.author.id, again.editor), ("B", "", ann.id.0, None));
        // A column that changes is written.
        let changes = vec![
            ("author_id".to_owned(), schema::Value::Int(ben.id.0)),
            ("editor".to_owned(), schema::Value::Int(ann.id.0)),
        ];
        save_with(db.into(), &mut book, changes).await.expect("saved");
        let again = first(db).await;
        assert_eq!((again.author.id, again.editor.map(|key| key.id)), (ben.id.0, Some(ann.id.0)));
        // A row that went is made again, as `save` does.
        book.clone().delete(db).await.expect("gone");
        save_with(db.into(), &mut book, titled("C")).await.expect("saved");
        assert_eq!(first(db).await.title, "C");
        assert!(save_with(db.into(), &mut book, vec![("nothing".to_owned(), schema::Value::Null)]).await.is_err());
    })
    .await;
}

#[quintet::test]
async fn a_column_that_stays_calls_its_trigger_where_the_row_is_saved_as_a_whole() {
    each(async |db| {
        library(db).await;
        let mut book = first(db).await;
        let called = match db.dialect() {
            Dialect::Sqlite => {
                let trigger = "CREATE TRIGGER seen AFTER UPDATE OF author_id ON library_book
                     BEGIN INSERT INTO library_tag (label) VALUES ('seen ' || hex(randomblob(4))); END";
                db.script(trigger).await.expect("a trigger");
                // Of two ways to save, only the one by a serializer leaves the column out.
                1
            }
            Dialect::Postgres => {
                let trigger = "CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                     INSERT INTO library_tag (label) VALUES ('seen ' || random()::text); RETURN NEW; END $$;
                     CREATE TRIGGER seen AFTER UPDATE OF author_id ON library_book
                     FOR EACH ROW EXECUTE FUNCTION seen()";
                db.script(trigger).await.expect("a trigger");
                2
            }
        };
        save_with(db.into(), &mut book, vec![("pages".to_owned(), schema::Value::Int(7))]).await.expect("saved");
        book.save(db).await.expect("saved");
        let seen = Tag::objects().filter(|t| t.label().startswith("seen ")).count(db).await.expect("a number");
        assert_eq!(seen, called);
    })
    .await;
}
