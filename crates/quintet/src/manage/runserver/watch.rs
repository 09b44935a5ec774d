//! What a project is built from, and whether it has changed.
//!
//! Looks at times and sizes every now and then: the same on every system, and cheap for the size of a project.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The files of a project, as they were at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Snapshot(BTreeMap<PathBuf, (Option<SystemTime>, u64)>);

const FILES: [&str; 5] = ["Cargo.toml", "Cargo.lock", "build.rs", ".env", ".cargo/config.toml"];
const FOLDERS: [&str; 2] = ["src", "templates"];

impl Snapshot {
    /// The project in a folder, now.
    pub(super) fn of(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        for name in FILES {
            keep(&folder.join(name), &mut files);
        }
        if let Some(named) = std::env::var_os("ENV_FILE") {
            keep(&folder.join(named), &mut files);
        }
        for name in FOLDERS {
            walk(&folder.join(name), &mut files, 0);
        }
        Self(files)
    }

    /// A file that is not what it was; the first by name.
    pub(super) fn difference(&self, earlier: &Self) -> Option<PathBuf> {
        let changed = self.0.iter().find(|(path, state)| earlier.0.get(*path) != Some(*state)).map(|(path, _)| path);
        let gone = earlier.0.keys().find(|path| !self.0.contains_key(*path));
        changed.or(gone).cloned()
    }

    /// Takes over what a build itself writes, so that it counts as no change.
    pub(super) fn adopt_lock_file(&mut self, folder: &Path) {
        let path = folder.join("Cargo.lock");
        self.0.remove(&path);
        keep(&path, &mut self.0);
    }
}

fn keep(path: &Path, files: &mut BTreeMap<PathBuf, (Option<SystemTime>, u64)>) {
    if let Some(found) = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file) {
        files.insert(path.to_owned(), (found.modified().ok(), found.len()));
    }
}

/// Deep enough for any project; a link that leads into itself ends here.
const DEEPEST: usize = 32;

fn walk(folder: &Path, files: &mut BTreeMap<PathBuf, (Option<SystemTime>, u64)>, depth: usize) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        // Editors' own files: half-written, and none of the project's.
        if name.to_string_lossy().starts_with(['.', '#']) || name.to_string_lossy().ends_with('~') {
            continue;
        }
        let path = entry.path();
        if path.is_dir() && depth < DEEPEST {
            walk(&path, files, depth + 1);
        } else {
            keep(&path, files);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_a_new_and_a_removed_file_are_seen_and_an_editors_are_not() {
        let folder = std::env::temp_dir().join(format!("quintet-watch-{}", std::process::id()));
        let source = folder.join("src/api");
        std::fs::create_dir_all(&source).expect("a folder");
        std::fs::write(source.join("views.rs"), "a").expect("written");
        let first = Snapshot::of(&folder);
        assert_eq!(Snapshot::of(&folder).difference(&first), None);

        std::fs::write(source.join(".views.rs.swp"), "x").expect("written");
        std::fs::write(source.join("views.rs~"), "x").expect("written");
        assert_eq!(Snapshot::of(&folder).difference(&first), None, "editors' files");

        std::fs::write(source.join("views.rs"), "ab").expect("written");
        let second = Snapshot::of(&folder);
        assert_eq!(second.difference(&first), Some(source.join("views.rs")));

        std::fs::write(folder.join(".env"), "A=1").expect("written");
        let third = Snapshot::of(&folder);
        assert_eq!(third.difference(&second), Some(folder.join(".env")));

        std::fs::remove_file(source.join("views.rs")).expect("removed");
        let mut fourth = Snapshot::of(&folder);
        assert_eq!(fourth.difference(&third), Some(source.join("views.rs")), "a removed file");

        std::fs::write(folder.join("Cargo.lock"), "written by the build").expect("written");
        fourth.adopt_lock_file(&folder);
        assert_eq!(Snapshot::of(&folder).difference(&fourth), None, "what the build wrote");
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
