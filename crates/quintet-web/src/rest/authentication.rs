//! Authentications: from a request's credentials to who asks.
//!
//! A view asks them one after the other; the first that takes the credentials decides. One that refuses them ends the
//! request, on a view that is open to everybody too.

use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use quintet_core::openapi::SecurityScheme;

use super::user::{Identity, Who};
use crate::auth::session_user;
use crate::http::{BoxFuture, Request, Result};
use crate::site::Site;

/// What an authentication leaves beside the user: a validated token. Read by `request.auth::<T>()`.
pub type Token = Arc<dyn Any + Send + Sync>;

/// Who asks, and by what; nothing where there are no credentials.
pub type Authenticated = Option<(Identity, Option<Token>)>;

/// A way to tell who asks.
pub trait Authentication: Send + Sync + 'static {
    /// The user; nothing where the request has no credentials of this kind.
    ///
    /// # Errors
    /// `Error::authentication_failed` where the credentials are wrong.
    fn authenticate<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Authenticated>>;

    /// Whether it goes by a session: pages then carry the secret of their browser.
    fn is_by_session(&self) -> bool {
        false
    }

    /// What `WWW-Authenticate` says in a 401. Without it, those who are refused get a 403.
    fn authenticate_header(&self, request: &Request) -> Option<String> {
        let _ = request;
        None
    }

    /// How clients say who they are, for who describes the site: `SecurityScheme::bearer("jwtAuth", "JWT")`.
    fn scheme(&self, site: &Site) -> Option<SecurityScheme> {
        let _ = site;
        None
    }
}

/// An authentication, behind one type.
#[derive(Clone)]
pub struct Authenticator(Arc<dyn Authentication>);

impl<A: Authentication> From<A> for Authenticator {
    fn from(way: A) -> Self {
        Self(Arc::new(way))
    }
}

impl Deref for Authenticator {
    type Target = dyn Authentication;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authenticator")
    }
}

/// Kept with a request before its view is asked, or given along with it, this is who asks, whatever its credentials say:
/// for tests.
#[derive(Clone)]
pub struct ForcedUser(pub Option<Identity>);

impl fmt::Debug for ForcedUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ForcedUser")
    }
}

/// Tells who asks, once for a request.
pub(crate) async fn authenticate(request: &Request, ways: &[Authenticator]) -> Result<()> {
    if request.rest().who().is_some() {
        return Ok(());
    }
    let forced = request.get::<ForcedUser>();
    if let Some(ForcedUser(user)) = forced.as_deref().or_else(|| request.extension()) {
        if let Some(user) = user.clone() {
            request.rest().set_who(Who::new(user, None));
        }
        return Ok(());
    }
    for way in ways {
        if let Some((user, token)) = way.authenticate(request).await? {
            request.rest().set_who(Who::new(user, token));
            return Ok(());
        }
    }
    if request.rest().is_page()
        && let Some(user) = Box::pin(session_user(request)).await?
    {
        request.rest().set_who(Who::new(user, None));
    }
    Ok(())
}
