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

use std::cell::Cell;
use std::sync::Arc;

use crate::Site;
use crate::http::{Request, Response, Result};
use crate::site::{Unpanicked, caught_of};
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
    let mut at = first;
    let mut response = match inwards(site, request, &mut at) {
        Ok(Way::ToTheView) => site.answer(request).await,
        Ok(Way::Answered(response)) => response,
        Ok(Way::Handled(answer)) => answer.await.unwrap_or_else(|error| site.error_response(request, &error)),
        Err(error) => site.error_response(request, &error),
    };
    outwards(site, request, first, at, &mut response);
    response
}

/// Where the way in leads.
enum Way<'a> {
    ToTheView,
    /// A middleware answered.
    Answered(Response),
    /// A middleware goes both ways itself.
    Handled(Unpanicked<'a, Response>),
}

/// The way in; `at` is how many of the middlewares the answer goes out through.
fn inwards<'a>(site: &'a Site, request: &'a Request, at: &mut usize) -> Result<Way<'a>> {
    let layers = &site.options().middleware;
    let entered = Cell::new(*at);
    // One guard for all of them: which of them panicked is known by how far the way went.
    let way = caught_of(
        || name_of(layers, entered.get()),
        || {
            while let Some(Layer(layer)) = layers.get(entered.get()) {
                let next = Next { site, request, at: entered.get() + 1 };
                if let Some(future) = layer.handle(request, next) {
                    return Ok(Way::Handled(Unpanicked { what: layer.name(), future }));
                }
                let early = layer.before(request)?;
                entered.set(entered.get() + 1);
                if let Some(early) = early {
                    return Ok(Way::Answered(early));
                }
            }
            Ok(Way::ToTheView)
        },
    );
    *at = entered.get();
    way?
}

/// The way out, through those before `at`, the innermost first.
fn outwards(site: &Site, request: &Request, first: usize, at: usize, response: &mut Response) {
    let layers = &site.options().middleware;
    let left = Cell::new(at);
    while left.get() > first {
        let passed = caught_of(
            || name_of(layers, left.get()),
            || {
                while left.get() > first {
                    left.set(left.get() - 1);
                    layers[left.get()].0.after(request, response);
                }
            },
        );
        if let Err(error) = passed {
            *response = site.error_response(request, &error);
        }
    }
}

fn name_of(layers: &[Layer], at: usize) -> &'static str {
    layers.get(at).map_or("a middleware", Layer::name)
}

/// What the middlewares say when the view is found: the first response counts.
pub(crate) async fn before_view(site: &Site, request: &Request, view: &View) -> Result<Option<Response>> {
    let layers = &site.options().middleware;
    let asked = Cell::new(0);
    while asked.get() < layers.len() {
        let waits = caught_of(
            || name_of(layers, asked.get()),
            || {
                while let Some(Layer(layer)) = layers.get(asked.get()) {
                    if let Some(future) = layer.process_view(request, view) {
                        asked.set(asked.get() + 1);
                        return Some(Unpanicked { what: layer.name(), future });
                    }
                    asked.set(asked.get() + 1);
                }
                None
            },
        )?;
        let Some(waits) = waits else { break };
        if let Some(response) = waits.await?? {
            return Ok(Some(response));
        }
    }
    Ok(None)
}
