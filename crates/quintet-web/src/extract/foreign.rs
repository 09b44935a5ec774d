//! Our request as axum knows it: with what our route captured, and with a body that is taken when it is read.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Extensions;
use http_body::{Body, Frame};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower_service::Service;

use crate::http::{Request, Result};

/// The request as axum knows it.
pub(super) async fn foreign(request: &Request, wants_path: bool) -> http::Request<axum::body::Body> {
    let body = axum::body::Body::new(Later { request: request.clone(), body: None });
    let mut foreign = request.with_body(request.uri().clone(), body);
    if wants_path {
        foreign.extensions_mut().extend(captured(request).await);
    }
    foreign
}

/// What our route captured, as axum's `Path` finds it: only a router of axum's can say that, so one is asked.
async fn captured(request: &Request) -> Extensions {
    let params: Vec<(&str, &str)> = request.params().iter().filter(|(_, value)| !value.is_empty()).collect();
    if params.is_empty() {
        return Extensions::new();
    }
    let kept = Arc::new(Mutex::new(Extensions::new()));
    let keeper = kept.clone();
    let keep = move |parts: http::request::Parts| {
        *keeper.lock().unwrap_or_else(PoisonError::into_inner) = parts.extensions;
        std::future::ready(())
    };
    let route: String = params.iter().map(|(name, _)| format!("/{{{name}}}")).collect();
    let address: String =
        params.iter().map(|(_, value)| format!("/{}", utf8_percent_encode(value, NON_ALPHANUMERIC))).collect();
    let mut asked = http::Request::new(axum::body::Body::empty());
    if let Ok(uri) = address.parse() {
        *asked.uri_mut() = uri;
    }
    let answered = axum::Router::new().route(&route, axum::routing::any(keep)).call(asked).await;
    drop(answered);
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::take(&mut *kept)
}

/// The body of our request, which is taken when it is read, not before.
struct Later {
    request: Request,
    body: Option<axum::body::Body>,
}

impl Body for Later {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.body.is_none() {
            match self.request.take_foreign() {
                Ok(body) => self.body = Some(body),
                Err(error) => return Poll::Ready(Some(Err(axum::Error::new(error.to_string())))),
            }
        }
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }
}
