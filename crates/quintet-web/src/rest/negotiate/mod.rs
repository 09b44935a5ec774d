//! Which renderer answers: by `?format=`, by the path's suffix, by `Accept`.
//!
//! The reference's rules: what is most exact wins, `q` does not count; of equals, the first renderer.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use http::header::ACCEPT;

use super::dispatch::renderers;
use super::media_type::MediaType;
use super::parse::{Parser, parser_for};
use super::render::Renderer;
use crate::http::{Error, Request, Response, Result, StatusCode};

/// No more of `Accept` is read than so many bytes, so many types, so many bytes of each.
const LONGEST_ACCEPT: usize = 8192;
const MOST_TYPES: usize = 64;
const LONGEST_TYPE: usize = 256;

/// The renderer that answers a request, and what of its media type the client asked for.
#[derive(Clone, Debug)]
pub struct Accepted {
    renderer: Renderer,
    /// The media type that was asked for, where that is not just the renderer's own.
    asked: Option<Box<MediaType>>,
}

impl Request {
    /// What was agreed upon that answers this request: the renderer, and the media type that the client asked for. Nothing
    /// before that, and where no view of an API answers.
    pub fn accepted(&self) -> Option<&Accepted> {
        let state = self.rest();
        let usual = self.own_choices().filter(|_| state.is_usual()).map(|choices| renderers(self, choices));
        usual.map_or_else(|| state.accepted(), |renderers| Some(state.accepted_or(|| forced(renderers))))
    }
}

/// Chooses a renderer and a parser in another way than the reference does unless told: `Content-Type` and `Accept` then
/// mean what a project says.
pub trait Negotiate: Send + Sync + 'static {
    /// What answers; `suffix` is the format that the path names.
    ///
    /// # Errors
    /// None is acceptable.
    fn renderer(&self, request: &Request, renderers: &[Renderer], suffix: Option<&str>) -> Result<Accepted> {
        choose(request, renderers, suffix)
    }

    /// What reads the body; nothing where none can.
    fn parser<'p>(&self, request: &Request, parsers: &'p [Parser]) -> Option<&'p Parser> {
        parser_for(parsers, &request.header("content-type").unwrap_or_default())
    }
}

/// A way to choose, behind one type.
#[derive(Clone)]
pub struct Negotiation(Arc<dyn Negotiate>);

impl<N: Negotiate> From<N> for Negotiation {
    fn from(way: N) -> Self {
        Self(Arc::new(way))
    }
}

impl Deref for Negotiation {
    type Target = dyn Negotiate;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for Negotiation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Negotiation")
    }
}

/// The renderer for a request: 404 where `?format=` or the path's suffix names none, 406 where none is acceptable.
pub fn choose(request: &Request, renderers: &[Renderer], suffix: Option<&str>) -> Result<Accepted> {
    Ok(unusual(request, renderers, suffix)?.unwrap_or_else(|| forced(renderers)))
}

/// The same; nothing where it is the first of all, with its own media type.
pub(super) fn unusual(request: &Request, renderers: &[Renderer], suffix: Option<&str>) -> Result<Option<Accepted>> {
    let name = request.site().options().rest_framework.url_format_override.as_deref();
    let queried = match name {
        Some(name) if suffix.is_none() => request.query()?.get(name),
        _ => None,
    };
    let format = suffix.or(queried).filter(|format| !format.is_empty());
    let fits = |renderer: &&Renderer| format.is_none_or(|format| renderer.format() == format);
    let mut candidates = renderers.iter().filter(fits);
    let Some(first) = candidates.next() else {
        return Err(if format.is_some() { Error::http_404("Not found.") } else { not_acceptable() });
    };
    let accept = request.header(ACCEPT).unwrap_or(Cow::Borrowed("*/*"));
    if is_plainly(first.own(), &accept) {
        return Ok(format.map(|_| Accepted::new(first.clone())));
    }
    let candidates: Vec<&Renderer> = std::iter::once(first).chain(candidates).collect();
    let asked: Vec<MediaType> = tokens(&accept).map(MediaType::parse).collect();
    for precision in (0..=3).rev() {
        for renderer in &candidates {
            let own = renderer.own();
            let mut level = asked.iter().filter(|asked| asked.precision() == precision);
            if let Some(found) = level.find(|asked| own.matches(asked)) {
                let media_type = if own.precision() > precision { of(renderer, found) } else { found.clone() };
                return Ok(Some(Accepted { renderer: (*renderer).clone(), asked: Some(Box::new(media_type)) }));
            }
        }
    }
    Err(not_acceptable())
}

/// Whether it can be told without more reading that the first renderer answers, by its own type: because anything is taken,
/// or because its type is named where none has parameters.
fn is_plainly(own: &MediaType, accept: &str) -> bool {
    // One with parameters of its own is only for who names them.
    if accept == "*/*" {
        return matches!(own.precision(), 1 | 2);
    }
    if own.precision() != 2 || accept.len() > LONGEST_TYPE {
        return false;
    }
    // Most clients of an API name one type, as it is written.
    if accept == own.as_str() {
        return true;
    }
    if accept.contains(';') {
        return false;
    }
    let named = tokens(accept).find(|token| token.eq_ignore_ascii_case(own.as_str()));
    named == Some(own.as_str())
}

/// The first renderer, for the answer where none was chosen.
pub fn forced(renderers: &[Renderer]) -> Accepted {
    Accepted::new(first(renderers).clone())
}

/// The first renderer.
pub(super) fn first(renderers: &[Renderer]) -> &Renderer {
    static JSON: LazyLock<Renderer> = LazyLock::new(Renderer::default);
    renderers.first().unwrap_or_else(|| &JSON)
}

/// The renderer's own type with the parameters that came with a star.
fn of(renderer: &Renderer, asked: &MediaType) -> MediaType {
    let params: String = asked.params().iter().map(|(name, value)| format!(";{name}={value}")).collect();
    MediaType::parse(&format!("{}{params}", renderer.media_type()))
}

fn tokens(accept: &str) -> impl Iterator<Item = &str> {
    let read = match accept.get(..LONGEST_ACCEPT).filter(|_| accept.len() > LONGEST_ACCEPT) {
        Some(start) => start.rfind(',').map_or("", |cut| &start[..=cut]),
        None => accept,
    };
    read.split(',').map(str::trim).filter(|token| !token.is_empty() && token.len() <= LONGEST_TYPE).take(MOST_TYPES)
}

fn not_acceptable() -> Error {
    let text = "Could not satisfy the request Accept header.";
    Error::api(StatusCode::NOT_ACCEPTABLE, "not_acceptable", text)
}

impl Accepted {
    /// A renderer by its own media type.
    pub fn new(renderer: Renderer) -> Self {
        Self { renderer, asked: None }
    }

    /// The renderer.
    pub fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// The media type, with what the client added to it.
    pub fn media_type(&self) -> &MediaType {
        self.asked.as_deref().unwrap_or_else(|| self.renderer.own())
    }

    /// The answer, with its data written by the renderer; one without data stays as it is.
    ///
    /// # Errors
    /// The data cannot be written so.
    pub(crate) fn render(&self, request: &Request, response: Response, is_refused: bool) -> Result<Response> {
        self.renderer.render(request, self.media_type(), response, is_refused)
    }
}
