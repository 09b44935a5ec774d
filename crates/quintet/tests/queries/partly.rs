//! Rows of which only some fields are read: `only` and `defer`.

use quintet::prelude::*;
use quintet::query::Partly;
use quintet_core::query::{Registry, Select, Statement};
use quintet_core::schema::Value;
use quintet_core::sql::Dialect;
use quintet_db::ErrorKind;

use crate::harness::{each, library, registry, titles};
use crate::models::*;

/// The columns that a query asks for, of whichever tables.
fn columns_of<S>(query: &QuerySet<Book, S>) -> Vec<String> {
    let registry: &Registry = &registry();
    let outcome = quintet_core::query::compile(registry, Dialect::Postgres, &Statement::Select(query.ast()));
    let quintet_core::query::Outcome::Sql(compiled) = outcome.expect("a statement") else { panic!("no statement") };
    let column = |output: &quintet_core::query::Output| match output.part {
        quintet_core::query::Part::Column { row, .. } => format!("{row}.{}", output.name),
        _ => output.name.to_string(),
    };
    compiled.outputs.iter().map(column).collect()
}

#[quintet::test]
async fn only_these_fields_are_read_and_the_key() {
    each(async |db| {
        library(db).await;
        let query = Book::objects().only(|b| (b.title(), b.pages())).order_by(|b| b.id());
        assert_eq!(columns_of(&query), ["0.id", "0.title", "0.pages"]);
        let rows = query.all(db).await.expect("rows");
        let first = &rows[0];
        assert_eq!(first.get(|b| b.title()).expect("was read"), "First");
        assert_eq!(first.get(|b| b.pages()).expect("was read"), 100);
        assert_eq!(first.get(|b| b.id()).expect("always comes").0, first.key());
        let error = first.get(|b| b.price()).expect_err("was not read");
        assert_eq!((error.kind(), error.message()), (ErrorKind::Usage, "`library.Book.price` was not read"));
        assert!(error.hint().is_some_and(|hint| hint.contains("row.load(db)")));
        assert!(first.is_read(|b| b.title()) && !first.is_read(|b| b.price()));
    })
    .await;
}

#[quintet::test]
async fn what_is_deferred_is_not_read_and_all_else_is() {
    each(async |db| {
        let (ann, _) = library(db).await;
        let query = Book::objects().defer(|b| (b.words(), b.facts()));
        assert!(!columns_of(&query).iter().any(|name| name == "0.words" || name == "0.facts"));
        let row = query.filter(|b| b.title().eq("First")).get(db).await.expect("a row");
        assert_eq!(row.deferred_fields(), ["words", "facts"]);
        assert_eq!(row.get(|b| b.price()).expect("was read"), Decimal::new(1050, 2));
        assert_eq!(row.get(|b| b.status()).expect("was read"), Status::Printed);
        assert_eq!(row.get(|b| b.author()).expect("was read").id, ann.id.0);
        assert_eq!(row.get(|b| b.author().key()).expect("was read"), ann.id.0);
        assert!(row.get(|b| b.editor()).expect("was read").is_none());
        assert_eq!(row.get(|b| b.sides()).expect("was read").0, 200);
        assert!(row.get(|b| b.created_at()).is_ok());
        let tags = row.get(|b| b.tags()).expect("knows whom they belong to");
        assert_eq!(tags.objects().count(db).await.expect("a number"), 2);
    })
    .await;
}

#[quintet::test]
async fn what_is_said_later_changes_what_was_said_before() {
    let select = |change: fn(QuerySet<Book>) -> Select| change(Book::objects());
    let paths = |names: &[&str]| names.iter().map(|name| quintet_core::query::Path::parse(name)).collect::<Vec<_>>();
    let only = |names: &[&str]| Select::Only(paths(names));
    let defer = |names: &[&str]| Select::Defer(paths(names));
    let said = [
        (select(|b| b.only_names(&["title"]).only_names(&["pages"]).ast().select.clone()), only(&["pages"])),
        (
            select(|b| b.defer_names(&["title"]).defer_names(&["pages"]).ast().select.clone()),
            defer(&["title", "pages"]),
        ),
        (select(|b| b.defer_names(&["title"]).only_names(&["title", "pages"]).ast().select.clone()), only(&["pages"])),
        (select(|b| b.only_names(&["title", "pages"]).defer_names(&["title"]).ast().select.clone()), only(&["pages"])),
        (select(|b| b.only_names(&["title"]).defer_names(&["title", "pages"]).ast().select.clone()), defer(&["pages"])),
        (select(|b| b.only_names(&["title"]).defer_none().ast().select.clone()), Select::All),
    ];
    for (found, wanted) in said {
        assert_eq!(found, wanted);
    }
}

#[quintet::test]
async fn the_whole_row_comes_with_one_query() {
    each(async |db| {
        library(db).await;
        let mut row =
            Book::objects().only(|b| b.title()).filter(|b| b.title().eq("First")).get(db).await.expect("a row");
        let whole = row.load(db).await.expect("the whole row");
        let known = Book::objects().filter(|b| b.title().eq("First")).get(db).await.expect("the row");
        assert_eq!(whole, known);
        row.set(|b| (b.pages().set(7), b.words().set("new"))).expect("fields");
        let whole = row.load(db).await.expect("the whole row");
        assert_eq!((whole.pages, whole.words.as_str(), whole.title.as_str()), (7, "new", "First"));
        let there = Book::objects().filter(|b| b.id().eq(row.key())).get(db).await.expect("the row");
        assert_eq!(there.pages, 100);
    })
    .await;
}

#[quintet::test]
async fn a_field_can_be_read_later() {
    each(async |db| {
        library(db).await;
        let mut row =
            Book::objects().only(|b| b.title()).order_by(|b| b.id()).first(db).await.expect("rows").expect("a row");
        row.read(db, |b| (b.price(), b.author(), b.created_at())).await.expect("more fields");
        assert_eq!(row.get(|b| b.price()).expect("was read"), Decimal::new(1050, 2));
        assert_eq!(row.get_by("price").expect("was read"), Value::Decimal("10.50".to_owned()));
        assert!(row.get(|b| b.author()).is_ok() && row.get(|b| b.created_at()).is_ok());
        assert!(row.get(|b| b.pages()).is_err());
        assert!(!row.deferred_fields().contains(&"price"));
    })
    .await;
}

#[quintet::test]
async fn what_was_read_and_set_is_saved_and_nothing_else() {
    each(async |db| {
        library(db).await;
        let mut row =
            Book::objects().only(|b| b.title()).filter(|b| b.title().eq("First")).get(db).await.expect("a row");
        let key = row.key();
        // Somebody else changes what was not read.
        Book::objects().filter(|b| b.id().eq(key)).update(db, |b| b.pages().set(999)).await.expect("a change");
        let stamp =
            async || Book::objects().filter(|b| b.id().eq(key)).get(db).await.expect("the row").stamps.updated_at;
        let before = stamp().await;
        row.set(|b| (b.title().set("Other"), b.price().set(Decimal::new(7, 0)))).expect("fields");
        assert_eq!(row.get(|b| b.title()).expect("was set"), "Other");
        row.save(db).await.expect("saved");
        let there = Book::objects().filter(|b| b.id().eq(key)).get(db).await.expect("the row");
        assert_eq!((there.title.as_str(), there.pages, there.price), ("Other", 999, Decimal::new(700, 2)));
        assert_eq!(stamp().await, before, "a moment that was not read is not written");
        assert_eq!(row.get(|b| b.price()).expect("is known now"), Decimal::new(7, 0));
        let mut row = Book::objects().only(|b| b.updated_at()).filter(|b| b.id().eq(key)).get(db).await.expect("a row");
        row.save(db).await.expect("saved");
        assert!(stamp().await > before, "one that was read is");
        assert_eq!(row.get(|b| b.updated_at()).expect("is known"), stamp().await);
    })
    .await;
}

#[quintet::test]
async fn what_the_database_computes_is_saved_and_read_again() {
    each(async |db| {
        library(db).await;
        let mut row = Book::objects()
            .only(|b| (b.pages(), b.sides()))
            .order_by(|b| b.id())
            .first(db)
            .await
            .expect("rows")
            .expect("one");
        row.set(|b| b.pages().set(b.pages() + 1)).expect("a field");
        let error = row.get(|b| b.pages()).expect_err("nobody knows yet");
        assert!(error.message().contains("what the database computes"), "{error}");
        assert!(row.load(db).await.is_err());
        row.save(db).await.expect("saved");
        assert_eq!(row.get(|b| b.sides()).expect("was read again").0, 202);
        assert!(row.get(|b| b.pages()).is_err(), "it was not read");
        row.read(db, |b| b.pages()).await.expect("a field");
        assert_eq!(row.get(|b| b.pages()).expect("was read"), 101);
    })
    .await;
}

#[quintet::test]
async fn a_row_in_part_is_not_written_where_it_cannot_be() {
    each(async |db| {
        library(db).await;
        let one = || Book::objects().only(|b| (b.title(), b.sides())).order_by(|b| b.id());
        let mut row = one().first(db).await.expect("rows").expect("a row");
        row.set(|b| b.id().set(7)).expect("a field");
        assert!(row.save(db).await.expect_err("a key").message().contains("a primary key is not changed"));
        let mut row = one().first(db).await.expect("rows").expect("a row");
        row.set(|b| b.sides().set(7)).expect("a field");
        assert!(row.save(db).await.expect_err("computed").message().contains("is computed by the database"));
        let mut row = one().first(db).await.expect("rows").expect("a row");
        assert!(row.set(|b| b.author().name().set("x")).is_err());
        row.delete(db).await.expect("gone");
        let error = row.save(db).await.expect_err("it is gone");
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(row.load(db).await.expect_err("it is gone").kind(), ErrorKind::NotFound);
    })
    .await;
}

#[quintet::test]
async fn fields_of_rows_that_come_along_are_chosen_too() {
    each(async |db| {
        let (ann, bob) = library(db).await;
        let query = || {
            Book::objects()
                .select_related(|b| b.author())
                .select_related(|b| b.editor())
                .only(|b| (b.title(), b.author().name(), b.editor().name()))
                .order_by(|b| b.id())
        };
        let all = ["0.id", "0.title", "0.author_id", "0.editor_id", "1.id", "1.name", "2.id", "2.name"];
        assert_eq!(columns_of(&query()), all);
        let rows: Vec<Partly<Book>> = query().all(db).await.expect("rows");
        assert_eq!(rows[0].get(|b| b.author().name()).expect("came along"), "ann");
        assert_eq!(rows[0].get(|b| b.author().id()).expect("came along").0, ann.id.0);
        let error = rows[0].get(|b| b.author().born()).expect_err("did not");
        assert_eq!(error.message(), "`library.Author.born` was not read");
        assert!(rows[0].get(|b| b.editor().name()).is_err(), "there is no editor");
        assert_eq!(rows[0].get(|b| b.editor().name().optional()).expect("there is none"), None);
        assert_eq!(rows[0].get_by("editor__name").expect("there is none"), Value::Null);
        assert_eq!(rows[1].get(|b| b.editor().name().optional()).expect("there is one").as_deref(), Some("bob"));
        assert_eq!(rows[1].get_by("author__name").expect("came along"), Value::Text("ann".to_owned()));
        // A row of which not all came is no row of its model.
        assert!(rows[1].get(|b| b.author()).expect("a key").cached().is_none());
        let whole = Book::objects().defer(|b| b.words()).select_related(|b| b.editor()).order_by(|b| b.id());
        let rows = whole.all(db).await.expect("rows");
        let editor = rows[1].get(|b| b.editor()).expect("came along").expect("there is one");
        assert_eq!(editor.cached(), Some(&bob));
        let alone = Book::objects().only(|b| b.author().name()).first(db).await.expect("rows").expect("a row");
        let error = alone.get(|b| b.author().name()).expect_err("the row did not come along");
        assert!(error.hint().is_some_and(|hint| hint.contains("select_related")), "{error}");
    })
    .await;
}

#[quintet::test]
async fn a_row_seen_from_the_other_side_can_be_looked_at() {
    each(async |db| {
        library(db).await;
        let first = Book::objects().filter(|b| b.title().eq("First")).get(db).await.expect("a book");
        create!(db, Cover { book: &first, colour: "red" }).await.expect("a cover");
        let rows = Book::objects().only(|b| (b.title(), b.cover().colour())).select_related(|b| b.cover());
        let rows = rows.order_by(|b| b.id()).all(db).await.expect("rows");
        assert_eq!(rows[0].get(|b| b.cover().colour()).expect("came along"), "red");
        assert_eq!(rows[1].get(|b| b.cover().colour().optional()).expect("there is none"), None);
    })
    .await;
}

#[quintet::test]
async fn rows_of_two_tables_are_read_in_part_as_well() {
    each(async |db| {
        let (ann, _) = library(db).await;
        create!(db, Book { title: "x", author: &ann }).await.expect("a book");
        let mut book = Book::objects().filter(|b| b.title().eq("x")).get(db).await.expect("a book");
        book.title = "Maps".to_owned();
        let mut atlas = Atlas { book: Parent::new(book), maps: 3 };
        atlas.save(db).await.expect("an atlas");
        let queries =
            [Atlas::objects().only(|a| (a.maps(), a.book().title())), Atlas::objects().only_names(&["maps", "title"])];
        for (query, maps) in queries.into_iter().zip(3..) {
            let mut row = query.get(db).await.expect("a row");
            assert_eq!(row.get(|a| a.book().title()).expect("was read"), "Maps");
            assert_eq!(row.get(|a| a.maps()).expect("was read"), maps);
            assert!(row.get(|a| a.book().pages()).is_err());
            row.read(db, |a| a.book().pages()).await.expect("more");
            assert_eq!(row.get(|a| a.book().pages()).expect("was read"), 100);
            row.set(|a| a.maps().set(a.maps() + 1)).expect("a field");
            row.save(db).await.expect("both rows are written");
        }
        let atlas = Atlas::objects().get(db).await.expect("a row");
        assert_eq!((atlas.maps, atlas.book.row().map(|book| book.title.as_str())), (5, Some("Maps")));
    })
    .await;
}

#[quintet::test]
async fn values_and_other_rows_stand_beside_rows_in_part() {
    each(async |db| {
        library(db).await;
        let rows = Author::objects().only(|a| a.name()).annotate(|a| a.books().count());
        let rows = rows.order_by_with(|_, books| books.desc()).all(db).await.expect("rows");
        let found: Vec<(String, i64)> =
            rows.iter().map(|(author, books)| (author.get(|a| a.name()).expect("was read"), *books)).collect();
        assert_eq!(found, [("ann".to_owned(), 2), ("bob".to_owned(), 1)]);
        let rows = Author::objects().annotate(|a| a.books().count()).defer(|a| a.born()).order_by(|a| a.name());
        let rows = rows.all(db).await.expect("rows");
        assert!(rows[0].0.get(|a| a.born()).is_err() && rows[0].1 == 2);
        let rows = Author::objects().defer(|a| a.born()).with_rows(|a| a.books(), Book::objects());
        let rows = rows.all(db).await.expect("rows");
        assert_eq!((rows[0].1.len(), rows[0].0.get(|a| a.name()).expect("was read")), (2, "ann".to_owned()));
        let rows = Book::objects().only(|b| (b.title(), b.author())).prefetch_related(|b| b.author());
        let rows = rows.prefetch_related(|b| b.tags()).order_by(|b| b.id()).all(db).await.expect("rows");
        let author = rows[2].get(|b| b.author()).expect("was read");
        assert_eq!(author.cached().map(|author| author.name.as_str()), Some("bob"));
        assert_eq!(rows[0].get(|b| b.tags()).expect("came along").cached().map(<[Tag]>::len), Some(2));
        let lacks = Book::objects().only(|b| b.title()).prefetch_related(|b| b.author()).all(db).await;
        assert!(lacks.expect_err("the key was not read").message().contains("lack what `author` refers to"));
    })
    .await;
}

#[quintet::test]
async fn rows_in_part_stand_where_rows_do() {
    each(async |db| {
        library(db).await;
        let authors = || Author::objects().only(|a| a.name()).filter(|a| a.name().eq("ann"));
        assert_eq!(
            titles(db, Book::objects().filter(|b| b.author().is_in(authors())).order_by(|b| b.id())).await.len(),
            2
        );
        let ann = authors().get(db).await.expect("a row");
        assert_eq!(Book::objects().filter(|b| b.author().eq(&ann)).count(db).await.expect("a number"), 2);
        let united = authors().union(Author::objects().only(|a| a.name()).filter(|a| a.name().eq("bob")));
        let names: Vec<String> = united
            .order_by_names(&["-name"])
            .all(db)
            .await
            .expect("rows")
            .iter()
            .map(|row| row.get(|a| a.name()).expect("was read"))
            .collect();
        assert_eq!(names, ["bob", "ann"]);
        let mut stream =
            Book::objects().only(|b| b.title()).order_by(|b| b.id()).iterator(db, 2).await.expect("a stream");
        let mut found = vec![];
        while let Some(row) = stream.next().await.expect("a row") {
            found.push(row.get(|b| b.title()).expect("was read"));
        }
        assert_eq!(found, ["First", "Second", "third"]);
        let shelf = Shelf { row: 1, number: 2, place: "left".to_owned() }.insert(db).await;
        shelf.expect("a shelf");
        let shelf = Shelf::objects().only(|s| s.place()).get(db).await.expect("a row");
        assert_eq!(shelf.key(), (1, 2));
        assert_eq!(shelf.load(db).await.expect("the whole row").place, "left");
    })
    .await;
}

#[quintet::test]
async fn what_the_reference_refuses_is_refused() {
    each(async |db| {
        library(db).await;
        let both = Book::objects().only(|b| b.title()).select_related(|b| b.author()).all(db).await;
        let error = both.expect_err("deferred and traversed");
        assert_eq!(error.kind(), ErrorKind::Query);
        assert!(error.message().contains("cannot be both deferred and traversed"), "{error}");
        for name in ["nothing", "author__nothing", "title\" FROM x --", ""] {
            assert_eq!(Book::objects().only_names(&[name]).all(db).await.expect_err(name).kind(), ErrorKind::Query);
            assert_eq!(Book::objects().defer_names(&[name]).all(db).await.expect_err(name).kind(), ErrorKind::Query);
        }
        let computed = Book::objects().only(|b| b.title().lower()).all(db).await;
        assert!(computed.expect_err("no field").message().contains("a computed value is no field"));
        let united = Book::objects().defer(|b| b.words()).union(Book::objects().defer(|b| b.words()));
        assert!(united.only(|b| b.title()).all(db).await.is_err());
        let row = Book::objects().only(|b| b.title()).first(db).await.expect("rows").expect("a row");
        assert!(row.get_by("nothing").is_err() && row.get_by("words").is_err());
    })
    .await;
}
