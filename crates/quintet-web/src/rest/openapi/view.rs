//! The description as an answer: YAML or JSON, made once for a site and kept.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, ETAG, IF_NONE_MATCH};
use http::{HeaderValue, Method, StatusCode};
use md5::{Digest, Md5};
use quintet_core::json::{self, Json, Style, parse_text};
use quintet_core::openapi::yaml;

use super::describe::{Describe, Operations};
use super::generate::generate;
use crate::http::{Error, Request, Response, Result};
use crate::rest::permission::Permission;
use crate::rest::render::{Render, RenderContext, Renderer};
use crate::rest::view_api::{ApiView, Methods};
use crate::rest::view_choices::Choice;

/// Answers the description of the site: `path("api/schema/", SchemaView::new(), name = "schema")`.
///
/// YAML or JSON, as `Accept` or `?format=` says. Who may read it is as the settings say, unless
/// [`permissions`](Self::permissions) says it.
#[derive(Debug, Default)]
pub struct SchemaView {
    api_version: Option<String>,
    permissions: Permission,
    kept: OnceLock<Arc<Result<Kept, String>>>,
}

/// The description in both of its forms.
#[derive(Debug)]
struct Kept {
    title: String,
    yaml: (Bytes, HeaderValue),
    json: (Bytes, HeaderValue),
}

impl SchemaView {
    /// The whole API.
    pub fn new() -> Self {
        Self::default()
    }

    /// One version of it.
    #[must_use]
    pub fn api_version(self, version: impl Into<String>) -> Self {
        Self { api_version: Some(version.into()), ..self }
    }

    /// Who may read it: `SchemaView::new().permissions(AllowAny)`.
    #[must_use]
    pub fn permissions(self, rule: impl Into<Permission>) -> Self {
        Self { permissions: rule.into(), ..self }
    }

    fn kept(&self, request: &Request) -> Result<Arc<Result<Kept, String>>> {
        if let Some(kept) = self.kept.get() {
            return Ok(kept.clone());
        }
        let made = generate(request.site(), self.api_version.as_deref());
        let kept = made.map_err(|error| error.chain().join(": ")).and_then(|made| Kept::of(&made.document));
        Ok(self.kept.get_or_init(|| Arc::new(kept)).clone())
    }

    async fn show(&self, request: &Request) -> Result<Response> {
        let kept = self.kept(request)?;
        let kept = match &*kept {
            Ok(kept) => kept,
            Err(why) => return Err(Error::unexpected(format!("the API cannot be described: {why}"))),
        };
        let accepted = request.accepted();
        let form = accepted.map_or("yaml", |accepted| accepted.renderer().format()).to_owned();
        let media_type = accepted.map_or(YAML, |accepted| known(accepted.renderer().media_type()));
        let (bytes, etag) = if form == "json" { &kept.json } else { &kept.yaml };
        let is_known = request.header(IF_NONE_MATCH).is_some_and(|sent| {
            let own = etag.to_str().unwrap_or_default();
            sent.split(',').any(|one| one.trim().trim_start_matches("W/") == own)
        });
        let mut response = match is_known {
            true => Response::empty(StatusCode::NOT_MODIFIED),
            false => Response::new(bytes.clone(), media_type),
        };
        response.headers_mut().insert(ETAG, etag.clone());
        let name = format!("inline; filename=\"{}.{form}\"", kept.title);
        if let (false, Ok(name)) = (is_known, HeaderValue::try_from(name)) {
            response.headers_mut().insert(CONTENT_DISPOSITION, name);
        }
        Ok(response)
    }
}

impl Kept {
    fn of(document: &Json) -> Result<Self, String> {
        let mut text = vec![];
        let style = Style { indent: Some(4), ..Style::default() };
        json::write(document, &style, &mut text).map_err(|error| error.to_string())?;
        let with_tag = |bytes: Vec<u8>| {
            let digest: String = Md5::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            HeaderValue::try_from(format!("\"{digest}\""))
                .map(|tag| (Bytes::from(bytes), tag))
                .map_err(|error| error.to_string())
        };
        let title = match document {
            Json::Object(root) => match root.get("info") {
                Some(Json::Object(info)) => match info.get("title") {
                    Some(Json::Text(title)) => title.clone(),
                    _ => String::new(),
                },
                _ => String::new(),
            },
            _ => String::new(),
        };
        let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "._- ".contains(*letter);
        let title: String = title.chars().filter(is_plain).collect();
        let title = if title.is_empty() { "schema".to_owned() } else { title };
        Ok(Self { title, yaml: with_tag(yaml(document).into_bytes())?, json: with_tag(text)? })
    }
}

impl ApiView for SchemaView {
    fn methods(on: &mut Methods<Self>) {
        on.on(Method::GET, Self::show);
    }

    fn permissions(&self) -> Permission {
        self.permissions.clone()
    }

    fn renderers(&self) -> Choice<Renderer> {
        let all = TYPES.iter().map(|&(media_type, format)| Form(media_type, format).into());
        Choice::from(all.collect::<Vec<Renderer>>())
    }

    fn description(&self) -> &'static str {
        "The description of this API, by OpenAPI 3.1: YAML or JSON, as `Accept` or `format` says."
    }

    fn describe(&self, operations: &mut Operations) {
        let schema = || parse_text(r#"{"type": "object", "additionalProperties": {}}"#).unwrap_or_default();
        operations.all(Describe::new().answers_schema(200, schema()));
    }
}

const YAML: &str = "application/vnd.oai.openapi";

/// What the description is answered as, and what `?format=` calls it.
const TYPES: [(&str, &str); 4] = [
    (YAML, "yaml"),
    ("application/yaml", "yaml"),
    ("application/vnd.oai.openapi+json", "json"),
    ("application/json", "json"),
];

fn known(media_type: &str) -> &'static str {
    TYPES.iter().find(|(known, _)| *known == media_type).map_or(YAML, |(known, _)| known)
}

/// One of these types; refusals are written by it too.
#[derive(Clone, Copy)]
struct Form(&'static str, &'static str);

impl Render for Form {
    fn media_type(&self) -> &str {
        self.0
    }

    fn format(&self) -> &str {
        self.1
    }

    fn render(&self, value: &Json, _: &RenderContext<'_>) -> Result<Bytes> {
        if self.1 == "yaml" {
            return Ok(yaml(value).into());
        }
        let mut out = vec![];
        json::write(value, &Style::default(), &mut out).map_err(Error::internal)?;
        Ok(out.into())
    }
}
