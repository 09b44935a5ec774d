//! What the tutorial leads to is `examples/notes`, file by file.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Folder, checkout, command, run};

/// What is another text in the example, and why: the file, that of the project, that of the example.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    // It is called otherwise.
    ("frontend/index.html", "mysite", "notes"),
    ("frontend/src/constants.js", "mysite", "notes"),
    // It says of its tests only what they are.
    (
        "src/api/tests.rs",
        "//! Tests of this app, with its own addresses: they do not need a line in `src/urls.rs`.\n//!\n\
         //! A test that needs rows makes its client by `Client::with_database(crate::settings::settings)`:\n\
         //! all tables are there, in a database of its own, which is gone with the test. Its addresses are those of the project.\n",
        "//! Tests of this app.\n",
    ),
    // It runs from a clean checkout, in which no `.env` is.
    (
        "src/settings.rs",
        "//! The settings of this project: one value, read once when a command starts.\n//!\n\
         //! `env` is the process environment, then the file `.env`. A variable that is not named here does nothing.\n",
        "//! The settings of this project: those of a new one, but for the key and for DEBUG. Both have a default here, so that it\n\
         //! runs from a clean checkout.\n",
    ),
    (
        "src/settings.rs",
        "env.required(\"SECRET_KEY\")",
        "env.text(\"SECRET_KEY\", \"a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz\")",
    ),
    ("src/settings.rs", "env.flag(\"DEBUG\", false)", "env.flag(\"DEBUG\", true)"),
    // `make demo` shows a page that lists what is there.
    (
        "src/main.rs",
        "//! The program. `cargo manage COMMAND` runs it.",
        "//! The project of the tutorial, with a page that lists what is there.",
    ),
    ("src/main.rs", "mod api;\n", "mod api;\nmod demo;\n"),
    ("src/urls.rs", "use crate::accounts::Register;\n", "use crate::accounts::Register;\nuse crate::demo;\n"),
    (
        "src/urls.rs",
        "        path(\"api/user/register/\", Register, name = \"register\"),\n",
        "        path(\"api/user/register/\", Register, name = \"register\"),\n        \
         path(\"greet/<str:name>/\", get(demo::greet).permissions(AllowAny), name = \"greet\"),\n        \
         path(\"about/\", get(demo::index).permissions(AllowAny), name = \"index\"),\n",
    ),
];

/// The files that only the example has.
const OWN: &[&str] = &["src/demo.rs"];

/// Compares every source of a project with that of the example, once both are formatted alike.
pub(super) fn equals(site: &Path) {
    let example = checkout().join("examples/notes");
    let folder = Folder::new("tutorial-formatted");
    let ours = formatted(site, folder.path());
    let mut names = sources(&ours);
    let theirs: BTreeSet<String> = sources(&example);
    names.extend(OWN.iter().map(|name| (*name).to_owned()));
    assert_eq!(names, theirs, "the tutorial writes other files than examples/notes has");
    for name in names.iter().filter(|name| !OWN.contains(&name.as_str())) {
        let read =
            |folder: &Path| fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut expected = read(&ours);
        for (_, project, own) in DIFFERENCES.iter().filter(|(file, ..)| file == name) {
            assert!(expected.contains(project), "{name} has no `{project}`");
            expected = expected.replace(project, own);
        }
        let (expected, found) = (without_the_day(name, &expected), without_the_day(name, &read(&example)));
        let at = expected.lines().zip(found.lines()).position(|(one, other)| one != other);
        assert!(
            expected == found,
            "examples/notes/{name} differs from the tutorial's, from line {at:?} (counted from 0)"
        );
    }
}

/// The sources of a project, formatted as this checkout is; the framework's own style has longer lines.
fn formatted(site: &Path, folder: &Path) -> PathBuf {
    let copy = folder.join("copy");
    for name in sources(site) {
        let to = copy.join(&name);
        fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        fs::copy(site.join(&name), &to).expect("copied");
    }
    let mut rustfmt = command("rustfmt");
    rustfmt.args(["--edition", "2024", "--config-path"]).arg(checkout().join("rustfmt.toml"));
    let said = run(rustfmt.arg(copy.join("src/main.rs")));
    assert_eq!(said.code, 0, "{}", said.err);
    copy
}

/// A migration's first line says when it was made.
fn without_the_day(name: &str, text: &str) -> String {
    if !name.contains("migrations/m") {
        return text.to_owned();
    }
    text.lines().skip(1).fold(String::new(), |all, line| all + line + "\n")
}

/// The files below `src` and `frontend`, but for what npm brings and what a build makes.
fn sources(project: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["src", "frontend"] {
        collect(project, &project.join(folder), &mut names);
    }
    names
}

fn collect(project: &Path, folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.ends_with("node_modules") || entry.ends_with("dist") {
            continue;
        }
        if entry.is_dir() {
            collect(project, &entry, names);
        } else {
            let name = entry.strip_prefix(project).expect("inside of it");
            names.insert(name.to_string_lossy().replace('\\', "/"));
        }
    }
}
