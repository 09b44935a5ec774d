//! The rules of the house that no compiler knows: who may import whom, what may not stand in a source, what must be
//! documented.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use quintet_tests::support::{checkout, command, program, run};

/// Which of our crates a crate may use; what is not listed is not allowed.
const EDGES: [(&str, &[&str]); 6] = [
    ("quintet-core", &[]),
    ("quintet-macros", &[]),
    ("quintet-cli", &[]),
    ("quintet-db", &["quintet-core"]),
    ("quintet-web", &["quintet-core", "quintet-db"]),
    ("quintet", &["quintet-core", "quintet-macros", "quintet-cli", "quintet-db", "quintet-web"]),
];

/// Crates that would bring an effect into the core.
const EFFECTS: [&str; 9] =
    ["tokio", "hyper", "axum", "rusqlite", "tokio-postgres", "getrandom", "clap", "tracing", "http"];

#[test]
fn arrows_between_crates_point_down_only() {
    for (name, allowed) in EDGES {
        for used in dependencies(name).iter().filter(|used| used.starts_with("quintet")) {
            assert!(allowed.contains(&used.as_str()), "`{name}` may not use `{used}`");
        }
    }
    let folders: BTreeSet<String> = names_in(&checkout().join("crates"));
    assert_eq!(folders, EDGES.iter().map(|(name, _)| (*name).to_owned()).collect(), "a crate without a rule");
}

#[test]
fn the_core_knows_no_effect() {
    let used = dependencies("quintet-core");
    for effect in EFFECTS {
        assert!(!used.contains(effect), "the core may not use `{effect}`");
    }
    assert!(checkout().join("crates/quintet-core/clippy.toml").is_file());
    assert!(checkout().join("crates/quintet-web/clippy.toml").is_file());
}

/// Rooms of the HTTP layer: which paths of their own crate they may name, and which crates not at all.
struct Room {
    folder: &'static str,
    /// What may follow `crate::`, as a whole path or the beginning of one.
    may: &'static [&'static str],
    /// Crates that are not mentioned.
    never: &'static [&'static str],
}

const ROOMS: [Room; 4] = [
    // A tree of patterns and nothing else: it could stand in any program.
    Room { folder: "crates/quintet-web/src/routing", may: &[], never: &["hyper", "axum", "tokio", "http"] },
    // Connections: no routing, no views, no settings. Its tests compare its limits with the settings' defaults.
    Room { folder: "crates/quintet-web/src/server", may: &["config::Server"], never: &["axum"] },
    // A request knows its site, the route that matched with its parameters, and who is at the other end; a response
    // knows the clock, and the fixed page for what cannot be sent. A request also keeps what the REST layer learns of it,
    // what its view chose and what reads its body, and what is known of its browser. Both use maps of headers that others
    // are done with. Neither knows a middleware or a view.
    Room {
        folder: "crates/quintet-web/src/http",
        may: &[
            "Clock",
            "Site",
            "pages::fixed",
            "rest::Choices",
            "rest::Parsed",
            "rest::Parser",
            "rest::State",
            "routing",
            "server::BodyError",
            "server::Peer",
            "server::RequestBody",
            "server::spare",
            "sessions::Visit",
            "urls",
        ],
        never: &["hyper"],
    },
    // Requests and answers in, pages out.
    Room { folder: "crates/quintet-web/src/pages", may: &["http"], never: &["hyper", "axum", "tokio"] },
];

#[test]
fn rooms_do_not_look_where_they_may_not() {
    for room in &ROOMS {
        let folder = checkout().join(room.folder);
        let files = sources(&folder);
        assert!(files.len() > 1, "{} has moved", room.folder);
        for (path, text) in files {
            let below = path.strip_prefix(&folder).expect("a file of the room");
            let depth = below.components().count() - usize::from(below.ends_with("mod.rs"));
            for line in text.lines().map(without_comment) {
                let shown = format!("{}: `{}`", path.display(), line.trim());
                for named in paths_of_the_crate(line) {
                    let may = room.may.iter().any(|may| named == *may || named.starts_with(&format!("{may}::")));
                    assert!(may, "{shown} names `crate::{named}`");
                }
                for name in room.never {
                    assert!(!mentions(line, &format!("{name}::")), "{shown} names `{name}`");
                }
                // A module inside a file is one level more.
                let levels = line.matches("super::").count();
                assert!(levels <= depth + usize::from(line.starts_with(' ')), "{shown} leaves its room");
            }
        }
    }
}

/// What follows each `crate::` of a line: paths, where braces have been multiplied out.
fn paths_of_the_crate(line: &str) -> Vec<String> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut found = Vec::new();
    for rest in line.split("crate::").skip(1) {
        let path: String = rest.chars().take_while(|c| is_path(*c)).collect();
        match rest[path.len()..].strip_prefix('{') {
            None => found.push(path.trim_end_matches(':').to_owned()),
            Some(inner) => found.extend(inner.split('}').next().unwrap_or(inner).split(',').map(|name| {
                let name = name.trim().split(' ').next().unwrap_or_default();
                if name == "self" { path.trim_end_matches(':').to_owned() } else { format!("{path}{name}") }
            })),
        }
    }
    found
}

/// Whether a line names something, and not only something that ends the same.
fn mentions(line: &str, path: &str) -> bool {
    line.match_indices(path)
        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':'))
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().unwrap_or(line) }
}

#[test]
fn the_reading_of_paths_finds_them_all() {
    let cases: [(&str, &[&str]); 5] = [
        ("use crate::view::View;", &["view::View"]),
        ("let x: crate::Site = crate::middleware::run();", &["Site", "middleware::run"]),
        ("use crate::server::{self, BodyError as Bad, Peer};", &["server", "server::BodyError", "server::Peer"]),
        ("use crate::{Site, view::View};", &["Site", "view::View"]),
        ("use super::Thing;", &[]),
    ];
    for (line, expected) in cases {
        assert_eq!(paths_of_the_crate(line), expected, "{line}");
    }
    assert!(mentions("fn f(_: hyper::Error)", "hyper::") && mentions("use hyper::Body;", "hyper::"));
    assert!(!mentions("use tokio_hyper::Body;", "hyper::") && !mentions("use crate::http::Request;", "http::"));
    assert_eq!(without_comment("    // crate::view"), "");
    assert_eq!(without_comment("x(); // crate::view").trim(), "x();");
}

#[test]
fn every_source_says_why_it_exists_and_leaves_nothing_to_do() {
    // Put together here, so that this file may pass its own test.
    let unfinished = ["todo", "unimplemented"].map(|name| format!("{name}!("));
    let files = sources(&checkout().join("crates")).into_iter().chain(sources(&checkout().join("examples")));
    for (path, text) in files.chain(sources(&checkout().join("tests"))) {
        let shown = path.strip_prefix(checkout()).unwrap_or(&path).display().to_string();
        // What the compiler refuses: its name is the sentence, and its lines are numbered in what stands beside it.
        let is_refused = path.with_extension("stderr").is_file();
        assert!(is_refused || text.starts_with("//!"), "{shown} does not say why it exists");
        for word in &unfinished {
            assert!(!text.contains(word.as_str()), "{shown} contains `{word}`");
        }
        assert!(!text.contains(&format!("allow({}_code)", "unsafe")), "{shown} allows unsafe code");
    }
}

/// What may not stand in any file.
const FOREIGN: [&str; 7] = ["/work/", "../shared", "crates.io", "pypi.org", "registry.npmjs", "as an AI", "issue #"];

/// The mentions that are allowed, and why: file, word, how often.
const ALLOWED: [(&str, &str, usize); 1] = [
    // The default of the variable QUINTET_VECTORS: public test vectors that a machine may have beside the checkout.
    (".ci/run", "../shared", 1),
];

#[test]
fn the_project_speaks_of_itself_alone() {
    let files = own_files();
    assert!(files.len() > 100 && files.contains(&checkout().join(".ci/run")), "only {} files", files.len());
    for path in files {
        let shown = path.strip_prefix(checkout()).unwrap_or(&path).display().to_string();
        // This list itself, and lock files, which cargo and npm write.
        if shown == "tests/tests/tidy.rs" || shown.ends_with(".lock") || shown.ends_with("package-lock.json") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue; // No text, or removed and not yet committed.
        };
        for word in FOREIGN {
            let allowed = ALLOWED.iter().find(|(file, allowed, _)| *file == shown && *allowed == word);
            let found = text.matches(word).count();
            assert_eq!(found, allowed.map_or(0, |(_, _, times)| *times), "{shown} and `{word}`");
        }
    }
}

/// Every file that git knows or would add; every file that no tool made where there is no git.
fn own_files() -> Vec<PathBuf> {
    let mut git = command("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(checkout());
    match git.output() {
        Ok(listed) if listed.status.success() => {
            let names = String::from_utf8_lossy(&listed.stdout).into_owned();
            names.split('\0').filter(|name| !name.is_empty()).map(|name| checkout().join(name)).collect()
        }
        _ => files_under(&checkout()),
    }
}

#[test]
fn every_command_has_its_place_in_the_reference() {
    let page = std::fs::read_to_string(checkout().join("docs/reference/commands.md")).expect("the page");
    let names = run(command(program("notes")).args(["help", "--commands"])).out;
    assert!(names.lines().count() > 30, "{names}");
    for name in names.lines() {
        assert!(
            page.contains(&format!("## {name}\n")) || page.contains(&format!("| `{name}` |")),
            "`{name}` is not in docs/reference/commands.md"
        );
    }
}

#[test]
fn the_page_of_settings_is_what_the_table_says() {
    let head = "# Settings\n\nEvery setting with the name that the reference gives it. Made from the table in the code by `make docs`.\n";
    let page = head.to_owned() + &quintet::settings::reference_page();
    let path = checkout().join("docs/reference/settings.md");
    if std::env::var_os("QUINTET_UPDATE").is_some() {
        std::fs::write(&path, &page).expect("the page is written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, page, "run `make docs`");
    assert!(page.contains("`SECURE_HSTS_SECONDS`") && page.contains("`CORS_ALLOWED_ORIGINS`"));
}

#[test]
fn every_verb_that_is_not_there_is_in_the_compatibility_page() {
    let page = std::fs::read_to_string(checkout().join("COMPATIBILITY.md")).expect("the page");
    for (name, _, _) in quintet::manage::not_yet() {
        assert!(page.contains(&format!("`{name}`")), "`{name}` is not in COMPATIBILITY.md");
    }
}

#[test]
fn every_deviation_has_a_test_that_exists() {
    let page = std::fs::read_to_string(checkout().join("COMPATIBILITY.md")).expect("the page");
    let (_, table) = page.split_once("## Different on purpose").expect("the table");
    let sources: Vec<String> = ["crates", "tests", "examples"]
        .iter()
        .flat_map(|folder| sources(&checkout().join(folder)))
        .map(|(_, text)| text)
        .collect();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    assert!(rows.len() > 20, "{rows:?}");
    for row in rows {
        let last = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        let name = last.split('`').nth(1).unwrap_or_else(|| panic!("no test is named: {row}"));
        assert!(sources.iter().any(|text| text.contains(&format!("fn {name}("))), "there is no test `{name}`: {row}");
    }
}

#[test]
fn every_requirement_of_the_security_page_has_a_test_that_exists() {
    let page = std::fs::read_to_string(checkout().join("docs/guides/security.md")).expect("the page");
    let (_, table) = page.split_once("\n## ASVS\n").expect("the table");
    let sources: Vec<String> = ["crates", "tests", "examples"]
        .iter()
        .flat_map(|folder| sources(&checkout().join(folder)))
        .map(|(_, text)| text)
        .collect();
    let rows: Vec<&str> =
        table.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit()).collect();
    assert!(rows.len() > 35, "{rows:?}");
    for row in rows {
        let last = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        if last == "the project" {
            continue;
        }
        let names: Vec<&str> = last.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test is named: {row}");
        for name in names {
            let test = format!("fn {name}(");
            assert!(sources.iter().any(|text| text.contains(&test)), "there is no test `{name}`: {row}");
        }
    }
}

#[test]
fn every_security_event_is_on_the_security_page() {
    let page = std::fs::read_to_string(checkout().join("docs/guides/security.md")).expect("the page");
    let (_, table) = page.split_once("\n## Security events\n").expect("the table");
    for event in quintet::security::SecurityEvent::ALL {
        let level = format!("{:?}", event.severity()).to_lowercase();
        assert!(table.contains(&format!("| `{}` | {level} |", event.id())), "`{}` is not on the page", event.id());
    }
    let listed = table.lines().filter(|line| line.starts_with("| `")).take_while(|line| line.contains(" | ")).count();
    assert!(listed >= quintet::security::SecurityEvent::ALL.len());
}

#[test]
fn every_dependency_has_its_reason() {
    let page = std::fs::read_to_string(checkout().join("ARCHITECTURE.md")).expect("the page");
    for (name, _) in EDGES {
        for used in dependencies(name).iter().filter(|used| !used.starts_with("quintet")) {
            assert!(page.contains(&format!("| `{used}` |")), "`{used}` has no line in ARCHITECTURE.md's table");
        }
    }
}

/// What a crate's manifest lists under any of its tables of dependencies.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest =
        std::fs::read_to_string(checkout().join("crates").join(name).join("Cargo.toml")).expect("a manifest");
    let mut inside = false;
    let mut found = BTreeSet::new();
    for line in manifest.lines() {
        if let Some(table) = line.strip_prefix('[') {
            inside = table.ends_with("dependencies]") && !table.contains("dev-");
        } else if inside && line.contains('=') {
            let key = line.split(['=', '.']).next().unwrap_or_default().trim();
            found.insert(key.trim_matches('"').to_owned());
        }
    }
    assert!(!found.is_empty() || name == "quintet-macros" || name == "quintet-core", "{name} uses nothing?");
    found
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let rust = files_under(folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    rust.map(|path| (path.clone(), std::fs::read_to_string(&path).expect("a source"))).collect()
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if [".git", "target", "venv", "node_modules", "__pycache__"].iter().any(|skipped| name == *skipped) {
                continue;
            }
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
