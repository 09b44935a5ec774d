//! A file that came with a request, as a value of a serializer's field.

use std::sync::Arc;

use quintet_core::rest::UploadedFile;

/// A file that came with a request: `pub manual: Upload`.
#[derive(Clone, Debug)]
pub struct Upload(Arc<dyn UploadedFile>);

impl std::ops::Deref for Upload {
    type Target = dyn UploadedFile;

    fn deref(&self) -> &(dyn UploadedFile + 'static) {
        &*self.0
    }
}

impl From<Arc<dyn UploadedFile>> for Upload {
    fn from(file: Arc<dyn UploadedFile>) -> Self {
        Self(file)
    }
}

impl From<Upload> for Arc<dyn UploadedFile> {
    fn from(upload: Upload) -> Self {
        upload.0
    }
}
