//! The protection around every view that does not go without it.

use super::check::{begin, begun, finish, refusal, tell};
use crate::http::{Request, Response, Result};
use crate::middleware::{Middleware, Next};
use crate::view::{BoxFuture, View};

/// Refuses what changes something and does not know the secret of its browser. API views go without it, as in the
/// reference: whoever is authenticated there by a session is asked for the secret by that authentication.
#[derive(Clone, Copy, Debug)]
pub struct CsrfViewMiddleware;

impl Middleware for CsrfViewMiddleware {
    fn name(&self) -> &'static str {
        "CsrfViewMiddleware"
    }

    fn before(&self, request: &Request) -> Result<Option<Response>> {
        if let Some(sent) = request.cookie(&request.site().options().csrf.cookie_name) {
            begun(request, Some(&sent))?;
        }
        Ok(None)
    }

    fn after(&self, request: &Request, response: &mut Response) {
        if request.has_visit() {
            tell(request, response);
        }
    }

    /// Where the secret is in the session, which must be waited for.
    fn handle<'a>(&'a self, request: &'a Request, next: Next<'a>) -> Option<BoxFuture<'a, Response>> {
        request.site().options().csrf.use_sessions.then(|| -> BoxFuture<'a, Response> {
            Box::pin(async move {
                if let Err(error) = begin(request).await {
                    return request.site().error_response(request, &error);
                }
                let mut response = next.run().await;
                match finish(request, &mut response).await {
                    Ok(()) => response,
                    Err(error) => request.site().error_response(request, &error),
                }
            })
        })
    }

    fn process_view<'a>(
        &'a self,
        request: &'a Request,
        view: &'a View,
    ) -> Option<BoxFuture<'a, Result<Option<Response>>>> {
        use http::Method;
        // What is safe is let through without a promise.
        let is_safe = [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE].contains(request.method());
        (!is_safe && !view.is_csrf_exempt()).then(|| -> BoxFuture<'a, Result<Option<Response>>> {
            Box::pin(async move { Ok(refusal(request).await?.map(|reason| refused(request, &reason))) })
        })
    }
}

/// The answer to a request that does not know its secret.
pub(crate) fn refused(request: &Request, reason: &str) -> Response {
    let path = request.path();
    tracing::warn!(target: "quintet.security.csrf", "{path:?} was refused: {reason} [{}]", request.id());
    request.site().options().csrf.failure_view.answer(request, reason)
}
