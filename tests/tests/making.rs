//! The commands that write migrations, against what the reference printed for the same changes: flags, texts, exit codes
//! and files.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use quintet_tests::support::{Folder, checkout, command};
use serde_json::Value as Json;

/// A project in a folder: which models it has, and which migrations it was built with.
struct Lab {
    folder: Folder,
    models: &'static str,
    migrations: &'static str,
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Lab {
    fn new(models: &'static str, migrations: &'static str) -> Self {
        let folder = Folder::new("lab");
        let lab = folder.path().join("src/lab/migrations");
        fs::create_dir_all(&lab).expect("a folder");
        fs::write(folder.path().join("src/lab/mod.rs"), "//! The app.\n").expect("written");
        let mut list = String::new();
        for name in names(migrations) {
            fs::write(lab.join(format!("m{name}.rs")), "// as built\n").expect("written");
            list += &format!("m{name}, ");
        }
        let text = format!("//! The app's migrations.\n\nquintet::migrations![{}];\n", list.trim_end_matches(", "));
        fs::write(lab.join("mod.rs"), text).expect("written");
        Self { folder, models, migrations }
    }

    fn run(&self, args: &[&str], answers: &str) -> Said {
        let mut changing: Command = command(env!("CARGO_BIN_EXE_changing"));
        changing
            .args(args)
            .env("MODELS", self.models)
            .env("MIGRATIONS", self.migrations)
            .env("CARGO_MANIFEST_DIR", self.folder.path())
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = changing.spawn().expect("it starts");
        child.stdin.take().expect("a pipe").write_all(answers.as_bytes()).expect("answers are taken");
        let said = child.wait_with_output().expect("it ends");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Said { code: said.status.code().unwrap_or(-1), out: text(&said.stdout), err: text(&said.stderr) }
    }

    /// The files of migrations that were not there before.
    fn written(&self) -> Vec<String> {
        let known: Vec<String> = names(self.migrations).iter().map(|name| format!("m{name}.rs")).collect();
        let entries = fs::read_dir(self.folder.path().join("src/lab/migrations")).expect("the folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        let mut written: Vec<String> = names.filter(|name| name != "mod.rs" && !known.contains(name)).collect();
        written.sort();
        written
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join("src/lab/migrations").join(name)).expect("a file")
    }
}

/// The whole names of migrations that were chosen by their first words.
fn names(migrations: &str) -> Vec<&'static str> {
    const ALL: [&str; 6] =
        ["0001_initial", "0002_note_n", "0002_note_a", "0002_note_b", "0003_merge_0002_note_a_0002_note_b", "0004_two"];
    let wanted: Vec<&str> = migrations.split(',').collect();
    ALL.into_iter().filter(|name| wanted.iter().any(|start| name.starts_with(start))).collect()
}

/// What the reference printed, in our words: names of files, of the program and of the language.
fn recorded(id: &str, run: &str) -> Said {
    let text = fs::read_to_string(checkout().join("oracle/autodetector/results.jsonl")).expect("the recordings");
    let lines = text.lines().map(|line| serde_json::from_str::<Json>(line).expect("JSON"));
    let line = lines.into_iter().find(|line| line["id"] == id).expect("a recording");
    let ours = |text: &Json| {
        let text = text.as_str().expect("a text").replace("python manage.py", "cargo manage");
        let text = text.replace("lab/migrations/", "src/lab/migrations/m").replace(".py", ".rs");
        text.replace("src/lab/migrations/msrc", "src")
    };
    let run = &line[run];
    Said {
        code: i32::try_from(run["exit"].as_i64().expect("a code")).expect("small"),
        out: ours(&run["stdout"]),
        err: ours(&run["stderr"]),
    }
}

/// The same flags over the same change.
fn is_as_recorded(id: &str, lab: &Lab, args: &[&str], written: &[&str]) {
    let (ours, theirs) = (lab.run(args, ""), recorded(id, "interactive"));
    assert_eq!((ours.code, ours.out.as_str()), (theirs.code, theirs.out.as_str()), "{id}: {}", ours.err);
    assert_eq!(lab.written(), written, "{id}");
}

fn added() -> Lab {
    Lab::new("after", "0001")
}

#[test]
fn a_changed_model_gets_a_file_that_is_named_in_the_list() {
    let lab = added();
    let said = lab.run(&["makemigrations", "lab"], "");
    assert_eq!(said.code, 0, "{}", said.err);
    let wanted = "Migrations for 'lab':\n  src/lab/migrations/m0002_note_n.rs\n    + Add field n to note\n";
    assert_eq!(said.out, wanted);
    let file = lab.read("m0002_note_n.rs");
    assert!(file.starts_with("//! Made by quintet "), "{file}");
    assert!(file.contains("Migration::new(\"0002_note_n\")") && file.contains("with_default(0)"), "{file}");
    let list = lab.read("mod.rs");
    assert_eq!(list, "//! The app's migrations.\n\nquintet::migrations![m0001_initial, m0002_note_n];\n");
}

#[test]
fn flags_give_what_the_reference_gives() {
    is_as_recorded(
        "flag_name",
        &added(),
        &["makemigrations", "lab", "--name", "custom_name"],
        &["m0002_custom_name.rs"],
    );
    is_as_recorded("flag_check", &added(), &["makemigrations", "lab", "--check"], &[]);
    is_as_recorded("flag_check_clean", &Lab::new("before", "0001"), &["makemigrations", "lab", "--check"], &[]);
    let empty = ["makemigrations", "lab", "--empty", "-n", "seed_rows"];
    is_as_recorded("flag_empty_name", &Lab::new("before", "0001"), &empty, &["m0002_seed_rows.rs"]);
    let no_header = added();
    is_as_recorded("flag_no_header", &no_header, &["makemigrations", "lab", "--no-header"], &["m0002_note_n.rs"]);
    assert!(!no_header.read("m0002_note_n.rs").contains("Made by"));
    is_as_recorded("no_changes", &Lab::new("before", "0001"), &["makemigrations", "lab"], &[]);
}

#[test]
fn a_dry_run_shows_the_file_and_writes_none() {
    let lab = added();
    let said = lab.run(&["makemigrations", "lab", "--dry-run", "-v", "3"], "");
    assert_eq!(said.code, 0);
    let shown = said.out.split_once("Full migrations file 'm0002_note_n.rs':\n").expect("the file is shown");
    assert!(shown.1.contains("add_field(\"note\", \"n\", integer().with_default(0))"), "{}", shown.1);
    assert_eq!(lab.written(), Vec::<String>::new());
}

#[test]
fn an_empty_migration_is_named_by_the_time() {
    let lab = Lab::new("before", "0001");
    let said = lab.run(&["makemigrations", "lab", "--empty"], "");
    assert_eq!(said.code, 0);
    let written = lab.written();
    assert!(written.len() == 1 && written[0].starts_with("m0002_auto_20"), "{written:?}");
}

#[test]
fn empty_needs_an_app() {
    let said = Lab::new("before", "0001").run(&["makemigrations", "--empty"], "");
    assert!(said.code == 1 && said.err.contains("at least one app label"), "{}", said.err);
}

#[test]
fn an_unknown_app_is_a_usage_error_and_a_bad_name_an_error() {
    let said = added().run(&["makemigrations", "nope"], "");
    assert!(
        said.code == recorded("flag_unknown_app", "interactive").code && said.err.contains("`nope`"),
        "{}",
        said.err
    );
    let said = added().run(&["makemigrations", "lab", "--name", "not valid"], "");
    assert_eq!(said.code, recorded("flag_bad_name", "interactive").code);
    assert!(said.err.contains("valid identifier"), "{}", said.err);
}

#[test]
fn a_required_field_is_asked_about_and_the_answer_is_written() {
    let lab = Lab::new("required", "0001");
    let said = lab.run(&["makemigrations", "lab"], "x\n1\nnot a literal(\n7\n");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.starts_with("It is impossible to add a non-nullable field 'n' to note"), "{}", said.out);
    assert!(said.out.contains("Please select a valid option: "));
    let file = lab.read("m0002_note_n.rs");
    assert!(file.contains("with_default(7)") && file.contains("one_off_default()"), "{file}");
}

#[test]
fn nobody_to_answer_is_exit_3_and_nothing_is_written() {
    let lab = Lab::new("required", "0001");
    let said = lab.run(&["makemigrations", "lab", "--noinput"], "");
    let theirs = recorded("add_required_1", "noinput");
    assert_eq!((said.code, said.out), (theirs.code, theirs.out.replace("rank", "n")));
    assert_eq!(lab.written(), Vec::<String>::new());
    let quit = lab.run(&["makemigrations", "lab"], "2\n");
    assert_eq!((quit.code, lab.written()), (3, vec![]));
    let ended = lab.run(&["makemigrations", "lab"], "");
    assert!(ended.code == 1 && ended.err.contains("the input has ended"), "{}", ended.err);
}

#[test]
fn a_script_gets_only_the_paths() {
    let lab = Lab::new("required", "0001");
    let said = lab.run(&["makemigrations", "lab", "--scriptable"], "1\n3\n");
    assert_eq!((said.code, said.out.as_str()), (0, "src/lab/migrations/m0002_note_n.rs\n"), "{}", said.err);
    assert!(said.err.contains("Select an option: ") && said.err.contains("+ Add field n to note"), "{}", said.err);
}

#[test]
fn changes_can_go_into_the_last_migration_unless_it_is_applied() {
    let lab = added();
    let said = lab.run(&["makemigrations", "lab", "--update"], "");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("Deleted src/lab/migrations/m0001_initial.rs"), "{}", said.out);
    let list = lab.read("mod.rs");
    assert!(list.contains("migrations![m0001_initial_updated]"), "{list}");
    assert!(lab.read("m0001_initial_updated.rs").contains("(\"n\", integer().with_default(0))"));

    let lab = added();
    assert_eq!(lab.run(&["migrate", "-v", "0"], "").code, 0);
    let said = lab.run(&["makemigrations", "lab", "--update"], "");
    assert_eq!(said.code, recorded("flag_update", "interactive").code);
    assert!(said.err.contains("Cannot update applied migration 'lab.0001_initial'"), "{}", said.err);
    assert_eq!(lab.written(), Vec::<String>::new());
}

#[test]
fn branches_are_a_conflict_until_they_are_merged() {
    let lab = Lab::new("both", "0001,0002_note_a,0002_note_b");
    for (run, args) in [("makemigrations", vec!["makemigrations", "lab"]), ("migrate", vec!["migrate"])] {
        let (ours, theirs) = (lab.run(&args, ""), recorded("merge", run));
        assert_eq!(ours.code, theirs.code);
        let told = "(0002_note_a, 0002_note_b in lab)";
        assert!(theirs.err.contains(told) && ours.err.contains(told), "{}", ours.err);
    }
    let check = lab.run(&["makemigrations", "--check"], "");
    assert_eq!(check.code, 1, "conflicts fail a check");
    for (run, answer, written) in
        [("merge_no", "n\n", vec![]), ("merge", "y\n", vec!["m0003_merge_0002_note_a_0002_note_b.rs".to_owned()])]
    {
        let (ours, theirs) = (lab.run(&["makemigrations", "--merge"], answer), recorded("merge", run));
        assert_eq!((ours.code, ours.out.as_str()), (theirs.code, theirs.out.as_str()), "{}", ours.err);
        assert_eq!(lab.written(), written);
    }
    let merged = Lab::new("both", "0001,0002_note_a,0002_note_b,0003");
    let none = merged.run(&["makemigrations", "--merge"], "");
    assert_eq!((none.code, none.out.as_str()), (0, "No conflicts detected to merge.\n"));
}

#[test]
fn squashing_writes_one_migration_for_many() {
    let lab = Lab::new("both", "0001,0002_note_a,0002_note_b,0003");
    let strange = lab.run(&["squashmigrations", "lab", "0003", "--noinput", "--squashed-name", "../a-b"], "");
    assert!(strange.code == 1 && strange.err.contains("letters, digits and underscores"), "{}", strange.err);
    let said = lab.run(&["squashmigrations", "lab", "0003", "--noinput"], "");
    let theirs = recorded("merge", "squash");
    // Which of two branches comes first is told by their names.
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!((said.code, sorted(&said.out)), (theirs.code, sorted(&theirs.out)), "{}", said.err);
    let file = lab.read("m0001_squashed_0003_merge_0002_note_a_0002_note_b.rs");
    assert!(file.contains(".replaces(\"lab\", \"0002_note_a\")"), "{file}");
    let again = lab.run(&["squashmigrations", "lab", "0003", "--noinput"], "");
    assert_eq!(again.code, 1, "it is there already: {}", again.out);
}

#[test]
fn optimizing_rewrites_a_migration_in_place() {
    let lab = Lab::new("after", "0001,0002_note_n,0004");
    let check = lab.run(&["optimizemigration", "lab", "0004", "--check"], "");
    assert_eq!((check.code, check.out.as_str()), (1, "Optimizing from 2 operations to 0 operations.\n"));
    let said = lab.run(&["optimizemigration", "lab", "0004"], "");
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(lab.read("m0004_two.rs").contains("Migration::new(\"0004_two\")"));
    let none = lab.run(&["optimizemigration", "lab", "0001"], "");
    assert_eq!((none.code, none.out.as_str()), (0, "No optimizations possible.\n"));
}

#[test]
fn a_file_with_functions_of_its_own_is_not_written_anew() {
    let lab = Lab::new("after", "0001,0002_note_n,0004");
    let file = lab.folder.path().join("src/lab/migrations/m0004_two.rs");
    let text = "pub fn migration() -> Migration {}\nasync fn fill() {}\n";
    fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    fs::write(&file, text).expect("written");
    let said = lab.run(&["optimizemigration", "lab", "0004"], "");
    assert!(said.code == 1 && said.err.contains("holds functions of its own"), "{}", said.err);
    assert_eq!(fs::read_to_string(&file).expect("still there"), text);
}

#[test]
fn a_file_that_the_program_does_not_know_stops_the_next_one() {
    let lab = added();
    fs::write(lab.folder.path().join("src/lab/migrations/m0002_other.rs"), "").expect("written");
    let said = lab.run(&["makemigrations", "lab"], "");
    assert!(said.code == 1 && said.err.contains("`src/lab/migrations/m0002_other.rs` is not a part"), "{}", said.err);
    assert_eq!(lab.written(), ["m0002_other.rs"]);
}

#[test]
fn changes_of_a_built_in_app_are_not_written_into_the_project() {
    let lab = Lab::new("before", "0001");
    let said = lab.run(&["makemigrations", "auth", "--empty"], "");
    assert!(said.code == 1 && said.err.contains("app `auth` is no part of this project's sources"), "{}", said.err);
}

#[test]
fn runserver_tells_of_migrations_that_the_database_lacks() {
    use quintet_tests::support::Server;
    let lab = Lab::new("before", "0001");
    let serve = || {
        let mut changing = command(env!("CARGO_BIN_EXE_changing"));
        changing.args(["runserver", "--noreload", "127.0.0.1:0"]).env("MODELS", "before").env("MIGRATIONS", "0001");
        Server::start(changing.env("CARGO_MANIFEST_DIR", lab.folder.path()).stdout(Stdio::null()))
    };
    let told = |server: &mut Server| server.log().iter().any(|line| line.contains("unapplied migration(s)"));
    assert!(told(&mut serve()));
    assert_eq!(lab.run(&["migrate", "-v", "0"], "").code, 0);
    assert!(!told(&mut serve()));
}
