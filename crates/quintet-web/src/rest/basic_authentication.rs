//! Who asks, by a name and a password in the header.

use quintet_core::python::base64;

use super::authentication::{Authenticated, Authentication};
use super::user::{AnyUser, Identity};
use quintet_core::openapi::SecurityScheme;

use crate::auth::authenticate;
use crate::http::{BoxFuture, Error, Request, Result};
use crate::site::Site;

/// A user by name and password: `Authorization: Basic ..`. Every request costs a hash, and the password travels with each.
#[derive(Clone, Copy, Debug)]
pub struct BasicAuthentication {
    realm: &'static str,
}

impl BasicAuthentication {
    /// With another word by which browsers tell this site's doors apart.
    pub fn realm(realm: &'static str) -> Self {
        Self { realm }
    }
}

impl Default for BasicAuthentication {
    fn default() -> Self {
        Self { realm: "api" }
    }
}

impl Authentication for BasicAuthentication {
    fn scheme(&self, _: &Site) -> Option<SecurityScheme> {
        Some(SecurityScheme::basic("basicAuth"))
    }

    fn authenticate<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Authenticated>> {
        Box::pin(async move {
            let Some(encoded) = credentials(request, "basic", "Invalid basic header. Credentials string")? else {
                return Ok(None);
            };
            let (name, password) = decoded(&encoded).ok_or_else(|| {
                Error::authentication_failed("Invalid basic header. Credentials not correctly base64 encoded.")
            })?;
            let user = authenticate(request.into(), &name, &password).await?;
            let user = user.ok_or_else(|| Error::authentication_failed("Invalid username/password."))?;
            if !user.is_active() {
                return Err(Error::authentication_failed("User inactive or deleted."));
            }
            Ok(Some((std::sync::Arc::new(user) as Identity, None)))
        })
    }

    fn authenticate_header(&self, _: &Request) -> Option<String> {
        Some(format!("Basic realm=\"{}\"", self.realm))
    }
}

/// What stands behind the keyword in `Authorization`; nothing where that is another keyword.
pub(super) fn credentials(request: &Request, keyword: &str, what: &str) -> Result<Option<String>> {
    let Some(header) = request.header("authorization") else { return Ok(None) };
    let space = [' ', '\t', '\n', '\r', '\u{b}', '\u{c}'];
    let mut parts = header.split(space).filter(|part| !part.is_empty());
    if !parts.next().is_some_and(|first| first.eq_ignore_ascii_case(keyword)) {
        return Ok(None);
    }
    let invalid = what.split('.').next().unwrap_or_default();
    match (parts.next(), parts.next()) {
        (Some(value), None) => Ok(Some(value.to_owned())),
        (None, _) => Err(Error::authentication_failed(format!("{invalid}. No credentials provided."))),
        _ => Err(Error::authentication_failed(format!("{what} should not contain spaces."))),
    }
}

/// Name and password: UTF-8, or Latin-1 where it is none.
fn decoded(encoded: &str) -> Option<(String, String)> {
    let bytes = base64::decode(encoded)?;
    let text =
        String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().iter().copied().map(char::from).collect());
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
