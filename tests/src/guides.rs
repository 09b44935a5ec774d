//! What the examples of the guides about queries share: models, and a database with a few rows of them.
//!
//! The guide shows the models; each example hides `run(..)` around itself, and is a test.
#![allow(missing_docs)] // Models as a project writes them.

pub mod browsers;
pub mod rest;

use std::path::Path;
use std::sync::Arc;

use quintet::migrations::Result;
use quintet::prelude::*;
use quintet::registry::project_state;
use quintet_core::database_url::DatabaseUrl;
use quintet_core::migrate::detect::{Detected, History, Request as Wanted, detect};
use quintet_core::migrate::question::Answers;
use quintet_core::query::Registry;
use quintet_core::schema::ProjectState;
use quintet_core::sql::{Action, forwards};

/// Who writes.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(ordering = ["name"])]
pub struct Author {
    pub id: BigAuto,
    #[field(max_length = 50, unique)]
    pub name: String,
    #[field(blank)]
    pub born: Option<Date>,
}

/// What notes are about.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct Tag {
    pub id: BigAuto,
    #[field(max_length = 30, unique)]
    pub label: String,
}

/// What is written.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(get_latest_by = "created_at")]
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 100)]
    pub title: String,
    #[field(blank)]
    pub content: Text,
    #[field(default = 0)]
    pub views: i64,
    #[field(default = false)]
    pub archived: bool,
    #[field(blank)]
    pub facts: Option<Json>,
    #[field(auto_now_add)]
    pub created_at: DateTime,
    #[field(on_delete = cascade, related_name = "notes")]
    pub author: ForeignKey<Author>,
    #[field(blank, related_name = "notes")]
    pub tags: ManyToMany<Tag>,
}

quintet::app! { api, models = [Author, Tag, Note] }

/// Runs an example on a database of its own, with three notes of two authors.
///
/// # Panics
/// Where the example fails.
#[track_caller]
pub fn run(example: impl AsyncFnOnce(&Database) -> Result<()>) {
    let done = quintet::testing::block_on(async {
        let db = database().await?;
        fill(&db).await?;
        example(&db).await
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}

async fn database() -> Result<Database> {
    let state = project_state(&[app()], "api.Author");
    let url = DatabaseUrl::parse("DATABASE_URL", "sqlite::memory:").expect("a URL");
    let registry = Registry::new(&state, "UTC").expect("relations that lead somewhere");
    let db = Database::connect(&url, Path::new(".")).with_models(Arc::new(registry));
    let before = ProjectState::new("api.Author");
    let found = detect(&before, &state, &History::default(), &Wanted::default(), &Answers::default());
    let Ok(Detected::Changes(changes)) = found else { panic!("new tables ask nothing") };
    for migration in changes.iter().flat_map(|app| &app.migrations) {
        let steps = forwards(Db::from(&db).dialect(), migration, &before, "2024-01-01 00:00:00").expect("tables");
        for step in steps {
            if let Action::Sql(sql) = step.action {
                Db::from(&db).script(&sql).await?;
            }
        }
    }
    Ok(db)
}

async fn fill(db: &Database) -> Result<()> {
    let ann = create!(db, Author { name: "ann", born: Date::from_ymd_opt(1950, 2, 3).expect("a day") }).await?;
    let bob = create!(db, Author { name: "bob" }).await?;
    let hello = create!(db, Note { title: "Hello", author: &ann, views: 3, facts: json!({"mood": "good"}) }).await?;
    let shopping = create!(db, Note { title: "Shopping", author: &ann, views: 120 }).await?;
    create!(db, Note { title: "Second thoughts", author: &bob, views: 10, archived: true }).await?;
    let new = create!(db, Tag { label: "new" }).await?;
    let old = create!(db, Tag { label: "old" }).await?;
    hello.tags.add(db, [&new, &old]).await?;
    shopping.tags.add(db, [&old]).await
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::support::checkout;

    #[test]
    fn the_guide_shows_the_models_of_the_examples() {
        let page = fs::read_to_string(checkout().join("docs/guides/queries.md")).expect("the guide");
        let own = include_str!("guides.rs");
        let structs: Vec<&str> =
            own.split("\n\n").filter(|block| block.contains("derive(Model") && block.ends_with('}')).collect();
        assert_eq!(structs.len(), 3);
        for model in structs {
            let model = model.lines().filter(|line| !line.starts_with("///")).collect::<Vec<_>>().join("\n");
            assert!(page.contains(&model), "docs/guides/queries.md does not show\n{model}");
        }
    }
}
