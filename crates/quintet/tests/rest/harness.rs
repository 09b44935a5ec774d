//! A site of the notes on a scratch database, one of each kind.

use std::sync::atomic::{AtomicU32, Ordering};

use quintet::migrations::{Migration, Operation};
use quintet::prelude::*;
use quintet::registry::project_state;
use quintet::rest::RestFramework;
use quintet::settings::{DatabaseUrl, Settings};
use quintet::testing::Client;
use quintet_core::schema::ProjectState;
use quintet_core::sql::{Action, forwards};
use quintet_db::Connection as _;

use crate::scratch::Scratch;
use crate::views::*;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A database with ana, boris and root, and a note of each of the first two.
pub struct Notes {
    pub db: Database,
    settings: Settings,
}

impl Notes {
    /// A client who is this user, or nobody.
    pub fn by(&self, user: &str) -> Client {
        let client = Client::of(self.settings.clone());
        if user.is_empty() { client } else { client.with_header("x-user", user) }
    }

    /// The same where each request is a transaction.
    pub fn atomic(&self) -> Client {
        Client::of(Settings { atomic_requests: true, ..self.settings.clone() }).with_header("x-user", "ana")
    }

    /// The titles of all notes.
    pub async fn titles(&self) -> Vec<String> {
        let notes = Note::objects().all(&self.db).await.expect("notes");
        notes.into_iter().map(|note| note.title).collect()
    }
}

/// Runs a test on each database that there is.
#[allow(clippy::needless_pass_by_value, reason = "a closure is given as it is written")]
pub fn each(test: impl AsyncFn(&Notes)) {
    quintet::testing::block_on(async {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("quintet_notes_{}_{number}", std::process::id());
        on(&Scratch::new().url(), &test).await;
        if let Ok(server) = std::env::var("QUINTET_TEST_POSTGRES") {
            let admin = Database::connect(&parsed(&server), std::path::Path::new("/"));
            admin.script(&format!("CREATE DATABASE {name}")).await.expect("a scratch database");
            on(&server.replacen("/postgres?", &format!("/{name}?"), 1), &test).await;
            let dropped = admin.script(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
            dropped.expect("the scratch database goes");
        }
    });
}

fn parsed(url: &str) -> DatabaseUrl {
    DatabaseUrl::parse("DATABASE_URL", url).expect("a URL of the test's own")
}

async fn on(url: &str, test: &impl AsyncFn(&Notes)) {
    let settings = Settings {
        database: parsed(url),
        installed_apps: vec![app()],
        auth_user_model: "notes.Person".to_owned(),
        urls,
        rest_framework: RestFramework {
            default_authentication_classes: vec![ByHeader.into()],
            ..RestFramework::default()
        },
        ..Settings::default()
    };
    let db = quintet::database(&settings).expect("a database");
    fill(&db).await;
    test(&Notes { db, settings }).await;
}

async fn fill(db: &Database) {
    let state: ProjectState = project_state(&[app()], "notes.Person");
    let create = |name: &&str| {
        let model = state.model("notes", name).expect("a model of the notes");
        Operation::CreateModel {
            name: model.name.clone(),
            fields: model.fields.clone(),
            options: model.options.clone(),
            bases: model.bases.clone(),
            managers: vec![],
        }
    };
    let operations = ["Person", "Note"].iter().map(create).collect();
    let migration = Migration { app: "notes".to_owned(), ..Migration::new("0001_initial").operations(operations) };
    for step in
        forwards(db.dialect(), &migration, &ProjectState::new("notes.Person"), "2024-01-01 00:00:00").expect("tables")
    {
        if let Action::Sql(sql) = step.action {
            db.script(&sql).await.expect("a table");
        }
    }
    let ana = create!(db, Person { name: "ana" }).await.expect("ana");
    let boris = create!(db, Person { name: "boris" }).await.expect("boris");
    create!(db, Person { name: "root" }).await.expect("root");
    create!(db, Note { title: "first", owner: &ana }).await.expect("a note");
    create!(db, Note { title: "second", owner: &boris }).await.expect("a note");
}
