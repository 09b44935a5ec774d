//! A site: settings made ready, routes, and the one function from a request to its response.
//!
//! Built once; every problem in the settings is found then. Knows no listener and no command.

mod app;
mod health;
mod media;
mod options;
mod panics;
mod repeated;
mod soundness;
#[cfg(test)]
mod tests;

use std::fmt::{self, Display};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{ACCEPT, CONTENT_LENGTH};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use regex::Regex;

use crate::assets;
use crate::cache::{Cache, Caches};
use crate::config::Server;
use crate::http::{Body, Error, Incoming, Request, Response, Result, host_allowed};
use crate::jwt::{Keys, Refusals};
use crate::mail::Mailer;
use crate::middleware::{self, CompiledCors, CompiledSecurity};
use crate::pages;
use crate::server::Peer;
use crate::signing::{self, TimestampSigner};
use crate::urls::{self, Routes};
use crate::view::{Below, View};

pub use app::App;
pub use options::{Access, AccessLog, SiteOptions, default_middleware};
pub(crate) use panics::{Unpanicked, caught_of};
use soundness::{compiled_header, compiled_patterns, open_to_anyone, out_of_order, uncounted, unkept};

/// A site that can answer.
pub struct Site {
    options: SiteOptions,
    routes: Routes,
    cors: CompiledCors,
    security: CompiledSecurity,
    agents: Vec<Regex>,
    ignorable: Vec<Regex>,
    health: Vec<String>,
    /// The first parts of the paths that are the routes', where there is a front end beside them.
    own: Vec<String>,
    request_id_header: Option<HeaderName>,
    requests: AtomicU64,
    random: AtomicU64,
    shapes: crate::rest::serializer::Shapes,
    templates: crate::rest::render::browsable::Kept,
    token_keys: Result<Keys, String>,
    token_refusals: Refusals,
    caches: Caches,
}

/// Why a site cannot be built: every problem that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSite(pub Vec<String>);

impl Display for BadSite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for BadSite {}

impl Site {
    /// A site out of its options, or everything that is wrong with them.
    pub fn build(options: SiteOptions) -> Result<Arc<Self>, BadSite> {
        let mut problems = Vec::new();
        let routes = (options.urls)().build().map_err(|bad| problems.extend(bad)).ok();
        let cors = CompiledCors::new(&options.cors).map_err(|bad| problems.push(bad)).ok();
        let security = CompiledSecurity::new(&options.security).map_err(|bad| problems.push(bad)).ok();
        let patterns = compiled_patterns(&options.http).map_err(|bad| problems.push(bad)).ok();
        let header = compiled_header(&options.server).map_err(|bad| problems.push(bad)).ok();
        problems.extend(open_to_anyone(&options));
        problems.extend(options.rest_framework.problems());
        let caches = Caches::build(&options.caches, options.databases.as_ref(), &options.clock);
        let caches = caches.map_err(|bad| problems.extend(bad)).unwrap_or_default();
        problems.extend(uncounted(&options, &caches));
        problems.extend(unkept(&options, &caches));
        problems.extend(out_of_order(&options));
        let token_keys = Keys::new(&options.simple_jwt, &options.secret_key, &options.secret_key_fallbacks);
        // Without any key tokens are refused when one is asked for; a key that is there is one that can be used.
        let has_key = !options.simple_jwt.signing_key.is_empty() || !options.simple_jwt.verifying_key.is_empty();
        problems.extend(token_keys.as_ref().err().filter(|_| has_key).cloned());
        let (Some(routes), Some(cors), Some(security), Some([agents, ignorable]), Some(request_id_header)) =
            (routes, cors, security, patterns, header)
        else {
            return Err(BadSite(problems));
        };
        if !problems.is_empty() {
            return Err(BadSite(problems));
        }
        Ok(Arc::new(Self {
            health: health_paths(&options.server, &routes),
            own: if options.frontend.is_some() { routes.first_parts() } else { Vec::new() },
            random: AtomicU64::new(options.seed),
            requests: AtomicU64::new(0),
            shapes: crate::rest::serializer::Shapes::default(),
            templates: crate::rest::render::browsable::Kept::default(),
            token_keys,
            token_refusals: Refusals::default(),
            caches,
            options,
            routes,
            cors,
            security,
            agents,
            ignorable,
            request_id_header,
        }))
    }

    /// From a request to its response: the one way through a site.
    pub fn handle(
        self: &Arc<Self>,
        request: http::Request<()>,
        body: Incoming,
        peer: Arc<Peer>,
    ) -> impl Future<Output = http::Response<Body>> + Send + use<> {
        let request = self.request(request.into_parts().0, body, peer);
        async move { respond(&request).await }
    }

    /// Begins a request. Not a part of the future that answers it, which is moved about and had better be small.
    fn request(self: &Arc<Self>, parts: Parts, body: Incoming, peer: Arc<Peer>) -> Request {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        Request::new(parts, body, peer, self.clone(), number)
    }

    /// The keys that sign what leaves this site and comes back.
    ///
    /// # Errors
    /// `secret_key` is empty.
    pub fn signing_keys(&self) -> Result<signing::Keys> {
        signing::Keys::new(&self.options.secret_key, &self.options.secret_key_fallbacks)
    }

    /// Signs values with the time, by the keys of this site.
    ///
    /// # Errors
    /// `secret_key` is empty.
    pub fn timestamp_signer(&self) -> Result<TimestampSigner> {
        Ok(TimestampSigner::new(&self.signing_keys()?, &self.options.clock))
    }

    /// Sends messages.
    pub fn mailer(&self) -> &Mailer {
        &self.options.mailer
    }

    /// The cache of a name, for code that has no request.
    ///
    /// # Errors
    /// Where the settings name no such cache.
    pub fn cache(&self, name: &str) -> Result<Cache<'_>> {
        self.caches.get(name, None)
    }

    pub(crate) fn caches(&self) -> &Caches {
        &self.caches
    }

    /// The keys of tokens, or why there are none.
    pub(crate) fn token_keys(&self) -> Result<&Keys, &str> {
        self.token_keys.as_ref().map_err(String::as_str)
    }

    /// What was answered so far to tokens that were not taken.
    pub(crate) fn token_refusals(&self) -> &Refusals {
        &self.token_refusals
    }

    /// The serializers that were made ready so far.
    pub(crate) fn shapes(&self) -> &crate::rest::serializer::Shapes {
        &self.shapes
    }

    /// The templates of pages.
    pub(crate) fn templates(&self) -> &crate::rest::render::browsable::Kept {
        &self.templates
    }

    /// The view's answer, or what stands for it.
    pub(crate) async fn answer(&self, request: &Request) -> Response {
        let Some((view, matched)) = self.routes.resolve(request.path()) else {
            // Boxed: whoever finds a view need not carry this along.
            let page = Box::pin(assets::answer(request)).await;
            return page.unwrap_or_else(|| self.not_found(request));
        };
        if let Some(below) = &matched.below {
            request.insert(Below(below.clone()));
        }
        request.set_matched(matched);
        match self.viewed(view, request).await {
            Ok(response) => response,
            Err(error) => self.error_response(request, &error),
        }
    }

    /// What a middleware answers instead of the view, or the view's answer.
    async fn viewed(&self, view: &View, request: &Request) -> Result<Response> {
        view.prepare(request);
        match middleware::before_view(self, request, view).await? {
            Some(instead) => Ok(instead),
            None => self.answered(view, request).await,
        }
    }

    /// The view's answer, in a transaction where the project wants that.
    async fn answered(&self, view: &View, request: &Request) -> Result<Response> {
        if self.options.atomic_requests && view.is_atomic() {
            return Box::pin(atomic(view, request)).await;
        }
        called(view, request).await
    }

    fn not_found(&self, request: &Request) -> Response {
        if self.options.debug { pages::not_found_page(request) } else { pages::fixed(StatusCode::NOT_FOUND) }
    }

    /// What a client gets for an error; what is not the client's fault is logged.
    pub(crate) fn error_response(&self, request: &Request, error: &Error) -> Response {
        if let Some(response) = error.api_response() {
            return response;
        }
        log_error(request, error);
        error.dressed(self.error_page(request, error))
    }

    fn error_page(&self, request: &Request, error: &Error) -> Response {
        if !self.options.debug || error.status() == StatusCode::FORBIDDEN {
            return pages::fixed(error.status());
        }
        match request.header(ACCEPT) {
            Some(accept) if error.status() != StatusCode::NOT_FOUND && !accepts_html(&accept) => {
                pages::error_text(request, error)
            }
            _ => pages::error_page(request, error),
        }
    }

    /// What comes last, whoever answered: cookies, the request's id, and for `HEAD` the headers of `GET` without a body.
    fn finish(&self, request: &Request, response: &mut Response) {
        response.write_cookies(&self.options.clock);
        if let Some(header) = &self.request_id_header
            && let Ok(id) = HeaderValue::try_from(request.id())
        {
            response.headers_mut().insert(header.clone(), id);
        }
        if request.method() == Method::HEAD {
            without_body(response);
        }
    }

    /// A client's own id, where it is taken over, or the site's number for a request.
    pub(crate) fn request_id(&self, headers: &HeaderMap, number: u64) -> String {
        let sent = self.request_id_header.as_ref().and_then(|name| sent_id(headers, name));
        sent.unwrap_or_else(|| format!("{:08x}-{number:x}", self.options.seed as u32))
    }

    /// The settings.
    pub fn options(&self) -> &SiteOptions {
        &self.options
    }

    pub(crate) fn compiled_cors(&self) -> &CompiledCors {
        &self.cors
    }

    pub(crate) fn compiled_security(&self) -> &CompiledSecurity {
        &self.security
    }

    pub(crate) fn disallowed_agents(&self) -> &[Regex] {
        &self.agents
    }

    pub(crate) fn ignorable_404_urls(&self) -> &[Regex] {
        &self.ignorable
    }

    /// The view that a path (with its leading slash) leads to.
    pub(crate) fn view<'a>(&'a self, path: &'a str) -> Option<&'a View> {
        self.routes.view(path)
    }

    /// Whether a path is below what a route begins with, so that the front end has no say in it.
    pub(crate) fn owns(&self, path: &str) -> bool {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        self.own.iter().any(|own| own == first)
    }

    /// The routes that were tried for a path, as text.
    pub(crate) fn tried(&self, path: &str) -> Vec<String> {
        self.routes.tried(path)
    }

    /// The routes.
    pub fn route_table(&self) -> &Routes {
        &self.routes
    }

    /// The path of a named route.
    pub fn reverse(&self, name: &str, args: &[(&str, &dyn Display)]) -> Result<String> {
        self.routes.reverse(name, urls::named(args), None)
    }

    /// The path of a named route, with arguments in the order of its parameters.
    pub fn reverse_args(&self, name: &str, args: &[&dyn Display]) -> Result<String> {
        self.routes.reverse(name, urls::positional(args), None)
    }

    /// Whether a domain (lower case, no port) is one of the site's; with DEBUG and no list, this machine's are.
    pub(crate) fn host_is_allowed(&self, domain: &str) -> bool {
        const LOCAL: [&str; 3] = [".localhost", "127.0.0.1", "[::1]"];
        let allowed = &self.options.allowed_hosts;
        if self.options.debug && allowed.is_empty() {
            host_allowed(domain, &LOCAL)
        } else {
            host_allowed(domain, allowed)
        }
    }

    /// A number that nobody outside can foretell well; not for keys.
    pub(crate) fn random(&self) -> u64 {
        let mut state = self.random.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        state ^ (state >> 31)
    }
}

/// Answers a request of its site.
async fn respond(request: &Request) -> http::Response<Body> {
    let site = request.site();
    if site.health.iter().any(|path| path == request.uri().path()) {
        // Boxed: whoever asks for something else need not carry this along.
        return Box::pin(health::answer(request)).await.into_http();
    }
    let started = site.options.access_log.as_ref().map(|log| (log, site.options.clock.elapsed()));
    let mut response = if let Some(file) = media::answer(request).await {
        file
    } else if site.options.debug {
        Box::pin(repeated::told(request, middleware::run(site, request, 0))).await
    } else {
        middleware::run(site, request, 0).await
    };
    site.finish(request, &mut response);
    if let Some((log, started)) = started.filter(|_| request.get::<assets::HandedOn>().is_none()) {
        let duration = site.options.clock.elapsed().saturating_sub(started);
        let length = response.body().whole().map(|body| body.len() as u64);
        log(&Access { request, status: response.status(), length, duration });
    }
    response.into_http()
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("debug", &self.options.debug).finish_non_exhaustive()
    }
}

/// A client's own id, where it is short and plain enough for a log.
fn sent_id(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let id = headers.get(name)?.to_str().ok()?;
    let plain = (1..=100).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:/+=".contains(c));
    plain.then(|| id.to_owned())
}

/// Where health is told: on paths that are not empty and that the project does not use itself.
fn health_paths(server: &Server, routes: &Routes) -> Vec<String> {
    let paths = [&server.livez, &server.readyz].into_iter();
    paths.filter(|path| !path.is_empty() && !routes.spells_out(path)).cloned().collect()
}

/// A view's answer, of whose request a transaction is made.
async fn atomic(view: &View, request: &Request) -> Result<Response> {
    request.promise_transaction();
    if !view.is_guarded() {
        request.let_in();
    }
    let answer = called(view, request).await;
    let is_kept = answer.is_ok() && !request.rest().is_rolled_back();
    let ended = request.end_transaction(is_kept).await;
    // What failed first is what is told.
    let response = answer?;
    ended.map(|()| response)
}

/// A view's answer; its panic is an error.
async fn called(view: &View, request: &Request) -> Result<Response> {
    const WHAT: &str = "the view";
    let future = panics::caught(WHAT, || view.call(request))?;
    Unpanicked { what: WHAT, future }.await?
}

fn without_body(response: &mut Response) {
    let has_none = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&response.status());
    if let Some(length) = response.body().whole().map(bytes::Bytes::len).filter(|_| !has_none) {
        response.set_default(CONTENT_LENGTH, || HeaderValue::from(length));
    }
    response.set_body(Body::empty());
}

/// Whether an `Accept` header has a range for pages: with a quality that is not 0, and without further parameters.
fn accepts_html(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
        let kind = parts.next().unwrap_or_default();
        let accepted = ["text/html", "text/*", "*/html", "*/*"].contains(&kind.as_str());
        accepted && parts.all(|parameter| parameter.strip_prefix("q=").is_some_and(|q| q.parse() != Ok(0.0)))
    })
}

/// Given along with a request, it keeps what the log is told of the request's errors, each with what caused it: for tests.
#[derive(Clone, Debug, Default)]
pub struct Failures(Arc<Mutex<Vec<String>>>);

impl Failures {
    /// What was told so far.
    pub fn told(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn log_error(request: &Request, error: &Error) {
    let (method, path, id) = (request.method(), request.path(), request.id());
    let causes = error.logged();
    if let Some(Failures(told)) = request.extension() {
        told.lock().unwrap_or_else(PoisonError::into_inner).push(causes.clone());
    }
    if error.status().is_server_error() {
        tracing::error!(target: "quintet.request", "{method} {path:?} failed: {causes} [{id}]");
        tell_admins(request, error);
    } else {
        tracing::warn!(target: "quintet.request", "{method} {path:?} was refused: {causes} [{id}]");
    }
}

/// Writes to the administrators, unless a developer sees the error already.
fn tell_admins(request: &Request, error: &Error) {
    let options = &request.site().options;
    if options.debug || options.mailer.settings().admins.is_empty() {
        return;
    }
    // Neither is a client's choice: nobody makes up errors that seem different.
    let route = request.route().unwrap_or_default();
    let place = error.place().map(ToString::to_string).unwrap_or_default();
    let what = format!("{route} {place}");
    let text = |left_out| pages::error_report(request, error, left_out);
    options.mailer.tell_of_error(&what, pages::error_subject(request, error), text);
}
