//! A folder of one test's own with its database of SQLite, gone when the test is over, however that ends.
//!
//! A folder and not a file: who still closes a connection cannot make the files beside the database anew.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// The folder.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    /// An empty one.
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("quintet-scratch-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        Self(folder)
    }

    /// The URL of a database in it, which does not exist yet.
    #[allow(dead_code, reason = "not every test has a database in it")]
    pub(crate) fn url(&self) -> String {
        format!("sqlite://{}/db.sqlite3", self.0.display())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A connection that closes at this moment removes files of its own, under the feet of who removes all of them.
        for _ in 0..5 {
            match std::fs::remove_dir_all(&self.0) {
                Err(_) if self.0.exists() => std::thread::yield_now(),
                _ => return,
            }
        }
    }
}
