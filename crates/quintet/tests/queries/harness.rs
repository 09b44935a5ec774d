//! Scratch databases with the library's tables, one of each kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use quintet::migrations::{Migration, Operation};
use quintet::prelude::*;
use quintet::registry::project_state;
use quintet_core::database_url::DatabaseUrl;
use quintet_core::query::Registry;
use quintet_core::schema::ProjectState;
use quintet_core::sql::{Action, forwards};
use quintet_db::Connection as _;

use crate::models::*;
use crate::scratch::Scratch;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// Runs a test on each database that there is.
pub async fn each(test: impl AsyncFn(&Database)) {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("quintet_library_{}_{number}", std::process::id());
    let scratch = Scratch::new();
    let db = open(&scratch.url());
    fill(&db).await;
    test(&db).await;
    drop(db);
    drop(scratch);
    if let Ok(server) = std::env::var("QUINTET_TEST_POSTGRES") {
        open(&server).script(&format!("CREATE DATABASE {name}")).await.expect("a scratch database");
        let db = open(&server.replacen("/postgres?", &format!("/{name}?"), 1));
        fill(&db).await;
        test(&db).await;
        drop(db);
        let dropped = open(&server).script(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        dropped.expect("the scratch database goes");
    }
}

fn open(url: &str) -> Database {
    let url = DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own");
    Database::connect(&url, std::path::Path::new("/")).with_models(registry())
}

/// The models of the library.
pub fn registry() -> Arc<Registry> {
    Arc::new(Registry::new(&state(), "UTC").expect("relations that lead somewhere"))
}

fn state() -> ProjectState {
    project_state(&[app()], "library.Author")
}

async fn fill(db: &Database) {
    let state = state();
    let order =
        ["Author", "Tag", "Book", "Review", "Cover", "Atlas", "PrintedBook", "Shelf", "Answer", "Rule", "EntryForm"];
    let create = |name: &&str| {
        let model = state.model("library", name).expect("a model of the library");
        Operation::CreateModel {
            name: model.name.clone(),
            fields: model.fields.clone(),
            options: model.options.clone(),
            bases: model.bases.clone(),
            managers: vec![],
        }
    };
    let operations = order.iter().map(create).collect();
    let migration = Migration { app: "library".to_owned(), ..Migration::new("0001_initial").operations(operations) };
    let before = ProjectState::new("library.Author");
    let steps = forwards(db.dialect(), &migration, &before, "2024-01-01 00:00:00").expect("tables");
    for step in steps {
        if let Action::Sql(sql) = step.action {
            db.script(&sql).await.expect("a table");
        }
    }
}

/// Ann has taught Bob; three books, two tags.
pub async fn library(db: &Database) -> (Author, Author) {
    let ann = create!(db, Author { name: "ann", born: Date::from_ymd_opt(1950, 2, 3).expect("a day") }).await;
    let ann = ann.expect("an author");
    let bob = create!(db, Author { name: "bob", teacher: &ann }).await.expect("an author");
    let first = create!(db, Book { title: "First", author: &ann, pages: 100, status: Status::Printed }).await;
    let second = create!(db, Book { title: "Second", author: &ann, pages: 300, editor: &bob }).await;
    let third = create!(db, Book { title: "third", author: &bob, pages: 200 }).await;
    let (first, second) = (first.expect("a book"), second.expect("a book"));
    third.expect("a book");
    let new = create!(db, Tag { label: "new" }).await.expect("a tag");
    let old = create!(db, Tag { label: "old" }).await.expect("a tag");
    first.tags.add(db, [&new, &old]).await.expect("tags");
    second.tags.add(db, [&old]).await.expect("tags");
    for stars in [5, 3] {
        create!(db, Review { book: &first, stars }).await.expect("a review");
    }
    create!(db, Review { book: &second }).await.expect("a review");
    (ann, bob)
}

/// The titles of books, in their order.
pub async fn titles(db: &Database, books: QuerySet<Book>) -> Vec<String> {
    books.all(db).await.expect("books").into_iter().map(|book| book.title).collect()
}
