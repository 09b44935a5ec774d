//! A folder of one test's own, which is gone when the test is over, however it ends.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A folder, or only a place for one.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A place where nothing is yet. Whoever puts a file there makes the folder.
    pub(super) fn reserved() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        // The process's id comes again; chance does not.
        let name = format!("quintet-test-{}-{:016x}-{number}", std::process::id(), crate::clock::seed());
        Self(std::env::temp_dir().join(name))
    }

    /// A folder that nobody else may enter.
    pub(super) fn made() -> std::io::Result<Self> {
        let scratch = Self::reserved();
        let mut folder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&scratch.0)?;
        Ok(scratch)
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A connection that closes at this moment removes files of its own, under the feet of who removes all of them.
        for _ in 0..5 {
            match fs::remove_dir_all(&self.0) {
                Err(_) if self.0.exists() => std::thread::yield_now(),
                _ => return,
            }
        }
    }
}
