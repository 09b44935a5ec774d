//! A request: what a client asked, with the reference's words for its parts.
//!
//! Cheap to clone. Knows its site, because host, scheme, limits and reversing depend on it, and the route that it took;
//! knows no view. Its address, its body and its route have files of their own.

mod address;
mod body;
mod route;

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use http::header::{AsHeaderName, COOKIE};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, request::Parts};
use percent_encoding::{percent_decode_str, percent_encode_byte};
use tokio::sync::OnceCell;

use super::database::Held;
use super::{Error, Incoming, Query, Result, cookies};
use crate::Site;
use crate::server::Peer;
use crate::sessions::Visit;
use crate::urls::Matched;

pub(super) use address::iri_to_uri;
pub(crate) use address::quoted;
pub use route::Params;

/// A request of a client's.
#[derive(Clone)]
pub struct Request(Arc<Inner>, Option<Arc<Instead>>);

/// What a request is looked at as, to ask whether that would be permitted.
struct Instead {
    method: Method,
    choices: Arc<crate::rest::Choices>,
}

struct Inner {
    parts: Parts,
    /// The decoded path, where it differs from the one in `parts`.
    decoded: Option<String>,
    id: u64,
    peer: Arc<Peer>,
    site: Arc<Site>,
    body: Mutex<Option<Incoming>>,
    read: OnceCell<Bytes>,
    query: OnceLock<Result<Query, super::TooManyFields>>,
    matched: OnceLock<Matched>,
    /// Made when the first is kept: most requests have none, and are asked for some.
    extensions: OnceLock<Mutex<Vec<(TypeId, Kept)>>>,
    held: Held,
    visit: OnceLock<Box<Visit>>,
    rest: crate::rest::State,
    parsed: crate::rest::Parsed,
}

impl Drop for Inner {
    fn drop(&mut self) {
        crate::server::spare::keep(std::mem::take(&mut self.parts.headers));
    }
}

type Kept = Arc<dyn Any + Send + Sync>;

impl Request {
    pub(crate) fn new(parts: Parts, body: Incoming, peer: Arc<Peer>, site: Arc<Site>, id: u64) -> Self {
        let inner = Inner {
            decoded: decoded_path(parts.uri.path()),
            parts,
            id,
            peer,
            site,
            body: Mutex::new(Some(body)),
            read: OnceCell::new(),
            query: OnceLock::new(),
            matched: OnceLock::new(),
            extensions: OnceLock::new(),
            held: Held::default(),
            visit: OnceLock::new(),
            rest: crate::rest::State::default(),
            parsed: crate::rest::Parsed::default(),
        };
        Self(Arc::new(inner), None)
    }

    /// The method.
    pub fn method(&self) -> &Method {
        self.1.as_deref().map_or(&self.0.parts.method, |instead| &instead.method)
    }

    /// The same request as if it had come by another method, for which the view chooses this: to ask whether that would be
    /// permitted.
    pub(crate) fn as_method(&self, method: &Method, choices: &Arc<crate::rest::Choices>) -> Self {
        let instead = Instead { method: method.clone(), choices: choices.clone() };
        Self(self.0.clone(), Some(Arc::new(instead)))
    }

    /// What its view chooses for it, once that is known.
    pub(crate) fn choices(&self) -> Option<&Arc<crate::rest::Choices>> {
        self.1.as_deref().map(|instead| &instead.choices).or_else(|| self.own_choices())
    }

    /// What is known of the browser that it came from.
    pub(crate) fn visit(&self) -> &Visit {
        self.0.visit.get_or_init(Box::default)
    }

    /// Whether anything is known of it.
    pub(crate) fn has_visit(&self) -> bool {
        self.0.visit.get().is_some()
    }

    /// What the REST layer knows of it.
    pub(crate) fn rest(&self) -> &crate::rest::State {
        &self.0.rest
    }

    /// The path, percent-decoded, with its leading slash: what routes are matched against.
    pub fn path(&self) -> &str {
        self.0.decoded.as_deref().unwrap_or_else(|| self.0.parts.uri.path())
    }

    /// The address as the client wrote it.
    pub fn uri(&self) -> &Uri {
        &self.0.parts.uri
    }

    /// The version of the protocol.
    pub fn version(&self) -> Version {
        self.0.parts.version
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.parts.headers
    }

    /// A header as text; a repeated one joined by commas, as the reference's servers do.
    pub fn header(&self, name: impl AsHeaderName) -> Option<Cow<'_, str>> {
        let mut values = self.0.parts.headers.get_all(name).iter().map(latin1);
        let first = values.next()?;
        Some(values.fold(first, |all, next| (all.into_owned() + "," + &next).into()))
    }

    /// The text after `?`, as it came.
    pub fn query_string(&self) -> Option<&str> {
        self.0.parts.uri.query()
    }

    /// The query's fields; the 400 page where there are more than `data_upload_max_number_fields`.
    pub fn query(&self) -> Result<&Query> {
        static NONE: Query = Query::none();
        let Some(text) = self.query_string().filter(|text| !text.is_empty()) else { return Ok(&NONE) };
        let limit = self.0.site.options().http.data_upload_max_number_fields;
        let parsed = self.0.query.get_or_init(|| Query::parse(text, limit));
        parsed.as_ref().map_err(|_| {
            Error::page(
                StatusCode::BAD_REQUEST,
                "the query has more fields than `data_upload_max_number_fields` allows",
            )
        })
    }

    /// The cookie of a name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The cookies.
    pub fn cookies(&self) -> Vec<(String, String)> {
        let headers: Vec<&[u8]> = self.headers().get_all(COOKIE).iter().map(|value| value.as_bytes()).collect();
        cookies(&String::from_utf8_lossy(&headers.join(&b"; "[..])))
    }

    pub(crate) fn held(&self) -> &Held {
        &self.0.held
    }

    /// Who is at the other end of the connection.
    pub fn peer(&self) -> &Arc<Peer> {
        &self.0.peer
    }

    /// The site that answers: its settings and its routes.
    pub fn site(&self) -> &Arc<Site> {
        &self.0.site
    }

    /// A short name of this request, the same in every log line about it: the client's own, where
    /// `server.request_id_header` takes it over.
    pub fn id(&self) -> String {
        self.0.site.request_id(self.headers(), self.0.id)
    }

    /// Keeps a value for whoever handles this request later; one of each type.
    pub fn insert<T: Send + Sync + 'static>(&self, value: T) {
        let (key, value): (_, Kept) = (TypeId::of::<T>(), Arc::new(value));
        let mut kept = locked(self.0.extensions.get_or_init(Mutex::default));
        match kept.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = value,
            None => kept.push((key, value)),
        }
    }

    /// A value that was kept.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let kept = locked(self.0.extensions.get()?);
        let (_, value) = kept.iter().find(|(key, _)| *key == TypeId::of::<T>())?;
        Arc::clone(value).downcast().ok()
    }

    /// What the program that drives the site gave along with the request.
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.parts.extensions.get()
    }
}

/// What is kept stays whole whoever panics.
fn locked<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({} {})", self.method(), self.path())
    }
}

/// Header bytes as the reference's servers read them: ISO 8859-1.
fn latin1(value: &HeaderValue) -> Cow<'_, str> {
    match value.to_str() {
        Ok(text) => text.into(),
        Err(_) => value.as_bytes().iter().map(|byte| char::from(*byte)).collect::<String>().into(),
    }
}

/// The path percent-decoded, where that changes it; bytes that are no UTF-8 stay percent-encoded.
fn decoded_path(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("/".to_owned());
    }
    if !path.contains('%') {
        return None;
    }
    let bytes: Vec<u8> = percent_decode_str(path).collect();
    let mut text = String::with_capacity(path.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(percent_encode_byte(*byte));
        }
    }
    Some(text)
}
