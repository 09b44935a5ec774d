//! Data as the bytes of an answer: by the renderer that `Accept` chose.

pub(crate) mod browsable;
mod json;
mod static_html;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use quintet_core::json::{Json, parse_text};

use super::media_type::MediaType;
use crate::http::{Body, Error, Payload, Request, Response, Result, lasting};

pub use browsable::{BrowsableApiRenderer, Templates, login_urls};
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

    /// Whether it is the browsable API, whose pages know their view.
    #[doc(hidden)]
    fn is_browsable(&self) -> bool {
        false
    }

    /// Whether compact JSON text is what it would write itself.
    #[doc(hidden)]
    fn keeps_text(&self, context: &RenderContext<'_>) -> bool {
        let _ = context;
        false
    }

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
pub struct Renderer(Arc<Known>);

/// A renderer, and what it says of itself, which is asked once.
struct Known {
    render: Box<dyn Render>,
    media_type: MediaType,
    /// The `Content-Type` of its answers; nothing where no header can hold that.
    content_type: Option<HeaderValue>,
}

impl Renderer {
    /// What it writes.
    pub fn media_type(&self) -> &str {
        self.0.render.media_type()
    }

    /// What `?format=` calls it.
    pub fn format(&self) -> &str {
        self.0.render.format()
    }

    /// Whether it is the browsable API.
    pub(crate) fn is_browsable(&self) -> bool {
        self.0.render.is_browsable()
    }

    /// What an answer says that it is.
    fn content_type(&self) -> String {
        content_type(&*self.0.render)
    }

    /// Its own media type, read.
    pub(super) fn own(&self) -> &MediaType {
        &self.0.media_type
    }

    /// The text that a page shows of an answer: as this renderer writes it, indented where it does that.
    fn shown(&self, request: &Request, response: &Response, is_refusal: bool) -> Result<String> {
        let Some(payload) = response.payload() else { return Ok(String::new()) };
        let accepted = MediaType::parse(&format!("{};indent=4", self.media_type()));
        let (status, headers) = (response.status(), response.headers());
        let context = RenderContext { request, accepted: &accepted, status, headers, is_refusal };
        let bytes = match (payload, response.body().whole()) {
            (Payload::Tree(value) | Payload::Unsaid(value), _) => self.0.render.render(value, &context)?,
            (Payload::Text, Some(text)) => self.0.render.render_text(text, &context)?,
            (Payload::Text, None) => Bytes::new(),
        };
        Ok(match std::str::from_utf8(&bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => format!("[{} bytes of binary content]", bytes.len()),
        })
    }

    /// The same where the client asked for nothing but its own media type.
    pub(super) fn render_plainly(&self, request: &Request, response: Response, is_refusal: bool) -> Result<Response> {
        self.render(request, self.own(), response, is_refusal)
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
        let is_unsaid = matches!(payload, Payload::Unsaid(_))
            && response.status() == StatusCode::INTERNAL_SERVER_ERROR
            && response.header("content-type") != JSON;
        let status = if is_unsaid { StatusCode::OK } else { response.status() };
        let context = RenderContext { request, accepted, status, headers: response.headers(), is_refusal };
        let bytes = match (&payload, response.body().whole()) {
            // Most answers are the text already, and say so.
            (Payload::Tree(_) | Payload::Text, Some(_))
                if self.has_written(&response) && self.0.render.keeps_text(&context) =>
            {
                return Ok(response);
            }
            (Payload::Tree(value) | Payload::Unsaid(value), _) => self.0.render.render(value, &context)?,
            (Payload::Text, Some(text)) => self.0.render.render_text(text, &context)?,
            (Payload::Text, None) => return Ok(response),
        };
        let response = if is_unsaid { Response::empty(StatusCode::OK) } else { response };
        self.written(response, bytes)
    }

    /// Whether an answer says that it is what this renderer writes.
    fn has_written(&self, response: &Response) -> bool {
        response.headers().get(CONTENT_TYPE) == self.0.content_type.as_ref()
    }

    fn written(&self, mut response: Response, bytes: Bytes) -> Result<Response> {
        // A view that says itself what its data is has said so.
        let is_said = response.header("content-type").is_some_and(|said| Some(said) != JSON);
        if is_said {
            response.set_body(Body::from(bytes));
            return Ok(response);
        }
        let content_type = self.0.content_type.clone();
        let content_type = content_type.ok_or_else(|| Error::internal("no header can hold the renderer's media type"));
        response.set_body(Body::from(bytes));
        response.headers_mut().insert(CONTENT_TYPE, content_type?);
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
        let media_type = MediaType::parse(renderer.media_type());
        let content_type = lasting(&content_type(&renderer)).ok();
        Self(Arc::new(Known { render: Box::new(renderer), media_type, content_type }))
    }
}

fn content_type(renderer: &dyn Render) -> String {
    match renderer.charset() {
        Some(charset) => format!("{}; charset={charset}", renderer.media_type()),
        None => renderer.media_type().to_owned(),
    }
}

impl fmt::Debug for Renderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.media_type())
    }
}
