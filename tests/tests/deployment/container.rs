//! What the Dockerfile builds, built here: a program that needs nothing of the machine that it runs on.

use std::fs;
use std::path::PathBuf;

use quintet_tests::support::{Folder, Server, checkout, command, run};
use serde_json::Value;

use super::{SECRET, found, skipped};

/// The target of the image in which the Dockerfile builds.
const TARGET: &str = "x86_64-unknown-linux-musl";

#[test]
#[ignore = "builds the framework once more"]
fn a_static_program_serves_without_a_library() {
    let Some(program) = built() else { return };
    let bytes = fs::read(&program).expect("a program");
    assert!(!names_a_loader(&bytes), "{} asks for a loader of libraries", program.display());

    let folder = Folder::new("deploy-static");
    // Nothing is found by way of the environment, and nothing but the database is written.
    let bare = |args: &[&str]| {
        let mut program = command(&program);
        program.args(args).env_clear().env("SECRET_KEY", SECRET).current_dir(folder.path());
        program
    };
    let said = run(&mut bare(&["migrate", "--noinput"]));
    assert_eq!(said.code, 0, "{said:?}");
    let server = Server::start(&mut bare(&["serve", "127.0.0.1:0"]));
    let said = run(&mut bare(&["healthcheck", &server.address().to_string()]));
    assert_eq!(said.code, 0, "{said:?}");
}

/// The program of these tests with all features, where this machine can build for that target.
fn built() -> Option<PathBuf> {
    if found(&["/usr/bin/musl-gcc", "/usr/local/bin/musl-gcc"]).is_none() {
        skipped("musl-gcc");
        return None;
    }
    let mut cargo = command(env!("CARGO"));
    cargo.args(["build", "--locked", "--target", TARGET, "-p", "quintet-tests", "--bin", "deployed", "--features"]);
    cargo.args(["tls,redis", "--message-format", "json"]).current_dir(checkout());
    // Without the deadline that other commands have: where nothing is built yet, this takes many minutes.
    let said = cargo.output().expect("cargo");
    let errors = String::from_utf8_lossy(&said.stderr);
    if errors.contains("may not be installed") {
        skipped(TARGET);
        return None;
    }
    assert!(said.status.success(), "{errors}");
    let said = String::from_utf8_lossy(&said.stdout);
    let messages = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    Some(messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next().expect("a program"))
}

/// Whether an ELF file of 64 bits names the program that loads its libraries.
fn names_a_loader(elf: &[u8]) -> bool {
    const INTERPRETER: [u8; 4] = 3u32.to_le_bytes();
    let number = |at: usize, length: usize| {
        elf[at..at + length].iter().rev().fold(0, |number, &byte| (number << 8) | usize::from(byte))
    };
    assert_eq!(&elf[..5], b"\x7fELF\x02", "an ELF file of 64 bits");
    let (first, size, count) = (number(32, 8), number(54, 2), number(56, 2));
    (0..count).any(|header| elf[first + header * size..].starts_with(&INTERPRETER))
}
