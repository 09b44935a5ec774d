//! Models out of a database that the reference made: the text is compiled here, and the tables of those models are the
//! tables that were there.
#![allow(unreachable_pub)] // As a project writes them.

use std::path::{Path, PathBuf};

use quintet::testing::block_on;
use quintet_core::check::Message;
use quintet_core::check::models::{ModelFacts, models as check_models};
use quintet_core::database_url::DatabaseUrl;
use quintet_core::inspect::{Schema, Wanted, models};
use quintet_core::migrate::detect::{Detected, History, Request, detect};
use quintet_core::migrate::question::Answers;
use quintet_core::schema::ProjectState;
use quintet_core::sql::Dialect;
use quintet_db::introspect::{schema, seen};
use quintet_db::migrate::{Direction, Executor, Mode, Notice};
use quintet_db::{Connection as _, Database};

macro_rules! taken_over {
    ($label:ident, $models:ident) => {
        mod $label {
            use super::$models::*;

            quintet::app! { $label, models = [
                ApiNote, AuthGroup, AuthGroupPermissions, AuthPermission, AuthUser, AuthUserGroups,
                AuthUserUserPermissions, DjangoAdminLog, DjangoContentType, DjangoSession, ShopBooking, ShopCategory,
                ShopOndelete, ShopOrder, ShopOrderline, ShopProduct, ShopProductTags, ShopProductdetail, ShopRequired,
                ShopRequiredMany, ShopSpecimen, ShopTag, ShopVendor, TokenBlacklistBlacklistedtoken,
                TokenBlacklistOutstandingtoken,
            ] }
        }
    };
}

/// What is not the same: names that older migrations left, where a new table would have others.
const RENAMED: &str = "\
- token_blacklist_blacklistedtoken: foreign key token_blacklist_blacklistedtoken_token_id_3cc7fe56_fk (token_id) to token_blacklist_outstandingtoken (id) initially deferred
- token_blacklist_outstandingtoken: index token_blacklist_outstandingtoken_jti_hex_d9bdf6f7_like btree (jti varchar_pattern_ops)
- token_blacklist_outstandingtoken: unique token_blacklist_outstandingtoken_jti_hex_d9bdf6f7_uniq (jti) 
+ token_blacklist_blacklistedtoken: foreign key token_blacklist_blac_token_id_3cc7fe56_fk_token_bla (token_id) to token_blacklist_outstandingtoken (id) initially deferred
+ token_blacklist_outstandingtoken: index token_blacklist_outstandingtoken_jti_28cb9931_like btree (jti varchar_pattern_ops)
+ token_blacklist_outstandingtoken: unique token_blacklist_outstandingtoken_jti_key (jti) 
";

#[path = "inspected/postgres.rs"]
mod postgres_models;
#[path = "inspected/sqlite.rs"]
mod sqlite_models;

taken_over!(of_sqlite, sqlite_models);
taken_over!(of_postgres, postgres_models);

/// Databases to try: one of the reference's, and an empty one.
struct Pair {
    theirs: Database,
    ours: Database,
    folder: PathBuf,
}

impl Drop for Pair {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn open(url: &str) -> Database {
    Database::connect(&DatabaseUrl::parse("DATABASE_URL", url).expect("a URL"), Path::new("/"))
}

fn recording(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracle/db/schema").join(name);
    std::fs::read_to_string(file).expect("a recording")
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("quintet_inspect_{}_{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

async fn sqlite(name: &str) -> Pair {
    let folder = folder(name);
    let file = |name: &str| format!("sqlite://{}", folder.join(name).display());
    let theirs = open(&file("theirs"));
    theirs.script(&recording("sqlite.sql")).await.expect("the recording");
    Pair { theirs, ours: open(&file("ours")), folder }
}

/// Nothing where there is no server, which is said.
async fn postgres(name: &str) -> Option<Pair> {
    let Ok(server) = std::env::var("QUINTET_TEST_POSTGRES") else {
        #[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
        let () = println!("skipped: QUINTET_TEST_POSTGRES is not set (make test sets it)");
        return None;
    };
    let mut urls = vec![];
    for which in ["theirs", "ours"] {
        let database = format!("quintet_inspect_{}_{name}_{which}", std::process::id());
        open(&server).script(&format!("CREATE DATABASE {database}")).await.expect("a database");
        urls.push(server.replacen("/postgres?", &format!("/{database}?"), 1));
    }
    open(&urls[0]).script(&recording("postgresql.sql")).await.expect("the recording");
    // The dump empties the search path of its session.
    Some(Pair { theirs: open(&urls[0]), ours: open(&urls[1]), folder: folder(name) })
}

/// Makes the tables of an app's models, as `makemigrations` and `migrate` do.
async fn make(db: &Database, app: quintet::App) {
    let mut state = ProjectState::new("auth.User");
    let wanted = quintet::registry::project_state(&[app], "auth.User");
    let changes = match detect(&state, &wanted, &History::default(), &Request::default(), &Answers::default())
        .expect("an order")
    {
        Detected::Changes(changes) => changes,
        Detected::Ask(question) => panic!("{question:?}"),
    };
    let silent = |_: Notice<'_>| {};
    for migration in changes.into_iter().flat_map(|app| app.migrations) {
        Executor::new(db, &silent).apply(&migration, &state, Direction::Forwards, Mode::Run).await.expect("tables");
        migration.apply(&mut state).expect("a good migration");
    }
}

async fn tables(db: &Database) -> Schema {
    let mut schema = schema(db).await.expect("a schema").without_own();
    schema.tables.remove("django_migrations");
    schema
}

async fn text(db: &Database, dialect: Dialect) -> String {
    let wanted = Wanted { managed: true, ..Wanted::default() };
    models(dialect, &seen(db).await.expect("tables"), &wanted)
}

/// What is written today is what is compiled here. `QUINTET_WRITE_INSPECTED=1` writes it anew.
#[track_caller]
fn assert_written(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inspected").join(name);
    if std::env::var_os("QUINTET_WRITE_INSPECTED").is_some() {
        std::fs::write(&file, text).expect("the file");
    }
    assert_eq!(std::fs::read_to_string(file).expect("the file"), text);
}

#[test]
fn models_of_a_database_of_the_reference_are_written_as_they_are_compiled_here() {
    block_on(async {
        let pair = sqlite("text").await;
        assert_written("sqlite.rs", &text(&pair.theirs, Dialect::Sqlite).await);
        if let Some(pair) = postgres("text").await {
            assert_written("postgres.rs", &text(&pair.theirs, Dialect::Postgres).await);
        }
    });
}

#[test]
fn the_tables_of_models_of_an_sqlite_database_are_the_tables_that_were_there() {
    block_on(async {
        let pair = sqlite("tables").await;
        make(&pair.ours, of_sqlite::app()).await;
        assert_eq!(tables(&pair.theirs).await.diff(&tables(&pair.ours).await), "");
    });
}

#[test]
fn the_tables_of_models_of_a_postgresql_database_are_the_tables_that_were_there() {
    block_on(async {
        let Some(pair) = postgres("tables").await else { return };
        make(&pair.ours, of_postgres::app()).await;
        assert_eq!(tables(&pair.theirs).await.diff(&tables(&pair.ours).await), RENAMED);
    });
}

#[test]
fn the_system_checks_find_nothing_in_models_that_were_written() {
    for (app, dialect) in [(of_sqlite::app(), Dialect::Sqlite), (of_postgres::app(), Dialect::Postgres)] {
        let state = quintet::registry::project_state(&[app], "auth.User");
        let facts = ModelFacts { state: &state, dialect: Some(dialect), place: &|_, _| None };
        let serious: Vec<Message> = check_models(&facts).into_iter().filter(Message::is_serious).collect();
        assert!(serious.is_empty(), "{serious:?}");
    }
}

#[test]
fn models_of_our_own_tables_are_the_same_models_again() {
    block_on(async {
        let pair = sqlite("again").await;
        make(&pair.ours, of_sqlite::app()).await;
        assert_eq!(lines(&text(&pair.ours, Dialect::Sqlite).await), lines(&text(&pair.theirs, Dialect::Sqlite).await));
        if let Some(pair) = postgres("again").await {
            make(&pair.ours, of_postgres::app()).await;
            let theirs = text(&pair.theirs, Dialect::Postgres).await;
            assert_eq!(lines(&text(&pair.ours, Dialect::Postgres).await), lines(&theirs));
        }
    });
}

/// The lines, sorted: a new table has its keys last.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}
