//! What is to be written, and the writing: all of it, or nothing.
//!
//! Everything is first written under another name, then renamed into place, and taken back if a
//! step fails. A process that is killed on the way leaves what has the name `.quintet-…`, which is
//! of no use and can be removed. Knows paths and texts; deliberately not what they are for.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::error::ScaffoldError;
use crate::secret;
use crate::template::NewFile;

/// New files below a folder, and new texts for files that are there.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Made if it is not there.
    pub(crate) root: PathBuf,
    pub(crate) files: Vec<NewFile>,
    pub(crate) edits: Vec<Edit>,
}

/// A file that is there and gets another text.
#[derive(Debug)]
pub(crate) struct Edit {
    pub(crate) path: PathBuf,
    pub(crate) before: String,
    pub(crate) after: String,
}

impl Plan {
    /// Writes all of it, or leaves everything as it was.
    pub(crate) fn write(&self) -> Result<(), ScaffoldError> {
        self.write_watched(&mut |_| Ok(()))
    }

    /// As [`write`](Self::write); `before_step` is asked before each file is put into place.
    fn write_watched(&self, before_step: &mut dyn FnMut(&Path) -> io::Result<()>) -> Result<(), ScaffoldError> {
        self.refuse_to_overwrite()?;
        let mut undo = Undo::default();
        let staging = self.stage(&mut undo)?;
        let edits = self.stage_edits(&mut undo)?;
        if self.root_exists() {
            self.move_all(&staging, before_step, &mut undo)?;
            fs::remove_dir_all(&staging).map_err(|error| ScaffoldError::io("remove", &staging, &error))?;
            undo.forget_folder(&staging);
        } else {
            step(before_step, &self.root, || fs::rename(&staging, &self.root))?;
            undo.moved(&staging, &self.root);
        }
        for (edit, (unfinished, target)) in self.edits.iter().zip(&edits) {
            step(before_step, target, || fs::rename(unfinished, target))?;
            undo.changed.push((target.clone(), edit.before.clone()));
        }
        undo.clear();
        Ok(())
    }

    pub(crate) fn root_exists(&self) -> bool {
        self.root.symlink_metadata().is_ok()
    }

    fn refuse_to_overwrite(&self) -> Result<(), ScaffoldError> {
        match self.in_the_way() {
            Some(message) => Err(ScaffoldError::new(message, NOTHING_OVERWRITTEN)),
            None => Ok(()),
        }
    }

    /// What is there in the place of a new file, or of a folder above it, as a sentence.
    pub(crate) fn in_the_way(&self) -> Option<String> {
        let places = self.files.iter().flat_map(|file| file.path.ancestors().filter(|path| self.is_taken(path, file)));
        let mut taken: Vec<_> = places.map(|path| self.shown(path)).collect();
        taken.dedup();
        match taken.as_slice() {
            [] => None,
            [one] => Some(format!("{one} already exists")),
            [first, second, third, _, ..] => {
                Some(format!("{first}, {second}, {third} and {} more already exist", taken.len() - 3))
            }
            few => Some(format!("{} already exist", few.join(", "))),
        }
    }

    /// A folder may be there already, but only in the place of a folder. The empty path is the root.
    fn is_taken(&self, path: &Path, file: &NewFile) -> bool {
        let place = self.root.join(path);
        let fits = path != file.path && place.is_dir();
        !path.as_os_str().is_empty() && place.symlink_metadata().is_ok() && !fits
    }

    fn shown(&self, path: &Path) -> String {
        let path = if self.root == Path::new(".") { path.to_path_buf() } else { self.root.join(path) };
        format!("`{}`", path.display())
    }

    /// Writes the new files into a folder of their own, on the same file system as their place.
    fn stage(&self, undo: &mut Undo) -> Result<PathBuf, ScaffoldError> {
        let beside = if self.root_exists() { self.root.as_path() } else { parent(&self.root) };
        make_folders(beside, undo)?;
        let staging = beside.join(format!(".quintet-{}", secret::suffix()?));
        make_folders(&staging, undo)?;
        for file in &self.files {
            let path = staging.join(&file.path);
            make_folders(parent(&path), undo)?;
            create(&path, &file.text, file.private).map_err(|error| ScaffoldError::io("write", &path, &error))?;
            undo.files.push(path);
        }
        Ok(staging)
    }

    /// Writes each new text beside its file; a link stays a link to the changed file.
    fn stage_edits(&self, undo: &mut Undo) -> Result<Vec<(PathBuf, PathBuf)>, ScaffoldError> {
        self.edits.iter().map(|edit| edit.stage(undo)).collect()
    }

    fn move_all(
        &self,
        staging: &Path,
        before_step: &mut dyn FnMut(&Path) -> io::Result<()>,
        undo: &mut Undo,
    ) -> Result<(), ScaffoldError> {
        for new in self.topmost_new_paths() {
            let (from, to) = (staging.join(&new), self.root.join(&new));
            step(before_step, &to, || fs::rename(&from, &to))?;
            undo.moved(&from, &to);
        }
        Ok(())
    }

    /// A new folder is put into place as a whole.
    fn topmost_new_paths(&self) -> BTreeSet<PathBuf> {
        let is_new = |path: &&Path| self.root.join(path).symlink_metadata().is_err();
        // The ancestors of a relative path end with the empty one, which is the root.
        let topmost = |file: &NewFile| file.path.ancestors().take_while(is_new).last().map(Path::to_path_buf);
        self.files.iter().filter_map(topmost).collect()
    }
}

pub(crate) const NOTHING_OVERWRITTEN: &str =
    "no file is ever overwritten; choose another name or folder, or move what is there";

impl Edit {
    fn stage(&self, undo: &mut Undo) -> Result<(PathBuf, PathBuf), ScaffoldError> {
        let failed = |error| ScaffoldError::io("write", &self.path, &error);
        let target = self.path.canonicalize().map_err(failed)?;
        let unfinished = parent(&target).join(format!(".quintet-{}", secret::suffix()?));
        create(&unfinished, &self.after, false).map_err(failed)?;
        undo.files.push(unfinished.clone());
        let permissions = fs::metadata(&target).map_err(failed)?.permissions();
        fs::set_permissions(&unfinished, permissions).map_err(failed)?;
        Ok((unfinished, target))
    }
}

/// What was made so far. Dropped before it is cleared, it takes everything back.
#[derive(Default)]
struct Undo {
    files: Vec<PathBuf>,
    /// In the order in which they were made: a folder before what is in it.
    folders: Vec<PathBuf>,
    /// Files with another text, each with its text before.
    changed: Vec<(PathBuf, String)>,
}

impl Undo {
    /// What was made below `from` is below `to` now.
    fn moved(&mut self, from: &Path, to: &Path) {
        for path in self.files.iter_mut().chain(&mut self.folders) {
            if let Ok(rest) = path.strip_prefix(from) {
                // Joined with nothing, a path would end in a slash.
                *path = if rest.as_os_str().is_empty() { to.to_path_buf() } else { to.join(rest) };
            }
        }
    }

    fn forget_folder(&mut self, folder: &Path) {
        self.folders.retain(|path| !path.starts_with(folder));
    }

    fn clear(&mut self) {
        self.files.clear();
        self.folders.clear();
        self.changed.clear();
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        // The first failure is the one that is reported; here there is nobody to tell.
        for (path, before) in &self.changed {
            let _ = fs::write(path, before);
        }
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

fn step(
    before_step: &mut dyn FnMut(&Path) -> io::Result<()>,
    path: &Path,
    rename: impl FnOnce() -> io::Result<()>,
) -> Result<(), ScaffoldError> {
    before_step(path).and_then(|()| rename()).map_err(|error| ScaffoldError::io("write", path, &error))
}

/// Makes a folder and those above it, and remembers which of them are new.
fn make_folders(path: &Path, undo: &mut Undo) -> Result<(), ScaffoldError> {
    if path.is_dir() {
        return Ok(());
    }
    if path.parent().is_some_and(|above| !above.as_os_str().is_empty()) {
        make_folders(parent(path), undo)?;
    }
    fs::create_dir(path).map_err(|error| ScaffoldError::io("make the folder", path, &error))?;
    undo.folders.push(path.to_path_buf());
    Ok(())
}

/// Never opens a file that is there.
fn create(path: &Path, text: &str, private: bool) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    if private {
        only_for_the_owner(&mut options);
    }
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(unix)]
fn only_for_the_owner(options: &mut fs::OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

/// Elsewhere a file in a user's folder is that user's already.
#[cfg(not(unix))]
fn only_for_the_owner(_options: &mut fs::OpenOptions) {}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with `src/main.rs` in it, removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let path = std::env::temp_dir().join(format!("quintet-plan-{}", secret::suffix().unwrap()));
            fs::create_dir_all(path.join("src")).unwrap();
            fs::write(path.join("src/main.rs"), "old").unwrap();
            Folder(path)
        }

        /// Every path below it, sorted.
        fn paths(&self) -> Vec<String> {
            let mut paths = Vec::new();
            let mut folders = vec![self.0.clone()];
            while let Some(folder) = folders.pop() {
                for entry in fs::read_dir(folder).unwrap() {
                    let path = entry.unwrap().path();
                    paths.push(path.strip_prefix(&self.0).unwrap().display().to_string());
                    if path.is_dir() {
                        folders.push(path);
                    }
                }
            }
            paths.sort();
            paths
        }

        fn plan(&self, root: &str) -> Plan {
            let file = |path: &str| NewFile { path: path.into(), text: path.to_owned(), private: false };
            let path = self.0.join("src/main.rs");
            let edit = Edit { path, before: "old".to_owned(), after: "new".to_owned() };
            Plan { root: self.0.join(root), files: vec![file("a.txt"), file("b/c.txt")], edits: vec![edit] }
        }

        fn main(&self) -> String {
            fs::read_to_string(self.0.join("src/main.rs")).unwrap()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    const BEFORE: [&str; 2] = ["src", "src/main.rs"];

    #[test]
    fn a_plan_is_written_into_a_folder_that_is_there() {
        let folder = Folder::new();
        folder.plan("").write().unwrap();
        assert_eq!(folder.paths(), ["a.txt", "b", "b/c.txt", "src", "src/main.rs"]);
        assert_eq!(folder.main(), "new");
    }

    #[test]
    fn a_plan_is_written_into_a_new_folder_below_new_folders() {
        let folder = Folder::new();
        folder.plan("x/y").write().unwrap();
        assert_eq!(folder.paths(), ["src", "src/main.rs", "x", "x/y", "x/y/a.txt", "x/y/b", "x/y/b/c.txt"]);
    }

    #[test]
    fn a_failure_at_any_step_takes_everything_back() {
        for (root, steps) in [("", 3), ("x/y", 2)] {
            for failing in 0..steps {
                let folder = Folder::new();
                let mut step = 0..;
                let failed = folder.plan(root).write_watched(&mut |_| match step.next() == Some(failing) {
                    true => Err(io::Error::other("The disk is gone (os error 7)")),
                    false => Ok(()),
                });
                assert!(failed.unwrap_err().message().ends_with("`: the disk is gone"));
                assert_eq!(folder.paths(), BEFORE, "{root} {failing}");
                assert_eq!(folder.main(), "old", "{root} {failing}");
            }
        }
    }

    #[test]
    fn a_killed_process_leaves_nothing_under_a_name_that_counts() {
        for root in ["", "x"] {
            let folder = Folder::new();
            let mut seen = Vec::new();
            // What is there in this moment is what a process that ends here leaves.
            let stopped = folder.plan(root).write_watched(&mut |_| {
                seen = folder.paths();
                Err(io::Error::other("stop"))
            });
            assert!(stopped.is_err());
            assert!(seen.len() > 2, "{seen:?}");
            let unfinished = |path: &String| path.contains(".quintet-");
            assert!(seen.iter().all(|path| BEFORE.contains(&path.as_str()) || unfinished(path)), "{seen:?}");
        }
    }

    #[test]
    fn a_file_that_is_there_is_never_overwritten() {
        let folder = Folder::new();
        fs::write(folder.0.join("a.txt"), "mine").unwrap();
        let error = folder.plan("").write().unwrap_err();
        assert!(error.message().ends_with("a.txt` already exists"), "{error}");
        assert_eq!(fs::read_to_string(folder.0.join("a.txt")).unwrap(), "mine");
        assert_eq!(folder.paths(), ["a.txt", "src", "src/main.rs"]);
        assert_eq!(folder.main(), "old");
    }

    #[test]
    fn a_file_in_the_place_of_a_folder_is_an_error() {
        let folder = Folder::new();
        fs::write(folder.0.join("b"), "mine").unwrap();
        let error = folder.plan("").write().unwrap_err();
        assert!(error.message().ends_with("b` already exists"), "{error}");
        assert_eq!(folder.paths(), ["b", "src", "src/main.rs"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nowhere_is_there_too() {
        let folder = Folder::new();
        std::os::unix::fs::symlink("nowhere", folder.0.join("a.txt")).unwrap();
        assert!(folder.plan("").write().unwrap_err().message().ends_with("already exists"));
        assert_eq!(folder.paths(), ["a.txt", "src", "src/main.rs"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_changed_file_stays_a_link() {
        let folder = Folder::new();
        fs::rename(folder.0.join("src/main.rs"), folder.0.join("real.rs")).unwrap();
        std::os::unix::fs::symlink("../real.rs", folder.0.join("src/main.rs")).unwrap();
        folder.plan("").write().unwrap();
        assert_eq!(fs::read_to_string(folder.0.join("real.rs")).unwrap(), "new");
        assert!(folder.0.join("src/main.rs").is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn a_changed_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new();
        let main = folder.0.join("src/main.rs");
        fs::set_permissions(&main, fs::Permissions::from_mode(0o640)).unwrap();
        folder.plan("").write().unwrap();
        assert_eq!(fs::metadata(&main).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
