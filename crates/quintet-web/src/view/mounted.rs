//! An axum router as a view: it answers everything below its prefix.

use http::Uri;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower_service::Service;

use super::{BoxFuture, Erased, View};
use crate::http::{Request, Response, Result};

/// Somebody else's axum router, below a prefix of ours.
pub(crate) struct Mounted(axum::Router);

/// The part of the path below a mounted router's prefix, for [`Mounted`].
pub(crate) struct Below(pub(crate) String);

impl Mounted {
    pub(crate) fn view(router: axum::Router) -> View {
        View::new(Self(router))
    }
}

impl Erased for Mounted {
    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            let below = request.get::<Below>();
            let uri = below_prefix(request.uri(), request.path(), below.as_ref().map_or("", |below| &below.0))?;
            let answered = self.0.clone().call(request.to_http(uri)?).await;
            Response::from_http(answered.unwrap_or_else(|never| match never {})).await
        })
    }

    fn name(&self) -> &str {
        "axum::Router"
    }

    /// It knows no request of ours, so no transaction either.
    fn is_atomic(&self) -> bool {
        false
    }

    /// Its body is its own: no form is looked into.
    fn prepare(&self, request: &Request) {
        request.set_parsers(Some(&[]));
    }
}

/// The address with the prefix cut off: from the text as it came where that is possible, else encoded again.
fn below_prefix(uri: &Uri, path: &str, below: &str) -> Result<Uri> {
    let prefix = &path[..path.len() - below.len()];
    let rest = match uri.path().strip_prefix(prefix) {
        Some(raw) => raw.to_owned(),
        None => below
            .split('/')
            .map(|part| utf8_percent_encode(part, NON_ALPHANUMERIC).to_string())
            .collect::<Vec<_>>()
            .join("/"),
    };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Ok(format!("/{rest}{query}").parse()?)
}
