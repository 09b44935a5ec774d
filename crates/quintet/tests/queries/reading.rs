//! Rows are found, counted, ordered and counted out.

use quintet::prelude::*;
use quintet::query::{case, count_rows, exists, outer, row_number, subquery, window};
use quintet_core::sql::Dialect;
use quintet_db::{Connection as _, ErrorKind};

use crate::harness::{each, library, titles};
use crate::models::*;

#[quintet::test]
async fn a_row_comes_back_as_it_was_written() {
    each(async |db| {
        let (ann, _) = library(db).await;
        let book = Book::objects().filter(|b| b.title().eq("First")).get(db).await.expect("a book");
        assert_eq!((book.pages, book.price, book.status), (100, Decimal::new(1050, 2), Status::Printed));
        assert_eq!((book.author.id, book.sides.0, book.words.as_str()), (ann.id.0, 200, ""));
        assert_eq!(book.editor, None);
    })
    .await;
}

#[quintet::test]
async fn relations_are_walked_in_both_directions() {
    each(async |db| {
        library(db).await;
        let of_ann = Book::objects().filter(|b| b.author().name().eq("ann")).order_by(|b| b.title().asc());
        assert_eq!(titles(db, of_ann).await, ["First", "Second"]);
        let authors = Author::objects().filter(|a| a.books().tags().label().eq("new")).all(db).await.expect("authors");
        assert_eq!(authors.len(), 1);
        let deep = Book::objects().filter(|b| b.author().teacher().books().title().startswith("Sec"));
        assert_eq!(titles(db, deep).await, ["third"]);
    })
    .await;
}

#[quintet::test]
async fn conditions_are_joined_by_operators() {
    each(async |db| {
        library(db).await;
        let either =
            Book::objects().filter(|b| b.pages().lt(150) | b.title().icontains("THIRD")).order_by(|b| b.id().asc());
        assert_eq!(titles(db, either).await, ["First", "third"]);
        let not = Book::objects().filter(|b| !b.title().eq("First") & b.pages().gt(250));
        assert_eq!(titles(db, not).await, ["Second"]);
        let odd = Book::objects().filter(|b| b.pages().lt(250) ^ b.author().name().eq("bob"));
        assert_eq!(titles(db, odd).await, ["First"]);
    })
    .await;
}

#[quintet::test]
async fn paths_and_names_mean_the_same_as_methods() {
    each(async |db| {
        library(db).await;
        let books = Book::objects().filter_by("author__name__icontains", "AN").order_by_names(&["-pages"]);
        assert_eq!(titles(db, books).await, ["Second", "First"]);
        let both = Book::objects().filter(|b| q("author__name", "ann") & b.pages().eq(100));
        assert_eq!(titles(db, both).await, ["First"]);
    })
    .await;
}

#[quintet::test]
async fn a_name_that_is_nothing_is_an_error() {
    each(async |db| {
        for path in ["nothing", "author__nothing", "title__nothing", "title\" OR 1=1 --"] {
            let error = Book::objects().filter_by(path, "x").all(db).await.expect_err(path);
            assert_eq!(error.kind(), ErrorKind::Query, "{path}: {error}");
        }
        let error = Book::objects().order_by_names(&["nothing"]).all(db).await.expect_err("no such field");
        assert_eq!(error.kind(), ErrorKind::Query);
    })
    .await;
}

#[quintet::test]
async fn a_name_that_is_misspelt_behind_a_relation_is_told_the_right_one() {
    each(async |db| {
        let books = Book::objects;
        let told = [
            books().filter_by("author__nmae", "x").all(db).await.err(),
            books().filter_by("author__nmae__icontains", "x").all(db).await.err(),
            books().order_by_names(&["author__nmae"]).all(db).await.err(),
            books().values_list(&["author__nmae"]).all(db).await.err(),
            Author::objects().filter_by("books__author__nmae", "x").all(db).await.err(),
        ];
        for error in told {
            let error = error.expect("no such field");
            assert_eq!((error.kind(), error.hint()), (ErrorKind::Query, Some("did you mean `name`?")), "{error}");
        }
        let lookup = books().filter_by("author__name__icontain", "x").all(db).await.expect_err("no such lookup");
        assert_eq!(lookup.hint(), Some("did you mean `icontains`?"));
    })
    .await;
}

#[quintet::test]
async fn slices_choose_by_number() {
    each(async |db| {
        library(db).await;
        let books = Book::objects().order_by(|b| b.pages().asc());
        assert_eq!(titles(db, books.clone().slice(1..3)).await, ["third", "Second"]);
        assert_eq!(titles(db, books.clone().slice(1..).limit(1)).await, ["third"]);
        assert_eq!(titles(db, books.clone().offset(2)).await, ["Second"]);
        assert_eq!(books.reverse().limit(2).count(db).await.expect("a number"), 2);
    })
    .await;
}

#[quintet::test]
async fn nothing_is_filtered_or_ordered_behind_a_slice() {
    each(async |db| {
        library(db).await;
        let sliced = || Book::objects().limit(1);
        let refused = [
            sliced().filter(|b| b.pages().gt(1)).all(db).await.err(),
            sliced().order_by(|b| b.id().asc()).all(db).await.err(),
            sliced().reverse().all(db).await.err(),
            sliced().distinct().all(db).await.err(),
        ];
        for error in refused {
            let error = error.expect("a refusal");
            assert_eq!(error.kind(), ErrorKind::Query, "{error}");
        }
        assert!(sliced().update(db, |b| b.pages().set(1)).await.is_err());
        assert!(sliced().delete(db).await.is_err());
        assert!(sliced().last(db).await.is_err());
    })
    .await;
}

#[quintet::test]
async fn get_tells_none_and_several_apart() {
    each(async |db| {
        library(db).await;
        let none = Book::objects().filter(|b| b.title().eq("x")).get(db).await.expect_err("there is none");
        assert_eq!((none.kind(), none.message()), (ErrorKind::NotFound, "no `Book` matches the query"));
        let several = Book::objects().get(db).await.expect_err("there are three");
        assert_eq!(several.kind(), ErrorKind::MultipleFound);
        assert_eq!(several.message(), "one `Book` was asked for, and 3 match the query");
    })
    .await;
}

#[quintet::test]
async fn the_ends_of_an_order_are_found() {
    each(async |db| {
        library(db).await;
        let title = |book: Option<Book>| book.map(|book| book.title);
        let books = Book::objects;
        assert_eq!(title(books().first(db).await.expect("an answer")).as_deref(), Some("First"));
        assert_eq!(title(books().last(db).await.expect("an answer")).as_deref(), Some("third"));
        assert_eq!(title(books().none().first(db).await.expect("an answer")), None);
        assert_eq!(books().latest(db, |_| ()).await.expect("a book").title, "Second");
        assert_eq!(books().earliest(db, |b| b.pages().asc()).await.expect("a book").title, "First");
        let none = books().none().latest(db, |_| ()).await.expect_err("there is none");
        assert_eq!(none.kind(), ErrorKind::NotFound);
    })
    .await;
}

#[quintet::test]
async fn rows_are_counted_and_looked_for() {
    each(async |db| {
        let (ann, bob) = library(db).await;
        assert_eq!(Book::objects().count(db).await.expect("a number"), 3);
        assert!(Book::objects().filter(|b| b.author().eq(&bob)).exists(db).await.expect("an answer"));
        assert!(!Book::objects().none().exists(db).await.expect("an answer"));
        assert!(Author::objects().filter(|a| a.name().eq("ann")).contains(db, &ann).await.expect("an answer"));
        let bulk = Author::objects().in_bulk(db, [ann.id.0, 99]).await.expect("authors");
        assert_eq!(bulk.keys().copied().collect::<Vec<_>>(), [ann.id.0]);
    })
    .await;
}

#[quintet::test]
async fn queries_are_united() {
    each(async |db| {
        library(db).await;
        let with = |label: &str| Book::objects().filter(|b| b.tags().label().eq(label));
        let united = with("new").union(with("old")).order_by_names(&["title"]);
        assert_eq!(titles(db, united).await, ["First", "Second"]);
        assert_eq!(with("new").intersection(with("old")).count(db).await.expect("a number"), 1);
        let left = titles(db, with("old").difference(with("new"))).await;
        assert_eq!(left, ["Second"]);
        assert!(with("new").union(with("old")).filter(|b| b.pages().gt(1)).all(db).await.is_err());
    })
    .await;
}

#[quintet::test]
async fn a_query_stands_in_another() {
    each(async |db| {
        library(db).await;
        let printed = Book::objects().filter(|b| b.status().eq(Status::Printed));
        let authors = Author::objects().filter(|a| a.id().is_in(printed.values(|b| b.author().key())));
        assert_eq!(authors.count(db).await.expect("a number"), 1);
        let by = Author::objects().filter(|a| a.name().eq("bob"));
        assert_eq!(titles(db, Book::objects().filter(|b| b.author().is_in(by))).await, ["third"]);
        let reviewed = Review::objects().filter(|r| r.book().key().eq(outer::<Book, _>(|b| b.id())));
        assert_eq!(Book::objects().filter(|_| exists(reviewed)).count(db).await.expect("a number"), 2);
    })
    .await;
}

#[quintet::test]
async fn a_query_two_deep_names_the_model_that_it_means() {
    each(async |db| {
        library(db).await;
        // Both have an `id`: the nearer one would give other rows, in silence.
        let by_author = || Review::objects().filter(|r| r.book().author().key().eq(outer::<Author, _>(|a| a.id())));
        let books = Book::objects().filter(|_| exists(by_author()));
        let authors = Author::objects().filter(|_| exists(books)).order_by_names(&["name"]);
        let plain = Author::objects().filter(|_| exists(by_author())).order_by_names(&["name"]);
        let names = async |query: QuerySet<Author>| -> Vec<String> {
            query.all(db).await.expect("authors").into_iter().map(|author| author.name).collect()
        };
        let (two_deep, one_deep) = (names(authors).await, names(plain).await);
        assert_eq!(two_deep, one_deep);
        let nowhere = Book::objects().filter(|b| b.id().eq(outer::<Author, _>(|a| a.id())));
        let error = Tag::objects().filter(|_| exists(nowhere)).all(db).await.expect_err("no author is around");
        assert!(error.message().contains("no query around this one is about"), "{error}");
    })
    .await;
}

#[quintet::test]
async fn rows_are_locked_in_a_transaction_only() {
    each(async |db| {
        library(db).await;
        let locked = || Book::objects().select_for_update();
        let alone = locked().all(db).await;
        match db.dialect() {
            Dialect::Sqlite => assert_eq!(alone.expect("no such locks there").len(), 3),
            Dialect::Postgres => assert_eq!(alone.expect_err("no transaction").kind(), ErrorKind::Usage),
        }
        let within = db.atomic(async |tx| locked().all(tx).await).await.expect("locked rows");
        assert_eq!(within.len(), 3);
    })
    .await;
}

#[quintet::test]
async fn values_stand_beside_rows() {
    each(async |db| {
        library(db).await;
        let authors =
            Author::objects().annotate(|a| a.books().count()).order_by_names(&["name"]).all(db).await.expect("authors");
        let counts: Vec<(String, i64)> = authors.into_iter().map(|(author, books)| (author.name, books)).collect();
        assert_eq!(counts, [("ann".to_owned(), 2), ("bob".to_owned(), 1)]);
        let many = Author::objects().annotate(|a| (a.books().count(), a.books().pages().max()));
        let many = many.filter_with(|_, (count, _)| count.gt(1)).all(db).await.expect("authors");
        assert_eq!(
            many.into_iter().map(|(author, values)| (author.name, values)).collect::<Vec<_>>(),
            [("ann".to_owned(), (2, Some(300)))]
        );
        let titled = Author::objects().annotate(|_| {
            let own = Book::objects().filter(|b| b.author().key().eq(outer::<Author, _>(|a| a.id())));
            subquery(own.order_by(|b| b.pages().desc()).values(|b| b.title()).limit(1))
        });
        let titled: Vec<Option<String>> = titled.all(db).await.expect("rows").into_iter().map(|it| it.1).collect();
        assert_eq!(titled, [Some("Second".to_owned()), Some("third".to_owned())]);
    })
    .await;
}

#[quintet::test]
async fn windows_and_cases_are_computed() {
    each(async |db| {
        library(db).await;
        let numbered = Book::objects().order_by(|b| b.id().asc()).values(|b| {
            let by_author = window().partition_by(b.author()).order_by(b.pages().desc());
            let size = case(b.pages().gt(150), "long").otherwise("short");
            (b.title(), row_number().over(by_author), size)
        });
        let rows = numbered.all(db).await.expect("rows");
        let first: Vec<(&str, i64, &str)> = rows.iter().map(|row| (row.0.as_str(), row.1, row.2.as_str())).collect();
        assert_eq!(first, [("First", 2, "short"), ("Second", 1, "long"), ("third", 1, "long")]);
    })
    .await;
}

#[quintet::test]
async fn rows_are_grouped_by_values() {
    each(async |db| {
        library(db).await;
        let by_author = Book::objects().values(|b| b.author().name()).annotate(|_| count_rows());
        let rows = by_author.order_by_names(&["author__name"]).all(db).await.expect("groups");
        assert_eq!(rows, [("ann".to_owned(), 2), ("bob".to_owned(), 1)]);
    })
    .await;
}

#[quintet::test]
async fn rows_stream_in_chunks() {
    each(async |db| {
        library(db).await;
        let mut books = Book::objects().order_by(|b| b.id().asc()).iterator(db, 2).await.expect("a stream");
        let mut found = vec![];
        while let Some(book) = books.next().await.expect("a book") {
            found.push(book.title);
        }
        assert_eq!(found, ["First", "Second", "third"]);
    })
    .await;
}

#[quintet::test]
async fn sql_of_the_programs_own_gives_rows() {
    each(async |db| {
        library(db).await;
        let sql = "SELECT * FROM library_author WHERE name = $1";
        let authors = QuerySet::<Author>::raw(db, sql, vec!["bob".into()]).await.expect("authors");
        assert_eq!(authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>(), ["bob"]);
        let lacks = QuerySet::<Author>::raw(db, "SELECT id FROM library_author", vec![]).await;
        assert!(lacks.expect_err("no name").message().contains("lack the column `name`"));
    })
    .await;
}

#[quintet::test]
async fn the_database_explains_itself() {
    each(async |db| {
        let text = Book::objects().explain(db).await.expect("words");
        assert!(text.contains("library_book"), "{text}");
    })
    .await;
}

#[quintet::test]
async fn a_manager_says_where_queries_begin() {
    each(async |db| {
        library(db).await;
        assert_eq!(PrintedBook::objects().count(db).await.expect("a number"), 1);
        assert_eq!(PrintedBook::all_objects().count(db).await.expect("a number"), 3);
        assert_eq!(PrintedBook::objects().get(db).await.expect("a book").0.title, "First");
    })
    .await;
}
