//! JSON, in the reference's bytes.

use bytes::Bytes;
use quintet_core::json::{self, Json, Style};
use quintet_core::python;

use super::{Render, RenderContext};
use crate::http::{Error, Result};
use crate::rest::media_type::MediaType;

/// Writes JSON; the reference's `JSONRenderer`. `Accept: application/json; indent=4` makes it easy to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonRenderer;

/// No level is indented further than others by more spaces.
const MOST_SPACES: i64 = 8;

impl Render for JsonRenderer {
    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn format(&self) -> &'static str {
        "json"
    }

    fn charset(&self) -> Option<&str> {
        None
    }

    fn render(&self, value: &Json, context: &RenderContext<'_>) -> Result<Bytes> {
        let mut text = Vec::with_capacity(256);
        json::write(value, &style(context), &mut text).map_err(Error::internal)?;
        Ok(text.into())
    }

    fn keeps_text(&self, context: &RenderContext<'_>) -> bool {
        (Style { strict: true, ..style(context) }) == Style::default()
    }

    fn render_text(&self, text: &Bytes, context: &RenderContext<'_>) -> Result<Bytes> {
        if self.keeps_text(context) {
            return Ok(text.clone());
        }
        let text = std::str::from_utf8(text).map_err(Error::internal)?;
        self.render(&json::parse_text(text).map_err(Error::internal)?, context)
    }
}

fn style(context: &RenderContext<'_>) -> Style {
    let settings = &context.request.site().options().rest_framework;
    Style {
        ascii: !settings.unicode_json,
        indent: indent(context.accepted),
        compact: settings.compact_json,
        strict: settings.strict_json,
    }
}

fn indent(accepted: &MediaType) -> Option<u8> {
    let asked = python::int(accepted.param("indent")?)?;
    let most = if asked.is_negative() { 0 } else { MOST_SPACES };
    let spaces = asked.to_i64().unwrap_or(most).clamp(0, MOST_SPACES);
    u8::try_from(spaces).ok().filter(|spaces| *spaces > 0)
}
