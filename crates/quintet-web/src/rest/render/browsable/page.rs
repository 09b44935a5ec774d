//! The page of an API view: what was asked, what was answered, and what may be asked next.
//!
//! Asked for by dispatch, when the answer is there. Permissions are asked for each form as if the request had come by its
//! method. Gives data to the templates.

use std::sync::Arc;

use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use minijinja::context;
use minijinja::value::Value as Held;
use quintet_core::json::{Json, parse_text};

use super::forms::Forms;
use super::{access, breadcrumbs, controls, highlight, prose, templates};
use crate::csrf;
use crate::http::{Body, Error, Payload, Request, Response, Result};
use crate::rest::dispatch::{RestView, Row, check_permissions};
use crate::rest::pagination::replace_query_param;
use crate::rest::render::Renderer;
use crate::rest::view_choices::Choices;

/// Whether an answer is one that a page can be made of: data, or nothing at all.
pub(crate) fn fits(response: &Response) -> bool {
    response.is_data() || (response.header("content-type").is_none() && response.header("location").is_none())
}

/// The page of an answer.
pub(crate) async fn answer(
    view: &RestView,
    request: &Request,
    choices: &Choices,
    mut response: Response,
    is_refused: bool,
) -> Result<Response> {
    let settings = &request.site().options().rest_framework;
    let renderers = choices.renderers.or(&settings.default_renderer_classes);
    let usual = renderers.iter().find(|renderer| !renderer.is_browsable());
    let content = match usual {
        Some(renderer) => renderer.shown(request, &response, is_refused)?,
        None => "[No renderers were found]".to_owned(),
    };
    let data = data(&response);
    let status = match response.take_payload() {
        // What JSON cannot say has been written by the renderer that can.
        Some(Payload::Unsaid(_)) if response.header("content-type") == Some(FIXED_PAGE) => StatusCode::OK,
        _ => response.status(),
    };
    let asked = Asked { view, request, data: &data, status, is_refused };
    let ways = choices.authentication.or(&settings.default_authentication_classes);
    let secret = access::secret(request, ways).await?;
    let forms = if status == StatusCode::FORBIDDEN { Forms::default() } else { Forms::of(&asked).await? };
    let is_open = !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let is_json = usual.is_some_and(|renderer| renderer.media_type().contains("json"));
    let page = context! {
        name => &*view.facts.name,
        description => Held::from_safe_string(if is_open { prose::html(&view.facts.description) } else { String::new() }),
        breadcrumbs => breadcrumbs::of(request).into_iter().map(|(name, url)| context! { name, url }).collect::<Vec<_>>(),
        request => context! { method => request.method().as_str(), path => request.full_path() },
        response => context! {
            status => status.as_u16(),
            reason => status.canonical_reason().unwrap_or_default(),
            class => status.as_u16() / 100,
            headers => headers(response.headers(), usual),
        },
        content => Held::from_safe_string(if is_json { highlight::json(&content) } else { highlight::plain(&content) }),
        methods => view.facts.methods.iter().map(|(method, _)| method.as_str().to_owned()).collect::<Vec<_>>(),
        formats => formats(request, renderers, settings.url_format_override.as_deref()),
        options => options(view, request).await?,
        actions => if is_open { extra_actions(view, request) } else { vec![] },
        filters => controls::filters(&asked).await?,
        pages => controls::pages(&asked),
        forms => forms.held,
        user => access::user(request),
        login => access::login(request),
        logout => access::logout(request),
        token => access::token(request, ways),
        secret => secret.as_ref().map(|secret| context! { token => secret.token.as_str(), header => secret.header.as_str() }),
        style => Held::from_safe_string(templates::STYLE.to_owned()),
        script => Held::from_safe_string(templates::SCRIPT.to_owned()),
        version => env!("CARGO_PKG_VERSION"),
    };
    let html = templates::render(request, "rest_framework/api.html", page)?;
    let mut response = dressed(response, status, html);
    if secret.is_some_and(|secret| secret.is_ours_to_tell) {
        csrf::finish(request, &mut response).await?;
    }
    Ok(response)
}

/// The fixed page that stands for data without JSON text.
const FIXED_PAGE: &str = "text/html; charset=utf-8";

/// What the parts of a page look at.
pub(super) struct Asked<'a> {
    pub(super) view: &'a RestView,
    pub(super) request: &'a Request,
    pub(super) data: &'a Json,
    pub(super) status: StatusCode,
    pub(super) is_refused: bool,
}

impl Asked<'_> {
    /// What a method's row chooses, with what the request would by that method.
    pub(super) fn choices(&self, row: &Row) -> Arc<Choices> {
        let asked = self.request.as_method(&row.method, &row.choices);
        let own = self.view.hooks.as_ref().and_then(|hooks| hooks.choices(&asked));
        own.map_or_else(|| row.choices.clone(), |own| Arc::new(own.over(&row.choices)))
    }

    /// The request as if it had come by a method; nothing where there is none, or this client may not use it.
    pub(super) async fn permitted(&self, method: &Method) -> Result<Option<(&Row, Request)>> {
        let Some(row) = self.view.rows.iter().find(|row| row.method == *method) else { return Ok(None) };
        let choices = self.choices(row);
        let asked = self.request.as_method(method, &choices);
        let is_permitted = allowed(check_permissions(&asked, &self.view.facts, &choices, None).await)?;
        Ok(is_permitted.then_some((row, asked)))
    }
}

/// Whether it was no refusal; another error goes on.
pub(super) fn allowed<T>(checked: Result<T>) -> Result<bool> {
    match checked {
        Ok(_) => Ok(true),
        Err(error) if error.as_api().is_some() => Ok(false),
        Err(error) => Err(error),
    }
}

/// What was answered, as a tree; null where it is none.
fn data(response: &Response) -> Json {
    match response.payload() {
        Some(Payload::Tree(tree) | Payload::Unsaid(tree)) => tree.clone(),
        Some(Payload::Text) => {
            let text = response.body().whole().and_then(|text| std::str::from_utf8(text).ok());
            text.and_then(|text| parse_text(text).ok()).unwrap_or_default()
        }
        None => Json::Null,
    }
}

fn dressed(mut response: Response, status: StatusCode, html: String) -> Response {
    let status = if status == StatusCode::NO_CONTENT { StatusCode::OK } else { status };
    response.set_body(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(FIXED_PAGE));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(|| templates::policy().clone());
    response.with_status(status)
}

/// The headers as the answer would have them without the page, by name.
fn headers(headers: &HeaderMap, usual: Option<&Renderer>) -> Vec<Held> {
    let mut all: Vec<(String, String)> = headers
        .iter()
        .filter(|(name, _)| **name != CONTENT_TYPE)
        .map(|(name, value)| (titled(name.as_str()), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    all.extend(usual.map(|renderer| ("Content-Type".to_owned(), renderer.content_type())));
    all.sort();
    let one =
        |(name, value): (String, String)| context! { name, value => Held::from_safe_string(highlight::plain(&value)) };
    all.into_iter().map(one).collect()
}

/// `www-authenticate` as people write it.
fn titled(name: &str) -> String {
    let part = |part: &str| match part {
        "www" => "WWW".to_owned(),
        part => part[..part.len().min(1)].to_uppercase() + &part[part.len().min(1)..],
    };
    name.split('-').map(part).collect::<Vec<_>>().join("-")
}

/// The ways to see the same in other formats.
fn formats(request: &Request, renderers: &[Renderer], param: Option<&str>) -> Vec<Held> {
    let Some(param) = param else { return vec![] };
    let path = request.full_path();
    let one = |renderer: &Renderer| {
        let name = renderer.format();
        context! { name, url => replace_query_param(&path, param, name) }
    };
    renderers.iter().filter(|renderer| !renderer.format().is_empty()).map(one).collect()
}

/// Whether the view may be asked what it is.
async fn options(view: &RestView, request: &Request) -> Result<bool> {
    if !view.facts.answers(&Method::OPTIONS) || !(view.has_metadata || has_own_options(view)) {
        return Ok(false);
    }
    let row = view.rows.iter().find(|row| row.method == Method::OPTIONS);
    let choices = row.map_or(&view.choices, |row| &row.choices);
    let asked = request.as_method(&Method::OPTIONS, choices);
    allowed(check_permissions(&asked, &view.facts, choices, None).await)
}

fn has_own_options(view: &RestView) -> bool {
    view.rows.iter().any(|row| row.method == Method::OPTIONS)
}

/// The view set's other actions of the same kind.
fn extra_actions(view: &RestView, request: &Request) -> Vec<Held> {
    let (Some(is_detail), Some(basename)) = (view.facts.detail, view.facts.basename.as_deref()) else { return vec![] };
    let params: Vec<(&str, &str)> = request.params().iter().collect();
    let args: Vec<(&str, &dyn std::fmt::Display)> =
        params.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
    let namespace = request.namespaces().join(":");
    let of_kind = view.facts.actions.iter().filter(|action| action.is_detail == is_detail);
    let held = of_kind.filter_map(|action| {
        let name = format!("{basename}-{}", action.url_name);
        let name = if namespace.is_empty() { name } else { format!("{namespace}:{name}") };
        let url = crate::rest::reverse(request, &name, &args).ok()?;
        Some(context! { name => &*action.name, url })
    });
    held.collect()
}

/// Where a template fails, that is a mistake in the program.
pub(super) fn mistake(error: minijinja::Error) -> Error {
    Error::internal(error)
}
