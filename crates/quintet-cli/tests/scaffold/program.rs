//! The program's own command line: help, version, completions, and what it refuses.

use crate::folder::Folder;

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(Folder::new().run("--version").succeeds(), format!("quintet {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn outside_of_a_project_the_verb_for_the_version_does_what_the_option_does() {
    let folder = Folder::new();
    assert_eq!(folder.run("version").succeeds(), folder.run("--version").succeeds());
    folder.run("version 2").fails(2, "error: `2` was not expected\nhint: see `quintet help version`");
}

#[test]
fn help_lists_every_command_in_three_ways() {
    let folder = Folder::new();
    let help = folder.run("help").succeeds();
    for command in
        ["startproject", "startapp", "completions", "help", "version", "Every other command belongs to the project"]
    {
        assert!(help.contains(command), "{command} in {help}");
    }
    assert_eq!(folder.run("--help").succeeds(), help);
    assert_eq!(folder.run("").succeeds(), help);
}

#[test]
fn help_of_a_command_shows_its_options_in_two_ways() {
    let folder = Folder::new();
    let help = folder.run("help startproject").succeeds();
    for word in
        ["Usage: quintet startproject", "<NAME>", "[DIRECTORY]", "--database", "sqlite, postgres", "none, react"]
    {
        assert!(help.contains(word), "{word} in {help}");
    }
    assert_eq!(folder.run("startproject --help").succeeds(), help);
}

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = Folder::new().run(&format!("completions {shell}")).succeeds();
        assert!(script.contains("startproject") && script.contains("no-wiring"), "{shell}");
    }
}

#[test]
fn a_command_line_that_cannot_be_read_is_a_usage_error() {
    for (line, stderr) in [
        ("startproject", "error: <NAME> is missing\nhint: see `quintet help startproject`"),
        ("startapp", "error: <NAME> is missing\nhint: see `quintet help startapp`"),
        ("startproject a b c", "error: `c` was not expected\nhint: see `quintet help startproject`"),
        ("startproject a --databse sqlite", "error: `--databse` was not expected\nhint: did you mean `--database`?"),
        (
            "startproject a --database mysql",
            "error: `mysql` is not a value of `--database <DATABASE>`\nhint: use one of `sqlite`, `postgres`",
        ),
        (
            "startproject a --database",
            "error: `--database <DATABASE>` needs a value\nhint: use one of `sqlite`, `postgres`",
        ),
        ("startapp a --template x", "error: `--template` was not expected\nhint: see `quintet help startapp`"),
        ("--frobnicate", "error: `--frobnicate` was not expected\nhint: see `quintet help`"),
        (
            "completions tcsh",
            "error: `tcsh` is not a value of `<SHELL>`\nhint: use one of `bash`, `elvish`, `fish`, `powershell`, `zsh`",
        ),
    ] {
        let folder = Folder::new();
        folder.run(line).fails(2, stderr);
        assert!(folder.everything().is_empty(), "{line}");
    }
}

#[test]
fn there_is_no_colour_without_a_terminal() {
    let outcome = Folder::new().run_with("", "migrate", &[("TERM", "xterm-256color")]);
    assert!(!outcome.stderr.contains('\x1b'), "{:?}", outcome.stderr);
}

/// `script` is the terminal; where a system has none, there is nothing to see.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colour_unless_it_asks_for_none() {
    use std::process::Command;
    let shown = |no_color: &str| {
        let line = format!("{} migrate", env!("CARGO_BIN_EXE_quintet"));
        let mut script = Command::new("script");
        script.args(["--quiet", "--command", &line, "/dev/null"]).env("NO_COLOR", no_color);
        script.current_dir(std::env::temp_dir()).output()
    };
    let Ok(coloured) = shown("") else { return };
    assert!(String::from_utf8_lossy(&coloured.stdout).contains("\x1b[1;31merror:\x1b[0m `migrate`"));
    let plain = shown("1").unwrap();
    assert!(String::from_utf8_lossy(&plain.stdout).contains("error: `migrate`"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args(["-c", "{ \"$0\" completions bash; echo $? >&2; } | true", env!("CARGO_BIN_EXE_quintet")]);
    let output = shell.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "0\n");
}
