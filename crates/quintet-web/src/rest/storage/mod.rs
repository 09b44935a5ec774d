//! Where uploaded files stay: a folder, or whatever else a project gives.
//!
//! A column holds a file's name in its storage. Names come from clients: they are cleaned before they get here, and
//! checked here again.

mod disk;
mod name;

use std::fmt;
use std::sync::Arc;

use quintet_core::python::strftime;
use quintet_core::rest::UploadedFile;

use crate::http::{Body, BoxFuture, Error, Request, Result, StatusCode};

pub use disk::FileSystemStorage;
pub(crate) use disk::{Found, find};
use name::{joined, valid};

/// Keeps files by name.
pub trait Storage: Send + Sync + 'static {
    /// Keeps a file under a name that is free, and says which that is: the one asked for, or one like it of no more
    /// than so many characters.
    fn save<'a>(
        &'a self,
        name: &'a str,
        file: &'a Arc<dyn UploadedFile>,
        max_length: Option<usize>,
    ) -> BoxFuture<'a, Result<String>>;

    /// A file, and how many bytes it has; nothing where there is none.
    fn open<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<(Body, u64)>>>;

    /// Whether there is a file of a name.
    fn exists<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// Removes a file; nothing happens where there is none.
    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>>;

    /// Where a browser gets a file.
    fn url(&self, name: &str) -> String;
}

/// Any storage.
#[derive(Clone)]
pub struct AnyStorage(Arc<dyn Storage>);

impl std::ops::Deref for AnyStorage {
    type Target = dyn Storage;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl<S: Storage> From<S> for AnyStorage {
    fn from(storage: S) -> Self {
        Self(Arc::new(storage))
    }
}

impl fmt::Debug for AnyStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a storage")
    }
}

/// The name that a field asks for: its folder, which may have directives of `strftime`, and the cleaned name of the file.
///
/// # Errors
/// 400 where nothing of the name is left, or the folder leads out.
pub fn generate_filename(upload_to: &str, file: &str, unix_seconds: i64, zone: &str) -> Result<String> {
    let folder = if upload_to.is_empty() { String::new() } else { strftime(upload_to, unix_seconds, zone) };
    let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let Some(file) = valid(file) else { return Err(suspicious(file)) };
    joined(&folder, &file).ok_or_else(|| suspicious(&folder))
}

/// The name that a function of the project gives a file: its folder as it is, and its name cleaned.
///
/// # Errors
/// As [`generate_filename`].
pub(crate) fn given_filename(path: &str) -> Result<String> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let Some(file) = valid(file) else { return Err(suspicious(file)) };
    joined(folder, &file).ok_or_else(|| suspicious(folder))
}

/// The page for a name that means harm.
fn suspicious(name: &str) -> Error {
    let shown: String = name.chars().take(200).collect();
    Error::page(StatusCode::BAD_REQUEST, format!("the file name {shown:?} was refused"))
}

impl Request {
    /// Where the site's uploaded files stay.
    ///
    /// # Errors
    /// Where neither `media_root` nor `default_storage` is set.
    pub fn storage(&self) -> Result<AnyStorage> {
        self.site().options().media.storage().ok_or_else(|| {
            Error::internal("there is no place for uploaded files\nhint: set `media_root`, or a `default_storage`")
        })
    }
}
