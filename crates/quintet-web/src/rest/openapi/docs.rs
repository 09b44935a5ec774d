//! The description as a page that people read, with a form for each operation and a way to log in by token.
//!
//! One page, one script and one sheet of style, all of our own and in the program: nothing is fetched from elsewhere, and
//! the policy of the page allows no more than that. What the description says is text to the script, never markup.

use std::sync::OnceLock;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderName, HeaderValue};
use md5::{Digest, Md5};

use quintet_db::Db;

use super::describe::{Describe, Operations};
use crate::auth::Accounts;
use crate::http::{Error, Request, Response, Result};
use crate::pages::escaped;
use crate::rest::authentication::Authenticator;
use crate::rest::permission::{AllowAny, Permission};
use crate::rest::render::{Renderer, StaticHtmlRenderer};
use crate::rest::view_api::{ApiView, Methods};
use crate::rest::view_choices::Choice;

/// Shows the description that another route answers: `path("api/docs/", SchemaDocsView::of("schema"), name = "docs")`.
///
/// The page itself says nothing of the API, so that everybody may load it; it asks for the description as whoever logs in
/// on it.
#[derive(Clone, Debug)]
pub struct SchemaDocsView {
    schema: String,
    token: Option<String>,
}

impl SchemaDocsView {
    /// The description at the route of this name.
    pub fn of(schema: impl Into<String>) -> Self {
        Self { schema: schema.into(), token: None }
    }

    /// The route that gives out tokens, so that people can log in by name and password. They can always bring a token.
    #[must_use]
    pub fn token(self, name: impl Into<String>) -> Self {
        Self { token: Some(name.into()), ..self }
    }

    async fn show(&self, request: &Request) -> Result<Response> {
        match request.query()?.get("file") {
            Some("docs.js") => Ok(file(SCRIPT, "text/javascript; charset=utf-8")),
            Some("docs.css") => Ok(file(STYLE, "text/css; charset=utf-8")),
            Some(_) => Err(Error::http_404("Not found.")),
            None => self.page(request),
        }
    }

    fn page(&self, request: &Request) -> Result<Response> {
        let site = request.site();
        let schema = site.reverse(&self.schema, &[])?;
        let token = self.token.as_ref().map(|name| site.reverse(name, &[])).transpose()?;
        let openapi = &site.options().openapi;
        let title = if openapi.title.is_empty() { "API" } else { &openapi.title };
        let prefix = match site.options().simple_jwt.auth_header_types.first() {
            Some(word) => word.clone(),
            None => "Bearer".to_owned(),
        };
        let page = PAGE
            .replace("{{title}}", &escaped(title))
            .replace("{{schema}}", &escaped(&schema))
            .replace("{{token}}", &escaped(&token.unwrap_or_default()))
            .replace("{{prefix}}", &escaped(&prefix))
            .replace("{{cookie}}", &escaped(&site.options().csrf.cookie_name))
            .replace("{{header}}", &escaped(&site.options().csrf.shown_header()))
            .replace("{{user}}", &escaped(&Accounts::of(Db::from(request)).auth.username_field))
            .replace("{{digest}}", digest());
        let mut response = Response::html(page);
        let origins = openapi.servers.iter().filter_map(|server| origin(server)).collect::<Vec<_>>().join(" ");
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {origins}; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        );
        if let Ok(policy) = HeaderValue::try_from(policy) {
            response.headers_mut().insert(HeaderName::from_static("content-security-policy"), policy);
        }
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        Ok(response)
    }
}

/// Scheme and host of an address, where it has both and nothing that means more in a policy.
fn origin(server: &str) -> Option<String> {
    let (scheme, rest) = server.split_once("://")?;
    let host = rest.split('/').next()?;
    let is_plain =
        |text: &str| !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric() || ".-:[]".contains(one));
    (matches!(scheme, "http" | "https") && is_plain(host)).then(|| format!("{scheme}://{host}"))
}

const PAGE: &str = include_str!("docs/page.html");
const SCRIPT: &str = include_str!("docs/docs.js");
const STYLE: &str = include_str!("docs/docs.css");

/// What tells these files from those of another version.
fn digest() -> &'static str {
    static DIGEST: OnceLock<String> = OnceLock::new();
    DIGEST.get_or_init(|| {
        let digest = Md5::digest([SCRIPT, STYLE].concat());
        digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    })
}

fn file(text: &'static str, media_type: &'static str) -> Response {
    let mut response = Response::new(Bytes::from_static(text.as_bytes()), media_type);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", digest())) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

impl ApiView for SchemaDocsView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn authentication(&self) -> Choice<Authenticator> {
        Choice::none()
    }

    fn renderers(&self) -> Choice<Renderer> {
        // Whatever is asked for: a script is no page.
        Choice::from(StaticHtmlRenderer)
    }

    fn negotiation(&self) -> Choice<crate::rest::Negotiation> {
        Choice::from(Always)
    }

    fn describe(&self, operations: &mut Operations) {
        operations.all(Describe::new().hidden());
    }
}

/// The one renderer, whatever a browser accepts for a script or a style.
struct Always;

impl crate::rest::Negotiate for Always {
    fn renderer(
        &self,
        _: &Request,
        renderers: &[Renderer],
        _: Option<&str>,
    ) -> Result<crate::rest::negotiate::Accepted> {
        Ok(crate::rest::negotiate::forced(renderers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_origins_become_part_of_the_policy() {
        assert_eq!(origin("https://api.example.com:8443/v1").as_deref(), Some("https://api.example.com:8443"));
        for hostile in ["/api", "javascript://x", "https://a; script-src *", "https:///x", "https://a' 'unsafe-inline'"]
        {
            assert_eq!(origin(hostile), None, "{hostile}");
        }
    }
}
