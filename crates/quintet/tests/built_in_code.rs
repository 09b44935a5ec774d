//! The code that migrations of the built-in apps run, on a real database.

mod scratch;

use std::path::Path;

use quintet::{App, apps};
use quintet_core::database_url::DatabaseUrl;
use quintet_core::operation::{Migration, words::create_model};
use quintet_core::schema::words::*;
use quintet_core::schema::{ProjectState, Value};
use quintet_db::migrate::{Direction, Executor, Mode};
use quintet_db::{Connection, Database};

use crate::scratch::Scratch;

/// A new database with a project that migrates step by step.
struct Project {
    db: Database,
    state: ProjectState,
    /// After the database, so that it is the last to go.
    _scratch: Scratch,
}

impl Project {
    fn new() -> Self {
        let scratch = Scratch::new();
        let url = DatabaseUrl::parse("DATABASE_URL", &scratch.url()).unwrap();
        Self { db: Database::connect(&url, Path::new("/")), state: ProjectState::new("auth.User"), _scratch: scratch }
    }

    /// Does the next migration.
    async fn forwards(&mut self, migration: &Migration) {
        self.run(migration, Direction::Forwards).await;
        migration.apply(&mut self.state).unwrap();
    }

    /// Undoes a migration, before which the state was this.
    async fn backwards(&mut self, migration: &Migration, before: ProjectState) {
        self.state = before;
        self.run(migration, Direction::Backwards).await;
    }

    async fn run(&self, migration: &Migration, direction: Direction) {
        let done = Executor::new(&self.db, &|_| {}).apply(migration, &self.state, direction, Mode::Run).await;
        done.unwrap_or_else(|error| panic!("{}: {error}", migration.label()));
    }

    async fn execute(&self, sql: &str) {
        self.db.execute(sql, &[]).await.unwrap();
    }

    async fn rows(&self, sql: &str) -> Vec<Vec<Value>> {
        self.db.query(sql, &[]).await.unwrap().into_iter().map(quintet_db::Row::into_values).collect()
    }
}

fn migrations(app: &App) -> Vec<Migration> {
    quintet::registry::all_migrations(std::slice::from_ref(app))
}

fn of(app: &str, operations: Vec<quintet_core::operation::Operation>) -> Migration {
    Migration { app: app.to_owned(), ..Migration::new("0001_initial").operations(operations) }
}

#[quintet::test]
async fn on_the_way_back_a_content_type_is_named_as_its_model_is() {
    let mut project = Project::new();
    let migrations = migrations(&apps::contenttypes());
    project.forwards(&migrations[0]).await;
    let before = project.state.clone();
    project.forwards(&migrations[1]).await;
    let sql =
        "INSERT INTO django_content_type (app_label, model) VALUES ('contenttypes', 'contenttype'), ('old', 'gone')";
    project.execute(sql).await;
    project.backwards(&migrations[1], before).await;
    let names = project.rows("SELECT name FROM django_content_type ORDER BY id").await;
    assert_eq!(names, [[Value::from("ContentType")], [Value::from("gone")]]);
}

#[quintet::test]
async fn permissions_upon_a_proxy_move_to_its_content_type_and_back() {
    let mut project = Project::new();
    let permissions = "SELECT model, codename FROM auth_permission JOIN django_content_type AS t ON t.id = content_type_id \
                       ORDER BY auth_permission.id";
    let before = before_proxy_permissions(&mut project).await;
    let row = |model: &str, codename: &str| vec![Value::from(model), Value::from(codename)];
    let others = [row("plain", "add_plain"), row("plain", "own")];
    assert_eq!(
        project.rows(permissions).await,
        [vec![row("face", "add_face"), row("face", "wink")], others.to_vec()].concat()
    );
    let last = &migrations(&apps::auth())[10];
    project.backwards(last, before).await;
    let back = [row("plain", "add_face"), row("plain", "wink")];
    assert_eq!(project.rows(permissions).await, [back, others].concat());
}

/// Does all up to the migration that moves permissions, that one too; gives the state before it.
async fn before_proxy_permissions(project: &mut Project) -> ProjectState {
    for migration in migrations(&apps::contenttypes()) {
        project.forwards(&migration).await;
    }
    let auth = migrations(&apps::auth());
    for migration in &auth[..10] {
        project.forwards(migration).await;
    }
    let plain = create_model("Plain", vec![("id", big_auto().primary_key())], options());
    let face = create_model("Face", vec![], options().proxy().permission("wink", "May wink")).bases(&["shop.plain"]);
    project.forwards(&of("shop", vec![plain, face])).await;
    project.execute("INSERT INTO django_content_type (app_label, model) VALUES ('shop', 'plain')").await;
    project
        .execute(
            "INSERT INTO auth_permission (content_type_id, codename, name) VALUES \
             (1, 'add_face', 'Any name'), (1, 'wink', 'May wink'), (1, 'add_plain', 'x'), (1, 'own', 'May wink')",
        )
        .await;
    let before = project.state.clone();
    project.forwards(&auth[10]).await;
    before
}

#[quintet::test]
async fn identifiers_of_tokens_become_text_of_32_digits() {
    let mut project = Project::new();
    let before_auth = [migrations(&apps::contenttypes()), migrations(&apps::auth())].concat();
    let tokens = migrations(&apps::token_blacklist());
    for migration in before_auth.iter().chain(&tokens[..2]) {
        project.forwards(migration).await;
    }
    project.execute("INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined) VALUES (1, '', 0, 'u', '', '', '', 0, 1, '2024-01-01')").await;
    project
        .execute(
            "INSERT INTO token_blacklist_outstandingtoken (jti, token, created_at, expires_at, user_id) VALUES \
             ('0123456789abcdef0123456789abcdef', 't', '2024-01-01', '2024-01-02', 1)",
        )
        .await;
    project.forwards(&tokens[2]).await;
    let text = project.rows("SELECT jti_hex FROM token_blacklist_outstandingtoken").await;
    assert_eq!(text, [[Value::from("0123456789abcdef0123456789abcdef")]]);
}
