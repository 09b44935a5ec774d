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

/// Rooms of the HTTP layer, and what they may not look into.
const BLIND: [(&str, &[&str]); 4] = [
    ("crates/quintet-web/src/routing", &["crate::", "hyper", "axum", "tokio"]),
    ("crates/quintet-web/src/server", &["crate::", "routing", "middleware"]),
    ("crates/quintet-web/src/http", &["crate::middleware", "crate::view"]),
    ("crates/quintet-web/src/pages", &["crate::middleware", "crate::view", "crate::server"]),
];

#[test]
fn rooms_do_not_look_where_they_may_not() {
    for (room, forbidden) in BLIND {
        for (path, text) in sources(&checkout().join(room)) {
            let uses =
                text.lines().map(str::trim).filter(|line| line.starts_with("use ") || line.starts_with("pub use "));
            for line in uses {
                for word in forbidden {
                    assert!(!line.contains(word), "{}: `{line}`", path.display());
                }
            }
        }
    }
}

#[test]
fn every_source_says_why_it_exists_and_leaves_nothing_to_do() {
    // Put together here, so that this file may pass its own test.
    let unfinished = ["todo", "unimplemented"].map(|name| format!("{name}!("));
    let files = sources(&checkout().join("crates")).into_iter().chain(sources(&checkout().join("examples")));
    for (path, text) in files.chain(sources(&checkout().join("tests"))) {
        let shown = path.strip_prefix(checkout()).unwrap_or(&path).display().to_string();
        assert!(text.starts_with("//!"), "{shown} does not say why it exists");
        for word in &unfinished {
            assert!(!text.contains(word.as_str()), "{shown} contains `{word}`");
        }
        assert!(!text.contains(&format!("allow({}_code)", "unsafe")), "{shown} allows unsafe code");
    }
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let folders = ["crates", "examples", "tests", "docs", "scripts", "benches", "oracle"];
    let words = ["/work/", "../shared", "crates.io", "pypi.org", "registry.npmjs", "as an AI"];
    let mut files: Vec<PathBuf> = folders.iter().flat_map(|folder| files_under(&checkout().join(folder))).collect();
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "COMPATIBILITY.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "Makefile",
        "deny.toml",
    ] {
        files.push(checkout().join(name));
    }
    for path in files {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        // This list itself, and lock files, which cargo writes.
        if path.ends_with("tests/tests/tidy.rs") || path.extension().is_some_and(|end| end == "lock") {
            continue;
        }
        for word in words {
            assert!(!text.contains(word), "{} contains `{word}`", path.display());
        }
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
    let sources: Vec<String> =
        ["crates", "tests"].iter().flat_map(|folder| sources(&checkout().join(folder))).map(|(_, text)| text).collect();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    assert!(rows.len() > 20, "{rows:?}");
    for row in rows {
        let last = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        let name = last.split('`').nth(1).unwrap_or_else(|| panic!("no test is named: {row}"));
        assert!(sources.iter().any(|text| text.contains(&format!("fn {name}("))), "there is no test `{name}`: {row}");
    }
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
            if ["target", "venv", "node_modules", "__pycache__"].iter().any(|skipped| name == *skipped) {
                continue;
            }
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
