//! A request: what a client asked, with the reference's words for its parts.
//!
//! Cheap to clone. Knows its site, because host, scheme, limits and reversing depend on it, and the route that it took;
//! knows no view.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use http::header::{AsHeaderName, COOKIE, HOST};
use http::{HeaderMap, Method, StatusCode, Uri, Version, request::Parts};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode_byte, utf8_percent_encode};
use quintet_core::address;
use quintet_core::rest::Data;
use tokio::sync::OnceCell;

use super::database::Held;
use super::{BodyStream, BoxFuture, Error, Incoming, Query, Result, cookies, split_domain_port};
use crate::Site;
use crate::routing;
use crate::server::Peer;
use crate::sessions::Visit;
use crate::urls::{self, Matched};

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
    extensions: Mutex<Vec<(TypeId, Kept)>>,
    held: Held,
    visit: OnceLock<Box<Visit>>,
    rest: crate::rest::State,
    parsed: crate::rest::Parsed,
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
            extensions: Mutex::new(Vec::new()),
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
        self.1.as_deref().map(|instead| &instead.choices).or_else(|| self.0.rest.choices())
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

    /// The path and the query, safe for a `Location` header.
    pub fn full_path(&self) -> String {
        self.full_path_of(self.path())
    }

    pub(crate) fn full_path_of(&self, path: &str) -> String {
        let mut text = utf8_percent_encode(path, ESCAPED_IN_PATH).to_string();
        if let Some(query) = self.query_string().filter(|query| !query.is_empty()) {
            text.push('?');
            text.push_str(&iri_to_uri(query));
        }
        text
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
        let mut values = self.0.parts.headers.get_all(name).iter().map(|value| latin1(value.as_bytes()));
        let first = values.next()?;
        Some(values.fold(first, |all, next| (all.into_owned() + "," + &next).into()))
    }

    /// The text after `?`, as it came.
    pub fn query_string(&self) -> Option<&str> {
        self.0.parts.uri.query()
    }

    /// The query's fields; the 400 page where there are more than `data_upload_max_number_fields`.
    pub fn query(&self) -> Result<&Query> {
        let limit = self.0.site.options().http.data_upload_max_number_fields;
        let parsed = self.0.query.get_or_init(|| Query::parse(self.query_string().unwrap_or_default(), limit));
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

    /// What the route captured, in order.
    pub fn params(&self) -> Params<'_> {
        Params(self.0.matched.get().map(|matched| &matched.params))
    }

    /// A captured value of a type; 404 where it is none, as no such thing can exist.
    #[track_caller]
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T> {
        match self.params().get(name) {
            Some(text) => text.parse().map_err(|_| Error::not_found()),
            None => Err(Error::unexpected(self.no_such_param(name))),
        }
    }

    /// The route and the view are both the project's: that they do not fit is no client's fault.
    fn no_such_param(&self, name: &str) -> String {
        let captured: Vec<String> = self.params().iter().map(|(name, _)| format!("`{name}`")).collect();
        let there = if captured.is_empty() { "nothing".to_owned() } else { captured.join(", ") };
        format!("the route `{}` captures no `{name}`, it captures {there}", self.route().unwrap_or_default())
    }

    /// The path of a named route; an error names what was tried.
    pub fn reverse(&self, name: &str, args: &[(&str, &dyn Display)]) -> Result<String> {
        self.0.site.route_table().reverse(name, urls::named(args), self.0.matched.get())
    }

    /// The path of a named route, with arguments in the order of its parameters.
    pub fn reverse_args(&self, name: &str, args: &[&dyn Display]) -> Result<String> {
        self.0.site.route_table().reverse(name, urls::positional(args), self.0.matched.get())
    }

    /// The route that answers, as the reference's `resolver_match.route`.
    pub fn route(&self) -> Option<&str> {
        self.0.matched.get().map(|matched| matched.route.text.as_str())
    }

    /// The namespaces around the route that answers, outermost first.
    pub fn namespaces(&self) -> Vec<String> {
        self.0.matched.get().map(|matched| matched.route.namespaces.clone()).unwrap_or_default()
    }

    pub(crate) fn held(&self) -> &Held {
        &self.0.held
    }

    pub(crate) fn set_matched(&self, matched: Matched) {
        let _ = self.0.matched.set(matched);
    }

    /// The whole body, read once and kept; refused with 413 past `data_upload_max_memory_size`.
    ///
    /// A boxed future: a bare one, held across an `.await` of a view, is more than the compiler can prove to be `Send`.
    pub fn bytes(&self) -> BoxFuture<'_, Result<Bytes>> {
        Box::pin(async move { self.0.read.get_or_try_init(|| self.read_body()).await.cloned() })
    }

    /// The body as data, read once by the parser that its `Content-Type` asks for: of those that the view chooses, else of
    /// `rest_framework.default_parser_classes`.
    ///
    /// # Errors
    /// 415 where no parser reads it, 400 where it is malformed. That is told once: who asks again gets no data.
    pub fn data(&self) -> BoxFuture<'_, Result<Arc<Data>>> {
        Box::pin(self.0.parsed.data(self))
    }

    /// Whether one of the parsers that [`data`](Self::data) tries reads bodies of this type.
    pub(crate) fn reads(&self, content_type: &str) -> bool {
        self.0.parsed.reads(self, content_type)
    }

    /// The parsers that [`data`](Self::data) tries, nothing for those of the settings; the first call counts.
    pub(crate) fn set_parsers(&self, parsers: Option<&[crate::rest::Parser]>) {
        self.0.parsed.set_parsers(parsers);
    }

    /// The body as it arrives, which is gone from here then.
    ///
    /// # Errors
    /// Where it is gone already.
    pub fn stream(&self) -> Result<BodyStream> {
        self.take_body().map(Incoming::into_stream)
    }

    /// Whether it is known that there is nothing in the body.
    pub(crate) fn has_empty_body(&self) -> bool {
        let body = self.0.body.lock().unwrap_or_else(PoisonError::into_inner);
        match (&*body, self.0.read.get()) {
            (_, Some(read)) => read.is_empty(),
            (Some(Incoming::Whole(bytes)), None) => bytes.is_empty(),
            _ => false,
        }
    }

    /// Whether the body is in memory.
    pub(crate) fn has_read_body(&self) -> bool {
        self.0.read.get().is_some()
    }

    async fn read_body(&self) -> Result<Bytes> {
        self.take_body()?.collect(self.0.site.options().http.data_upload_max_memory_size).await
    }

    /// The body, which is gone from here then, unless it was read before or there is nothing in it.
    fn take_body(&self) -> Result<Incoming> {
        if let Some(read) = self.0.read.get() {
            return Ok(Incoming::Whole(read.clone()));
        }
        let mut body = self.0.body.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(&*body, Some(Incoming::Whole(bytes)) if bytes.is_empty()) {
            return Ok(Incoming::Whole(Bytes::new()));
        }
        body.take().ok_or_else(|| {
            Error::internal("the body of this request was taken by a mounted router or an earlier read failed")
        })
    }

    /// `http` or `https`, by the connection or by the header that `security.proxy_ssl_header` trusts.
    pub fn scheme(&self) -> &'static str {
        if self.is_secure() { "https" } else { "http" }
    }

    /// Whether the client came by HTTPS.
    pub fn is_secure(&self) -> bool {
        if let Some((name, secure)) = &self.0.site.options().security.proxy_ssl_header
            && let Some(value) = self.header(name)
        {
            return value.split(',').next().unwrap_or_default().trim() == secure;
        }
        self.0.peer.tls
    }

    /// The host that the client asked for, checked against `allowed_hosts`; the 400 page where it is refused.
    pub fn get_host(&self) -> Result<Cow<'_, str>> {
        let host = self.raw_host();
        let (domain, _) = split_domain_port(&host);
        if domain.is_empty() {
            return Err(refused_host(&host, "it is not valid by RFC 1034/1035"));
        }
        if !self.0.site.host_is_allowed(&domain) {
            return Err(refused_host(&host, "add it to `allowed_hosts`"));
        }
        drop(domain);
        Ok(host)
    }

    fn raw_host(&self) -> Cow<'_, str> {
        let trusted = self.0.site.options().http.use_x_forwarded_host;
        let forwarded = trusted.then(|| self.header("x-forwarded-host")).flatten();
        forwarded
            .or_else(|| self.header(HOST))
            .or_else(|| self.authority())
            .or_else(|| self.local())
            .unwrap_or_default()
    }

    /// HTTP/2 names the host in the address, not in a header.
    fn authority(&self) -> Option<Cow<'_, str>> {
        self.uri().authority().map(|authority| authority.as_str().into())
    }

    /// Our end of the connection, for a client of HTTP/1.0 that names no host.
    fn local(&self) -> Option<Cow<'_, str>> {
        let address = self.0.peer.local?;
        let usual = if self.is_secure() { 443 } else { 80 };
        let text = address.to_string();
        let host = if address.port() == usual { text.rsplit_once(':').map_or("", |(host, _)| host) } else { &text };
        Some(host.to_owned().into())
    }

    /// The port that the client asked for, as far as it is known.
    pub fn get_port(&self) -> Option<u16> {
        let trusted = self.0.site.options().http.use_x_forwarded_port;
        let forwarded = trusted.then(|| self.header("x-forwarded-port")).flatten();
        let host = self.raw_host();
        let (_, port) = split_domain_port(&host);
        forwarded.and_then(|port| port.trim().parse().ok()).or_else(|| port.parse().ok())
    }

    /// The absolute address of a location on this site, by the host that the client asked for: of a path from the root,
    /// of one relative to the current path, or of what is absolute already.
    pub fn build_absolute_uri(&self, location: &str) -> Result<String> {
        let cleaned = address::cleaned(location);
        let Some(parts) = address::split(&cleaned) else {
            return Err(Error::internal(format!("`{}` is no address", location.escape_debug())));
        };
        if !parts.scheme.is_empty() && !parts.authority.is_empty() {
            return Ok(iri_to_uri(location));
        }
        let root = format!("{}://{}", self.scheme(), self.get_host()?);
        let relative = !parts.path.starts_with('/') || parts.path.contains("/./") || parts.path.contains("/../");
        if parts.scheme.is_empty() && parts.authority.is_empty() && !relative {
            return Ok(iri_to_uri(&(root + location.strip_prefix("//").unwrap_or(location))));
        }
        let joined = address::join(&(root + self.path()), location);
        joined
            .map(|uri| iri_to_uri(&uri))
            .ok_or_else(|| Error::internal("the address of this request cannot be joined"))
    }

    /// The absolute address of this request.
    pub fn absolute_uri(&self) -> Result<String> {
        self.build_absolute_uri(&format!("//{}", self.full_path()))
    }

    /// Who is at the other end of the connection.
    pub fn peer(&self) -> &Arc<Peer> {
        &self.0.peer
    }

    /// The client's address: the connection's, or what the outermost trusted proxy wrote into `X-Forwarded-For`
    /// where `server.trusted_proxies` says how many there are.
    pub fn client_ip(&self) -> Option<IpAddr> {
        let direct = self.0.peer.address.map(|address| address.ip());
        let trusted = self.0.site.options().server.trusted_proxies;
        if trusted == 0 {
            return direct;
        }
        let Some(forwarded) = self.header("x-forwarded-for") else {
            return direct;
        };
        let outermost = forwarded.rsplit(',').take(trusted).last().unwrap_or_default();
        forwarded_ip(outermost.trim()).or(direct)
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
        let mut kept = self.extensions();
        match kept.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = value,
            None => kept.push((key, value)),
        }
    }

    /// A value that was kept.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let kept = self.extensions();
        let (_, value) = kept.iter().find(|(key, _)| *key == TypeId::of::<T>())?;
        Arc::clone(value).downcast().ok()
    }

    /// What the program that drives the site gave along with the request.
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.parts.extensions.get()
    }

    fn extensions(&self) -> std::sync::MutexGuard<'_, Vec<(TypeId, Kept)>> {
        self.0.extensions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The parts and the body for another HTTP stack; a body that was not read is gone from here.
    pub(crate) fn to_http(&self, uri: Uri) -> Result<http::Request<axum::body::Body>> {
        Ok(self.with_body(uri, self.take_foreign()?))
    }

    /// The body for another HTTP stack, which is gone from here then.
    pub(crate) fn take_foreign(&self) -> Result<axum::body::Body> {
        Ok(self.take_body()?.into_foreign())
    }

    /// The same for another HTTP stack with this body.
    pub(crate) fn with_body(&self, uri: Uri, body: axum::body::Body) -> http::Request<axum::body::Body> {
        let mut request = http::Request::new(body);
        *request.method_mut() = self.method().clone();
        *request.uri_mut() = uri;
        *request.version_mut() = self.version();
        *request.headers_mut() = self.headers().clone();
        *request.extensions_mut() = self.0.parts.extensions.clone();
        request.extensions_mut().insert(self.clone());
        request
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({} {})", self.method(), self.path())
    }
}

/// What a route captured, in order.
#[derive(Clone, Copy, Debug)]
pub struct Params<'a>(Option<&'a routing::Params>);

impl<'a> Params<'a> {
    /// A captured value, as text.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.0?.text(name)
    }

    /// What the unnamed groups of a regular expression captured, in order; `None` for one that took no part. A route
    /// with any named parameter has none.
    pub fn positional(&self) -> impl Iterator<Item = Option<&'a str>> {
        self.0.into_iter().flat_map(|params| params.positional()).map(Option::as_deref)
    }

    /// Every captured name and value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.into_iter().flat_map(|params| params.iter())
    }
}

/// An address as proxies write it: alone, in brackets, with a port.
fn forwarded_ip(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))
}

fn refused_host(host: &str, why: &str) -> Error {
    let shown: String = host.chars().take(200).collect();
    Error::page(StatusCode::BAD_REQUEST, format!("the host {shown:?} was refused: {why}"))
}

/// Header bytes as the reference's servers read them: ISO 8859-1.
fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => text.into(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into(),
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

/// A decoded path as an address has it.
pub(crate) fn quoted(path: &str) -> String {
    utf8_percent_encode(path, ESCAPED_IN_PATH).to_string()
}

/// What the reference's `escape_uri_path` escapes.
const ESCAPED_IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'+')
    .remove(b'$')
    .remove(b',')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// What the reference's `iri_to_uri` escapes; a percent sign stays, so that nothing is escaped twice.
const ESCAPED_IN_URI: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'#')
    .remove(b'%')
    .remove(b'[')
    .remove(b']')
    .remove(b'=')
    .remove(b':')
    .remove(b';')
    .remove(b'$')
    .remove(b'&')
    .remove(b'(')
    .remove(b')')
    .remove(b'+')
    .remove(b',')
    .remove(b'!')
    .remove(b'?')
    .remove(b'*')
    .remove(b'@')
    .remove(b'\'')
    .remove(b'~')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');

/// An address that may have any characters, as one that may stand in a header.
pub(super) fn iri_to_uri(iri: &str) -> String {
    utf8_percent_encode(iri, ESCAPED_IN_URI).to_string()
}
