//! What a new user does, from an empty folder to a running site.
//!
//! Every project is built into one target folder, so that the framework is compiled once for all of them.

#[path = "stories/combinations.rs"]
mod combinations;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use quintet_tests::databases::Scratch;
use quintet_tests::support::{Folder, Said, Server, checkout, command, exchange, get, program, run};

/// Cargo locks its target folder; taking turns keeps the times that tests measure honest.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn shared_target() -> PathBuf {
    checkout().join("target/stories")
}

fn quintet(folder: &Path, args: &[&str]) -> Said {
    run(prepared(command(program("quintet")).args(args), folder))
}

fn cargo(folder: &Path, args: &[&str]) -> Said {
    run(prepared(command(env!("CARGO")).args(args), folder))
}

fn prepared<'a>(command: &'a mut Command, folder: &Path) -> &'a mut Command {
    command
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", shared_target())
        .env("CARGO_NET_OFFLINE", "true")
        .env_remove("RUSTFLAGS")
}

fn succeeds(said: &Said) {
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
}

/// A project in a folder of its own.
fn project(folder: &Folder, name: &str, options: &[&str]) -> PathBuf {
    let args: Vec<&str> = ["startproject", name].iter().chain(options).copied().collect();
    succeeds(&quintet(folder.path(), &args));
    folder.path().join(name)
}

/// Does what `startapp` says that one has to do.
fn give_an_address(project: &Path, started: &Said) {
    let said = format!("{}{}", started.out, started.err);
    let line = said.lines().find(|line| line.trim().starts_with("include(")).unwrap_or_else(|| panic!("{started:?}"));
    let urls = project.join("src/urls.rs");
    let text = fs::read_to_string(&urls).expect("the routes");
    let wired = text.replacen("        path(\"\"", &format!("        {}\n        path(\"\"", line.trim()), 1);
    assert_ne!(text, wired, "{text}");
    fs::write(&urls, wired).expect("written");
    // A long name makes a long line, which is the user's to break.
    succeeds(&cargo(project, &["fmt"]));
}

/// Builds and tests a project, and refuses a warning of the compiler's.
fn is_sound(project: &Path) {
    let built = cargo(project, &["build", "--offline"]);
    succeeds(&built);
    assert!(!built.err.contains("warning"), "{}", built.err);
    let formatted = cargo(project, &["fmt", "--check"]);
    assert_eq!(formatted.code, 0, "{}", formatted.out);
    let checked = cargo(project, &["manage", "check"]);
    succeeds(&checked);
    assert!(checked.out.contains("no issues"), "{checked:?}");
    let tested = cargo(project, &["test", "--offline", "--quiet"]);
    succeeds(&tested);
    assert!(tested.out.contains("test result: ok"), "{}", tested.out);
}

#[test]
fn a_new_project_builds_offline_without_a_warning_and_passes_its_tests() {
    let _turn = turn();
    let folder = Folder::new("story-sqlite");
    let project = project(&folder, "shop", &[]);
    is_sound(&project);
    let env = fs::read_to_string(project.join(".env")).expect("a .env");
    let key =
        env.lines().find_map(|line| line.strip_prefix("SECRET_KEY=")).expect("a key").trim_matches('\'').to_owned();
    assert_eq!(key.chars().count(), 50);
    assert!(!fs::read_to_string(project.join(".env.example")).expect("an example").contains(&key));
}

#[test]
fn a_project_for_postgres_with_an_app_is_as_sound() {
    let _turn = turn();
    let folder = Folder::new("story-postgres");
    let project = project(&folder, "store-front", &["--database", "postgres", "--frontend", "none"]);
    let started = quintet(&project, &["startapp", "api"]);
    succeeds(&started);
    let checked = cargo(&project, &["manage", "check"]);
    assert!(checked.code == 0 && checked.err.contains("quintet.W006"), "it has no address yet: {checked:?}");
    give_an_address(&project, &started);
    is_sound(&project);
    let settings = fs::read_to_string(project.join("src/settings.rs")).expect("settings");
    assert!(settings.contains("crate::api::app(),"), "{settings}");
    let listed = cargo(&project, &["manage", "diffsettings"]);
    assert!(
        listed
            .out
            .contains("installed_apps = [admin, auth, contenttypes, sessions, token_blacklist, token_families, api]"),
        "{}",
        listed.out
    );
}

#[test]
fn a_directory_can_be_named_and_two_apps_live_together() {
    let _turn = turn();
    let folder = Folder::new("story-directory");
    fs::create_dir(folder.path().join("here")).expect("a folder");
    succeeds(&quintet(folder.path(), &["startproject", "site", "here", "--database", "sqlite"]));
    let project = folder.path().join("here");
    for app in ["blog", "accounts"] {
        let started = cargo(&project, &["manage", "startapp", app]);
        succeeds(&started);
        give_an_address(&project, &started);
    }
    is_sound(&project);
    let listed = cargo(&project, &["manage", "showmigrations"]);
    assert!(listed.out.contains("accounts\n (no migrations)\nadmin\n [ ] 0001_initial\n"), "{listed:?}");
    let again = cargo(&project, &["manage", "startapp", "blog"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("blog"), "{}", again.err);
}

#[test]
fn a_project_for_postgres_in_a_named_directory_is_as_sound() {
    let _turn = turn();
    let folder = Folder::new("story-postgres-directory");
    fs::create_dir(folder.path().join("there")).expect("a folder");
    succeeds(&quintet(folder.path(), &["startproject", "depot", "there", "--database", "postgres"]));
    let project = folder.path().join("there");
    is_sound(&project);
    let listed = cargo(&project, &["manage", "diffsettings"]);
    assert!(listed.out.contains("database = postgres://"), "{}", listed.out);
}

#[test]
fn a_missing_key_is_named_with_the_file_to_write_it_into() {
    let _turn = turn();
    let folder = Folder::new("story-key");
    let project = project(&folder, "keyless", &[]);
    fs::remove_file(project.join(".env")).expect("removed");
    let said = cargo(&project, &["manage", "check"]);
    assert_eq!(said.code, 1);
    assert!(said.err.contains("`SECRET_KEY` is not set") && said.err.contains("`.env`"), "{}", said.err);
    succeeds(&cargo(&project, &["test", "--offline", "--quiet"]));
}

#[test]
fn a_command_of_an_app_is_listed_and_runs() {
    let _turn = turn();
    let folder = Folder::new("story-command");
    let project = project(&folder, "commanded", &[]);
    succeeds(&quintet(&project, &["startapp", "api"]));
    let module = project.join("src/api/mod.rs");
    let text = fs::read_to_string(&module).expect("the module");
    let wired = text.replace("urls = urls::urls", "urls = urls::urls, commands = [greet::COMMAND]").replacen(
        "pub mod urls;",
        "mod greet;\npub mod urls;",
        1,
    );
    assert_ne!(text, wired, "{text}");
    fs::write(&module, wired).expect("written");
    fs::write(project.join("src/api/greet.rs"), GREET).expect("written");
    let help = cargo(&project, &["manage", "help"]);
    assert!(help.out.contains("greet") && help.out.contains("Say hello"), "{help:?}");
    let said = cargo(&project, &["manage", "greet", "Ann"]);
    assert_eq!((said.code, said.out.trim()), (0, "Hello, Ann!"), "{said:?}");
    assert_eq!(cargo(&project, &["manage", "greet"]).code, 2, "a missing argument is a usage error");
}

const GREET: &str = r#"//! `greet`: says hello.

use quintet::manage::{Arg, ArgMatches, Checks, Command, CommandError, Context};

pub const COMMAND: Command = Command {
    name: "greet",
    about: "Say hello",
    args: |command| command.arg(Arg::new("name").required(true)),
    checks: Checks::Configured,
    run,
};

fn run(context: &Context<'_>, args: &ArgMatches) -> Result<(), CommandError> {
    let name = args.get_one::<String>("name").map_or("you", String::as_str);
    context.terminal.print(format!("Hello, {name}!"));
    Ok(())
}
"#;

#[test]
fn a_model_is_written_migrated_changed_and_taken_away() {
    let _turn = turn();
    let folder = Folder::new("story-models");
    let project = project(&folder, "notebook", &[]);
    let started = quintet(&project, &["startapp", "api"]);
    succeeds(&started);
    give_an_address(&project, &started);
    let list = fs::read_to_string(project.join("src/api/migrations/mod.rs")).expect("the list");
    assert_eq!(list, quintet_core::migrate::write::new_mod(&[]), "as the list is kept later");
    let databases: Vec<Scratch> = [Some(Scratch::sqlite()), Scratch::postgres()].into_iter().flatten().collect();

    change(&project.join("src/api/mod.rs"), "models = []", "models = [models::Note]");
    fs::write(project.join("src/api/models.rs"), NOTE).expect("written");
    let made = cargo(&project, &["manage", "makemigrations"]);
    assert_eq!((made.code, made.out.as_str(), made.err.as_str()), (0, FIRST, ""));
    let again = cargo(&project, &["manage", "makemigrations", "--check"]);
    assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (0, "No changes detected\n", ""));
    for database in &databases {
        let said = on(database, &project, &["migrate"]);
        for line in ["  Applying auth.0001_initial... OK", "  Applying api.0001_initial... OK"] {
            assert!(said.contains(line), "{said}");
        }
        assert_eq!(on(database, &project, &["showmigrations", "api"]), "api\n [X] 0001_initial\n");
    }

    change(
        &project.join("src/api/models.rs"),
        "pub content",
        "#[field(max_length = 20)]\n    pub status: String,\n    pub content",
    );
    let answers = folder.path().join("answers");
    fs::write(&answers, "1\n\"draft\"\n").expect("written");
    let mut asking = command(env!("CARGO"));
    asking.args(["manage", "makemigrations"]).stdin(fs::File::open(&answers).expect("answers"));
    let made = run(prepared(&mut asking, &project));
    assert_eq!((made.code, made.err.as_str()), (0, ""), "{made:?}");
    assert!(made.out.starts_with("It is impossible to add a non-nullable field 'status' to note"), "{}", made.out);
    assert!(made.out.ends_with(SECOND), "{}", made.out);
    for database in &databases {
        let said = on(database, &project, &["migrate"]);
        assert!(said.contains("  Applying api.0002_note_status... OK"), "{said}");
        let sql = on(database, &project, &["sqlmigrate", "api", "0002"]);
        assert!(sql.starts_with("BEGIN;\n--\n-- Add field status to note\n--\n") && sql.contains("'draft'"), "{sql}");
        let said = on(database, &project, &["migrate", "api", "zero"]);
        assert_eq!(without_times(&said), UNAPPLIED);
        let shown = on(database, &project, &["showmigrations", "api"]);
        assert_eq!(shown, "api\n [ ] 0001_initial\n [ ] 0002_note_status\n");
    }
    is_sound(&project);
}

const NOTE: &str = r#"//! What this app keeps.

use quintet::apps::auth::models::User;
use quintet::prelude::*;

/// A note of a user's.
#[derive(Model, Debug, Clone)]
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 100)]
    pub title: String,
    pub content: Text,
    #[field(auto_now_add)]
    pub created_at: DateTime,
    #[field(on_delete = cascade, related_name = "notes")]
    pub author: ForeignKey<User>,
}
"#;

const FIRST: &str = "\
Migrations for 'api':
  src/api/migrations/m0001_initial.rs
    + Create model Note
";

const SECOND: &str = "\
Migrations for 'api':
  src/api/migrations/m0002_note_status.rs
    + Add field status to note
";

const UNAPPLIED: &str = "\
Operations to perform:
  Unapply all migrations: api
Running migrations:
  Unapplying api.0002_note_status... OK
  Unapplying api.0001_initial... OK
";

/// What `cargo manage` says when it works upon a database; it says nothing else.
fn on(database: &Scratch, project: &Path, args: &[&str]) -> String {
    let mut manage = command(env!("CARGO"));
    let manage = prepared(manage.arg("manage").args(args), project);
    let said = run(manage.env("DATABASE_URL", &database.url));
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{args:?}\n{}", said.out);
    said.out
}

/// How long each migration took is another matter.
fn without_times(said: &str) -> String {
    said.lines().map(|line| line.split(" (").next().unwrap_or(line).to_owned() + "\n").collect()
}

fn change(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).expect("a source");
    assert!(text.contains(from), "{}: {text}", file.display());
    fs::write(file, text.replacen(from, to, 1)).expect("written");
}

#[test]
fn what_a_new_app_shows_in_comments_compiles_and_is_closed() {
    let _turn = turn();
    let folder = Folder::new("story-example");
    let project = project(&folder, "exemplary", &[]);
    let started = quintet(&project, &["startapp", "api"]);
    succeeds(&started);
    give_an_address(&project, &started);
    for file in ["models.rs", "serializers.rs", "views.rs", "urls.rs"] {
        let path = project.join("src/api").join(file);
        let text = fs::read_to_string(&path).expect("a source");
        let lines = text.lines().map(|line| match line {
            "//" => "\n".to_owned(),
            line if line.trim_start().starts_with("// include(") => line.replacen("// ", "", 1) + "\n",
            line => line.strip_prefix("// ").unwrap_or(line).to_owned() + "\n",
        });
        let code: String = lines.collect();
        assert_ne!(code, text, "{file} shows nothing");
        fs::write(path, code).expect("written");
    }
    change(&project.join("src/api/mod.rs"), "models = []", "models = [models::Note]");
    let tests = project.join("src/api/tests.rs");
    let text = fs::read_to_string(&tests).expect("the tests");
    fs::write(tests, text + EXAMPLE_TESTED).expect("written");
    succeeds(&cargo(&project, &["manage", "makemigrations"]));
    succeeds(&cargo(&project, &["fmt", "--check"]));
    is_sound(&project);
}

const EXAMPLE_TESTED: &str = r#"
#[quintet::test]
async fn nobody_reads_notes_and_somebody_its_own() {
    use quintet::apps::auth::models::User;
    use quintet::prelude::*;

    let client = Client::with_database(crate::settings::settings);
    assert_eq!(client.get("/api/notes/").await.status(), 401);
    assert_eq!(client.get("/api/notes/1/").await.status(), 401);
    let values = vec![quintet::query::Assignment::named("username", "ann")];
    let ann = User::create_user(client.db().into(), values).await;
    let ann = client.force_authenticate(&ann.expect("a user"));
    let note = json!({ "title": "Hello", "content": "World" });
    assert_eq!(ann.post("/api/notes/", note).await.status(), 201);
    let notes = ann.get("/api/notes/").await.json();
    assert_eq!(notes[0]["author"], 1);
}
"#;

#[test]
fn an_own_user_model_migrates_has_a_superuser_and_gives_tokens() {
    let _turn = turn();
    let folder = Folder::new("story-users");
    let project = project(&folder, "crew", &[]);
    let started = quintet(&project, &["startapp", "members"]);
    succeeds(&started);
    give_an_address(&project, &started);
    fs::write(project.join("src/members/models.rs"), MEMBER).expect("written");
    fs::write(project.join("src/members/views.rs"), WHO).expect("written");
    fs::write(project.join("src/members/tests.rs"), "//! Tests of this app.\n").expect("written");
    change(&project.join("src/members/mod.rs"), "models = []", "models = [models::Member]");
    change(&project.join("src/members/urls.rs"), "get(views::index).permissions(AllowAny)", "get(views::index)");
    change(
        &project.join("src/settings.rs"),
        "        auth: Auth {\n",
        "        auth_user_model: \"members.Member\".to_owned(),\n        auth: Auth {\n            \
         username_field: \"email\".to_owned(),\n            required_fields: vec![\"name\".to_owned()],\n",
    );
    succeeds(&cargo(&project, &["manage", "makemigrations"]));
    is_sound(&project);
    for database in [Some(Scratch::sqlite()), Scratch::postgres()].into_iter().flatten() {
        let said = on(&database, &project, &["migrate"]);
        assert!(said.contains("  Applying members.0001_initial... OK"), "{said}");
        let mut manage = command(env!("CARGO"));
        manage.args(["manage", "createsuperuser", "--noinput", "--email", "Root@Example.com", "--name", "Root"]);
        let manage = prepared(&mut manage, &project).env("DATABASE_URL", &database.url);
        let said = run(manage.env("DJANGO_SUPERUSER_PASSWORD", "S3cret-pass!"));
        assert_eq!((said.code, said.out.as_str()), (0, "Superuser created successfully.\n"), "{}", said.err);
        let mut server = command(shared_target().join("debug/crew"));
        let server = Server::start(
            server.args(["serve", "127.0.0.1:0"]).current_dir(&project).env("DATABASE_URL", &database.url),
        );
        let ask = |path: &str, head: &str, body: &str| {
            let request = format!(
                "{} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}Content-Length: {}\r\n\r\n{body}",
                if body.is_empty() { "GET" } else { "POST" },
                body.len()
            );
            exchange(server.address(), &request).expect("an answer")
        };
        assert_eq!(ask("/members/", "", "").status, 401, "a route that says nothing is closed");
        let json = "Content-Type: application/json\r\n";
        let pair = ask("/api/token/", json, r#"{"email": "Root@example.com", "password": "S3cret-pass!"}"#);
        assert_eq!(pair.status, 200, "{}", pair.body);
        let (_, access) = pair.body.split_once("\"access\":\"").expect("a token");
        let bearer = format!("Authorization: Bearer {}\r\n", access.trim_end_matches("\"}"));
        let who = ask("/members/", &bearer, "");
        assert_eq!((who.status, who.body.as_str()), (200, r#"{"name":"Root","superuser":true}"#));
    }
}

const MEMBER: &str = r#"//! Who logs in: by an address.

use quintet::apps::auth::models::{AbstractBaseUser, PermissionsMixin};
use quintet::prelude::*;

/// A member of the crew.
#[derive(Model, Debug, Clone)]
pub struct Member {
    pub id: BigAuto,
    #[field(flatten)]
    pub base: AbstractBaseUser,
    #[field(flatten)]
    pub permissions: PermissionsMixin,
    #[field(unique)]
    pub email: Email,
    #[field(max_length = 50)]
    pub name: String,
    #[field(default = true)]
    pub is_active: bool,
    #[field(default = false)]
    pub is_staff: bool,
}

impl UserModel for Member {}
"#;

const WHO: &str = r#"//! Who asks.

use super::models::Member;
use quintet::prelude::*;

pub async fn index(request: &Request) -> Result<Response> {
    let member: &Member = request.user().get()?;
    let superuser = member.permissions.is_superuser;
    Ok(Response::json(
        &json!({ "name": member.name, "superuser": superuser }),
    ))
}
"#;

/// What a beginner writes, and the words that the compiler must find for it.
const MISTAKES: [(&str, &str, &str, &str); 7] = [
    ("urls.rs", "get(index).permissions(AllowAny)", "index", "is not a view"),
    (
        "urls.rs",
        "async fn index(_request: &Request)",
        "async fn index()",
        "write `async fn name(request: &Request) -> Result<Response>`",
    ),
    (
        "urls.rs",
        "path(\"\", get(index).permissions(AllowAny), name = \"index\")",
        "paht(\"\", get(index))",
        "is not one of `path`, `re_path`, `include` and `mount`",
    ),
    ("urls.rs", "get(index).permissions(AllowAny), name =", "get(index), nam =", "write `path("),
    ("settings.rs", "allowed_hosts:", "allowed_host:", "a field with a similar name exists"),
    ("tests.rs", "#[quintet::test]", "#[quintet::test(slow)]", "`#[quintet::test]` takes no arguments"),
    ("tests.rs", "async fn the_index", "fn the_index", "a test is an `async fn`"),
];

#[test]
fn the_compiler_explains_a_beginners_mistakes() {
    let _turn = turn();
    let folder = Folder::new("story-mistakes");
    let project = project(&folder, "mistaken", &[]);
    for (file, right, wrong, explanation) in MISTAKES {
        let path = project.join("src").join(file);
        let text = fs::read_to_string(&path).expect("a source");
        assert!(text.contains(right), "{file}: {text}");
        fs::write(&path, text.replacen(right, wrong, 1)).expect("written");
        let said = cargo(&project, &["test", "--offline", "--quiet", "--no-run"]);
        assert_ne!(said.code, 0, "{wrong} compiles");
        assert!(said.err.contains(explanation), "{wrong}: {}", said.err);
        fs::write(&path, text).expect("written");
    }
}

#[test]
fn runserver_reloads_and_never_refuses_a_connection() {
    let _turn = turn();
    let folder = Folder::new("story-reload");
    let project = project(&folder, "reloaded", &[]);
    succeeds(&cargo(&project, &["build", "--offline"]));
    let mut started = command(env!("CARGO"));
    prepared(started.args(["manage", "runserver", "127.0.0.1:0"]), &project).stdout(Stdio::null());
    let mut server = Server::start(&mut started);
    let address = server.address();
    let answers = |text: &str| get(address, "/").is_ok_and(|answer| answer.status == 200 && answer.body.contains(text));
    eventually(|| answers("It works."), "the first answer");

    // A steady visitor, who must be answered whatever happens to the sources.
    let (stop, visits) = visitor(address);
    let urls = project.join("src/urls.rs");
    let text = fs::read_to_string(&urls).expect("the routes");

    fs::write(&urls, text.replace("It works.", "It works better.")).expect("written");
    eventually(|| answers("It works better."), "the changed answer");

    fs::write(&urls, text.replace("Ok(Response", "Ok(Respons")).expect("written");
    server.wait_for("the build failed", Duration::from_secs(60));
    assert!(answers("It works better."), "the old server goes on");

    fs::write(&urls, text.replace("It works.", "It works again.")).expect("written");
    eventually(|| answers("It works again."), "the corrected answer");

    fs::write(project.join(".env"), "SECRET_KEY=\n").expect("written");
    server.wait_for("did not start", Duration::from_secs(60));
    assert!(answers("It works again."), "settings that are wrong do not stop it either");

    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let (count, failures) = visits.join().expect("the visitor");
    assert!(count > 20, "only {count} visits");
    assert_eq!(failures, Vec::<String>::new(), "of {count} visits");

    server.signal("TERM");
    eventually(|| get(address, "/").is_err(), "the end of the server");
}

/// Asks again and again; tells how often, and what went wrong.
fn visitor(
    address: std::net::SocketAddr,
) -> (std::sync::Arc<std::sync::atomic::AtomicBool>, std::thread::JoinHandle<(usize, Vec<String>)>) {
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stopped = stop.clone();
    let thread = std::thread::spawn(move || {
        let (mut count, mut failures) = (0, Vec::new());
        while !stopped.load(std::sync::atomic::Ordering::Relaxed) {
            count += 1;
            match get(address, "/") {
                Ok(answer) if answer.status == 200 => {}
                Ok(answer) => failures.push(format!("status {}", answer.status)),
                Err(error) => failures.push(error.to_string()),
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        (count, failures)
    });
    (stop, thread)
}

fn eventually(done: impl Fn() -> bool, what: &str) {
    let end = Instant::now() + Duration::from_secs(90);
    while !done() {
        assert!(Instant::now() < end, "{what} did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_demo_shows_its_page() {
    let mut server = Server::start(command(program("notes")).args(["serve", "127.0.0.1:0"]));
    let page = get(server.address(), "/about/").expect("an answer");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("What is there"), "{}", page.body);
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(10)), Some(0));
}
