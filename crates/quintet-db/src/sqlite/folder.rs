//! A folder for a test's database, which is gone with this.

use std::path::PathBuf;

pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("quintet_sqlite_{}_{test}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder for the test");
        Self(folder)
    }

    pub(super) fn file(&self) -> PathBuf {
        self.0.join("db.sqlite3")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
