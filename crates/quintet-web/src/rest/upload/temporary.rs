//! Temporary files: nobody else can read them, no name is there before, none stays.
//!
//! Every call that can wait for a disk runs where waiting is allowed.

#![expect(clippy::disallowed_methods, reason = "uploads that are too large for memory are this module's own files")]

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::http::{Error, Result};

/// The name of a file that is removed when this goes.
#[derive(Debug)]
pub(super) struct Temporary(PathBuf);

impl Temporary {
    /// A new file, in the folder that the settings name or the system's own.
    pub(super) async fn create(folder: Option<PathBuf>) -> Result<(Self, File)> {
        blocking(move || {
            let folder = folder.unwrap_or_else(std::env::temp_dir);
            let path = folder.join(format!("{}.upload", random_word(20)));
            let file = private().open(&path)?;
            Ok((Self(path), file))
        })
        .await
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) async fn read(&self) -> Result<Bytes> {
        let path = self.0.clone();
        blocking(move || std::fs::read(path).map(Bytes::from)).await
    }
}

/// It may have been moved to where it stays.
impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Appends to a file, and gives it back.
pub(super) async fn append(mut file: File, bytes: Vec<u8>) -> Result<File> {
    blocking(move || {
        file.write_all(&bytes)?;
        Ok(file)
    })
    .await
}

/// Runs what waits for a disk.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(Error::internal)?;
    done.map_err(|error| match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Error::internal(format!(
            "there is no room for an uploaded file: {error}\nhint: make room where `media_root` and \
             `http.file_upload_temp_dir` are, or take smaller files: `server.max_body_bytes`"
        )),
        _ => Error::internal(error),
    })
}

/// Letters and digits that cannot be guessed.
pub(crate) fn random_word(length: usize) -> String {
    const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut word = String::with_capacity(length);
    while word.len() < length {
        let mut byte = [0];
        aws_lc_rs::rand::fill(&mut byte).unwrap_or_else(|_| panic!("the system gives no random numbers"));
        // Without the last few values, every letter is as likely as any other.
        if let Some(letter) = LETTERS.get(usize::from(byte[0] & 63)) {
            word.push(char::from(*letter));
        }
    }
    word
}
