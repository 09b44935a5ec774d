//! The browsable API: a page for each view, for people with a browser.
//!
//! A renderer by name, so that negotiation, settings and views choose it as any other; what it writes is more than data, so
//! that dispatch asks `page` for it, which knows the view. Costs nothing where another renderer answers.

mod access;
mod breadcrumbs;
mod choosing;
mod controls;
mod forms;
mod highlight;
mod login;
mod moment;
mod options;
mod page;
mod prose;
mod raw;
mod templates;
mod widget;

use bytes::Bytes;
use quintet_core::json::Json;

use super::{Render, RenderContext};
use crate::http::{Error, Result};

pub(crate) use login::login_page;
pub use login::login_urls;
pub(crate) use page::{answer, fits};
pub(crate) use templates::Kept;
pub use templates::Templates;

/// Answers a browser with a page: the answer, and forms for what this client may do; the reference's `BrowsableAPIRenderer`.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowsableApiRenderer;

impl Render for BrowsableApiRenderer {
    fn media_type(&self) -> &'static str {
        "text/html"
    }

    fn format(&self) -> &'static str {
        "api"
    }

    fn is_browsable(&self) -> bool {
        true
    }

    /// The page of a view is asked for in another way; this is for who asks for the data alone.
    fn render(&self, value: &Json, _: &RenderContext<'_>) -> Result<Bytes> {
        let mut text = Vec::new();
        let style = quintet_core::json::Style { indent: Some(4), ..Default::default() };
        quintet_core::json::write(value, &style, &mut text).map_err(Error::internal)?;
        Ok(format!("<pre>{}</pre>", highlight::json(&String::from_utf8_lossy(&text))).into())
    }
}
