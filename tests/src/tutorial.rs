//! The tutorial, followed: every chapter's files are written, every command is run, every answer is compared, and what comes
//! out of it is `examples/notes`.
//!
//! A block of code says what becomes of it behind its language: `whole FILE` is a file, `end FILE` is put to its end,
//! `shown FILE` is in it already, and `diff FILE` changes it. The first chapter says so in its prose. What needs Node.js or a
//! browser is in `e2e/notes.test.js` and `e2e/start.test.js`.

mod example;
mod shell;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::shell::{command_of, command_of_powershell, curled, fits, shell_words, shown_after};
use crate::databases::Scratch;
use crate::pages::{split, text};
use crate::support::{Folder, Said, Server, checkout, command, get, program, run};

/// The chapters in their order.
const CHAPTERS: [&str; 9] = [
    "docs/tutorial/first-project.md",
    "docs/tutorial/tokens.md",
    "docs/tutorial/cors.md",
    "docs/tutorial/front-end.md",
    "docs/tutorial/interceptors.md",
    "docs/tutorial/protected-routes.md",
    "docs/tutorial/front-end-tests.md",
    "docs/tutorial/postgresql.md",
    "docs/tutorial/deployment.md",
];

/// What stands for the address of the reader's own server of PostgreSQL.
const POSTGRES: &str = "postgres://USER:PASSWORD@localhost/mysite";

#[test]
fn the_tutorial_works_as_it_is_written_and_leads_to_the_example() {
    let folder = Folder::new("tutorial");
    let pages = CHAPTERS.map(text);
    let site = tutorial_project(folder.path(), &pages[0]);
    for verb in ["makemigrations", "migrate api", "showmigrations api", "migrate"] {
        let said = cargo(&site, &[], &[&["manage"], &verb.split(' ').collect::<Vec<_>>()[..]].concat());
        let shown = shown_after(&pages[0], &format!("cargo manage {verb}"));
        assert!(shown.is_empty() || shown == said.out, "`{verb}` prints\n{}", said.out);
    }
    let looks = ["cargo manage check", "cargo manage sqlmigrate", "cargo manage diffsettings"];
    for line in pages[0].lines().filter_map(|line| line.strip_prefix("$ ")) {
        if looks.iter().any(|look| line.contains(look)) {
            does(&site, &pages[0], line);
        }
    }
    for page in &pages[1..] {
        takes_its_steps(&site, page);
    }
    example::equals(&site);
    has_the_example_of_the_guide_about_tests(&site);
    passes_its_tests(&site);
    for database in [Some(Scratch::sqlite()), Scratch::postgres()].into_iter().flatten() {
        is_asked_as_it_is_written(&site, &pages[..7].concat(), &database.url);
    }
}

#[test]
fn every_line_that_sets_a_variable_is_shown_for_powershell_too() {
    for chapter in CHAPTERS {
        let page = text(chapter);
        let (_, blocks) = split(&page);
        let lines =
            |info: &'static str| blocks.iter().filter(move |(own, _)| *own == info).flat_map(|(_, lines)| lines);
        let shell = lines("console").filter_map(|line| line.strip_prefix("$ ")).map(command_of);
        let shell: Vec<_> = shell.filter(|(set, words)| !set.is_empty() && !words.is_empty()).collect();
        let (removals, set): (Vec<&str>, Vec<&str>) =
            lines("powershell").partition(|line| line.starts_with("Remove-Item "));
        let powershell: Vec<_> = set.into_iter().map(command_of_powershell).collect();
        assert_eq!(shell, powershell, "{chapter}");
        // There a variable stays for the window, and the next command would have it too.
        let stays = shell.iter().map(|(set, _)| set.iter().map(|(name, _)| format!("Env:{name}")).collect::<Vec<_>>());
        let expected: Vec<String> = stays.map(|names| format!("Remove-Item {}", names.join(", "))).collect();
        assert_eq!(removals, expected, "{chapter}");
    }
}

/// A new project, changed as the tutorial says.
fn tutorial_project(folder: &Path, page: &str) -> PathBuf {
    let site = folder.join("mysite");
    let quintet = program("quintet");
    said_well(&run(command(&quintet).args(["startproject", "mysite", "--frontend", "react"]).current_dir(folder)));
    let started = run(command(&quintet).args(["startapp", "api"]).current_dir(&site));
    said_well(&started);
    let told = format!("{}{}", started.out, started.err);
    assert!(told.starts_with(&shown_after(page, "cargo manage startapp api")), "`startapp` prints\n{told}");
    let include = block_with(page, "namespace = ");
    edit(&site.join("src/urls.rs"), |urls| urls.replacen("urls![", &format!("urls![\n{include}"), 1));
    for (file, words) in [
        ("models.rs", "pub struct Note"),
        ("serializers.rs", "pub struct NoteSerializer"),
        ("views.rs", "impl ModelViewSet for NoteViewSet {\n    type"),
        ("urls.rs", "pub fn urls"),
        ("tests.rs", "#[quintet::test]"),
    ] {
        let code = without_hidden_lines(&block_with(page, words));
        // "Each file begins with a line that says what it is for. Keep that."
        let kept = |line: &&str| line.starts_with("//!");
        edit(&site.join("src/api").join(file), |old| {
            format!("{}\n\n{code}\n", old.lines().take_while(kept).collect::<Vec<_>>().join("\n"))
        });
    }
    edit(&site.join("src/api/mod.rs"), |module| {
        let start = module.find("quintet::app!").expect("the app's list");
        format!("{}{}\n", &module[..start], block_with(page, "models = [models::Note], migrations"))
    });
    site
}

/// What a chapter after the first one wants of a project: its files are written and its commands are run.
fn takes_its_steps(site: &Path, page: &str) {
    let (_, blocks) = split(page);
    for (info, lines) in blocks {
        let code = lines.join("\n") + "\n";
        match info.split(' ').collect::<Vec<_>>().as_slice() {
            [_, "whole", file] => fs::write(site.join(file), code).expect("written"),
            [_, "end", file] => edit(&site.join(file), |old| format!("{old}\n{code}")),
            [_, "shown", file] => {
                let there = fs::read_to_string(site.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
                assert!(there.contains(&code), "{file} does not have\n{code}");
            }
            ["diff", file] => edit(&site.join(file), |old| changed(&old, &lines)),
            ["console"] => {
                lines.iter().filter_map(|line| line.strip_prefix("$ ")).for_each(|line| does(site, page, line));
            }
            ["text" | "powershell"] | ["json", "claims"] => {}
            other => panic!("a block `{other:?}` is not followed by this test"),
        }
    }
}

/// A text, changed by the lines of a `diff`.
fn changed(old: &str, lines: &[&str]) -> String {
    let kept = |without: char| {
        lines.iter().filter(|line| !line.starts_with(without)).fold(String::new(), |all, line| all + &line[1..] + "\n")
    };
    assert_eq!(old.matches(&kept('+')).count(), 1, "{lines:?}");
    old.replacen(&kept('+'), &kept('-'), 1)
}

/// Runs a line of a page, which prints what the page shows.
fn does(site: &Path, page: &str, line: &str) {
    let (set, words) = command_of(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        // With a database of its own, which is there before.
        [] | ["createdb", _] => {}
        // Asked in `is_asked_as_it_is_written`.
        ["curl", ..] => {}
        // In `e2e/notes.test.js` and `e2e/start.test.js`: they need Node.js.
        ["npm", ..] | ["cargo", "manage", "runserver" | "build"] => {}
        // Without optimisation, which takes minutes, and without the pages.
        ["./target/release/mysite", "serve", ..] => serves(site, &set, &words),
        ["./target/release/mysite", verb] => drop(cargo(site, &[], &["manage", verb])),
        ["cargo", rest @ ..] => {
            let Some(set) = with_a_server(&set) else { return };
            let set: Vec<(&str, &str)> = set.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let said = cargo(site, &set, rest);
            let shown = shown_after(page, line);
            let told = format!("{}{}", said.err, said.out);
            let is_shown = [&said.out, &told].iter().any(|text| fits(shown.trim_end(), text.trim_end()));
            assert!(shown.is_empty() || is_shown, "`{line}` prints\n{told}");
        }
        other => panic!("a line `{other:?}` is not followed by this test"),
    }
}

/// Variables with the address of a database that is there; nothing where a server of PostgreSQL is not.
fn with_a_server(set: &[(String, String)]) -> Option<Vec<(String, String)>> {
    static SERVER: std::sync::OnceLock<Option<Scratch>> = std::sync::OnceLock::new();
    let put = |(name, value): &(String, String)| {
        let value =
            if value == POSTGRES { SERVER.get_or_init(Scratch::postgres).as_ref()?.url.clone() } else { value.clone() };
        Some((name.clone(), value))
    };
    set.iter().map(put).collect()
}

/// The production server as the page starts it, but for its port.
fn serves(site: &Path, set: &[(String, String)], words: &[&str]) {
    let mut server = command(program_of_the_project());
    server.args(words[1..].iter().map(|word| if word.starts_with("127.") { "127.0.0.1:0" } else { word }));
    let mut server = Server::start(server.current_dir(site).envs(set.iter().cloned()));
    assert_eq!(get(server.address(), "/api/notes/").expect("an answer").status, 401);
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(30)), Some(0));
}

/// The guide about testing has an example, which is a test here.
fn has_the_example_of_the_guide_about_tests(site: &Path) {
    fs::write(site.join("src/guide.rs"), tests_of("docs/guides/testing.md")).expect("written");
    edit(&site.join("src/main.rs"), |main| main.replace("mod urls;", "mod urls;\n#[cfg(test)]\nmod guide;"));
}

fn passes_its_tests(site: &Path) {
    let mut urls = vec!["sqlite://tests.sqlite3".to_owned()];
    urls.extend(std::env::var("QUINTET_TEST_POSTGRES"));
    for url in urls {
        let said = cargo(site, &[("TEST_DATABASE_URL", &url)], &["test", "--offline"]);
        for name in
            ["a_note_belongs_to_who_wrote_it", "who_registers_logs_in_and_reads", "the_greeting_names_who_was_named"]
        {
            assert!(said.out.contains(&format!("{name} ... ok")), "{name}\n{}", said.out);
        }
    }
}

/// Cargo in a generated project, which succeeds.
fn cargo(site: &Path, variables: &[(&str, &str)], args: &[&str]) -> Said {
    // The folder of the stories, so that the framework is compiled once for all generated projects.
    let target = checkout().join("target/stories");
    let mut cargo = command(env!("CARGO"));
    cargo.args(args).current_dir(site).env("CARGO_TARGET_DIR", &target).env_remove("RUSTFLAGS");
    let said = run(cargo.env("CARGO_NET_OFFLINE", "true").envs(variables.iter().copied()));
    said_well(&said);
    said
}

/// The lines `$ curl ..` of a page, put to the project's server on a database: what it shows is what comes, where `...`
/// stands for anything.
fn is_asked_as_it_is_written(site: &Path, page: &str, database: &str) {
    let database = [("DATABASE_URL", database)];
    cargo(site, &database, &["manage", "migrate"]);
    let typed = page.lines().find(|line| line.contains("cargo manage createsuperuser --noinput")).expect("a user");
    let words = shell_words(typed.trim_start_matches("$ "));
    let (variable, words) = words.split_first().expect("a variable");
    let set = [database[0], variable.split_once('=').expect("a variable")];
    let said = cargo(site, &set, &words.iter().skip(1).map(String::as_str).collect::<Vec<_>>());
    assert_eq!(said.out, shown_after(page, typed.trim_start_matches("$ ")));
    let mut server = command(program_of_the_project());
    let server = Server::start(server.args(["serve", "127.0.0.1:0"]).current_dir(site).envs(database));
    let mut variables = vec![("JSON", "Content-Type: application/json".to_owned())];
    let mut asked = 0;
    for typed in page.lines().filter_map(|line| line.strip_prefix("$ ")).filter(|line| line.starts_with("curl ")) {
        let set =
            variables.iter().fold(typed.to_owned(), |line, (name, value)| line.replace(&format!("${name}"), value));
        let answer = curled(&server, &shell_words(&set));
        let shown = shown_after(page, typed);
        assert!(fits(shown.trim_end(), &answer), "{typed}\nanswers\n{answer}\nthe page shows\n{shown}");
        if let Some((_, token)) = answer.split_once("\"access\":\"") {
            variables.push(("TOKEN", token.trim_end_matches("\"}").to_owned()));
        }
        asked += 1;
    }
    assert!(asked > 7, "{asked} requests");
}

fn program_of_the_project() -> PathBuf {
    checkout().join("target/stories/debug/mysite")
}

/// A page's first block with tests, without the lines that only make it a doctest.
fn tests_of(page: &str) -> String {
    without_hidden_lines(&block_with(&text(page), "#[quintet::test]"))
}

/// Code without the lines that only make it a doctest.
fn without_hidden_lines(code: &str) -> String {
    code.lines().filter(|line| !line.starts_with("# ")).collect::<Vec<_>>().join("\n")
}

/// A page's first block of code with some words in it.
fn block_with(page: &str, words: &str) -> String {
    let (_, blocks) = split(page);
    let mut blocks = blocks.into_iter().map(|(_, lines)| lines.join("\n"));
    blocks.find(|block| block.contains(words)).unwrap_or_else(|| panic!("no block has `{words}`"))
}

fn edit(file: &Path, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(file).expect("a file that was made");
    fs::write(file, change(text)).expect("written");
}

fn said_well(said: &Said) {
    assert_eq!(said.code, 0, "{}\n{}", said.out, said.err);
}
