//! Views: what answers at a route, of whatever kind, behind one type.
//!
//! `IntoView<Kind>` is implemented once per kind of view; `Kind` is inferred, and keeps the blanket implementations
//! from overlapping. Nothing after [`View`] is generic.

mod function;
mod mounted;

use std::future::Future;
use std::sync::Arc;

use crate::http::{Request, Response, Result};
use crate::rest::openapi::Outlined;
use crate::rest::{RestView, ViewFacts};

pub use crate::http::BoxFuture;
pub use function::{Function, api_view, delete, get, on, patch, post, put};
pub(crate) use mounted::{Below, Mounted};

/// What a route holds.
#[derive(Clone)]
pub struct View(Arc<dyn Erased>);

impl View {
    pub(crate) fn new(view: impl Erased) -> Self {
        Self(Arc::new(view))
    }

    pub(crate) fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        self.0.call(request)
    }

    /// Whether a path that only lacks this view's last slash is redirected to it.
    pub(crate) fn appends_slash(&self) -> bool {
        self.0.appends_slash()
    }

    /// Whether it is a transaction where the project wants views to be.
    pub(crate) fn is_atomic(&self) -> bool {
        self.0.is_atomic()
    }

    /// Whether it asks permissions and throttles itself, which stand before the transaction.
    pub(crate) fn is_guarded(&self) -> bool {
        self.0.is_guarded()
    }

    /// Says what is known before anybody looks at the request.
    pub(crate) fn prepare(&self, request: &Request) {
        self.0.prepare(request);
    }

    /// Whether forms from other sites are no danger to it.
    pub fn is_csrf_exempt(&self) -> bool {
        self.0.is_csrf_exempt()
    }

    /// What is known of it, where it is a view of an API.
    pub(crate) fn facts(&self) -> Option<&Arc<ViewFacts>> {
        self.0.facts()
    }

    /// The view of an API that it is, with its methods.
    pub(crate) fn rest(&self) -> Option<&RestView> {
        self.0.rest()
    }

    /// What it is, for who describes the site; nothing where it is none of an API.
    pub(crate) fn outlined(&self) -> Option<Outlined<'_>> {
        self.0.outlined()
    }

    /// What a developer's page calls it.
    pub fn name(&self) -> &str {
        self.0.name()
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "View({})", self.name())
    }
}

/// What the site drives.
pub(crate) trait Erased: Send + Sync + 'static {
    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>>;
    fn name(&self) -> &str;

    /// What is known of a view of an API.
    fn facts(&self) -> Option<&Arc<ViewFacts>> {
        None
    }

    /// The view of an API that this is itself.
    fn rest(&self) -> Option<&RestView> {
        None
    }

    /// What it is, for who describes the site.
    fn outlined(&self) -> Option<Outlined<'_>> {
        None
    }

    fn appends_slash(&self) -> bool {
        true
    }

    fn is_atomic(&self) -> bool {
        true
    }

    /// Whether it asks [`dispatch::guard`] first, which lets its request in.
    fn is_guarded(&self) -> bool {
        false
    }

    /// Says what is known before anybody looks at the request: which parsers read its body.
    fn prepare(&self, request: &Request) {
        let _ = request;
    }

    fn is_csrf_exempt(&self) -> bool {
        false
    }
}

/// Anything that can stand in a route.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    note = "pass `get(function)`, where the function is `async fn(&Request) -> Result<Response>`"
)]
pub trait IntoView<Kind> {
    /// The view behind its one type.
    fn into_view(self) -> View;
}

impl IntoView<View> for View {
    fn into_view(self) -> View {
        self
    }
}

/// An `async fn(&Request) -> Result<Response>`. Names the future, so that it can be asked to be `Send`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot handle a request",
    note = "write `async fn name(request: &Request) -> Result<Response>`; what it holds across an `.await` must be `Send`"
)]
pub trait Handler<'a>: Fn(&'a Request) -> Self::Future + Send + Sync {
    /// What the function returns.
    type Future: Future<Output = Result<Response>> + Send + 'a;
}

impl<'a, F, R> Handler<'a> for F
where
    F: Fn(&'a Request) -> R + Send + Sync,
    R: Future<Output = Result<Response>> + Send + 'a,
{
    type Future = R;
}
