//! Data as the bytes of an answer: by the renderer that `Accept` chose.

mod browsable;
mod json;
mod static_html;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use quintet_core::json::{Json, parse_text};

use super::media_type::MediaType;
use crate::http::{Body, Error, Payload, Request, Response, Result};

pub use browsable::BrowsableApiRenderer;
pub use json::JsonRenderer;
pub use static_html::StaticHtmlRenderer;

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

    /// The bytes of a value.
    ///
    /// # Errors
    /// Where the value cannot be written; the answer is the 500 page then.
    fn render(&self, value: &Json, context: &RenderContext<'_>) -> Result<Bytes>;

    /// The same of compact JSON text.
    ///
    /// # Errors
    /// As [`render`](Self::render).
    fn render_text(&self, text: &Bytes, context: &RenderContext<'_>) -> Result<Bytes> {
        let text = std::str::from_utf8(text).map_err(Error::internal)?;
        self.render(&parse_text(text).map_err(Error::internal)?, context)
    }
}

/// What a renderer knows beside the value.
#[derive(Clone, Copy, Debug)]
pub struct RenderContext<'a> {
    /// The request.
    pub request: &'a Request,
    /// The renderer's media type with the parameters that the client added.
    pub accepted: &'a MediaType,
    /// The status of the answer.
    pub status: StatusCode,
    /// The headers of the answer, so far.
    pub headers: &'a HeaderMap,
    /// Whether the value is what a refusal says, and not what the view answered.
    pub is_refusal: bool,
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
    pub(super) fn render(
        &self,
        request: &Request,
        accepted: &MediaType,
        mut response: Response,
        is_refusal: bool,
    ) -> Result<Response> {
        let Some(payload) = response.take_payload() else { return Ok(response) };
        // A tree that JSON cannot say: its answer is the 500 page until now, and this renderer may know how to say it.
        let is_unsaid = matches!(payload, Payload::Tree(_))
            && response.status() == StatusCode::INTERNAL_SERVER_ERROR
            && response.header("content-type") != JSON;
        let status = if is_unsaid { StatusCode::OK } else { response.status() };
        let context = RenderContext { request, accepted, status, headers: response.headers(), is_refusal };
        let bytes = match (&payload, response.body().whole()) {
            (Payload::Tree(value), _) => self.0.render(value, &context)?,
            (Payload::Text, Some(text)) => self.0.render_text(text, &context)?,
            (Payload::Text, None) => return Ok(response),
        };
        let response = if is_unsaid { Response::empty(StatusCode::OK) } else { response };
        self.written(response, bytes)
    }

    fn written(&self, mut response: Response, bytes: Bytes) -> Result<Response> {
        // A view that says itself what its data is has said so.
        let is_said = response.header("content-type").is_some_and(|said| Some(said) != JSON);
        if is_said {
            response.set_body(Body::from(bytes));
            return Ok(response);
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
