//! Every verb that is not ours goes to the project, through cargo.
//!
//! A script stands for cargo and tells what it was given, so that no test builds a project.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;

use crate::folder::{Folder, Outcome};

/// Runs `quintet` in `folder`, with a cargo that tells where it is and what it was given, and then does `then`.
fn run(folder: &Folder, inside: &str, line: &str, then: &str) -> Outcome {
    let script = format!("#!/bin/sh\npwd\nfor argument in \"$@\"; do echo \"$argument\"; done\n{then}\n");
    folder.write("cargo", &script);
    fs::set_permissions(folder.join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    folder.run_with(inside, line, &[("CARGO", folder.join("cargo").to_str().unwrap())])
}

#[test]
fn another_verb_is_run_by_the_project() {
    let folder = Folder::with_project();
    let told = run(&folder, "mysite", "migrate blog 0001 --fake -v 2", "").succeeds();
    assert_eq!(told, "[folder]/mysite\nrun\n--quiet\n--\nmigrate\nblog\n0001\n--fake\n-v\n2\n");
}

#[test]
fn from_a_folder_inside_of_the_project_the_folder_stays() {
    let folder = Folder::with_project();
    let told = run(&folder, "mysite/src", "check", "").succeeds();
    assert_eq!(told, "[folder]/mysite/src\nrun\n--quiet\n--manifest-path\n[folder]/mysite/Cargo.toml\n--\ncheck\n");
}

#[test]
fn a_crate_in_between_that_is_no_project_is_passed_over() {
    let folder = Folder::with_project();
    folder.write("mysite/tool/Cargo.toml", "[dependencies]\nserde = \"1\"\n");
    let told = run(&folder, "mysite/tool", "check", "").succeeds();
    assert!(told.contains("[folder]/mysite/Cargo.toml\n"), "{told}");
}

#[test]
fn an_option_for_the_project_may_look_like_one_of_ours() {
    let folder = Folder::with_project();
    let told = run(&folder, "mysite", "migrate --help --version", "").succeeds();
    assert!(told.ends_with("--\nmigrate\n--help\n--version\n"), "{told}");
}

#[test]
fn help_for_another_verb_is_the_projects() {
    let folder = Folder::with_project();
    let told = run(&folder, "mysite", "help migrate", "").succeeds();
    assert!(told.ends_with("--\nhelp\nmigrate\n"), "{told}");
}

#[test]
fn outside_of_a_project_there_is_no_help_for_a_verb_that_is_not_ours() {
    Folder::new().run("help nope").fails(
        1,
        "error: there is no command `nope` outside of a project\n\
         hint: a project's own commands are listed inside its folder, by `cargo manage help`",
    );
}

#[test]
fn outside_of_a_project_help_for_a_misspelt_verb_names_the_right_one() {
    Folder::new()
        .run("help startprojct")
        .fails(1, "error: there is no command `startprojct` outside of a project\nhint: did you mean `startproject`?");
}

#[test]
fn in_a_project_the_version_is_that_of_its_framework() {
    let folder = Folder::with_project();
    let told = run(&folder, "mysite", "version", "").succeeds();
    assert_eq!(told, "[folder]/mysite\nrun\n--quiet\n--\nversion\n");
}

#[test]
fn in_a_project_a_misspelt_verb_is_the_projects_to_explain() {
    let folder = Folder::with_project();
    let told = run(&folder, "mysite", "startprojct x", "").succeeds();
    assert!(told.ends_with("--\nstartprojct\nx\n"), "{told}");
}

#[test]
fn the_exit_code_is_the_projects() {
    let folder = Folder::with_project();
    for code in [0, 1, 2, 101] {
        assert_eq!(run(&folder, "mysite", "check", &format!("exit {code}")).code, Some(code));
    }
}

#[test]
fn the_end_by_a_signal_is_the_projects() {
    let folder = Folder::with_project();
    let outcome = run(&folder, "mysite", "runserver", "kill -TERM $$");
    assert_eq!(outcome.status.signal(), Some(15));
}

#[test]
fn a_shell_sees_128_and_the_number_of_the_signal() {
    let folder = Folder::with_project();
    folder.write("cargo", "#!/bin/sh\nkill -TERM $$\n");
    fs::set_permissions(folder.join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args(["-c", "\"$0\" runserver; echo $?", env!("CARGO_BIN_EXE_quintet")]);
    let output = shell.current_dir(folder.join("mysite")).env("CARGO", folder.join("cargo")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "143\n");
}

#[test]
fn outside_of_a_project_another_verb_is_an_error() {
    let folder = Folder::new();
    folder.run("migrate").fails(
        1,
        "error: `migrate` needs a project, and there is none in `[folder]` or above it\n\
         hint: make one with `quintet startproject mysite`, then `cd mysite`",
    );
}

#[test]
fn outside_of_a_project_a_misspelt_verb_is_recognised() {
    Folder::new()
        .run("startprojct mysite")
        .fails(1, "error: `startprojct` is not a command of `quintet`\nhint: did you mean `startproject`?");
}

#[test]
fn a_cargo_that_is_not_there_is_an_error() {
    let folder = Folder::with_project();
    folder.run_with("mysite", "check", &[("CARGO", "/nowhere/cargo")]).fails(
        1,
        "error: `/nowhere/cargo` was not found\nhint: install Rust, or put the folder of its programs into PATH",
    );
}
