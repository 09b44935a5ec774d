//! Who asks, by a token that stands in the database; the reference's table, which the app `authtoken` makes.

use std::sync::Arc;

use quintet_core::schema::Value;
use quintet_db::Db;

use super::authentication::{Authenticated, Authentication, Token};
use super::basic_authentication::credentials;
use super::user::{AnyUser, Identity};
use quintet_core::openapi::SecurityScheme;

use crate::auth::find_by;
use crate::http::{BoxFuture, Error, Request, Result};
use crate::site::Site;

/// A user by a token of the app `authtoken`: `Authorization: Token ..`.
#[derive(Clone, Copy, Debug)]
pub struct TokenAuthentication {
    keyword: &'static str,
}

/// The token that a request was authenticated by: `request.auth::<AuthToken>()`.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthToken(String);

impl AuthToken {
    /// Its text, which is worth a password.
    pub fn key(&self) -> &str {
        &self.0
    }
}

/// Nothing of it.
impl std::fmt::Debug for AuthToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuthToken")
    }
}

impl TokenAuthentication {
    /// With another word in front of the token: `Bearer`.
    pub fn keyword(keyword: &'static str) -> Self {
        Self { keyword }
    }
}

impl Default for TokenAuthentication {
    fn default() -> Self {
        Self { keyword: "Token" }
    }
}

impl Authentication for TokenAuthentication {
    fn scheme(&self, _: &Site) -> Option<SecurityScheme> {
        let words = format!("`{} ` and a token.", self.keyword);
        Some(SecurityScheme::key("tokenAuth", "header", "Authorization").described(&words))
    }

    fn authenticate<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Authenticated>> {
        Box::pin(async move {
            let Some(key) = credentials(request, self.keyword, "Invalid token header. Token string")? else {
                return Ok(None);
            };
            // The header is read as Latin-1; what was sent is UTF-8, or no token.
            let sent: Option<Vec<u8>> = key.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
            let key = sent.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| {
                Error::authentication_failed(
                    "Invalid token header. Token string should not contain invalid characters.",
                )
            })?;
            let db = Db::from(request);
            if db.registry().is_ok_and(|registry| registry.find("authtoken", "Token").is_none()) {
                return Err(Error::internal(
                    "there is no table of tokens; add `quintet::apps::authtoken()` to `installed_apps`",
                ));
            }
            let user = find_by(db, "auth_token__key", Value::Text(key.clone())).await?;
            let user = user.ok_or_else(|| Error::authentication_failed("Invalid token."))?;
            if !user.is_active() {
                return Err(Error::authentication_failed("User inactive or deleted."));
            }
            Ok(Some((Arc::new(user) as Identity, Some(Arc::new(AuthToken(key)) as Token))))
        })
    }

    fn authenticate_header(&self, _: &Request) -> Option<String> {
        Some(self.keyword.to_owned())
    }
}
