//! Files in a folder of this machine.
//!
//! A file appears under its name when it is whole, and never over another one. Nothing here follows a name out of the
//! folder, by whatever links.

#![expect(clippy::disallowed_methods, reason = "the folder of uploaded files is this module's own")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quintet_core::rest::UploadedFile;
use tokio::task::JoinHandle;

use super::name::{alternative, relative};
use super::{Storage, suspicious};
use crate::http::{Body, BoxFuture, Error, Result};
use crate::rest::upload::{Uploaded, blocking, bytes_of, random_word};

/// A folder of files; the reference's class of that name.
#[derive(Clone, Debug)]
pub struct FileSystemStorage {
    folder: PathBuf,
    base_url: String,
    permissions: Option<u32>,
}

/// So often another name is tried before the folder is taken for broken.
const MOST_TRIES: usize = 100;

/// So many random characters tell files of one name apart.
const WORD: usize = 7;

/// So much is read of a file at once.
const BLOCK: usize = 64 * 1024;

/// What stays as it is in a file's address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'(')
    .remove(b')')
    .remove(b'\'')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');

impl FileSystemStorage {
    /// A folder, and the address that its files are reached below; `/media/` for one.
    pub fn new(folder: impl Into<PathBuf>, base_url: impl Into<String>) -> Self {
        let mut base_url = base_url.into();
        if !base_url.ends_with('/') {
            base_url.push('/');
        }
        Self { folder: folder.into(), base_url, permissions: Some(0o644) }
    }

    /// The same with other rights for new files; `None` leaves them to the system.
    #[must_use]
    pub fn with_permissions(mut self, permissions: Option<u32>) -> Self {
        self.permissions = permissions;
        self
    }

    fn checked(name: &str) -> Result<String> {
        relative(name).ok_or_else(|| suspicious(name))
    }

    async fn keep(&self, name: &str, file: &Arc<dyn UploadedFile>, max_length: Option<usize>) -> Result<String> {
        let name = Self::checked(name)?;
        let temporary = file.as_any().downcast_ref::<Uploaded>().and_then(Uploaded::temporary_path);
        let content = match temporary {
            Some(path) => Content::File(path.to_owned()),
            None => Content::Bytes(bytes_of(file).await?),
        };
        let (folder, permissions) = (self.folder.clone(), self.permissions);
        let kept = blocking(move || place(&folder, &name, &content, permissions, max_length)).await?;
        kept.ok_or_else(|| Error::internal("no free name was found for an uploaded file"))
    }
}

impl Storage for FileSystemStorage {
    fn save<'a>(
        &'a self,
        name: &'a str,
        file: &'a Arc<dyn UploadedFile>,
        max_length: Option<usize>,
    ) -> BoxFuture<'a, Result<String>> {
        Box::pin(self.keep(name, file, max_length))
    }

    fn open<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<(Body, u64)>>> {
        Box::pin(async move {
            let found = find(self.folder.clone(), &Self::checked(name)?).await?;
            Ok(found.map(|found| (Body::stream(Stream::of(found.file, found.size)), found.size)))
        })
    }

    fn exists<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let path = self.folder.join(Self::checked(name)?);
            blocking(move || is_there(&path)).await
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let path = self.folder.join(Self::checked(name)?);
            blocking(move || match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            })
            .await
        })
    }

    fn url(&self, name: &str) -> String {
        let name = name.replace('\\', "/");
        format!("{}{}", self.base_url, utf8_percent_encode(name.trim_start_matches('/'), PLAIN))
    }
}

/// What a file is made of.
enum Content {
    Bytes(Bytes),
    /// A temporary file, which goes away by itself.
    File(PathBuf),
}

/// Whether anything has that name, if only a link to nowhere.
fn is_there(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Puts a file under a free name: whole and with its rights before it has that name.
fn place(
    folder: &Path,
    name: &str,
    content: &Content,
    permissions: Option<u32>,
    max_length: Option<usize>,
) -> io::Result<Option<String>> {
    let within = Path::new(name).parent().unwrap_or(Path::new(""));
    let directory = folder.join(within);
    fs::create_dir_all(&directory)?;
    if !fs::canonicalize(&directory)?.starts_with(fs::canonicalize(folder)?) {
        return Err(io::Error::other("a link in the folder of uploaded files leads out of it"));
    }
    let whole = Removed(directory.join(format!(".{}.part", random_word(20))));
    write_whole(&whole.0, content)?;
    if let Some(mode) = permissions {
        set_permissions(&whole.0, mode)?;
    }
    let mut candidate = Some(name.to_owned());
    for _ in 0..MOST_TRIES {
        let Some(tried) = &candidate else { break };
        let fits = max_length.is_none_or(|length| tried.chars().count() <= length);
        // A link is made only where nothing has that name: two requests never get the same.
        match if fits { fs::hard_link(&whole.0, folder.join(tried)) } else { Err(ErrorKind::AlreadyExists.into()) } {
            Ok(()) => return Ok(candidate),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        candidate = alternative(name, &random_word(WORD), max_length);
    }
    Ok(None)
}

fn write_whole(path: &Path, content: &Content) -> io::Result<()> {
    match content {
        Content::Bytes(bytes) => OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes),
        Content::File(from) => {
            // The same disk costs a name, another one a copy.
            if fs::hard_link(from, path).is_err() {
                fs::copy(from, path)?;
            }
            Ok(())
        }
    }
}

#[cfg(unix)]
fn set_permissions(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn set_permissions(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// A name that goes when this does.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// A file that is there, within its folder.
pub(crate) struct Found {
    file: File,
    /// How many bytes it has.
    pub(crate) size: u64,
    /// When it was changed last.
    pub(crate) modified: Option<SystemTime>,
}

impl Found {
    /// The file as a body, read bit by bit.
    pub(crate) fn into_body(self) -> Body {
        Body::stream(Stream::of(self.file, self.size))
    }
}

/// The plain file of a name below a folder; nothing where there is none, or where it is outside of the folder.
pub(crate) async fn find(folder: PathBuf, name: &str) -> Result<Option<Found>> {
    let Some(name) = relative(name) else { return Ok(None) };
    blocking(move || match opened(&folder, &name) {
        Ok(found) => Ok(found),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(error),
    })
    .await
}

fn opened(folder: &Path, name: &str) -> io::Result<Option<Found>> {
    let path = fs::canonicalize(folder.join(name))?;
    // Asked before it is opened: to open a pipe could take for ever.
    if !path.starts_with(fs::canonicalize(folder)?) || !fs::metadata(&path)?.is_file() {
        return Ok(None);
    }
    let file = File::open(&path)?;
    let facts = file.metadata()?;
    Ok(Some(Found { file, size: facts.len(), modified: facts.modified().ok() }))
}

fn is_absence(error: &io::Error) -> bool {
    let kinds = [ErrorKind::NotFound, ErrorKind::NotADirectory, ErrorKind::InvalidFilename, ErrorKind::InvalidInput];
    kinds.contains(&error.kind())
}

/// A file as the body of an answer: a thread is held for each block that is read, not for as long as a client takes.
struct Stream {
    file: Option<File>,
    reading: Option<JoinHandle<io::Result<(File, Bytes)>>>,
    left: u64,
}

impl Stream {
    fn of(file: File, left: u64) -> Self {
        Self { file: Some(file), reading: None, left }
    }
}

impl HttpBody for Stream {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        if let Some(file) = self.file.take() {
            let most = usize::try_from(self.left).unwrap_or(BLOCK).min(BLOCK);
            self.reading = Some(tokio::task::spawn_blocking(move || block(file, most)));
        }
        let Some(reading) = &mut self.reading else { return Poll::Ready(None) };
        let read = ready!(Pin::new(reading).poll(context)).map_err(io::Error::other).flatten();
        self.reading = None;
        let (file, bytes) = match read {
            Ok(read) => read,
            Err(error) => return Poll::Ready(Some(Err(error))),
        };
        if bytes.is_empty() {
            return Poll::Ready(Some(Err(ErrorKind::UnexpectedEof.into())));
        }
        self.file = Some(file);
        self.left -= bytes.len() as u64;
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

fn block(mut file: File, most: usize) -> io::Result<(File, Bytes)> {
    let mut bytes = vec![0; most];
    let count = file.read(&mut bytes)?;
    bytes.truncate(count);
    Ok((file, bytes.into()))
}
