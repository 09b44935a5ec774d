//! The refresh token as a cookie, which scripts cannot read.
//!
//! The client asks for it by a header, at login and with each refresh. No form can send that header, and a script of
//! another origin only where this site's answers allow it; and the origin must be one of those that are allowed, so that
//! the cookie alone opens nothing.

use http::header::ORIGIN;
use quintet_core::schema::Value;

use super::settings::SimpleJwt;
use super::{UserToken, tokens::invalid_token};
use crate::http::{Cookie, Error, Request, Response, Result, SameSite, StatusCode};
use crate::security::{SecurityEvent, tell};

/// The header by which a client asks for the cookie.
const HEADER: &str = "x-refresh-token";

/// Where the refresh token of a request comes and goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// In the body, as the reference has it.
    Body,
    /// In a cookie.
    Cookie,
}

/// How a client wants it.
pub(super) fn style(request: &Request, is_login: bool) -> Result<Style> {
    let settings = settings(request);
    if !settings.refresh_cookie {
        return Ok(Style::Body);
    }
    if request.header(HEADER).is_none_or(|said| said != "cookie") {
        if settings.refresh_cookie_only {
            let detail =
                "Refresh tokens are given and taken as a cookie only: send the header X-Refresh-Token: cookie.";
            return Err(Error::api(StatusCode::BAD_REQUEST, "refresh_cookie_only", detail));
        }
        return Ok(Style::Body);
    }
    // At login the password is what counts. A browser says its origin then as well.
    let is_allowed = match request.header(ORIGIN) {
        Some(origin) => is_allowed(request, &origin),
        None => is_login,
    };
    if !is_allowed {
        tell(request, SecurityEvent::CookieRefused, &Value::Null, "");
        let detail = "The refresh token is taken as a cookie from allowed origins only.";
        return Err(Error::api(StatusCode::FORBIDDEN, "origin_not_allowed", detail));
    }
    Ok(Style::Cookie)
}

/// The site itself, or an origin that the `cors` settings name. That any origin may read answers is not enough.
fn is_allowed(request: &Request, origin: &str) -> bool {
    let own = request.get_host().is_ok_and(|host| origin == format!("{}://{host}", request.scheme()));
    own || request.site().compiled_cors().names(origin)
}

/// The token in the cookie.
pub(super) fn sent(request: &Request) -> Result<String> {
    let cookie = request.cookie(&settings(request).refresh_cookie_name);
    cookie.filter(|token| !token.is_empty()).ok_or_else(|| invalid_token("Token is invalid"))
}

/// Gives a refresh token out as a cookie.
pub(super) fn set(request: &Request, response: &mut Response, token: &UserToken, text: &str) {
    let end = std::time::UNIX_EPOCH + std::time::Duration::from_secs(u64::try_from(token.end()).unwrap_or_default());
    let cookie = Cookie::new(&settings(request).refresh_cookie_name, text).expires(end);
    response.set_cookie(dressed(request, cookie));
    keep_out_of_caches(response);
}

/// Takes the cookie away.
pub(super) fn clear(request: &Request, response: &mut Response) {
    response.set_cookie(dressed(request, Cookie::deleted(&settings(request).refresh_cookie_name)));
    keep_out_of_caches(response);
}

fn dressed(request: &Request, cookie: Cookie) -> Cookie {
    let settings = settings(request);
    let mut cookie = cookie.http_only().same_site(settings.refresh_cookie_samesite).path(&settings.refresh_cookie_path);
    if let Some(domain) = &settings.refresh_cookie_domain {
        cookie = cookie.domain(domain);
    }
    // A developer's browser comes by plain HTTP.
    if !request.site().options().debug || settings.refresh_cookie_samesite == SameSite::None {
        cookie = cookie.secure();
    }
    cookie
}

fn keep_out_of_caches(response: &mut Response) {
    response.headers_mut().insert(http::header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
}

fn settings(request: &Request) -> &SimpleJwt {
    &request.site().options().simple_jwt
}
