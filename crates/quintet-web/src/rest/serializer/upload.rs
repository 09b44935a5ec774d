//! A file that came with a request, as a value of a serializer's field.

use std::sync::Arc;

use quintet_core::rest::UploadedFile;

macro_rules! uploads {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $name(Arc<dyn UploadedFile>);

        impl std::ops::Deref for $name {
            type Target = dyn UploadedFile;

            fn deref(&self) -> &(dyn UploadedFile + 'static) {
                &*self.0
            }
        }

        impl From<Arc<dyn UploadedFile>> for $name {
            fn from(file: Arc<dyn UploadedFile>) -> Self {
                Self(file)
            }
        }

        impl From<$name> for Arc<dyn UploadedFile> {
            fn from(upload: $name) -> Self {
                upload.0
            }
        }
    )*};
}

uploads! {
    /// A file that came with a request: `pub manual: Upload`.
    Upload;
    /// The same of an image, as its beginning and its name say: `pub portrait: ImageUpload`. Others are refused.
    ImageUpload;
}
