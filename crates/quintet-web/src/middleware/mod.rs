//! What stands around every view, in the order that the settings list it.
//!
//! A middleware looks at the request on the way in, and at the response on the way out; or, where it must wait for
//! something, it does both in [`Middleware::handle`]. The first of the list is the outermost.

mod broken_links;
mod common;
mod conditional;
mod cors;
mod gzip;
mod security;

use std::sync::Arc;

use crate::Site;
use crate::http::{Request, Response, Result};
use crate::site::{Unpanicked, caught};
use crate::view::{BoxFuture, View};

pub use broken_links::BrokenLinkEmailsMiddleware;
pub use common::CommonMiddleware;
pub use conditional::ConditionalGetMiddleware;
pub(crate) use cors::CompiledCors;
pub use cors::CorsMiddleware;
pub use gzip::GZipMiddleware;
pub(crate) use security::CompiledSecurity;
pub use security::{SecurityMiddleware, XFrameOptionsMiddleware};

pub use crate::auth::AuthenticationMiddleware;
pub use crate::csrf::CsrfViewMiddleware;
pub use crate::sessions::SessionMiddleware;

/// Something that stands around every view.
pub trait Middleware: Send + Sync + 'static {
    /// The name in the settings, in checks and in `diffsettings`; the reference's class name where it has one.
    fn name(&self) -> &'static str;

    /// On the way in. A response ends the way in and goes out through this middleware's `after`; an error goes out
    /// past it, as an exception of the reference's does.
    fn before(&self, request: &Request) -> Result<Option<Response>> {
        let _ = request;
        Ok(None)
    }

    /// On the way out.
    fn after(&self, request: &Request, response: &mut Response) {
        let _ = (request, response);
    }

    /// When the route is found, before its view is called. A response takes the place of the view's; so does an error.
    fn process_view<'a>(
        &'a self,
        request: &'a Request,
        view: &'a View,
    ) -> Option<BoxFuture<'a, Result<Option<Response>>>> {
        let _ = (request, view);
        None
    }

    /// Both ways at once, for what must wait: `Some(Box::pin(async move { .. next.run().await .. }))`.
    /// `before` and `after` are not called then.
    fn handle<'a>(&'a self, request: &'a Request, next: Next<'a>) -> Option<BoxFuture<'a, Response>> {
        let _ = (request, next);
        None
    }
}

/// A middleware as the settings hold it: `SecurityMiddleware.into()`.
#[derive(Clone)]
pub struct Layer(Arc<dyn Middleware>);

impl<M: Middleware> From<M> for Layer {
    fn from(middleware: M) -> Self {
        Self(Arc::new(middleware))
    }
}

impl Layer {
    /// The middleware's name.
    pub fn name(&self) -> &'static str {
        self.0.name()
    }
}

impl std::fmt::Debug for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What is left of the way in.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    site: &'a Site,
    request: &'a Request,
    at: usize,
}

impl<'a> Next<'a> {
    /// The response of everything further in.
    pub fn run(self) -> BoxFuture<'a, Response> {
        Box::pin(run(self.site, self.request, self.at))
    }
}

/// In through the middlewares from `first` on, to the view, and out again.
///
/// As in the reference, each middleware answers for itself: its error or panic becomes a page that goes out through
/// those around it, and not through itself.
pub(crate) async fn run(site: &Site, request: &Request, first: usize) -> Response {
    let layers = &site.options().middleware;
    let mut passed = first;
    let mut answer = None;
    while let (None, Some(Layer(layer))) = (&answer, layers.get(passed)) {
        match inwards(&**layer, request, Next { site, request, at: passed + 1 }, &mut answer) {
            Ok(None) => passed += 1,
            Ok(Some(future)) => {
                answer = Some(future.await.unwrap_or_else(|error| site.error_response(request, &error)));
                break;
            }
            Err(error) => {
                answer = Some(site.error_response(request, &error));
                break;
            }
        }
    }
    let mut response = match answer {
        Some(response) => response,
        None => site.answer(request).await,
    };
    for Layer(layer) in layers[first..passed].iter().rev() {
        if let Err(error) = caught(layer.name(), || layer.after(request, &mut response)) {
            response = site.error_response(request, &error);
        }
    }
    response
}

/// What the middlewares say when the view is found: the first response counts.
pub(crate) async fn before_view(site: &Site, request: &Request, view: &View) -> Result<Option<Response>> {
    for Layer(layer) in &site.options().middleware {
        let Some(future) = caught(layer.name(), || layer.process_view(request, view))? else { continue };
        if let Some(response) = (Unpanicked { what: layer.name(), future }).await?? {
            return Ok(Some(response));
        }
    }
    Ok(None)
}

/// What a middleware does on the way in: it may leave an answer, or handle both ways itself.
///
/// The answer is written where it stays: returned by value, it would be copied for every middleware of every request.
fn inwards<'a>(
    layer: &'a dyn Middleware,
    request: &'a Request,
    next: Next<'a>,
    answer: &mut Option<Response>,
) -> Result<Option<Unpanicked<'a, Response>>> {
    caught(layer.name(), || {
        if let Some(future) = layer.handle(request, next) {
            return Ok(Some(Unpanicked { what: layer.name(), future }));
        }
        if let Some(early) = layer.before(request)? {
            *answer = Some(early);
        }
        Ok(None)
    })?
}
