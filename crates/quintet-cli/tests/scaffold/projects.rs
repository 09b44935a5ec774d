//! `startproject`: what it writes, and when it writes nothing.

use std::fs;
use std::path::Path;
use std::process::Command;

use quintet_cli::{Database, Dependency, Frontend, Options, project_files, startproject};

use crate::folder::Folder;

fn published(database: Database) -> Options {
    Options { database, frontend: Frontend::None, dependency: Dependency::Version("0.1.0".to_owned()) }
}

#[test]
fn a_project_has_the_files_of_the_table() {
    let folder = Folder::new();
    let report = startproject("mysite", Some(&folder.join("mysite")), &published(Database::Sqlite)).unwrap();
    let mut listed: Vec<_> = project_files().collect();
    listed.sort_unstable();
    assert_eq!(folder.files("mysite"), listed);
    assert_eq!(report.created.len(), listed.len());
}

#[test]
fn a_project_from_a_checkout_depends_on_it_and_has_its_lockfile() {
    let folder = Folder::with_project();
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let line = format!("quintet = {{ path = \"{}\" }}", checkout.join("crates/quintet").display());
    assert!(folder.read("mysite/Cargo.toml").lines().any(|found| found == line));
    assert!(!folder.read("mysite/Cargo.lock").is_empty());
}

#[test]
fn a_project_without_a_checkout_names_the_version() {
    let folder = Folder::new();
    startproject("mysite", Some(&folder.join("x")), &published(Database::Sqlite)).unwrap();
    assert!(folder.read("x/Cargo.toml").contains("[dependencies]\nquintet = \"0.1.0\"\n"));
    assert!(!folder.join("x/Cargo.lock").exists());
}

#[test]
fn a_checkout_whose_lockfile_is_gone_still_makes_a_project() {
    let folder = Folder::new();
    let dependency = Dependency::Path { checkout: "/c \"x\"".into(), lockfile: Some(folder.join("gone")) };
    let options = Options { dependency, ..published(Database::Sqlite) };
    startproject("mysite", Some(&folder.join("x")), &options).unwrap();
    assert!(folder.read("x/Cargo.toml").contains(r#"quintet = { path = "/c \"x\"/crates/quintet" }"#));
}

#[test]
fn a_project_is_found_by_its_own_cargo_toml() {
    let folder = Folder::with_project();
    let inside = folder.join("mysite/src");
    assert_eq!(quintet_cli::find_project(&inside), Some(folder.join("mysite")));
    assert_eq!(quintet_cli::find_project(folder.path()), None);
}

#[test]
fn every_project_has_a_secret_key_of_its_own() {
    let folder = Folder::with_project();
    folder.run("startproject other").succeeds();
    let key = |project: &str| {
        let env = folder.read(&format!("{project}/.env"));
        let line = env.lines().find_map(|line| line.strip_prefix("SECRET_KEY='")).unwrap();
        line.strip_suffix('\'').unwrap().to_owned()
    };
    assert_eq!((key("mysite").len(), key("other").len()), (50, 50));
    assert_ne!(key("mysite"), key("other"));
}

#[test]
fn the_secret_key_is_in_one_file_that_git_does_not_see() {
    let folder = Folder::with_project();
    let env = folder.read("mysite/.env");
    let key = env.split('\'').nth(1).unwrap();
    let with_key: Vec<_> = folder.everything().into_iter().filter(|(_, text)| text.contains(key)).collect();
    assert_eq!(with_key.len(), 1);
    assert!(folder.read("mysite/.gitignore").lines().any(|line| line == ".env"));
    assert!(folder.read("mysite/.env.example").contains("SECRET_KEY=''\n"));
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_the_secret_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::with_project();
    let mode = |file: &str| fs::metadata(folder.join(file)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("mysite/.env"), 0o600);
    assert_ne!(mode("mysite/.env.example"), 0o600);
}

#[test]
fn the_database_is_named_in_the_settings_and_in_the_environment() {
    let folder = Folder::with_project();
    folder.run("startproject other --database postgres").succeeds();
    for (project, url) in [("mysite", "sqlite://db.sqlite3"), ("other", "postgres://localhost/other")] {
        let in_settings = format!("env.database(\"DATABASE_URL\", \"{url}\")");
        assert!(folder.read(&format!("{project}/src/settings.rs")).contains(&in_settings));
        for file in [".env", ".env.example"] {
            let line = format!("DATABASE_URL={url}\n");
            assert!(folder.read(&format!("{project}/{file}")).contains(&line), "{project} {file}");
        }
    }
}

#[test]
fn the_next_steps_begin_with_a_build_that_shows_its_progress() {
    let folder = Folder::new();
    let told = folder.run("startproject mysite").succeeds();
    let (_, next) = told.split_once("\n\n").unwrap();
    assert_eq!(
        next,
        "next (the first build takes a minute or two):\n    \
             cd mysite\n    \
             cargo build\n    \
             cargo manage check\n    \
             cargo manage migrate\n    \
             cargo manage createsuperuser\n    \
             cargo manage runserver\n"
    );
    let told = folder.run("startproject mysite .").succeeds();
    assert!(told.contains("minute or two):\n    cargo build\n"), "{told}");
}

#[test]
fn the_next_steps_with_postgres_lead_to_a_database_that_is_connected_to() {
    let told = Folder::new().run("startproject my-site here --database postgres").succeeds();
    let (_, next) = told.split_once("\n\n").unwrap();
    assert_eq!(
        next,
        "next (the first build takes a minute or two):\n    \
             cd here\n    \
             cargo build\n\
         \n\
         then put user and password of the database into `.env`, and:\n    \
             createdb my-site\n    \
             cargo manage check --database default\n    \
             cargo manage migrate\n    \
             cargo manage createsuperuser\n    \
             cargo manage runserver\n"
    );
}

#[test]
fn every_place_that_includes_an_app_gives_it_a_namespace() {
    let folder = Folder::with_project();
    for file in ["mysite/src/urls.rs", "mysite/README.md"] {
        let text = folder.read(file);
        let lines: Vec<_> = text.lines().filter(|line| line.contains("include(\"blog/")).collect();
        assert_eq!(lines.len(), 1, "{file}");
        let line = r#"include("blog/", crate::blog::urls::urls(), namespace = "blog"),"#;
        assert!(lines[0].ends_with(line), "{file}: {}", lines[0]);
    }
}

#[test]
fn a_new_project_is_closed_but_for_its_index_and_its_tokens() {
    let folder = Folder::with_project();
    let settings = folder.read("mysite/src/settings.rs");
    for line in [
        "default_authentication_classes: vec![JWTAuthentication.into()],",
        "default_permission_classes: IsAuthenticated.into(),",
        "quintet::apps::token_blacklist(),",
        "quintet::apps::token_families(),",
        "token_families: true,",
        "revoke_on_password_change: true,",
        "default_throttle_rates: [(\"login\", \"10/min\"), (\"login_address\", \"60/min\")]",
    ] {
        assert!(settings.contains(line), "{line}");
    }
    folder.run_in("mysite", "startapp api").succeeds();
    for file in ["mysite/src/urls.rs", "mysite/src/api/urls.rs"] {
        let text = folder.read(file);
        let functions: Vec<_> = text.lines().filter(|line| line.contains("get(")).collect();
        assert_eq!(functions.len(), 1, "{file}");
        assert!(functions[0].contains(".permissions(AllowAny)"), "{file}: {}", functions[0]);
    }
}

#[test]
fn what_hashes_passwords_is_optimised_as_in_the_frameworks_own_workspace() {
    let ours = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml")).unwrap();
    let names = ours.lines().filter_map(|line| line.strip_prefix("[profile.dev.package.")?.strip_suffix(']'));
    let wanted: Vec<_> = names.map(|name| format!("{name}.opt-level = 3")).collect();
    assert!(wanted.iter().any(|line| line.starts_with("argon2")), "{wanted:?}");
    let folder = Folder::with_project();
    let manifest = folder.read("mysite/Cargo.toml");
    let (_, section) = manifest.split_once("[profile.dev.package]\n").unwrap();
    assert_eq!(section.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>(), wanted);
}

#[test]
fn the_example_of_the_environment_says_how_to_make_a_secret_key() {
    let folder = Folder::with_project();
    let example = folder.read("mysite/.env.example");
    let (before, _) = example.split_once("\nSECRET_KEY=''\n").unwrap();
    let comment = before.lines().last().unwrap();
    assert!(comment.starts_with("# ") && comment.contains("`openssl rand -hex 32`"), "{comment}");
}

#[test]
fn what_is_written_is_what_rustfmt_would_write() {
    let longest = "a".repeat(64);
    for (name, database) in [("mysite", Database::Sqlite), ("x", Database::Postgres), (&longest, Database::Postgres)] {
        let folder = Folder::new();
        startproject(name, Some(&folder.join("x")), &published(database)).unwrap();
        is_formatted(&folder.join("x"));
    }
}

#[test]
fn apps_are_wired_in_as_rustfmt_would_write_them() {
    let folder = Folder::new();
    startproject("mysite", Some(&folder.join("x")), &published(Database::Sqlite)).unwrap();
    for app in ["zoo", "api", "a10", "a9", "a_b", "ab", "tags", &"a".repeat(64)] {
        quintet_cli::startapp(&folder.join("x"), app).unwrap();
        is_formatted(&folder.join("x"));
    }
}

#[test]
fn a_list_on_one_line_is_broken_where_rustfmt_would_break_it() {
    for name in ["an", "and", "cats", "animals"] {
        let folder = Folder::new();
        startproject("mysite", Some(&folder.join("x")), &published(Database::Sqlite)).unwrap();
        let settings = folder.read("x/src/settings.rs");
        let (before, rest) = settings.split_once("vec![").unwrap();
        let (_, after) = rest.split_once(']').unwrap();
        folder.write("x/src/settings.rs", &format!("{before}vec![crate::elephants::app(), crate::x::app()]{after}"));
        quintet_cli::startapp(&folder.join("x"), name).unwrap();
        is_formatted(&folder.join("x"));
    }
}

#[test]
fn a_folder_that_is_there_is_filled_and_keeps_what_is_in_it() {
    let folder = Folder::new();
    folder.write("notes.txt", "mine");
    folder.write("src/old.rs", "mine");
    let told = folder.run("startproject mysite .").succeeds();
    assert!(told.contains("created Cargo.toml\n") && !told.contains("cd "), "{told}");
    assert_eq!((folder.read("notes.txt"), folder.read("src/old.rs")), ("mine".to_owned(), "mine".to_owned()));
    assert!(folder.join("src/main.rs").is_file());
}

#[test]
fn a_folder_that_is_not_there_is_made_with_those_above_it() {
    let folder = Folder::new();
    folder.run("startproject mysite sites/first").succeeds();
    assert!(folder.join("sites/first/Cargo.toml").is_file());
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_is_followed() {
    let folder = Folder::new();
    fs::create_dir(folder.join("real")).unwrap();
    std::os::unix::fs::symlink("real", folder.join("link")).unwrap();
    folder.run("startproject mysite link").succeeds();
    assert!(folder.join("real/Cargo.toml").is_file());
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_file_is_not_written_through() {
    let folder = Folder::new();
    fs::create_dir(folder.join("x")).unwrap();
    std::os::unix::fs::symlink("../outside", folder.join("x/.env")).unwrap();
    folder.run("startproject mysite x").fails(
        1,
        "error: `x/.env` already exists\n\
         hint: no file is ever overwritten; choose another name or folder, or move what is there",
    );
    assert_eq!(folder.files("x"), [".env"]);
    assert!(!folder.join("outside").exists());
}

#[test]
fn files_that_are_there_are_never_overwritten() {
    let folder = Folder::new();
    folder.write("Cargo.toml", "mine");
    folder.write("src/main.rs", "mine");
    let before = folder.everything();
    folder.run("startproject mysite .").fails(
        1,
        "error: `Cargo.toml`, `src/main.rs` already exist\n\
         hint: no file is ever overwritten; choose another name or folder, or move what is there",
    );
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_folder_of_that_name_is_refused_even_if_it_is_empty() {
    let folder = Folder::new();
    fs::create_dir(folder.join("mysite")).unwrap();
    folder.run("startproject mysite").fails(
        1,
        "error: `mysite` already exists\n\
         hint: choose another name, or make the project in that folder: `startproject mysite mysite`",
    );
    assert_eq!(folder.everything().len(), 1);
}

#[test]
fn the_hint_to_fill_a_folder_works() {
    let folder = Folder::new();
    folder.write("mysite/notes.txt", "mine");
    let told = folder.run("startproject mysite").stderr;
    let hint = told.split('`').find(|part| part.starts_with("startproject ")).unwrap();
    folder.run(hint).succeeds();
}

#[test]
fn a_folder_that_holds_a_project_is_not_to_be_filled() {
    let folder = Folder::with_project();
    let before = folder.everything();
    folder
        .run("startproject mysite")
        .fails(1, "error: `mysite` already exists\nhint: it is a project already: `cd mysite`");
    folder.run("startproject other mysite").fails(
        1,
        "error: `mysite/Cargo.toml`, `mysite/.cargo/config.toml`, `mysite/.env` and 8 more already exist\n\
         hint: it is a project already: `cd mysite`",
    );
    assert_eq!(folder.everything(), before);
}

#[test]
fn a_folder_with_something_in_the_way_is_not_to_be_filled() {
    for (path, text) in [("mysite", "a file"), ("mysite/src", "a file"), ("mysite/Cargo.toml", "[package]\n")] {
        let folder = Folder::new();
        folder.write(path, text);
        let before = folder.everything();
        folder.run("startproject mysite").fails(
            1,
            "error: `mysite` already exists\n\
             hint: no file is ever overwritten; choose another name or folder, or move what is there",
        );
        assert_eq!(folder.everything(), before, "{path}");
    }
}

#[test]
fn in_the_folder_of_a_project_nobody_is_told_to_go_there() {
    let folder = Folder::with_project();
    folder.run_in("mysite", "startproject other .").fails(
        1,
        "error: `Cargo.toml`, `.cargo/config.toml`, `.env` and 8 more already exist\n\
         hint: no file is ever overwritten; choose another name or folder, or move what is there",
    );
}

#[test]
fn three_files_in_the_way_are_all_named() {
    let folder = Folder::new();
    for file in ["Cargo.toml", ".gitignore", "README.md"] {
        folder.write(file, "mine");
    }
    let told = folder.run("startproject mysite .").stderr;
    assert!(told.starts_with("error: `Cargo.toml`, `.gitignore`, `README.md` already exist\n"), "{told}");
    folder.write("src/main.rs", "mine");
    let told = folder.run("startproject mysite .").stderr;
    assert!(told.starts_with("error: `Cargo.toml`, `.gitignore`, `README.md` and 1 more already exist\n"), "{told}");
}

#[test]
fn a_file_in_the_place_of_the_folder_is_an_error() {
    let folder = Folder::new();
    folder.write("x", "mine");
    let outcome = folder.run("startproject mysite x");
    assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(1), ""));
    assert!(outcome.stderr.starts_with("error: cannot make the folder `x`: "), "{}", outcome.stderr);
    assert_eq!(folder.read("x"), "mine");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_an_error() {
    let folder = Folder::new();
    let unwritable = unwritable(&folder);
    let error = startproject("mysite", Some(&unwritable), &published(Database::Sqlite)).unwrap_err();
    assert!(error.message().starts_with("cannot make the folder `"), "{error}");
    let words = ["permission denied", "operation not permitted", "read-only file system"];
    assert!(words.iter().any(|words| error.message().ends_with(words)), "{error}");
}

#[test]
fn a_name_that_is_refused_writes_nothing() {
    let folder = Folder::new();
    folder
        .run("startproject 2fast")
        .fails(1, "error: `2fast` cannot be the name of a project: it starts with a digit\nhint: try `fast`");
    assert!(folder.everything().is_empty());
}

#[test]
fn a_front_end_is_written_in_either_language_and_style() {
    let folder = Folder::new();
    for (name, flags, tokens) in [
        ("a", "", "src/session/tokens.js"),
        ("b", " --auth bearer", "src/session/tokens.js"),
        ("c", " --typescript", "src/session/tokens.ts"),
        ("d", " --typescript --auth bearer", "src/session/tokens.ts"),
    ] {
        folder.run(&format!("startproject {name} --frontend react{flags}")).succeeds();
        let tokens = folder.read(&format!("{name}/frontend/{tokens}"));
        assert_eq!(
            tokens.contains("localStorage.\n") || tokens.contains("window[STORAGE]"),
            flags.contains("bearer"),
            "{name}"
        );
        assert!(
            folder.read(&format!("{name}/src/settings.rs")).contains("frontend: quintet::frontend!(\"frontend\"),\n")
        );
        assert!(folder.read(&format!("{name}/frontend/index.html")).contains(&format!("<title>{name}</title>")));
        assert!(folder.read(&format!("{name}/frontend/package-lock.json")).contains("\"lockfileVersion\""));
        assert!(!folder.join(&format!("{name}/frontend/node_modules")).exists());
    }
    let told = folder.run("startproject e --frontend react").succeeds();
    assert!(told.contains("    cd e\n    npm install --prefix frontend\n    cargo build\n"), "{told}");
}

#[test]
fn what_is_said_of_a_front_end_needs_one() {
    let folder = Folder::new();
    for flag in ["typescript", "auth bearer"] {
        let name = flag.split(' ').next().unwrap();
        folder.run(&format!("startproject mysite --{flag}")).fails(
            1,
            &format!(
                "error: `--{name}` is about a front end, and there is none\n\
                 hint: add `--frontend react`, or leave `--{name}` out"
            ),
        );
    }
    assert!(folder.everything().is_empty());
}

/// A user with all rights can write into any ordinary folder, but not into the kernel's.
#[cfg(unix)]
fn unwritable(folder: &Folder) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let path = folder.join("closed");
    fs::create_dir(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::create_dir(path.join("probe")).is_ok() { "/sys".into() } else { path }
}

/// By rustfmt's own defaults: a project has no configuration for it, and the empty one that it gets
/// here keeps rustfmt from looking for another, above it or in the user's home.
#[track_caller]
fn is_formatted(project: &Path) {
    fs::write(project.join("rustfmt.toml"), "").unwrap();
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--check", "--edition", "2024", "src/main.rs"]).current_dir(project);
    let output = rustfmt.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
