//! Every combination of what `startproject` can be asked for: each builds, is linted and passes its own tests.
//!
//! What is the same in two combinations is built once: the Rust half knows neither the language of the pages nor where they
//! keep their tokens, and the pages know no database. `e2e/frontend_template.test.js` checks, lints, tests and builds each
//! kind of pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use quintet_tests::support::{Folder, Said, command, run};

use super::{cargo, prepared, quintet, shared_target, succeeds, turn};

/// The flags of each database. Where there is no server of PostgreSQL, its projects are tested on SQLite.
const DATABASES: [&[&str]; 2] = [&["--database", "sqlite"], &["--database", "postgres"]];

/// The flags of each kind of pages.
const FRONTENDS: [&[&str]; 5] = [
    &["--frontend", "none"],
    &["--frontend", "react"],
    &["--frontend", "react", "--auth", "bearer"],
    &["--frontend", "react", "--typescript"],
    &["--frontend", "react", "--typescript", "--auth", "bearer"],
];

/// A project as it was asked for.
struct Made {
    flags: Vec<&'static str>,
    folder: PathBuf,
}

#[test]
fn every_combination_of_flags_makes_a_project_that_is_sound() {
    let _turn = turn();
    let folder = Folder::new("story-combinations");
    let combinations = DATABASES.iter().flat_map(|database| FRONTENDS.iter().map(|pages| [*database, *pages].concat()));
    let made: Vec<Made> = combinations.enumerate().map(|(number, flags)| make(&folder, number, flags)).collect();

    let pages: BTreeSet<Vec<u8>> =
        made.iter().map(|made| bytes_of(&made.folder, |path| path.starts_with("frontend"))).collect();
    assert_eq!(pages.len(), FRONTENDS.len(), "the pages are the same for each database, and no two kinds are");
    let mut halves: BTreeMap<Vec<u8>, Vec<&Made>> = BTreeMap::new();
    for made in &made {
        halves.entry(bytes_of(&made.folder, is_rust)).or_default().push(made);
    }
    assert_eq!(halves.len(), 4, "with and without pages, on each database");
    for same in halves.values() {
        is_sound_and_linted(same[0]);
        same.iter().for_each(|made| has_the_client_of_its_server(made));
    }
}

fn make(folder: &Folder, number: usize, flags: Vec<&'static str>) -> Made {
    let number = number.to_string();
    succeeds(&quintet(folder.path(), &[&["startproject", "shop", &number], flags.as_slice()].concat()));
    Made { flags, folder: folder.path().join(number) }
}

/// What becomes the program. The secret key is another one each time.
fn is_rust(path: &Path) -> bool {
    !path.starts_with("frontend") && path != Path::new(".env")
}

/// The files of a project that are wanted, with their names.
fn bytes_of(project: &Path, wanted: fn(&Path) -> bool) -> Vec<u8> {
    let mut names = Vec::new();
    collect(project, project, &mut names);
    names.sort();
    let mut bytes = Vec::new();
    for name in names.iter().filter(|name| wanted(name)) {
        bytes.extend_from_slice(name.as_os_str().as_encoded_bytes());
        bytes.extend(fs::read(project.join(name)).expect("a file"));
    }
    bytes
}

fn collect(project: &Path, folder: &Path, names: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            collect(project, &entry, names);
        } else {
            names.push(entry.strip_prefix(project).expect("inside").to_owned());
        }
    }
}

fn is_sound_and_linted(made: &Made) {
    let said = cargo(&made.folder, &["clippy", "--offline", "--quiet", "--all-targets", "--", "-D", "warnings"]);
    assert_eq!(said.code, 0, "{:?}\n{}", made.flags, said.err);
    succeeds(&cargo(&made.folder, &["fmt", "--check"]));
    let checked = cargo(&made.folder, &["manage", "check"]);
    succeeds(&checked);
    assert!(checked.out.contains("no issues"), "{:?}: {checked:?}", made.flags);
    let mut tests = command(env!("CARGO"));
    tests.args(["test", "--offline", "--quiet"]);
    if made.flags.contains(&"postgres") {
        let url = std::env::var("QUINTET_TEST_POSTGRES").unwrap_or_else(|_| "sqlite://tests.sqlite3".to_owned());
        tests.env("TEST_DATABASE_URL", url);
    }
    let said = run(prepared(&mut tests, &made.folder));
    assert!(
        said.code == 0 && said.out.contains("test result: ok. 2 passed"),
        "{:?}\n{}\n{}",
        made.flags,
        said.out,
        said.err
    );
}

/// The types and functions that come with the pages are those that the project's own server would write.
fn has_the_client_of_its_server(made: &Made) {
    if !made.flags.contains(&"react") {
        return;
    }
    let mut words = vec!["generateclient", "--check", "--out", "frontend/src"];
    words.extend((!made.flags.contains(&"--typescript")).then_some("--js"));
    let mut server = command(shared_target().join("debug/shop"));
    let said: Said = run(server.args(&words).current_dir(&made.folder).env("CARGO_MANIFEST_DIR", &made.folder));
    assert_eq!(
        (said.code, said.out.as_str()),
        (0, "nothing has changed\n"),
        "the templates are out of date: run `{}` without `--check` in a new project, and copy the files to \
         crates/quintet-cli/templates/frontend\n{}",
        words.join(" "),
        said.err
    );
}
