//! Databases that go with their tests.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering;

use quintet::prelude::*;
use quintet::settings::{DatabaseUrl, Env, Settings};
use quintet::testing::{Client, block_on, remove_leftovers};
use quintet_db::Connection as _;

use crate::asking::panic_of;
use crate::project::{MIGRATED, Memo, each, postgres, sqlite};

fn admin() -> Database {
    let url = std::env::var("QUINTET_TEST_POSTGRES").expect("a server");
    Database::connect(&DatabaseUrl::parse("DATABASE_URL", &url).expect("a URL"), Path::new("/"))
}

/// Whether a database is there.
async fn is_there(url: &DatabaseUrl) -> bool {
    match url {
        DatabaseUrl::Sqlite(options) => options.path(Path::new("/")).is_some_and(|file| file.exists()),
        DatabaseUrl::Postgres(options) => has(options.name().unwrap_or_default()).await,
    }
}

async fn has(name: &str) -> bool {
    let rows = admin().query("SELECT 1 AS one FROM pg_database WHERE datname::text = $1", &[name.into()]).await;
    !rows.expect("an answer").is_empty()
}

#[quintet::test]
async fn each_test_has_tables_of_its_own() {
    for project in each() {
        let (one, other) = (Client::with_database(project), Client::with_database(project));
        one.post("/memos/", json!({ "title": "x" })).await.assert_status(201);
        assert_eq!(one.get("/memos/").await.json(), json!(["x"]));
        assert_eq!(Memo::objects().count(one.db()).await.expect("a count"), 1, "the test sees what the site wrote");
        assert_eq!(other.get("/memos/").await.json(), json!([]));
    }
}

#[test]
fn tests_at_the_same_time_do_not_meet_and_the_tables_are_made_once() {
    for project in each() {
        let test = move || {
            block_on(async {
                let client = Client::with_database(project);
                create!(client.db(), Memo { title: "x" }).await.expect("a row");
                assert_eq!(client.get("/memos/").await.json(), json!(["x"]));
            });
        };
        let threads: Vec<_> = (0..6).map(|_| std::thread::spawn(test)).collect();
        threads.into_iter().for_each(|thread| thread.join().expect("a test that passes"));
    }
    assert!(MIGRATED.load(Ordering::Relaxed) <= 6, "by each settings function of this program once");
}

#[quintet::test]
async fn a_database_is_gone_with_the_test_that_fails() {
    for project in each() {
        let mut url = None;
        let said = panic_of(async {
            let client = Client::with_database(project);
            let clone = client.clone();
            drop(client);
            create!(clone.db(), Memo { title: "x" }).await.expect("a row");
            url = Some(clone.settings().database.clone());
            assert!(is_there(&clone.settings().database).await, "up to the end");
            panic!("the test fails");
        })
        .await;
        assert_eq!(said, "the test fails");
        assert!(!is_there(&url.expect("a URL")).await, "{:?}", project(&Env::default()).database);
    }
}

#[quintet::test]
async fn every_database_of_the_settings_has_its_own() {
    fn several(env: &Env) -> Settings {
        let one = sqlite(env);
        let archive = DatabaseUrl::parse("DATABASE_URL", "sqlite:///nowhere/archive.sqlite3").expect("a URL");
        Settings { databases: [("archive".to_owned(), archive)].into(), ..one }
    }
    let client = Client::with_database(several);
    create!(client.using("archive"), Memo { title: "old" }).await.expect("a row");
    assert_eq!(Memo::objects().count(client.using("archive")).await.expect("a count"), 1);
    assert_eq!(Memo::objects().count(client.db()).await.expect("a count"), 0);
    let said = panic_of(async {
        let _ = client.using("nowhere");
    })
    .await;
    assert!(said.contains("there is no database `nowhere`"), "{said}");
}

#[quintet::test]
async fn fixtures_and_commands_work_on_the_tests_database() {
    for project in each() {
        let client = Client::with_database(project).with_fixture("memos.json");
        assert_eq!(client.get("/memos/").await.json(), json!(["from a file"]));
        let (code, said) = client.call_command(&["dumpdata", "memos"]);
        assert!(code == 0 && said.out().contains("\"pk\": 7"), "{}", said.out());
        Memo::objects().delete(client.db()).await.expect("deleted");
        client.fixture("memos");
        assert_eq!(client.get("/memos/").await.json(), json!(["from a file"]));
        let said = panic_of(async { client.fixture("nothing") }).await;
        assert!(said.contains("the fixture `nothing` is not loaded") && said.contains("no fixture named"), "{said}");
    }
}

#[quintet::test]
async fn a_migration_that_fails_is_told() {
    fn broken(env: &Env) -> Settings {
        let mut settings = sqlite(env);
        let app = settings.installed_apps.last_mut().expect("an app");
        app.migrations = Some(|| {
            vec![
                quintet::migrations::Migration::new("0001_initial")
                    .operations(vec![quintet::migrations::run_sql(&["SELECT nonsense"])]),
            ]
        });
        settings
    }
    for _ in 0..2 {
        let said = panic_of(async { drop(Client::with_database(broken)) }).await;
        assert!(said.contains("the migrations of the test database `default` fail"), "{said}");
        assert!(said.contains("nonsense"), "{said}");
    }
}

#[quintet::test]
async fn what_a_killed_process_left_on_a_server_is_removed() {
    if each().len() == 1 {
        return;
    }
    let living = Client::with_database(postgres);
    let left = "test_postgres_quintet_1_0badcafe_3";
    admin().script(&format!("CREATE DATABASE {left}")).await.expect("a database");
    let settings = living.settings().clone();
    let settings = Settings { database: postgres(&Env::new(std::env::vars(), [])).database, ..settings };
    std::thread::spawn(move || remove_leftovers(&settings)).join().expect("a thread").expect("they are removed");
    assert!(!has(left).await);
    living.get("/memos/").await.assert_status(200);
}

/// The project beside a database of another name, so that no other test has test databases of such names.
fn beside(env: &Env, name: &str) -> Settings {
    let mut settings = postgres(env);
    if let DatabaseUrl::Postgres(options) = &mut settings.database {
        options.name = Some(name.to_owned());
    }
    settings
}

/// The templates beside a database, as the server has them.
async fn templates(beside: &str) -> Vec<String> {
    let sql = "SELECT datname::text AS name FROM pg_database WHERE starts_with(datname, $1) ORDER BY 1";
    let rows = admin().query(sql, &[format!("test_{beside}_quintet_template_").into()]).await.expect("an answer");
    rows.iter().map(|row| row.text("name").expect("a name").to_owned()).collect()
}

/// Runs one test of this program in a process of its own.
fn again(name: &str) -> std::process::Output {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", name]).env("AGAIN", "1").output().expect("it runs")
}

#[quintet::test]
async fn a_template_is_made_by_the_first_process_of_a_build_and_used_by_the_next() {
    const NAME: &str = "databases::a_template_is_made_by_the_first_process_of_a_build_and_used_by_the_next";
    if each().len() == 1 {
        return;
    }
    let client = Client::with_database(|env| beside(env, "first"));
    client.get("/memos/").await.assert_status(200);
    if std::env::var_os("AGAIN").is_some() {
        assert_eq!(MIGRATED.load(Ordering::Relaxed), 0, "the tables were there");
        return;
    }
    let before = templates("first").await;
    assert!(!before.is_empty());
    let runs: Vec<_> = (0..3).map(|_| std::thread::spawn(|| again(NAME))).collect();
    for run in runs {
        let said = run.join().expect("a thread");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    }
    assert_eq!(templates("first").await, before, "and no other is left");
}

#[quintet::test]
async fn the_template_of_another_build_is_removed_unless_somebody_uses_it() {
    const NAME: &str = "databases::the_template_of_another_build_is_removed_unless_somebody_uses_it";
    if each().len() == 1 {
        return;
    }
    let client = Client::with_database(|env| beside(env, "second"));
    client.get("/memos/").await.assert_status(200);
    if std::env::var_os("AGAIN").is_some() {
        return;
    }
    let ours = templates("second").await;
    let (whose, _) = ours[0].split_at("test_second_quintet_template_01234567_".len());
    let (free, used, half) = (
        format!("{whose}0badcafe_00000001"),
        format!("{whose}0badcafe_00000002"),
        format!("{whose}0badcafe_00000003").replace("_template_", "_making_"),
    );
    for name in [&free, &used, &half] {
        admin().script(&format!("CREATE DATABASE {name}")).await.expect("a database");
    }
    let admin = admin();
    let session = admin.transaction().await.expect("a transaction");
    let lock = "SELECT true AS yes FROM pg_advisory_xact_lock_shared(hashtextextended($1, 0))";
    session.query(lock, &[used.as_str().into()]).await.expect("a lock");
    let said = again(NAME);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    assert_eq!([has(&free).await, has(&used).await, has(&half).await], [false, true, false]);
    session.rollback().await.expect("the lock goes");
    let said = again(NAME);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    assert!(!has(&used).await);
    assert!(templates("second").await.contains(&ours[0]), "this build's stays");
}

/// Runs itself again with the variable set: a test cannot change its own environment.
#[quintet::test]
async fn a_variable_chooses_the_kind_of_the_database() {
    const NAME: &str = "databases::a_variable_chooses_the_kind_of_the_database";
    if std::env::var_os("TEST_DATABASE_URL").is_some() {
        let client = Client::with_database(postgres_without_a_server);
        assert!(matches!(client.settings().database, DatabaseUrl::Sqlite(_)));
        client.get("/memos/").await.assert_status(200);
        return;
    }
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    let run = |command: &mut Command| command.output().expect("it runs");
    let said = run(command.args(["--exact", NAME]).env("TEST_DATABASE_URL", "sqlite://x.sqlite3"));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    let said = run(command.env("TEST_DATABASE_URL", "nonsense"));
    assert!(!said.status.success());
    assert!(String::from_utf8_lossy(&said.stdout).contains("`TEST_DATABASE_URL`"), "wrong values are told");
}

fn postgres_without_a_server(env: &Env) -> Settings {
    let url = DatabaseUrl::parse("DATABASE_URL", "postgres://nobody@nowhere.invalid/x").expect("a URL");
    Settings { database: url, ..sqlite(env) }
}

#[quintet::test]
async fn a_server_that_is_not_there_is_told() {
    fn away(env: &Env) -> Settings {
        let url = DatabaseUrl::parse("DATABASE_URL", "postgres://nobody@localhost:1/x").expect("a URL");
        Settings { database: url, ..sqlite(env) }
    }
    let said = panic_of(async { drop(Client::with_database(away)) }).await;
    assert!(said.contains("the test database cannot be made") && said.contains("hint: "), "{said}");
}
