//! What was done, for whoever shows it.
//!
//! Knows no terminal: its text is plain and ends without a newline.

use std::fmt;
use std::path::{Component, Path, PathBuf};

/// What a scaffolding command wrote, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The folder that was made or filled, as the caller named it.
    pub root: PathBuf,
    /// The new files, relative to `root`.
    pub created: Vec<PathBuf>,
    /// The files that were there and got a line, relative to `root`, each with that line.
    pub changed: Vec<(PathBuf, String)>,
    /// What is left to the user: lines to type or to paste, each group below its title.
    pub next: Vec<(String, Vec<String>)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        lines.extend(self.created.iter().map(|path| format!("created {}", self.shown(path))));
        lines.extend(self.changed.iter().map(|(path, line)| format!("changed {}: {line}", self.shown(path))));
        for (title, steps) in &self.next {
            lines.push(format!("\n{title}:"));
            lines.extend(steps.iter().map(|step| format!("    {step}")));
        }
        f.write_str(&lines.join("\n"))
    }
}

impl Report {
    /// As seen from where the user stands; below an absolute root its beginning says nothing new.
    fn shown(&self, path: &Path) -> String {
        let path = if self.root.is_relative() { self.root.join(path) } else { path.to_path_buf() };
        let parts = path.components().filter(|part| *part != Component::CurDir);
        parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}
