//! Begins a session with each request, saves what was changed, and tells the browser.

use super::visit::Kept;
use crate::http::{Request, Response, Result};
use crate::middleware::{Middleware, Next};
use crate::view::BoxFuture;

/// Gives each request its [`session`](Request::session), and saves it when it was changed. Stands in front of whatever asks
/// for sessions: `CsrfViewMiddleware` where that keeps its secret there, `AuthenticationMiddleware`.
#[derive(Clone, Copy, Debug)]
pub struct SessionMiddleware;

impl Middleware for SessionMiddleware {
    fn name(&self) -> &'static str {
        "SessionMiddleware"
    }

    fn handle<'a>(&'a self, request: &'a Request, next: Next<'a>) -> Option<BoxFuture<'a, Response>> {
        Some(Box::pin(async move {
            let settings = &request.site().options().sessions;
            let sent = request.cookie(&settings.cookie_name);
            let was_sent = sent.is_some();
            let _ = request.visit().session.set(Kept::new(settings.engine, sent));
            let mut response = next.run().await;
            match told(request, was_sent, &mut response).await {
                Ok(()) => response,
                Err(error) => request.site().error_response(request, &error),
            }
        }))
    }
}

/// What the browser is told: another cookie, none any more, or nothing.
async fn told(request: &Request, was_sent: bool, response: &mut Response) -> Result<()> {
    let session = request.session()?;
    let settings = session.settings();
    let (is_accessed, is_modified, is_empty) = (session.is_accessed(), session.is_modified(), session.is_empty().await);
    let mut varies = is_accessed;
    if was_sent && is_empty {
        response.set_cookie(settings.deletion());
        varies = true;
    } else if (is_modified || settings.save_every_request) && !is_empty {
        let max_age = match session.expires_at_browser_close().await? {
            true => None,
            false => Some(session.expiry_age().await?),
        };
        if !response.status().is_server_error() {
            session.save().await?;
            let key = session.key().await.unwrap_or_default();
            response.set_cookie(settings.cookie(&key, max_age));
            varies = true;
        }
    }
    if varies {
        response.patch_vary("Cookie");
    }
    Ok(())
}
