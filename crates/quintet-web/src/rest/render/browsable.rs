//! The page that a browser gets of an API: the data, to read.
//!
//! Smaller than the reference's: no forms and no links to log in by.

use bytes::Bytes;
use quintet_core::json::{self, Json, Style};

use super::{Render, RenderContext};
use crate::http::{Error, Result};
use crate::pages::escaped;

/// Writes data as a page; the reference's `BrowsableAPIRenderer`, without its forms.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowsableApiRenderer;

impl Render for BrowsableApiRenderer {
    fn media_type(&self) -> &'static str {
        "text/html"
    }

    fn format(&self) -> &'static str {
        "api"
    }

    fn render(&self, value: &Json, context: &RenderContext<'_>) -> Result<Bytes> {
        let request = context.request;
        let mut text = Vec::new();
        json::write(value, &Style { indent: Some(4), ..Style::default() }, &mut text).map_err(Error::internal)?;
        let text = escaped(&String::from_utf8_lossy(&text));
        let path = escaped(&request.full_path());
        let method = escaped(request.method().as_str());
        Ok(format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"robots\" \
             content=\"NONE,NOARCHIVE\">\n<title>{path}</title>\n</head>\n<body>\n<h1>{method} {path}</h1>\n\
             <pre>{text}</pre>\n</body>\n</html>\n"
        )
        .into())
    }
}
