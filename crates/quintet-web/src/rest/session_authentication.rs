//! Who asks, by the session of the browser.

use super::authentication::{Authenticated, Authentication};
use quintet_core::openapi::SecurityScheme;

use crate::auth::session_user;
use crate::csrf;
use crate::http::{BoxFuture, Error, Request, Result, StatusCode};
use crate::site::Site;

/// A user who logged in with a browser. What changes something must know the secret of that browser, whether
/// `CsrfViewMiddleware` is listed or not. Needs `SessionMiddleware` and `AuthenticationMiddleware`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionAuthentication;

impl Authentication for SessionAuthentication {
    fn scheme(&self, site: &Site) -> Option<SecurityScheme> {
        Some(SecurityScheme::key("cookieAuth", "cookie", &site.options().sessions.cookie_name))
    }

    fn is_by_session(&self) -> bool {
        true
    }

    fn authenticate<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Authenticated>> {
        Box::pin(async move {
            let Some(user) = session_user(request).await?.filter(|user| user.is_active()) else { return Ok(None) };
            csrf::begin(request).await?;
            match csrf::refusal(request).await? {
                None => Ok(Some((user, None))),
                Some(reason) => {
                    Err(Error::api(StatusCode::FORBIDDEN, "permission_denied", format!("CSRF Failed: {reason}")))
                }
            }
        })
    }
}
