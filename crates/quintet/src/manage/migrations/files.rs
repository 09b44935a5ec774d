//! The folder of an app's migrations, on disk: what stands in it, and how a file is added.
//!
//! The program knows only the migrations that it was built with. A file beside them that it does not know means that it
//! is older than its sources, and then it must not number the next one.

use std::fs;
use std::path::{Path, PathBuf};

use quintet_core::migrate::write::{add_to_mod, file_name, new_mod, remove_from_mod};

use crate::App;
use crate::manage::CommandError;

/// Where an app's migrations stand.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The same below the project's folder, as people know it.
    shown: String,
}

impl Folder {
    /// The folder `migrations` beside the file that declares the app. Only a project's own apps have one.
    pub(crate) fn of(app: &App, project: &Path) -> Result<Self, CommandError> {
        let Some(source) = source(app, project) else {
            return Err(CommandError::new(format!("app `{}` is no part of this project's sources", app.label)).with_hint(
                "its migrations come with the crate that brings it; take its models as they are, or make your own app",
            ));
        };
        let path = source.parent().unwrap_or(project).join("migrations");
        let shown = path.strip_prefix(project).unwrap_or(&path).display().to_string();
        Ok(Self { path, shown })
    }

    /// The path of a migration's file, as people know it.
    pub(crate) fn shown(&self, migration: &str) -> String {
        format!("{}/{}", self.shown, file_name(migration))
    }

    /// The name of a migration's file.
    pub(crate) fn file(&self, migration: &str) -> String {
        file_name(migration)
    }

    /// Whether a migration of this name stands there.
    pub(crate) fn has(&self, migration: &str) -> bool {
        self.path.join(file_name(migration)).exists()
    }

    /// Files of migrations that are not among these.
    pub(crate) fn unknown(&self, known: &[&str]) -> Vec<String> {
        let known: Vec<String> = known.iter().map(|name| file_name(name)).collect();
        let Ok(entries) = fs::read_dir(&self.path) else { return vec![] };
        let mut unknown: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| is_migration(name) && !known.contains(name))
            .map(|name| format!("{}/{name}", self.shown))
            .collect();
        unknown.sort();
        unknown
    }

    /// Writes a migration's file and names it in `mod.rs`: first the file, so that what `mod.rs` names is always there.
    pub(crate) fn write(&self, migration: &str, text: &str) -> Result<(), CommandError> {
        let failed = |doing: &str, error| CommandError::because(format!("{doing} `{}`", self.shown), error);
        fs::create_dir_all(&self.path).map_err(|error| failed("cannot make the folder", error))?;
        replace(&self.path.join(file_name(migration)), text).map_err(|error| failed("cannot write into", error))?;
        let list = self.path.join("mod.rs");
        let named = match fs::read_to_string(&list) {
            Ok(text) => add_to_mod(&text, migration).map_err(|paste| self.unreadable(paste))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => new_mod(&[migration.to_owned()]),
            Err(error) => return Err(failed("cannot read", error)),
        };
        replace(&list, &named).map_err(|error| failed("cannot write into", error))
    }

    /// Refuses to write a migration's file anew where functions stand in it: only the migration itself would be written.
    pub(crate) fn refuse_own_code(&self, migration: &str) -> Result<(), CommandError> {
        let text = fs::read_to_string(self.path.join(file_name(migration))).unwrap_or_default();
        if text.matches("fn ").count() <= 1 {
            return Ok(());
        }
        let shown = self.shown(migration);
        Err(CommandError::new(format!("`{shown}` holds functions of its own, which would be lost"))
            .with_hint("move them into another module and name them by their path, or change the file by hand"))
    }

    /// Whether a function stands in a migration's file which no other file may name.
    pub(crate) fn hides(&self, migration: &str, function: &str) -> bool {
        fs::read_to_string(self.path.join(file_name(migration))).is_ok_and(|text| is_private(&text, function))
    }

    /// Writes another text into a migration's file.
    pub(crate) fn rewrite(&self, migration: &str, text: &str) -> Result<(), CommandError> {
        replace(&self.path.join(file_name(migration)), text)
            .map_err(|error| CommandError::because(format!("cannot write into `{}`", self.shown), error))
    }

    /// Takes a migration's file away, and its name out of `mod.rs`.
    pub(crate) fn remove(&self, migration: &str) -> Result<(), CommandError> {
        let failed = |error| CommandError::because(format!("cannot change `{}`", self.shown), error);
        let list = self.path.join("mod.rs");
        let text = fs::read_to_string(&list).map_err(failed)?;
        let named = remove_from_mod(&text, migration).map_err(|paste| self.unreadable(paste))?;
        replace(&list, &named).map_err(failed)?;
        fs::remove_file(self.path.join(file_name(migration))).map_err(failed)
    }

    fn unreadable(&self, paste: String) -> CommandError {
        CommandError::new(format!("cannot read the list in `{}/mod.rs`", self.shown)).with_hint(paste)
    }
}

/// The file that declares an app. The compiler names it below the workspace's folder, which may be above the project's.
pub(crate) fn source(app: &App, project: &Path) -> Option<PathBuf> {
    if app.module.starts_with("quintet::") {
        return None;
    }
    let named = Path::new(app.source);
    if named.is_absolute() {
        return named.starts_with(project).then(|| named.to_owned());
    }
    let parts: Vec<_> = named.components().collect();
    (0..parts.len())
        .map(|skipped| project.join(parts[skipped..].iter().collect::<PathBuf>()))
        .find(|path| path.is_file())
}

/// `m0001_initial.rs`
fn is_migration(name: &str) -> bool {
    name.strip_prefix('m').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.ends_with(".rs"))
}

/// A file is whole or not there: a program that is killed leaves no half of it.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let fresh = path.with_extension("rs.new");
    fs::write(&fresh, text)?;
    fs::rename(&fresh, path)
}

/// Whether a source has a function of this name, and not for others to call.
fn is_private(source: &str, function: &str) -> bool {
    source.lines().any(|line| {
        let Some((before, after)) = line.split_once("fn ") else { return false };
        let rest = after.strip_prefix(function).unwrap_or("x");
        let is_it = rest.trim_start().starts_with(['(', '<']);
        is_it && before.split_whitespace().all(|word| matches!(word, "async" | "const"))
    })
}

#[cfg(test)]
mod tests {
    use super::is_private;

    #[test]
    fn a_function_without_pub_is_private_to_its_file() {
        let source =
            "use x;\n\npub async fn back(a: B) {}\nasync fn fill(a: B) {\n}\npub(super) fn near() {}\nfn one<T>() {}\n";
        let private: Vec<&str> =
            ["back", "fill", "near", "one", "fi", "on"].into_iter().filter(|name| is_private(source, name)).collect();
        assert_eq!(private, ["fill", "one"]);
    }
}
