//! Renderers and parsers of its own, and what negotiation makes of them.

use quintet::http::{Cookie, SameSite};
use quintet::json::{Json as Tree, Object, Style, write};
use quintet::prelude::*;
use quintet::rest::negotiate::Accepted;
use quintet::rest::{
    BoxFuture, Bytes, Choice, JsonParser, JsonRenderer, Negotiate, Negotiation, Parse, Parser, Render, RenderContext,
    Renderer, StaticHtmlRenderer,
};
use quintet::serializers::Data;

use super::access::posted;

/// The media type, the status and JSON, as text.
pub struct TextRenderer;

impl Render for TextRenderer {
    fn media_type(&self) -> &str {
        "text/plain"
    }

    fn format(&self) -> &str {
        "txt"
    }

    fn render(&self, value: &Tree, context: &RenderContext<'_>) -> Result<Bytes> {
        let mut text = format!("{} | {} | ", context.accepted.as_str(), context.status.as_u16()).into_bytes();
        write(value, &Style::default(), &mut text).map_err(Error::unexpected)?;
        Ok(text.into())
    }
}

/// Rows as lines, in latin-1.
pub struct CsvRenderer;

impl Render for CsvRenderer {
    fn media_type(&self) -> &str {
        "text/csv"
    }

    fn format(&self) -> &str {
        "csv"
    }

    fn charset(&self) -> Option<&str> {
        Some("iso-8859-1")
    }

    fn render(&self, value: &Tree, _: &RenderContext<'_>) -> Result<Bytes> {
        let rows = match value {
            Tree::List(rows) => rows.as_slice(),
            one => std::slice::from_ref(one),
        };
        let Some(Tree::Object(first)) = rows.first() else { return Err(Error::unexpected("no rows")) };
        let mut names: Vec<String> = first.iter().map(|(name, _)| name.to_string()).collect();
        names.sort();
        let mut text = names.join(",") + "\r\n";
        for row in rows {
            let Tree::Object(row) = row else { return Err(Error::unexpected("a row is no object")) };
            let cells = names.iter().map(|name| match row.get(name) {
                None | Some(Tree::Null) => String::new(),
                Some(Tree::Text(text)) => text.clone(),
                Some(Tree::Float(number)) => number.to_string(),
                Some(Tree::Int(number)) => number.to_string(),
                Some(other) => format!("{other:?}"),
            });
            text += &cells.collect::<Vec<_>>().join(",");
            text += "\r\n";
        }
        Ok(text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect::<Vec<u8>>().into())
    }
}

/// JSON by another name.
struct Named {
    media_type: &'static str,
    format: &'static str,
    charset: Option<&'static str>,
}

const VENDOR: Named = Named { media_type: "application/vnd.gallery+json", format: "vendor", charset: Some("utf-8") };
const WIDE: Named = Named { media_type: "application/json; version=2", format: "wide", charset: None };

impl Render for Named {
    fn media_type(&self) -> &str {
        self.media_type
    }

    fn format(&self) -> &str {
        self.format
    }

    fn charset(&self) -> Option<&str> {
        self.charset
    }

    fn render(&self, value: &Tree, context: &RenderContext<'_>) -> Result<Bytes> {
        JsonRenderer.render(value, context)
    }
}

/// Eight bytes, whatever is asked.
struct BytesRenderer;

impl Render for BytesRenderer {
    fn media_type(&self) -> &str {
        "application/octet-stream"
    }

    fn format(&self) -> &str {
        "bin"
    }

    fn charset(&self) -> Option<&str> {
        None
    }

    fn render(&self, _: &Tree, _: &RenderContext<'_>) -> Result<Bytes> {
        Ok((0..8).collect::<Vec<u8>>().into())
    }
}

pub struct TextParser;

impl Parse for TextParser {
    fn media_type(&self) -> &str {
        "text/plain"
    }

    fn parse<'a>(&'a self, request: &'a Request, content_type: &'a str) -> BoxFuture<'a, Result<Data>> {
        Box::pin(async move {
            let bytes = request.bytes().await?;
            let text = match content_type.contains("latin-1") {
                true => bytes.iter().map(|byte| char::from(*byte)).collect(),
                false => String::from_utf8(bytes.to_vec()).map_err(Error::unexpected)?,
            };
            Ok(Data::Json(Tree::Object(Object::new().with("text", text).with("type", content_type))))
        })
    }
}

pub struct AnyParser;

impl Parse for AnyParser {
    fn media_type(&self) -> &str {
        "image/*"
    }

    fn parse<'a>(&'a self, request: &'a Request, content_type: &'a str) -> BoxFuture<'a, Result<Data>> {
        Box::pin(async move {
            let count = request.bytes().await?.len();
            Ok(Data::Json(Tree::Object(Object::new().with("bytes", count as i64).with("type", content_type))))
        })
    }
}

/// Two rows, in many clothes.
pub struct RowsView {
    renderers: Vec<Renderer>,
    name: &'static str,
    description: &'static str,
}

impl ApiView for RowsView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).post(Self::store).delete(Self::refuse);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn renderers(&self) -> Choice<Renderer> {
        Choice::from(self.renderers.clone())
    }

    fn name(&self) -> Option<&'static str> {
        Some(self.name)
    }

    fn description(&self) -> &'static str {
        self.description
    }
}

impl RowsView {
    async fn show(&self, _: &Request) -> Result<Response> {
        let one = Tree::Object(Object::new().with("b", 1).with("a", "\u{e9}"));
        let two = Tree::Object(Object::new().with("b", 2.5).with("a", Tree::Null));
        Ok(Response::data(Tree::List(vec![one, two])))
    }

    async fn store(&self, request: &Request) -> Result<Response> {
        let got = Object::new().with("got", posted(&*request.data().await?));
        Ok(Response::data(got).with_status(StatusCode::CREATED).with_header("x-made", "yes"))
    }

    async fn refuse(&self, _: &Request) -> Result<Response> {
        Err(Error::api(StatusCode::FORBIDDEN, "no", json!({ "why": ["no"] })))
    }
}

/// Whatever is asked for, the first is given.
struct FirstOnly;

impl Negotiate for FirstOnly {
    fn renderer(&self, _: &Request, renderers: &[Renderer], _: Option<&str>) -> Result<Accepted> {
        Ok(Accepted::new(renderers.first().cloned().unwrap_or_default()))
    }

    fn parser<'p>(&self, _: &Request, parsers: &'p [Parser]) -> Option<&'p Parser> {
        parsers.first()
    }
}

pub struct StubbornView;

impl ApiView for StubbornView {
    fn methods(on: &mut Methods<Self>) {
        on.get(Self::show).post(Self::store);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn renderers(&self) -> Choice<Renderer> {
        Choice::from(VENDOR).and(JsonRenderer)
    }

    fn parsers(&self) -> Choice<Parser> {
        ApiView::parsers(&ParsedView)
    }

    fn negotiation(&self) -> Choice<Negotiation> {
        FirstOnly.into()
    }
}

impl StubbornView {
    async fn show(&self, _: &Request) -> Result<Response> {
        Ok(Response::data(Object::new().with("stubborn", true)))
    }

    async fn store(&self, request: &Request) -> Result<Response> {
        ParsedView.store(request).await
    }
}

pub struct ParsedView;

impl ApiView for ParsedView {
    fn methods(on: &mut Methods<Self>) {
        on.post(Self::store);
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn parsers(&self) -> Choice<Parser> {
        Choice::from(JsonParser).and(TextParser).and(AnyParser)
    }
}

impl ParsedView {
    async fn store(&self, request: &Request) -> Result<Response> {
        let data = posted(&*request.data().await?);
        let content_type = request.header("content-type").unwrap_or_default().into_owned();
        Ok(Response::data(Object::new().with("data", data).with("type", content_type)))
    }
}

async fn raised(request: &Request) -> Result<Response> {
    let bad = |code: &'static str, detail: Value| Error::api(StatusCode::BAD_REQUEST, code, detail);
    let failed = |text: &'static str| Error::api(StatusCode::INTERNAL_SERVER_ERROR, "error", text);
    Err(match request.param::<String>("name")?.as_str() {
        "validation" => bad("invalid", json!(["wrong"])),
        "validation-list" => bad("invalid", json!(["a", { "b": "c" }])),
        "validation-dict" => bad("invalid", json!({ "a": "b", "n": [{ "x": ["y"] }, {}], "i": "5", "z": "None" })),
        "validation-default" => bad("invalid", json!(["Invalid input."])),
        "parse" => bad("parse_error", json!("Malformed request.")),
        "parse-text" => bad("parse_error", json!("unreadable")),
        "failed" => Error::authentication_failed("Incorrect authentication credentials."),
        "anonymous" => Error::not_authenticated(),
        "denied" => Error::permission_denied(),
        "denied-text" => Error::api(StatusCode::FORBIDDEN, "permission_denied", "never"),
        "missing" => Error::not_found(),
        "missing-dict" => Error::api(StatusCode::NOT_FOUND, "not_found", json!({ "key": "gone" })),
        "method" => Error::api(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method \"BREW\" not allowed."),
        "acceptable" => {
            Error::api(StatusCode::NOT_ACCEPTABLE, "not_acceptable", "Could not satisfy the request Accept header.")
        }
        "media" => Error::api(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "Unsupported media type \"tea/pot\" in request.",
        ),
        "throttled" => Error::throttled(None),
        "throttled-wait" => Error::throttled(Some(std::time::Duration::from_millis(61_200))),
        "plain" => failed("A server error occurred."),
        "plain-text" => failed("it broke"),
        "teapot" => Error::api(StatusCode::IM_A_TEAPOT, "teapot", "Short and stout."),
        "throttled-one" => {
            let text = "Slow. Expected available in 1 second.";
            Error::api(StatusCode::TOO_MANY_REQUESTS, "throttled", text).with_header("retry-after", "1")
        }
        "forbidden" => Error::http_403("go away"),
        "http404" => Error::http_404("no such thing"),
        _ => Error::not_found(),
    })
}

async fn headers(request: &Request) -> Result<Response> {
    let answer = Response::data(Object::new().with("a", 1)).with_status(StatusCode::ACCEPTED);
    let answer = answer.with_header("content-type", "application/json; charset=x").with_header("x-one", "1");
    let answer = answer.with_header("cache-control", "no-store").with_header("x-two", "zwei");
    if request.query()?.get("cookie").is_none() {
        return Ok(answer);
    }
    Ok(answer.with_cookie(
        Cookie::new("seen", "yes").max_age(std::time::Duration::from_secs(60)).http_only().same_site(SameSite::Lax),
    ))
}

async fn page(request: &Request) -> Result<Response> {
    if request.query()?.get("fail").is_some() {
        return Err(Error::not_found());
    }
    Ok(Response::data("<p>caf\u{e9}</p>"))
}

async fn text(request: &Request) -> Result<Response> {
    Ok(Response::data(Object::new().with("data", posted(&*request.data().await?))))
}

pub(super) fn urls() -> Urls {
    let all = || vec![JsonRenderer.into(), TextRenderer.into(), CsvRenderer.into(), VENDOR.into()];
    let rows = |renderers| RowsView { renderers, name: "Rows", description: "Two rows, in many clothes." };
    urls![
        path("rows/", rows(all())),
        re_path(r"^rows\.(?P<format>[a-z0-9]+)/?$", rows(all())),
        path("rows-some/", rows(all())),
        re_path(r"^rows-some\.(?P<format>json|txt)/?$", rows(all())),
        path("rows-bare/", rows(vec![JsonRenderer.into()])),
        path("rows-wide/", rows(vec![JsonRenderer.into(), WIDE.into()])),
        path("rows-vendor/", rows(vec![VENDOR.into(), TextRenderer.into()])),
        path("parsed/", ParsedView),
        path("stubborn/", StubbornView),
        path(
            "named/",
            RowsView { renderers: all(), name: "Own name", description: "Has a name of its own.\n\n    indented" }
        ),
        path("thing/", RowsView { renderers: all(), name: "Htmlhttp Thing", description: "Given <b>here</b>." }),
        path("plain/page/", api_view(get(page)).permissions(AllowAny).renderers(StaticHtmlRenderer)),
        path(
            "plain/text/",
            api_view(get(text).post(text))
                .permissions(AllowAny)
                .renderers(Choice::from(TextRenderer).and(BytesRenderer))
                .parsers(TextParser)
        ),
        path("plain/headers/", api_view(get(headers)).permissions(AllowAny)),
        path("plain/raise/<str:name>/", api_view(get(raised)).permissions(AllowAny)),
    ]
}
