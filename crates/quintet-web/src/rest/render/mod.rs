//! Data as the bytes of an answer: by the renderer that `Accept` chose.

mod browsable;
mod json;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use quintet_core::json::{Json, parse_text};

use super::media_type::MediaType;
use crate::http::{Body, Error, Payload, Request, Response, Result};

pub use browsable::BrowsableApiRenderer;
pub use json::JsonRenderer;

/// Makes bytes of data.
pub trait Render: Send + Sync + 'static {
    /// What it writes: `application/json`.
    fn media_type(&self) -> &str;

    /// What `?format=` and the path's suffix call it: `json`.
    fn format(&self) -> &str;

    /// What the `Content-Type` says about text; nothing where its bytes tell that themselves.
    fn charset(&self) -> Option<&str> {
        Some("utf-8")
    }

    /// The bytes of a value. `accepted` is its media type with the parameters that the client added.
    ///
    /// # Errors
    /// Where the value cannot be written; the answer is the 500 page then.
    fn render(&self, value: &Json, accepted: &MediaType, request: &Request) -> Result<Bytes>;

    /// The same of compact JSON text.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    fn render_text(&self, text: &Bytes, accepted: &MediaType, request: &Request) -> Result<Bytes> {
        let text = std::str::from_utf8(text).map_err(Error::internal)?;
        self.render(&parse_text(text).map_err(Error::internal)?, accepted, request)
    }
}

/// Any renderer.
#[derive(Clone)]
pub struct Renderer(Arc<dyn Render>);

impl Renderer {
    /// What it writes.
    pub fn media_type(&self) -> &str {
        self.0.media_type()
    }

    /// What `?format=` calls it.
    pub fn format(&self) -> &str {
        self.0.format()
    }

    /// The answer with its data written; one without data as it is.
    pub(super) fn render(&self, request: &Request, accepted: &MediaType, mut response: Response) -> Result<Response> {
        let Some(payload) = response.take_payload() else { return Ok(response) };
        let written = match (&payload, response.body().whole()) {
            (Payload::Tree(value), _) => self.0.render(value, accepted, request),
            (Payload::Text, Some(text)) => self.0.render_text(text, accepted, request),
            (Payload::Text, None) => return Ok(response),
        };
        self.written(response, written?, matches!(payload, Payload::Tree(_)))
    }

    fn written(&self, mut response: Response, bytes: Bytes, is_tree: bool) -> Result<Response> {
        // A tree that JSON cannot say and this renderer can: its answer was the 500 page until now.
        if is_tree && response.status() == StatusCode::INTERNAL_SERVER_ERROR && response.header("content-type") != JSON
        {
            response = Response::empty(StatusCode::OK);
        }
        let content_type = match self.0.charset() {
            Some(charset) => HeaderValue::try_from(format!("{}; charset={charset}", self.media_type())),
            None => HeaderValue::try_from(self.media_type()),
        };
        response.set_body(Body::from(bytes));
        response.headers_mut().insert(CONTENT_TYPE, content_type.map_err(Error::internal)?);
        Ok(response)
    }
}

const JSON: Option<&str> = Some("application/json");

impl Default for Renderer {
    fn default() -> Self {
        JsonRenderer.into()
    }
}

impl<R: Render> From<R> for Renderer {
    fn from(renderer: R) -> Self {
        Self(Arc::new(renderer))
    }
}

impl fmt::Debug for Renderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.media_type())
    }
}
