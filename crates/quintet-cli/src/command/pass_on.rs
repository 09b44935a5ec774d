//! Runs a command of the project: `cargo run --quiet -- VERB ARGUMENTS...`.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::ArgMatches;

use super::own_or_similar;
use crate::terminal::Failure;

pub(super) fn run(verb: &str, arguments: &ArgMatches) -> Result<u8, Failure> {
    let arguments = arguments.get_many::<OsString>("").into_iter().flatten().cloned();
    let line: Vec<_> = [OsString::from(verb)].into_iter().chain(arguments).collect();
    pass(&line, |folder| no_project(verb, folder))
}

/// Gives the project the whole `line`; `no_project` says what it means that there is none.
pub(super) fn pass(line: &[OsString], no_project: impl FnOnce(&Path) -> Failure) -> Result<u8, Failure> {
    let folder = current_folder()?;
    let project = quintet_cli::find_project(&folder).ok_or_else(|| no_project(&folder))?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--quiet"]);
    if project != folder {
        // The current folder stays: the paths on the command line start from it.
        cargo.arg("--manifest-path").arg(project.join("Cargo.toml"));
    }
    cargo.arg("--").args(line);
    become_or_wait(&mut cargo)
}

pub(super) fn current_folder() -> Result<PathBuf, Failure> {
    env::current_dir()
        .map_err(|error| Failure::error(format!("the current folder is gone: {error}"), "go to another one"))
}

pub(super) fn no_project(verb: &str, folder: &Path) -> Failure {
    let message = format!("`{verb}` needs a project, and there is none in `{}` or above it", folder.display());
    match own_or_similar(verb) {
        Err(Some(similar)) => {
            Failure::error(format!("`{verb}` is not a command of `quintet`"), format!("did you mean `{similar}`?"))
        }
        _ => Failure::error(message, "make one with `quintet startproject mysite`, then `cd mysite`"),
    }
}

/// On Unix this process becomes cargo, which becomes the project's program: signals, terminal and
/// exit status are that program's, and nobody stands between it and who started it.
#[cfg(unix)]
fn become_or_wait(cargo: &mut Command) -> Result<u8, Failure> {
    use std::os::unix::process::CommandExt as _;
    let error = cargo.exec();
    Err(cargo_failed(cargo, &error))
}

#[cfg(not(unix))]
fn become_or_wait(cargo: &mut Command) -> Result<u8, Failure> {
    let status = cargo.status().map_err(|error| cargo_failed(cargo, &error))?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

fn cargo_failed(cargo: &Command, error: &io::Error) -> Failure {
    let program = cargo.get_program().to_string_lossy();
    match error.kind() {
        io::ErrorKind::NotFound => Failure::error(
            format!("`{program}` was not found"),
            "install Rust, or put the folder of its programs into PATH",
        ),
        _ => Failure { code: 1, message: format!("cannot run `{program}`: {error}"), hint: None },
    }
}
