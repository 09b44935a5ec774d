//! Several databases in one project: by name, by routers, and copies; through requests and by commands, on both kinds.

use std::cell::RefCell;

use quintet::apps;
use quintet::apps::auth::models::Group;
use quintet::prelude::*;
use quintet::settings::*;
use quintet::testing::{Client, TestResponse, block_on, call_command};
use quintet_tests::databases::Scratch;

/// The databases of a test: two by name, of one kind.
struct Both {
    main: Scratch,
    people: Scratch,
}

impl Both {
    /// On SQLite, and on PostgreSQL where there is a server.
    fn each(test: impl Fn(&Self)) {
        let sqlite = Self { main: Scratch::sqlite(), people: Scratch::sqlite() };
        sqlite.enter(&test);
        if let (Some(main), Some(people)) = (Scratch::postgres(), Scratch::postgres()) {
            Self { main, people }.enter(&test);
        }
    }

    fn enter(&self, test: impl Fn(&Self)) {
        URLS.with_borrow_mut(|urls| *urls = [self.main.url.clone(), self.people.url.clone()]);
        test(self);
    }
}

thread_local! {
    static URLS: RefCell<[String; 2]> = RefCell::default();
}

fn url(at: usize) -> DatabaseUrl {
    let text = URLS.with_borrow(|urls| urls[at].clone());
    DatabaseUrl::parse("DATABASE_URL", &text).expect("a URL")
}

/// Keeps users, groups and what they need in a database of their own.
#[derive(Debug)]
struct People;

impl DatabaseRouter for People {
    fn db_for_read(&self, app: &str, _: &str) -> Option<&str> {
        ["auth", "contenttypes"].contains(&app).then_some("people")
    }

    fn db_for_write(&self, app: &str, model: &str) -> Option<&str> {
        self.db_for_read(app, model)
    }

    fn allow_migrate(&self, database: &str, app: &str, _: Option<&str>) -> Option<bool> {
        Some(["auth", "contenttypes"].contains(&app) == (database == "people"))
    }
}

fn plain(_: &Env) -> Settings {
    Settings {
        secret_key: "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz".into(),
        installed_apps: vec![apps::auth(), apps::contenttypes(), apps::sessions()],
        database: url(0),
        databases: [("people".to_owned(), url(1))].into(),
        urls,
        ..Settings::default()
    }
}

fn routed(env: &Env) -> Settings {
    Settings { database_routers: vec![Arc::new(People)], ..plain(env) }
}

fn urls() -> Urls {
    urls![
        path("add/<str:name>/", get(add)),
        path("fail/<str:name>/", get(fail)),
        path("here/<str:name>/", get(add_there)),
        path("count/", get(count)),
        path("count/<str:database>/", get(count_in)),
        path("add-and-count/<str:name>/", get(add_and_count)),
    ]
}

async fn add(request: &Request) -> Result<Response> {
    let name: String = request.param("name")?;
    let group = create!(request, Group { name }).await?;
    Ok(Response::json(&group.id.to_string()))
}

async fn fail(request: &Request) -> Result<Response> {
    add(request).await?;
    add_there(request).await?;
    Err(Error::not_found())
}

async fn add_there(request: &Request) -> Result<Response> {
    let name: String = request.param("name")?;
    let people = request.using("people")?;
    let name = format!("{name}, by name");
    create!(people, Group { name }).await?;
    Ok(Response::json(&people.is_in_transaction()))
}

async fn count(request: &Request) -> Result<Response> {
    Ok(Response::json(&Group::objects().count(request).await?))
}

async fn count_in(request: &Request) -> Result<Response> {
    let database: String = request.param("database")?;
    Ok(Response::json(&Group::objects().count(request.using(&database)?).await?))
}

async fn add_and_count(request: &Request) -> Result<Response> {
    let before = Group::objects().count(request).await?;
    add(request).await?;
    Ok(Response::json(&[before, Group::objects().count(request).await?]))
}

/// Runs a command that has to end well; gives what it printed.
fn manage(settings: fn(&Env) -> Settings, words: &[&str]) -> String {
    let (code, said) = call_command(settings, words);
    assert_eq!(code, 0, "{words:?}: {}", said.err());
    said.out()
}

fn migrated(settings: fn(&Env) -> Settings) {
    for database in ["default", "people"] {
        manage(settings, &["migrate", "--database", database]);
    }
}

fn ask(client: &Client, path: &str) -> TestResponse {
    block_on(client.get(path))
}

#[test]
fn a_request_asks_the_database_that_it_names() {
    Both::each(|_| {
        migrated(plain);
        let client = Client::of(plain(&Env::default()));
        assert_eq!(ask(&client, "/here/x/").json(), false);
        assert_eq!(ask(&client, "/count/").json(), 0);
        assert_eq!(ask(&client, "/count/default/").json(), 0);
        assert_eq!(ask(&client, "/count/people/").json(), 1);
        assert_eq!(ask(&client, "/count/nowhere/").status(), 500, "an unknown name is a mistake");
    });
}

#[test]
fn each_database_that_a_view_asks_is_in_its_transaction() {
    fn atomic(env: &Env) -> Settings {
        Settings { atomic_requests: true, ..plain(env) }
    }
    Both::each(|_| {
        migrated(plain);
        let client = Client::of(atomic(&Env::default()));
        assert_eq!(ask(&client, "/fail/x/").status(), 404);
        assert_eq!(ask(&client, "/count/default/").json(), 0, "undone");
        assert_eq!(ask(&client, "/count/people/").json(), 0, "undone as well");
        assert_eq!(ask(&client, "/here/x/").json(), true);
        assert_eq!(ask(&client, "/count/people/").json(), 1, "kept");
        let freely = Client::of(plain(&Env::default()));
        assert_eq!(ask(&freely, "/fail/y/").status(), 404);
        assert_eq!(ask(&freely, "/count/people/").json(), 2, "without the setting nothing is undone");
    });
}

#[test]
fn routers_choose_the_database_of_a_model() {
    fn atomic(env: &Env) -> Settings {
        Settings { atomic_requests: true, ..routed(env) }
    }
    Both::each(|both| {
        migrated(routed);
        for settings in [routed, atomic] {
            let client = Client::of(settings(&Env::default()));
            assert_eq!(ask(&client, "/add/x/").status(), 200);
            assert_eq!(ask(&client, "/count/").json(), 1);
            assert_eq!(ask(&client, "/count/people/").json(), 1);
            assert_eq!(ask(&client, "/count/default/").status(), 500, "who names a database is not led elsewhere");
            both.people.script("DELETE FROM auth_group");
        }
    });
}

#[test]
fn a_database_has_the_tables_that_routers_allow() {
    Both::each(|both| {
        migrated(routed);
        let (main, people) = (both.main.tables(), both.people.tables());
        let has = |tables: &[String], name: &str| tables.iter().any(|table| table == name);
        assert!(
            has(&main, "django_session") && !has(&main, "auth_user") && !has(&main, "django_content_type"),
            "{main:?}"
        );
        assert!(
            has(&people, "auth_user") && has(&people, "auth_user_groups") && !has(&people, "django_session"),
            "{people:?}"
        );
        let recorded = "SELECT app, name FROM django_migrations ORDER BY app, name";
        assert_eq!(both.main.rows(recorded), both.people.rows(recorded), "both know all migrations");
        assert_ne!(both.people.rows("SELECT id FROM auth_permission"), Vec::<String>::new());
        for database in ["default", "people"] {
            assert!(!manage(routed, &["showmigrations", "--database", database]).contains("[ ]"));
            manage(routed, &["migrate", "--database", database, "--check"]);
        }
        manage(routed, &["migrate", "auth", "zero"]);
        manage(routed, &["migrate", "auth", "zero", "--database", "people"]);
        assert!(!has(&both.people.tables(), "auth_user"), "the way back goes where the way there went");
    });
}

#[test]
fn the_script_of_a_migration_is_that_of_the_database() {
    Both::each(|_| {
        let there = manage(routed, &["sqlmigrate", "auth", "0001", "--database", "people"]);
        assert!(there.contains("-- Create model User") && there.contains("CREATE TABLE"), "{there}");
        let here = manage(routed, &["sqlmigrate", "auth", "0001"]);
        assert!(here.contains("-- Create model User\n--\n-- (no-op)") && !here.contains("CREATE"), "{here}");
    });
}

#[test]
fn rows_are_dumped_loaded_and_flushed_where_they_are() {
    Both::each(|both| {
        migrated(routed);
        ask(&Client::of(routed(&Env::default())), "/add/x/");
        let dump = manage(routed, &["dumpdata", "auth.group", "--database", "people"]);
        assert!(dump.contains("\"name\": \"x\""), "{dump}");
        assert_eq!(manage(routed, &["dumpdata", "auth.group"]).trim(), "[]");
        let file = quintet_tests::support::Folder::new("fixture");
        let path = file.path().join("groups.json").display().to_string();
        std::fs::write(&path, dump).expect("a file");
        both.people.script("DELETE FROM auth_group");
        assert!(manage(routed, &["loaddata", &path]).contains("Installed 0 object(s) (of 1)"));
        manage(routed, &["loaddata", &path, "--database", "people"]);
        assert_eq!(both.people.rows("SELECT name FROM auth_group"), ["x"]);
        manage(routed, &["flush", "--noinput"]);
        assert_eq!(both.people.rows("SELECT name FROM auth_group"), ["x"]);
        manage(routed, &["flush", "--noinput", "--database", "people"]);
        assert_eq!(both.people.rows("SELECT name FROM auth_group"), Vec::<String>::new());
        assert_ne!(both.people.rows("SELECT id FROM auth_permission"), Vec::<String>::new(), "written again");
    });
}

#[test]
fn a_request_reads_from_a_copy_until_it_writes() {
    // A copy that does not follow, so that it can be told from its database.
    fn copied(env: &Env) -> Settings {
        Settings { databases: [].into(), replicas: [("default".to_owned(), vec![url(1)])].into(), ..plain(env) }
    }
    Both::each(|both| {
        migrated(plain);
        both.people.script("INSERT INTO auth_group (name) VALUES ('a'), ('b'), ('c')");
        let client = Client::of(copied(&Env::default()));
        assert_eq!(ask(&client, "/count/").json(), 3, "the copy's");
        assert_eq!(ask(&client, "/add-and-count/x/").json(), json!([3, 1]), "then the database's own");
        assert_eq!(ask(&client, "/count/default/").json(), 3, "another request has not written");
        let atomic = Client::of(Settings { atomic_requests: true, ..copied(&Env::default()) });
        assert_eq!(ask(&atomic, "/count/").json(), 1, "a transaction is the database's");
    });
}

/// What `check` says, and with which code.
fn checked(settings: fn(&Env) -> Settings, words: &[&str]) -> (u8, String) {
    let (code, said) = call_command(settings, &[&["check"], words].concat());
    (code, said.err())
}

#[test]
fn databases_that_do_not_go_together_are_told_by_check() {
    fn twice(env: &Env) -> Settings {
        Settings { databases: [("default".to_owned(), url(1))].into(), ..plain(env) }
    }
    fn of_nothing(env: &Env) -> Settings {
        Settings { replicas: [("nowhere".to_owned(), vec![url(1)])].into(), ..plain(env) }
    }
    fn of_another_kind(env: &Env) -> Settings {
        let other = DatabaseUrl::parse("DATABASE_URL", "postgres://u:p@127.0.0.1:1/db").expect("a URL");
        Settings { database: DatabaseUrl::parse("", "sqlite::memory:").expect("a URL"), ..plain(env) }
            .with_replica(other)
    }
    Both::each(|_| {
        assert_eq!(checked(plain, &[]), (0, String::new()));
        for (settings, what) in [
            (twice as fn(&Env) -> Settings, "There are two databases with the name `default`."),
            (of_nothing, "There is no database `nowhere`."),
            (of_another_kind, "A replica of `default` is another kind of database."),
        ] {
            let (code, said) = checked(settings, &[]);
            assert!(code == 1 && said.contains("quintet.E010") && said.contains(what), "{said}");
            assert_ne!(call_command(settings, &["serve", "--skip-checks", "--check"]).0, 0);
        }
    });
}

trait WithReplica {
    fn with_replica(self, url: DatabaseUrl) -> Self;
}

impl WithReplica for Settings {
    fn with_replica(self, url: DatabaseUrl) -> Self {
        Self { replicas: [("default".to_owned(), vec![url])].into(), ..self }
    }
}

#[test]
fn routers_that_mislead_are_told_by_check() {
    /// Sends everything to a database that there is not.
    #[derive(Debug)]
    struct Lost;
    impl DatabaseRouter for Lost {
        fn db_for_write(&self, _: &str, _: &str) -> Option<&str> {
            Some("nowhere")
        }
    }
    /// Keeps users and groups apart.
    #[derive(Debug)]
    struct Apart(Option<bool>);
    impl DatabaseRouter for Apart {
        fn db_for_write(&self, _: &str, model: &str) -> Option<&str> {
            (model == "user").then_some("people")
        }
        fn allow_relation(&self, _: (&str, &str), _: (&str, &str)) -> Option<bool> {
            self.0
        }
    }
    fn lost(env: &Env) -> Settings {
        Settings { database_routers: vec![Arc::new(Lost)], ..plain(env) }
    }
    fn apart(env: &Env) -> Settings {
        Settings { database_routers: vec![Arc::new(Apart(None))], ..plain(env) }
    }
    fn together(env: &Env) -> Settings {
        Settings { database_routers: vec![Arc::new(Apart(Some(true)))], ..plain(env) }
    }
    Both::each(|_| {
        let (code, said) = checked(lost, &[]);
        assert!(code == 1 && said.contains("auth.Group: (quintet.E011)") && said.contains("`nowhere`"), "{said}");
        let client = Client::of(lost(&Env::default()));
        assert_eq!(ask(&client, "/add/x/").status(), 500);
        let (code, said) = checked(apart, &[]);
        assert!(code == 1 && said.contains("auth.User.groups: (quintet.E012)"), "{said}");
        assert_eq!(checked(together, &[]), (0, String::new()));
        assert_eq!(checked(routed, &[]), (0, String::new()));
    });
}

#[test]
fn the_same_table_twice_is_a_warning_where_routers_may_keep_the_models_apart() {
    mod twin {
        use quintet::prelude::*;

        /// Is in the table of another model.
        #[derive(Model, Debug)]
        #[model(db_table = "auth_group")]
        pub(super) struct Twin {
            id: BigAuto,
        }

        quintet::app! { twin, models = [Twin] }
    }
    fn alone(env: &Env) -> Settings {
        let settings = plain(env);
        Settings { installed_apps: [settings.installed_apps.clone(), vec![twin::app()]].concat(), ..settings }
    }
    fn led(env: &Env) -> Settings {
        Settings { database_routers: vec![Arc::new(People)], ..alone(env) }
    }
    Both::each(|_| {
        let (code, said) = checked(alone, &[]);
        assert!(code == 1 && said.contains("models.E028"), "{said}");
        let (code, said) = checked(led, &[]);
        assert!(code == 0 && said.contains("models.W035") && said.contains("`database_routers`"), "{said}");
    });
}

#[test]
fn check_connects_to_each_database_that_is_named() {
    fn away(env: &Env) -> Settings {
        let away = DatabaseUrl::parse("DATABASE_URL", "postgres://u:p@127.0.0.1:1/db").expect("a URL");
        Settings { databases: [("away".to_owned(), away)].into(), ..plain(env) }
    }
    Both::each(|_| {
        assert_eq!(checked(plain, &["--database", "default", "--database", "people"]), (0, String::new()));
        let (code, said) = checked(away, &["--database", "default", "--database", "away"]);
        assert!(code == 1 && said.contains("away: (quintet.E007)") && !said.contains("default:"), "{said}");
        let (code, said) = checked(plain, &["--database", "nowhere"]);
        assert!(code == 2 && said.contains("`default`, `people`"), "{said}");
    });
}

#[test]
fn commands_refuse_a_database_that_there_is_not() {
    Both::each(|_| {
        for words in [
            &["migrate", "--database", "nowhere"][..],
            &["showmigrations", "--database", "nowhere"],
            &["sqlmigrate", "auth", "0001", "--database", "nowhere"],
            &["flush", "--noinput", "--database", "nowhere"],
            &["dumpdata", "--database", "nowhere"],
            &["loaddata", "x", "--database", "nowhere"],
        ] {
            let (code, said) = call_command(plain, words);
            assert!(code == 2 && said.err().contains("there is no database `nowhere`"), "{words:?}: {}", said.err());
        }
    });
}

#[test]
fn passwords_of_databases_are_shown_nowhere() {
    fn secret(env: &Env) -> Settings {
        let url = DatabaseUrl::parse("DATABASE_URL", "postgres://u:hidden-word@127.0.0.1:1/db").expect("a URL");
        Settings { databases: [("people".to_owned(), url.clone())].into(), ..plain(env) }.with_replica(url)
    }
    Both::each(|_| {
        let (_, said) = call_command(secret, &["diffsettings", "--all"]);
        assert!(said.out().contains("replicas") && !said.out().contains("hidden-word"), "{}", said.out());
    });
}

/// An app that is told of databases that were migrated.
mod filled {
    use quintet::apps::auth::models::{Group, Permission};
    use quintet::prelude::*;
    use quintet::query::{DbError, DbResult, Migrated, post_migrate};

    quintet::app! { filled, signals = [post_migrate(first_groups), post_migrate(last_group)] }

    async fn first_groups(db: Db<'_>, migrated: Migrated<'_>) -> DbResult<()> {
        if !migrated.has::<Group>() {
            return Ok(());
        }
        assert!(Permission::objects().exists(db).await?, "the rows of models are there before");
        Group::objects().get_or_create(db, |g| g.name().set("editors"), |_| ()).await.map(|_| ())
    }

    /// Fails where somebody made a group by this name, behind a write of its own.
    async fn last_group(db: Db<'_>, migrated: Migrated<'_>) -> DbResult<()> {
        if !migrated.has::<Group>() || !Group::objects().filter(|g| g.name().eq("bad")).exists(db).await? {
            return Ok(());
        }
        create!(db, Group { name: "half" }).await?;
        Err(DbError::other("no bad groups"))
    }
}

/// An app that counts what it is told; of one test alone.
mod counted {
    use std::sync::Mutex;

    use quintet::prelude::*;
    use quintet::query::{DbResult, Migrated, post_migrate};

    quintet::app! { counted, signals = [post_migrate(count)] }

    /// A database, how many migrations were run, and how many were undone.
    pub(super) static TOLD: Mutex<Vec<(String, usize, usize)>> = Mutex::new(vec![]);

    async fn count(_: Db<'_>, migrated: Migrated<'_>) -> DbResult<()> {
        let undone = migrated.steps.iter().filter(|(_, is_undone)| *is_undone).count();
        let told = (migrated.database.to_owned(), migrated.steps.len() - undone, undone);
        TOLD.lock().expect("nobody fails within").push(told);
        Ok(())
    }
}

fn with_filled(env: &Env) -> Settings {
    let mut settings = plain(env);
    settings.installed_apps.push(filled::app());
    settings
}

const GROUPS: &str = "SELECT name FROM auth_group ORDER BY name";

#[test]
fn receivers_are_told_of_a_database_that_was_migrated_or_flushed_and_find_the_rows_of_models() {
    fn both_apps(env: &Env) -> Settings {
        let mut settings = with_filled(env);
        settings.installed_apps.push(counted::app());
        settings
    }
    Both::each(|both| {
        let told = || std::mem::take(&mut *counted::TOLD.lock().expect("nobody fails within"));
        let all = quintet::registry::all_migrations(&with_filled(&Env::default()).installed_apps).len();
        for words in [&["migrate", "--plan"][..], &["migrate", "--check"]] {
            call_command(both_apps, words);
        }
        assert_eq!(told(), [], "nothing was migrated");
        manage(both_apps, &["migrate", "--database", "people"]);
        assert_eq!(told(), [("people".to_owned(), all, 0)]);
        assert_eq!(both.people.rows(GROUPS), ["editors"]);
        manage(both_apps, &["migrate"]);
        manage(both_apps, &["migrate"]);
        assert_eq!(told(), [("default".to_owned(), all, 0), ("default".to_owned(), 0, 0)]);
        assert_eq!(both.main.rows(GROUPS), ["editors"]);
        manage(both_apps, &["flush", "--noinput", "--inhibit-post-migrate"]);
        assert_eq!((told(), both.main.rows(GROUPS)), (vec![], vec![]));
        manage(both_apps, &["flush", "--noinput"]);
        assert_eq!((told().len(), both.main.rows(GROUPS)), (1, vec!["editors".to_owned()]));
        manage(both_apps, &["migrate", "auth", "zero"]);
        let (_, run, undone) = told().pop().expect("it is told");
        assert!(run == 0 && undone > 5, "there is no table to ask, which it knows");
    });
}

#[test]
fn a_receiver_that_fails_fails_the_command_and_keeps_nothing_of_its_own() {
    Both::each(|both| {
        manage(with_filled, &["migrate"]);
        both.main.script("INSERT INTO auth_group (name) VALUES ('bad')");
        let (code, said) = call_command(with_filled, &["migrate"]);
        assert_eq!(code, 1);
        assert!(
            said.err().contains("the migrations are applied, but a receiver of `filled` failed: no bad groups"),
            "{}",
            said.err()
        );
        assert_eq!(both.main.rows(GROUPS), ["bad", "editors"]);
    });
}

#[test]
fn receivers_are_told_of_the_tables_that_routers_allow() {
    fn both_ways(env: &Env) -> Settings {
        Settings { database_routers: vec![Arc::new(People)], ..with_filled(env) }
    }
    Both::each(|both| {
        migrated(both_ways);
        assert_eq!(both.people.rows(GROUPS), ["editors"]);
    });
}

#[test]
fn the_database_of_a_test_has_what_receivers_made_of_it() {
    Both::each(|_| {
        let client = Client::with_database(with_filled);
        assert_eq!(ask(&client, "/count/").json(), 1);
    });
}
