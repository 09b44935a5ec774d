//! Files that came with requests: in memory where they are small, else in a temporary file that goes when the request does.

mod sink;
mod temporary;

use std::any::Any;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use quintet_core::rest::UploadedFile;

use crate::http::Result;

pub(crate) use sink::{Sink, safe_name};
use temporary::Temporary;
pub(crate) use temporary::{blocking, random_word};

/// A file that came with a request.
#[derive(Debug)]
pub struct Uploaded {
    name: String,
    content_type: Option<String>,
    charset: Option<String>,
    size: u64,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Memory(Bytes),
    /// On disk, and the first bytes of it.
    Disk(Temporary, Bytes),
}

impl Uploaded {
    /// A file of which all is known.
    pub fn new(name: impl Into<String>, content_type: Option<&str>, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            content_type: content_type.map(str::to_owned),
            charset: None,
            size: bytes.len() as u64,
            content: Content::Memory(bytes),
        }
    }

    /// The charset that the client said the file's text is in.
    pub fn charset(&self) -> Option<&str> {
        self.charset.as_deref()
    }

    /// Where the file is until the request is over, if it is on disk.
    pub fn temporary_path(&self) -> Option<&Path> {
        match &self.content {
            Content::Memory(_) => None,
            Content::Disk(file, _) => Some(file.path()),
        }
    }

    /// All bytes.
    ///
    /// # Errors
    /// Where its temporary file cannot be read.
    pub async fn bytes(&self) -> Result<Bytes> {
        match &self.content {
            Content::Memory(bytes) => Ok(bytes.clone()),
            Content::Disk(file, _) => file.read().await,
        }
    }
}

/// The bytes of any uploaded file, whoever took it.
pub(crate) async fn bytes_of(file: &Arc<dyn UploadedFile>) -> Result<Bytes> {
    match file.as_any().downcast_ref::<Uploaded>() {
        Some(uploaded) => uploaded.bytes().await,
        None => Ok(Bytes::copy_from_slice(file.head())),
    }
}

impl UploadedFile for Uploaded {
    fn name(&self) -> &str {
        &self.name
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    fn head(&self) -> &[u8] {
        match &self.content {
            Content::Memory(bytes) | Content::Disk(_, bytes) => bytes,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn charset(&self) -> Option<&str> {
        Self::charset(self)
    }
}
