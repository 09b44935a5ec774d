//! Pages that a view has written already.

use bytes::Bytes;
use quintet_core::json::Json;

use super::{Render, RenderContext};
use crate::http::{Error, Result};
use crate::rest::view_handler::title;

/// Writes text as the page that it is, and a refusal as its status in words; the reference's `StaticHTMLRenderer`.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaticHtmlRenderer;

impl Render for StaticHtmlRenderer {
    fn media_type(&self) -> &'static str {
        "text/html"
    }

    fn format(&self) -> &'static str {
        "html"
    }

    fn render(&self, value: &Json, context: &RenderContext<'_>) -> Result<Bytes> {
        if context.is_refusal {
            let words = title(context.status.canonical_reason().unwrap_or_default());
            return Ok(format!("{} {words}", context.status.as_u16()).into());
        }
        match value {
            Json::Text(page) => Ok(page.clone().into()),
            _ => Err(Error::unexpected("a page is text\nhint: answer `Response::data(\"<p>..</p>\")`")),
        }
    }
}
