//! What can be wrong with migrations and their databases: each is told with its cause and the way out, the exit code says
//! so, and nothing is changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use quintet_db::introspect::Schema;
use quintet_tests::databases::{Scratch, each};
use quintet_tests::django;
use quintet_tests::support::{Folder, Said, command, program, run};

/// The program `migrating` in one of its shapes, upon a database.
fn shape(shape: &str, database: &Scratch) -> Command {
    let mut command = command(env!("CARGO_BIN_EXE_migrating"));
    command.env("SHAPE", shape).env("DATABASE_URL", &database.url);
    command
}

fn says(name: &str, database: &Scratch, words: &[&str]) -> Said {
    run(shape(name, database).args(words))
}

fn does(name: &str, database: &Scratch, words: &[&str]) -> String {
    let said = says(name, database, words);
    assert_eq!(said.code, 0, "{words:?}: {said:?}");
    said.out
}

/// Asserts the exit code, and that all this is said as an error.
fn assert_error(said: &Said, code: i32, parts: &[&str]) {
    assert_eq!(said.code, code, "{said:?}");
    for part in parts {
        assert!(said.err.contains(part), "`{part}` is not said:\n{}\n{}", said.out, said.err);
    }
}

/// The tables, and what is recorded.
fn state(database: &Scratch) -> (Schema, Vec<String>) {
    let schema = database.schema();
    let recorded = if schema.tables.contains_key("django_migrations") { database.recorded() } else { vec![] };
    (schema, recorded)
}

/// Refused with these words, and nothing is changed.
fn assert_refused(name: &str, database: &Scratch, words: &[&str], parts: &[&str]) {
    let before = state(database);
    assert_error(&says(name, database, words), 1, parts);
    assert!(state(database) == before, "{words:?} changed something");
}

#[test]
fn a_record_without_a_file_is_left_alone_until_it_is_pruned() {
    for database in each() {
        does("names", &database, &["migrate"]);
        let gone = "INSERT INTO django_migrations (app, name, applied) \
                    VALUES ('names', '0003_gone', '2024-01-01 00:00:00'), ('nobody', '0001_initial', '2024-01-01 00:00:00')";
        database.script(gone);
        does("names", &database, &["migrate", "--check"]);
        assert!(does("names", &database, &["migrate"]).contains("No migrations to apply."));
        assert_eq!(database.recorded().len(), 5);
        let said = does("names", &database, &["migrate", "names", "--prune"]);
        assert!(said.contains("  Pruning names.0003_gone OK\n"), "{said}");
        assert!(!database.recorded().contains(&"names|0003_gone".to_owned()));
        assert_refused("names", &database, &["migrate", "--prune"], &["only when an app is specified", "hint: "]);
        let again = does("names", &database, &["migrate", "names", "--prune"]);
        assert!(again.contains("No migrations to prune."), "{again}");
    }
}

#[test]
fn a_file_that_another_needs_and_that_is_missing_is_named() {
    for database in each() {
        let parts = [
            "error: the migration `missing.0003_more`",
            "migrating.rs) needs `missing.0002_gone`, which is not there",
            "hint: bring back the file of `missing.0002_gone`",
        ];
        for words in [&["migrate"][..], &["showmigrations"], &["makemigrations", "--check"]] {
            assert_refused("missing", &database, words, &parts);
        }
        assert!(database.tables().is_empty(), "nothing was made: {:?}", database.tables());
    }
}

#[test]
fn a_migration_that_is_recorded_before_what_it_needs_is_told_and_the_hint_mends_it() {
    for database in each() {
        does("names", &database, &["migrate"]);
        database.script("DELETE FROM django_migrations WHERE name = '0001_initial'");
        let parts = [
            "Migration names.0002_one is applied before its dependency names.0001_initial on database 'default'.",
            "`cargo manage migrate names 0001_initial --fake`",
        ];
        assert_refused("names", &database, &["migrate"], &parts);
        assert_refused("names", &database, &["makemigrations", "--check"], &parts);
        does("names", &database, &["migrate", "names", "0001_initial", "--fake"]);
        assert!(does("names", &database, &["migrate"]).contains("No migrations to apply."));
    }
}

#[test]
fn branches_in_conflict_are_told_with_the_command_that_merges_them() {
    for database in each() {
        let parts = [
            "Conflicting migrations detected; multiple leaf nodes in the migration graph: (0002_left, 0002_right in branches)",
            "makemigrations --merge",
        ];
        for words in [&["migrate"][..], &["makemigrations"], &["makemigrations", "--check"]] {
            assert_refused("branches", &database, words, &parts);
        }
    }
}

#[test]
fn a_table_without_a_primary_key_is_refused_before_anything_is_made() {
    for database in each() {
        let parts = [
            "error: the migration `keyless.0001_initial`",
            "creates `Note` without a primary key",
            "hint: begin its fields with `(\"id\", big_auto().primary_key())`",
        ];
        assert_refused("keyless", &database, &["migrate"], &parts);
        assert!(database.tables().is_empty(), "{:?}", database.tables());
    }
}

/// A folder that the program takes for its sources.
fn sources(files: &[(&str, &str)]) -> Folder {
    let folder = Folder::new("sources");
    fs::write(folder.path().join("migrating.rs"), "").expect("the test's folder");
    fs::create_dir(folder.path().join("migrations")).expect("the test's folder");
    for (name, text) in files {
        fs::write(folder.path().join("migrations").join(name), text).expect("the test's folder");
    }
    folder
}

fn files(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.path().join("migrations")).expect("the test's folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

const KNOWN: [(&str, &str); 2] = [("m0001_initial.rs", ""), ("mod.rs", "quintet::migrations![m0001_initial];\n")];

#[test]
fn a_required_field_without_a_default_stops_whoever_cannot_be_asked() {
    let (database, folder) = (Scratch::sqlite(), sources(&KNOWN));
    let said = run(shape("required", &database)
        .args(["makemigrations", "--noinput"])
        .env("CARGO_MANIFEST_DIR", folder.path()));
    assert_eq!(said.code, 3, "{said:?}");
    let told = "Field 'title' on model 'note' not migrated: it is impossible to add a non-nullable field without \
                specifying a default.";
    assert!(said.out.contains(told), "{said:?}");
    assert_eq!(files(&folder), ["m0001_initial.rs", "mod.rs"]);
}

#[test]
fn a_file_that_the_program_was_not_built_with_stops_makemigrations() {
    let database = Scratch::sqlite();
    let folder = sources(&[KNOWN[0], KNOWN[1], ("m0002_stray.rs", "")]);
    let said = run(shape("required", &database)
        .args(["makemigrations", "required", "--empty"])
        .env("CARGO_MANIFEST_DIR", folder.path()));
    let parts = ["migrations/m0002_stray.rs` is not a part of this program", "hint: name it in the `mod.rs` beside it"];
    assert_error(&said, 1, &parts);
    assert_eq!(files(&folder), ["m0001_initial.rs", "m0002_stray.rs", "mod.rs"]);
}

#[test]
fn code_without_a_way_back_is_told_before_anything_is_undone() {
    for database in each() {
        does("one_way", &database, &["migrate"]);
        let parts =
            ["`one_way.0002_code`", "cannot be unapplied", "hint: give it one: `.reverse(..)`", "nothing was changed"];
        for target in ["0001", "zero"] {
            assert_refused("one_way", &database, &["migrate", "one_way", target], &parts);
        }
        does("one_way", &database, &["migrate", "one_way", "0002"]);
    }
}

#[test]
fn a_failing_operation_takes_the_whole_migration_back_and_names_everything() {
    for database in each() {
        assert_error(
            &says("failing", &database, &["migrate"]),
            1,
            &[
                "error: the migration `failing.0002_fails` failed at operation 3 of 4, `Raw SQL operation`: ",
                "failing_nowhere",
                "\nfile: src/failing/migrations/m0002_fails.rs\n",
                "\nsql: INSERT INTO failing_nowhere (title) VALUES ('lost')\n",
                "\nhint: the database is not as the migrations before this one make it",
                "\nhint: nothing was changed; correct the cause, then run `migrate` again\n",
            ],
        );
        assert_eq!(database.recorded(), ["failing|0001_initial"]);
        assert_eq!(database.rows("SELECT COUNT(*) FROM failing_note"), ["0"]);
        assert!(!database.tables().contains(&"failing_other".to_owned()));
        let before = state(&database);
        assert_eq!(says("failing", &database, &["migrate"]).code, 1, "it fails the same way again");
        assert!(state(&database) == before);
    }
}

#[test]
fn a_migration_that_was_edited_after_it_was_applied_shows_in_the_next() {
    for database in each() {
        does("edited", &database, &["migrate"]);
        let before = state(&database);
        let said = run(shape("edited", &database).arg("migrate").env("EDITED", "1"));
        assert_error(
            &said,
            1,
            &[
                "error: the migration `edited.0002_title` failed at operation 1 of 1, `Rename field title on note to heading`",
                "if one of them was edited after it was applied, undo the edit and put it into a new migration",
            ],
        );
        assert!(state(&database) == before);
    }
}

#[test]
fn tables_that_are_there_without_a_record_are_told_with_fake_initial() {
    for database in each() {
        does("names", &database, &["migrate"]);
        database.script("DELETE FROM django_migrations");
        let parts = ["error: the migration `names.0001_initial` failed", "already exists", "`migrate --fake-initial`"];
        assert_refused("names", &database, &["migrate"], &parts);
        assert!(does("names", &database, &["migrate", "--fake-initial"]).contains("names.0001_initial... FAKED"));
        assert_eq!(database.recorded().len(), 3);
    }
}

#[test]
fn a_server_that_is_not_there_is_told() {
    let nowhere = |url: &str| run(command(env!("CARGO_BIN_EXE_migrating")).arg("migrate").env("DATABASE_URL", url));
    let parts = ["error: ", "nothing listens at `127.0.0.1:1`", "hint: start PostgreSQL"];
    assert_error(&nowhere("postgres://nobody@127.0.0.1:1/nothing"), 1, &parts);
    let folder = Folder::new("nowhere");
    let url = format!("sqlite://{}/missing/db.sqlite3", folder.path().display());
    assert_error(&nowhere(&url), 1, &["cannot be opened", "hint: its folder does not exist; make it: mkdir -p "]);
    fs::write(folder.path().join("text"), "no database, but a text that is long enough ".repeat(100)).expect("a file");
    let url = format!("sqlite://{}/text", folder.path().display());
    assert_error(&nowhere(&url), 1, &["error: ", "file is not a database", "hint: "]);
}

#[test]
fn a_database_that_does_not_exist_on_the_server_is_told() {
    let Some(database) = Scratch::postgres() else { return };
    let (name, _) = database.on_server().expect("a PostgreSQL database");
    let url = database.url.replace(&format!("/{name}?"), "/quintet_is_not_here?");
    let said = run(command(env!("CARGO_BIN_EXE_migrating")).arg("migrate").env("DATABASE_URL", url));
    assert_error(
        &said,
        1,
        &["the database `quintet_is_not_here` does not exist", "hint: make it: createdb quintet_is_not_here"],
    );
}

#[test]
fn a_read_only_postgresql_is_told() {
    let Some(database) = Scratch::postgres() else { return };
    let (name, _) = database.on_server().expect("a PostgreSQL database");
    let parts = ["error: ", "read-only transaction", "hint: the database may not be written to"];
    database.script(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    assert_refused("names", &database, &["migrate"], &parts);
    assert!(database.tables().is_empty());
    let writing = format!("BEGIN READ WRITE; ALTER DATABASE {name} SET default_transaction_read_only = off; COMMIT");
    database.script(&writing);
    does("names", &database, &["migrate"]);
}

/// The superuser may write into everything, so then the program is run by somebody else.
#[test]
fn a_read_only_sqlite_file_is_told() {
    let database = Scratch::sqlite();
    does("names", &database, &["migrate", "names", "0001"]);
    let file = database.file().expect("an SQLite database");
    let folder = file.parent().expect("its folder");
    let mut migrate = match as_an_ordinary_user(folder) {
        Some(migrate) => migrate,
        None => return,
    };
    allow(&file, 0o444);
    allow(folder, 0o555);
    let before = fs::read(&file).expect("a file");
    let said = run(migrate.arg("migrate").env("SHAPE", "names").env("DATABASE_URL", &database.url));
    let after = fs::read(&file).expect("a file");
    allow(folder, 0o755);
    allow(&file, 0o644);
    assert_error(&said, 1, &["error: ", "hint: the database may not be written to", "the file and its folder"]);
    assert!(before == after, "the file changed");
    does("names", &database, &["migrate"]);
}

#[cfg(unix)]
fn allow(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a file of the test's own");
}

#[cfg(not(unix))]
fn allow(_: &Path, _: u32) {}

/// The program, run by whoever runs the tests, or by nobody where that is the superuser.
#[expect(clippy::print_stdout, reason = "a test says why it is skipped")]
fn as_an_ordinary_user(folder: &Path) -> Option<Command> {
    if run(command("id").arg("-u")).out.trim() != "0" {
        return Some(command(env!("CARGO_BIN_EXE_migrating")));
    }
    // It may stand where only the superuser may look.
    let copy = folder.join("migrating");
    fs::copy(env!("CARGO_BIN_EXE_migrating"), &copy).expect("a copy of the program");
    let words = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"];
    let tried = command("setpriv").args(words).arg(&copy).arg("version").output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        println!("skipped: the superuser may write into every file, and there is no `setpriv` to be somebody else");
        return None;
    }
    let mut migrate = command("setpriv");
    migrate.args(words).arg(&copy);
    Some(migrate)
}

/// What was applied before the disk was full stays, what was not is done when there is room.
fn assert_full(said: &Said, database: &Scratch, parts: &[&str]) {
    assert_error(said, 1, parts);
    let recorded =
        if database.tables().contains(&"django_migrations".to_owned()) { database.recorded() } else { vec![] };
    let ok = said.out.matches("... OK").count();
    assert_eq!(recorded.len(), ok, "what is recorded is what was done: {said:?}");
}

#[test]
fn a_limit_of_the_size_of_files_is_told_and_migrating_goes_on_without_it() {
    let database = Scratch::sqlite();
    let mut limited = command("/bin/sh");
    // The signal is ignored, so that writing fails as it does on a full disk.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 300; exec \"$0\" migrate"]).arg(program("conformance"));
    for (name, value) in database.conformance().get_envs() {
        if let Some(value) = value {
            limited.env(name, value);
        }
    }
    let said = run(&mut limited);
    assert_full(&said, &database, &["error: ", "hint: ", "room on the disk"]);
    assert!(said.out.contains("... OK"), "the limit is met at once: {said:?}");
    assert_eq!(database.manage(&["migrate"]).code, 0);
}

#[test]
fn a_full_disk_is_told_and_migrating_goes_on_when_there_is_room() {
    let folder = Folder::new("small");
    let script = format!(
        "mount -t tmpfs -o size=160k none {0} || exit 99
         DATABASE_URL=sqlite://{0}/db.sqlite3 \"$0\" migrate; echo \"code $?\"
         DATABASE_URL=sqlite://{0}/db.sqlite3 \"$0\" showmigrations
         mount -o remount,size=20m {0}
         DATABASE_URL=sqlite://{0}/db.sqlite3 \"$0\" migrate; echo \"code $?\"",
        folder.path().display()
    );
    let mut small = command("unshare");
    small.args(["-rm", "/bin/sh", "-c", &script]).arg(program("conformance"));
    for (name, value) in Scratch::sqlite().conformance().get_envs() {
        if let Some(value) = value {
            small.env(name, value);
        }
    }
    let said = small.output().map(|out| {
        (
            out.status.code(),
            String::from_utf8_lossy(&out.stdout).into_owned(),
            String::from_utf8_lossy(&out.stderr).into_owned(),
        )
    });
    let Ok((Some(0), out, err)) = said else {
        println!("skipped: no file system can be mounted here without being the superuser: {said:?}");
        return;
    };
    for part in ["database or disk is full", "hint: the disk is full: make room, then run the command again"] {
        assert!(err.contains(part), "{out}{err}");
    }
    let (first, rest) = out.split_once("code 1\n").expect("it fails at first");
    let done = first.matches("... OK").count();
    assert!(done > 0, "the disk is full at once: {out}");
    assert_eq!(rest.matches("[X]").count(), done, "what is recorded is what was done: {out}");
    assert!(rest.ends_with("code 0\n"), "{out}{err}");
}

/// Words, the exit code, and what is said; the reference's exit codes are the same.
const WRONG_NAMES: [(&[&str], i32, &str); 9] = [
    (&["migrate", "nope"], 1, "`nope`"),
    (&["migrate", "api", "9999"], 1, "Cannot find a migration matching '9999' from app 'api'."),
    (&["migrate", "auth", "00"], 1, "More than one migration matches '00' in app 'auth'. Please be more specific."),
    (&["sqlmigrate", "api", "9999"], 1, "Cannot find a migration matching '9999' from app 'api'."),
    (&["sqlmigrate", "nope", "0001"], 1, "`nope`"),
    (&["sqlmigrate", "auth", "00"], 1, "More than one migration matches '00' in app 'auth'. Please be more specific."),
    (&["makemigrations", "nope"], 2, "`nope`"),
    (&["showmigrations", "nope"], 2, "`nope`"),
    (&["sqlmigrate", "api"], 2, ""),
];

#[test]
fn wrong_names_are_told_with_the_exit_codes_of_the_reference() {
    let here = django::is_here();
    let database = Scratch::sqlite();
    assert_eq!(database.manage(&["migrate"]).code, 0);
    let before = state(&database);
    for (words, code, told) in WRONG_NAMES {
        let said = database.manage(words);
        assert_error(&said, code, &["error: ", told]);
        assert!(said.err.contains("hint: ") || code == 2, "no way out: {said:?}");
        if here {
            assert_eq!(django::manage(&database, words).code, code, "the reference's {words:?}");
        }
    }
    assert!(state(&database) == before);
}
