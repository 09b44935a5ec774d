//! A site as the server drives it, with a project's tower layers around it.

use std::future::Future;
use std::sync::Arc;

use http::request::Parts;
use tower_service::Service;

use super::{Site, respond};
use crate::http::{Body, Incoming, Request};
use crate::server::{Application, Peer, RequestBody};
use crate::view::BoxFuture;

/// A site with the tower layers around it: what the server drives.
#[derive(Clone)]
pub struct App {
    site: Arc<Site>,
    layered: Option<axum::Router>,
}

impl App {
    /// A site as the server drives it.
    pub fn new(site: Arc<Site>) -> Self {
        let layered = site.options.layers.map(|layers| layers(bare_router(site.clone())));
        Self { site, layered }
    }

    /// The site.
    pub fn site(&self) -> &Arc<Site> {
        &self.site
    }

    /// The whole site as an axum router, to stand inside somebody else's program.
    pub fn into_router(self) -> axum::Router {
        self.layered.unwrap_or_else(|| bare_router(self.site))
    }

    /// A request through the layers, for the server and for tests.
    pub fn handle(
        &self,
        request: http::Request<()>,
        body: Incoming,
        peer: Arc<Peer>,
    ) -> impl Future<Output = http::Response<Body>> + Send + use<> {
        self.answer(request.into_parts().0, body, peer)
    }

    fn answer(
        &self,
        parts: Parts,
        body: Incoming,
        peer: Arc<Peer>,
    ) -> impl Future<Output = http::Response<Body>> + Send + use<> {
        let way = match &self.layered {
            None => Way::Site(self.site.request(parts, body, peer)),
            Some(router) => {
                let request = http::Request::from_parts(parts, body.into_foreign());
                Way::Layers(through_layers(router.clone(), request, peer))
            }
        };
        async move {
            match way {
                Way::Site(request) => respond(&request).await,
                Way::Layers(answer) => answer.await,
            }
        }
    }
}

/// How an app answers a request.
enum Way {
    Site(Request),
    Layers(BoxFuture<'static, http::Response<Body>>),
}

fn through_layers(
    mut router: axum::Router,
    mut request: http::Request<axum::body::Body>,
    peer: Arc<Peer>,
) -> BoxFuture<'static, http::Response<Body>> {
    request.extensions_mut().insert(peer);
    Box::pin(async move {
        let answer = router.call(request).await.unwrap_or_else(|never| match never {});
        answer.map(Body::stream)
    })
}

impl Application<Body> for App {
    fn call(
        &self,
        request: http::Request<RequestBody>,
        peer: &Arc<Peer>,
    ) -> impl Future<Output = http::Response<Body>> + Send + 'static + use<> {
        let (parts, body) = request.into_parts();
        self.answer(parts, Incoming::connection(body), peer.clone())
    }
}

/// The site alone as a router that has no route of its own.
fn bare_router(site: Arc<Site>) -> axum::Router {
    axum::Router::new().fallback(move |request: http::Request<axum::body::Body>| {
        let site = site.clone();
        async move {
            let (mut parts, body) = request.into_parts();
            let peer = parts.extensions.remove::<Arc<Peer>>().unwrap_or_default();
            let request = site.request(parts, Incoming::foreign(body), peer);
            respond(&request).await.map(axum::body::Body::new)
        }
    })
}
