//! A new app in `src/NAME/`, wired into `src/main.rs` and `src/settings.rs`.
//!
//! Leaves `src/urls.rs` to the user, as the reference does: where an app is reached is a decision.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::ScaffoldError;
use crate::inject::{Unrecognised, add_installed_app, add_module};
use crate::name::check_app_name;
use crate::plan::{Edit, Plan};
use crate::project::dependencies;
use crate::report::Report;
use crate::template::{NewFile, app_files};

/// Makes the app `name` in the project's folder and wires it in. All of it, or nothing.
pub fn startapp(project: &Path, name: &str) -> Result<Report, ScaffoldError> {
    start(project, name, WIRING)
}

/// Makes the files of the app `name` and changes no other; the report says which lines to paste.
pub fn startapp_without_wiring(project: &Path, name: &str) -> Result<Report, ScaffoldError> {
    start(project, name, &[])
}

/// A line that an app needs in a file of the project, and who puts it there.
struct Wire {
    file: &'static str,
    place: &'static str,
    line: fn(&str) -> String,
    inject: fn(&str, &str) -> Result<String, Unrecognised>,
}

/// In the order in which the files are changed: a module that is not installed yet does no harm.
const WIRING: &[Wire] = &[
    Wire {
        file: "src/main.rs",
        place: "with the other modules",
        line: |name| format!("mod {name};"),
        inject: add_module,
    },
    Wire {
        file: "src/settings.rs",
        place: "in the list `installed_apps`",
        line: |name| format!("crate::{name}::app(),"),
        inject: add_installed_app,
    },
];

fn start(project: &Path, name: &str, wiring: &[Wire]) -> Result<Report, ScaffoldError> {
    check_app_name(name)?;
    check_project(project)?;
    check_free(project, name)?;
    let plan = Plan { root: project.to_path_buf(), files: files(name), edits: edits(project, name, wiring)? };
    plan.write()?;
    Ok(report(&plan, name, wiring))
}

fn check_project(project: &Path) -> Result<(), ScaffoldError> {
    if project.join("src").is_dir() && project.join("Cargo.toml").is_file() {
        return Ok(());
    }
    Err(ScaffoldError::new(
        format!("`{}` is not the folder of a project: it needs a `Cargo.toml` and a folder `src`", project.display()),
        "make a project with `quintet startproject mysite`, or go to the folder of one",
    ))
}

/// Refuses a name that the project has given to something else.
fn check_free(project: &Path, name: &str) -> Result<(), ScaffoldError> {
    let refused = |because: String| {
        Err(ScaffoldError::new(
            format!("`{name}` cannot be the name of an app: {because}"),
            format!("try `{name}_app`"),
        ))
    };
    if let Some(existing) = existing(&project.join("src"), name)? {
        return refused(format!("`src/{existing}` already exists"));
    }
    let manifest = project.join("Cargo.toml");
    let manifest = fs::read_to_string(&manifest).map_err(|error| ScaffoldError::io("read", &manifest, &error))?;
    if dependencies(&manifest).iter().any(|dependency| dependency == name) {
        return refused("`Cargo.toml` has a dependency of that name".to_owned());
    }
    Ok(())
}

/// `name` or `name.rs` in any case: not every file system tells them apart.
fn existing(folder: &Path, name: &str) -> Result<Option<String>, ScaffoldError> {
    let failed = |error| ScaffoldError::io("read", folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let found = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        let lower = found.to_lowercase();
        if lower.strip_suffix(".rs").unwrap_or(&lower) == name {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn files(name: &str) -> Vec<NewFile> {
    let folder = Path::new("src").join(name);
    app_files(name).into_iter().map(|file| NewFile { path: folder.join(&file.path), ..file }).collect()
}

/// The changes of all files, or one error about all that are not as expected.
fn edits(project: &Path, name: &str, wiring: &[Wire]) -> Result<Vec<Edit>, ScaffoldError> {
    let mut edits = Vec::new();
    let mut problems = Vec::new();
    for wire in wiring {
        let path = project.join(wire.file);
        let before = match fs::read_to_string(&path) {
            Ok(before) => before,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                problems.push(format!("`{}` is not there", wire.file));
                continue;
            }
            Err(error) => return Err(ScaffoldError::io("read", &path, &error)),
        };
        match (wire.inject)(&before, name) {
            Ok(after) if after == before => {}
            Ok(after) => edits.push(Edit { path, before, after }),
            Err(Unrecognised(why)) => problems.push(format!("`{}` does not look as expected ({why})", wire.file)),
        }
    }
    if problems.is_empty() { Ok(edits) } else { Err(paste_instead(name, wiring, &problems)) }
}

fn paste_instead(name: &str, wiring: &[Wire], problems: &[String]) -> ScaffoldError {
    let mut hint = format!("run `startapp {name} --no-wiring`, then paste");
    for line in paste_lines(name, wiring) {
        hint.push_str("\n    ");
        hint.push_str(&line);
    }
    ScaffoldError::new(format!("{}; nothing was written", problems.join(", and ")), hint)
}

fn paste_lines(name: &str, wiring: &[Wire]) -> Vec<String> {
    wiring.iter().map(|wire| format!("{}    into {}, {}", (wire.line)(name), wire.file, wire.place)).collect()
}

fn report(plan: &Plan, name: &str, wiring: &[Wire]) -> Report {
    let include = format!("include(\"{name}/\", crate::{name}::urls::urls(), namespace = \"{name}\"),");
    let mut next = Vec::new();
    if wiring.is_empty() {
        next.push(("to wire it in, paste".to_owned(), paste_lines(name, WIRING)));
    }
    next.push(("to give it an address, put into the list in `src/urls.rs`".to_owned(), vec![include]));
    let changed = |wire: &&Wire| plan.edits.iter().any(|edit| edit.path.ends_with(wire.file));
    Report {
        root: plan.root.clone(),
        created: plan.files.iter().map(|file| file.path.clone()).collect(),
        changed: wiring.iter().filter(changed).map(|wire| (PathBuf::from(wire.file), (wire.line)(name))).collect(),
        next,
    }
}
