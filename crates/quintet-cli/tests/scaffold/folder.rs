//! A folder for one test, and the program run in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Empty at first, removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("quintet-cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Folder(path.canonicalize().unwrap())
    }

    /// With a project `mysite` in the folder of that name.
    pub(crate) fn with_project() -> Self {
        let folder = Folder::new();
        folder.run("startproject mysite").succeeds();
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Every file with its text, and every folder: two equal answers mean that nothing was touched.
    pub(crate) fn everything(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let shown = path.strip_prefix(&self.0).unwrap().to_str().unwrap().replace('\\', "/");
                let is_folder = path.is_dir() && !path.is_symlink();
                let text =
                    if is_folder { "a folder".to_owned() } else { fs::read_to_string(&path).unwrap_or_default() };
                if is_folder {
                    folders.push(path);
                }
                found.insert(shown, text);
            }
        }
        found
    }

    /// The files below `path`, sorted.
    pub(crate) fn files(&self, path: &str) -> Vec<String> {
        let below = |file: String| file.strip_prefix(path)?.strip_prefix('/').map(str::to_owned);
        let files = self.everything().into_iter().filter(|(_, text)| text != "a folder");
        files.filter_map(|(file, _)| below(file)).collect()
    }

    pub(crate) fn run(&self, line: &str) -> Outcome {
        self.run_in("", line)
    }

    pub(crate) fn run_in(&self, folder: &str, line: &str) -> Outcome {
        self.run_with(folder, line, &[])
    }

    pub(crate) fn run_with(&self, folder: &str, line: &str, variables: &[(&str, &str)]) -> Outcome {
        let mut program = Command::new(env!("CARGO_BIN_EXE_quintet"));
        program.args(line.split_whitespace()).current_dir(self.join(folder)).stdin(Stdio::null());
        program.envs(variables.iter().copied());
        let output = program.output().unwrap();
        Outcome {
            code: output.status.code(),
            status: output.status,
            stdout: String::from_utf8(output.stdout).unwrap().replace(self.0.to_str().unwrap(), "[folder]"),
            stderr: String::from_utf8(output.stderr).unwrap().replace(self.0.to_str().unwrap(), "[folder]"),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a run of the program showed; the test's folder reads `[folder]`.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    #[cfg_attr(not(unix), expect(dead_code, reason = "only a test of signals looks at it"))]
    pub(crate) status: std::process::ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Exit code 0 and nothing on standard error; the text on standard output.
    #[track_caller]
    pub(crate) fn succeeds(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{}", self.stdout);
        self.stdout
    }

    /// The exit code, nothing on standard output, and exactly this text on standard error.
    #[track_caller]
    pub(crate) fn fails(self, code: i32, stderr: &str) {
        assert_eq!(self.stderr.trim_end(), stderr.trim_end());
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), ""));
    }
}
