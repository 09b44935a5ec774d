//! The body of a request: read whole, as data, as it arrives, or given away; once.

use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use http::Uri;
use quintet_core::rest::Data;

use super::super::{BodyStream, BoxFuture, Error, Incoming, Result};
use super::Request;

impl Request {
    /// The whole body, read once and kept; refused with 413 past `data_upload_max_memory_size`.
    ///
    /// A boxed future: a bare one, held across an `.await` of a view, is more than the compiler can prove to be `Send`.
    pub fn bytes(&self) -> BoxFuture<'_, Result<Bytes>> {
        Box::pin(async move { self.0.read.get_or_try_init(|| self.read_body()).await.cloned() })
    }

    /// The body as data, read once by the parser that its `Content-Type` asks for: of those that the view chooses, else of
    /// `rest_framework.default_parser_classes`.
    ///
    /// # Errors
    /// 415 where no parser reads it, 400 where it is malformed. That is told once: who asks again gets no data.
    pub fn data(&self) -> BoxFuture<'_, Result<Arc<Data>>> {
        Box::pin(self.0.parsed.data(self))
    }

    /// Whether one of the parsers that [`data`](Self::data) tries reads bodies of this type.
    pub(crate) fn reads(&self, content_type: &str) -> bool {
        self.0.parsed.reads(self, content_type)
    }

    /// The parsers that [`data`](Self::data) tries, nothing for those of the settings; the first call counts.
    pub(crate) fn set_parsers(&self, parsers: Option<&[crate::rest::Parser]>) {
        self.0.parsed.set_parsers(parsers);
    }

    /// The body as it arrives, which is gone from here then.
    ///
    /// # Errors
    /// Where it is gone already.
    pub fn stream(&self) -> Result<BodyStream> {
        self.take_body().map(Incoming::into_stream)
    }

    /// Whether it is known that there is nothing in the body.
    pub(crate) fn has_empty_body(&self) -> bool {
        let body = self.0.body.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*body, self.0.read.get()) {
            (_, Some(read)) => read.is_empty(),
            (Some(Incoming::Whole(bytes)), None) => bytes.is_empty(),
            _ => false,
        }
    }

    /// Whether the body is in memory.
    pub(crate) fn has_read_body(&self) -> bool {
        self.0.read.get().is_some()
    }

    async fn read_body(&self) -> Result<Bytes> {
        self.take_body()?.collect(self.0.site.options().http.data_upload_max_memory_size).await
    }

    /// The body, which is gone from here then, unless it was read before or there is nothing in it.
    fn take_body(&self) -> Result<Incoming> {
        if let Some(read) = self.0.read.get() {
            return Ok(Incoming::Whole(read.clone()));
        }
        let mut body = self.0.body.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(&*body, Some(Incoming::Whole(bytes)) if bytes.is_empty()) {
            return Ok(Incoming::Whole(Bytes::new()));
        }
        body.take().ok_or_else(|| {
            Error::internal("the body of this request was taken by a mounted router or an earlier read failed")
        })
    }

    /// The parts and the body for another HTTP stack; a body that was not read is gone from here.
    pub(crate) fn to_http(&self, uri: Uri) -> Result<http::Request<axum::body::Body>> {
        Ok(self.with_body(uri, self.take_foreign()?))
    }

    /// The body for another HTTP stack, which is gone from here then.
    pub(crate) fn take_foreign(&self) -> Result<axum::body::Body> {
        Ok(self.take_body()?.into_foreign())
    }

    /// The same for another HTTP stack with this body.
    pub(crate) fn with_body(&self, uri: Uri, body: axum::body::Body) -> http::Request<axum::body::Body> {
        let mut request = http::Request::new(body);
        *request.method_mut() = self.method().clone();
        *request.uri_mut() = uri;
        *request.version_mut() = self.version();
        *request.headers_mut() = self.headers().clone();
        *request.extensions_mut() = self.0.parts.extensions.clone();
        request.extensions_mut().insert(self.clone());
        request
    }
}
