//! Bodies of requests as data: by the parser that their `Content-Type` asks for.
//!
//! A view chooses its parsers; `request.data()` runs the one that fits, once.

mod base64;
mod form;
mod json;
mod multipart;
mod segments;
mod upload;

use std::fmt;
use std::sync::{Arc, OnceLock};

use quintet_core::json::{Form, Object};
use quintet_core::rest::{Data, FormData};
use tokio::sync::OnceCell;

use super::media_type::MediaType;
use crate::http::{BoxFuture, Error, HeaderValueParts, Request, Result, StatusCode};

pub use form::FormParser;
pub use json::JsonParser;
pub use multipart::MultiPartParser;
pub use upload::FileUploadParser;

/// A longer `Content-Type` fits no parser.
const LONGEST_TYPE: usize = 256;

/// Makes data of a body.
pub trait Parse: Send + Sync + 'static {
    /// What it reads: `application/json`, `text/*`.
    fn media_type(&self) -> &str;

    /// Reads the body of a request of that `Content-Type`: whole by `request.bytes()`, or bit by bit by
    /// `request.stream()`.
    fn parse<'a>(&'a self, request: &'a Request, content_type: &'a str) -> BoxFuture<'a, Result<Data>>;
}

/// Any parser.
#[derive(Clone)]
pub struct Parser(Arc<dyn Parse>);

impl Parser {
    /// What it reads.
    pub fn media_type(&self) -> &str {
        self.0.media_type()
    }
}

impl<P: Parse> From<P> for Parser {
    fn from(parser: P) -> Self {
        Self(Arc::new(parser))
    }
}

impl fmt::Debug for Parser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.media_type())
    }
}

/// What a request keeps of its data.
#[derive(Default)]
pub(crate) struct Parsed {
    /// Those that the view chose; nothing in it where it left that to the settings.
    parsers: OnceLock<Option<Arc<[Parser]>>>,
    data: OnceCell<Arc<Data>>,
}

impl Parsed {
    pub(crate) fn set_parsers(&self, parsers: Option<&[Parser]>) {
        let _ = self.parsers.set(parsers.map(Into::into));
    }

    fn parsers<'a>(&'a self, request: &'a Request) -> &'a [Parser] {
        let defaults = &request.site().options().rest_framework.default_parser_classes;
        self.parsers.get().and_then(Option::as_deref).unwrap_or(defaults)
    }

    /// Whether one of the parsers reads bodies of this type.
    pub(crate) fn reads(&self, request: &Request, content_type: &str) -> bool {
        parser_for(self.parsers(request), content_type).is_some()
    }

    /// The data. Where the body is refused the first to ask is told, and later ones find nothing in it.
    pub(crate) async fn data(&self, request: &Request) -> Result<Arc<Data>> {
        let mut refused = None;
        let read = async {
            self.parse(request).await.map_or_else(
                |error| {
                    refused = Some(error);
                    Arc::new(nothing(true))
                },
                Arc::new,
            )
        };
        let data = self.data.get_or_init(|| read).await.clone();
        refused.map_or(Ok(data), Err)
    }

    async fn parse(&self, request: &Request) -> Result<Data> {
        let content_type = request.header("content-type").unwrap_or_default();
        if request.has_empty_body() {
            return Ok(nothing(is_form(&content_type)));
        }
        let parsers = self.parsers(request);
        let usual = request.site().options().rest_framework.default_content_negotiation_class.as_slice();
        let own = request.own_choices().and_then(|choices| choices.negotiation.or(usual).first());
        let chosen = match own {
            Some(own) => own.parser(request, parsers),
            None => parser_for(parsers, &content_type),
        };
        match chosen {
            Some(parser) => parser.0.parse(request, &content_type).await,
            None => Err(unsupported(&content_type)),
        }
    }
}

fn nothing(form: bool) -> Data {
    if form { Data::Form(FormData::default()) } else { Data::Json(Object::new().into()) }
}

fn is_form(content_type: &str) -> bool {
    let base = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(&*base, "application/x-www-form-urlencoded" | "multipart/form-data")
}

pub(crate) fn parser_for<'a>(parsers: &'a [Parser], content_type: &str) -> Option<&'a Parser> {
    if content_type.len() > LONGEST_TYPE {
        return None;
    }
    // Mostly it is the first, word by word.
    if let Some(first) = parsers.first().filter(|first| first.media_type() == content_type) {
        return Some(first);
    }
    let asked = MediaType::parse(content_type);
    parsers.iter().find(|parser| MediaType::parse(parser.media_type()).matches(&asked))
}

fn unsupported(content_type: &str) -> Error {
    let text = format!("Unsupported media type \"{content_type}\" in request.");
    Error::api(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", text)
}

impl Error {
    /// The body is malformed.
    pub fn parse_error(text: impl Into<String>) -> Self {
        Self::api(StatusCode::BAD_REQUEST, "parse_error", text.into())
    }
}

/// The charset that the `Content-Type` names, for bodies that are text.
fn charset_of(content_type: &str) -> String {
    if !content_type.contains(';') {
        return "utf-8".to_owned();
    }
    HeaderValueParts::parse(content_type).get("charset").unwrap_or("utf-8").to_owned()
}

fn unsupported_charset(charset: &str) -> Error {
    Error::parse_error(format!("Unsupported charset \"{charset}\" in request Content-Type header."))
}

fn form_data(form: Form) -> Data {
    Data::Form(FormData { form, ..FormData::default() })
}
