//! Whether a request knows its secret: what the middleware, a single view and the authentication by session ask alike.

use http::Method;
use quintet_core::json::{Form, FormValue, Json};
use quintet_core::rest::Data;

use super::token::{BadFormat, matches, secret_of};
use super::{Csrf, NotEnforced, origin};
use crate::http::{Request, Response, Result};

/// The name of the secret in a session.
const SESSION_NAME: &str = "_csrftoken";
/// The field of a form that has the token.
const FIELD: &str = "csrfmiddlewaretoken";

pub(super) const NO_REFERER: &str = "Referer checking failed - no Referer.";
pub(super) const NO_COOKIE: &str = "CSRF cookie not set.";

/// Reads the secret, on the way in.
pub(crate) async fn begin(request: &Request) -> Result<()> {
    let settings = &request.site().options().csrf;
    let secret = match settings.use_sessions {
        true => stored(request).await?,
        false => request.cookie(&settings.cookie_name),
    };
    begun(request, secret.as_deref())
}

/// The same of a secret that was read.
pub(super) fn begun(request: &Request, sent: Option<&str>) -> Result<()> {
    let mut state = request.csrf();
    match sent.map(secret_of) {
        None => Ok(()),
        Some(Ok(secret)) => {
            state.secret = Some(secret);
            Ok(())
        }
        Some(Err(_)) => state.renew(),
    }
}

/// Why a request is refused, in the reference's words; nothing where it is let through.
///
/// # Errors
/// The body is malformed, or the session cannot be read.
pub(crate) async fn refusal(request: &Request) -> Result<Option<String>> {
    if request.csrf().is_done {
        return Ok(None);
    }
    let is_safe = [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE].contains(request.method());
    if !is_safe && request.extension::<NotEnforced>().is_none() {
        let settings = &request.site().options().csrf;
        if let Some(reason) = origin::refusal(request, settings) {
            return Ok(Some(reason));
        }
        if let Some(reason) = wrong_token(request, settings).await? {
            return Ok(Some(reason));
        }
    }
    request.csrf().is_done = true;
    Ok(None)
}

/// Lets a request through that is for a view which goes without protection, whoever asks for the secret later.
pub(crate) fn exempt(request: &Request) {
    if request.has_visit() {
        request.csrf().is_done = true;
    }
}

async fn wrong_token(request: &Request, settings: &Csrf) -> Result<Option<String>> {
    // Not the one that was read on the way in: a login on the way may have made another.
    let secret = match settings.use_sessions {
        true => stored(request).await?,
        false => request.cookie(&settings.cookie_name),
    };
    let secret = match secret.as_deref().map(secret_of) {
        None => return Ok(Some(NO_COOKIE.to_owned())),
        Some(Err(BadFormat(why))) => return Ok(Some(format!("CSRF cookie {why}."))),
        Some(Ok(secret)) => secret,
    };
    let posted = if *request.method() == Method::POST { in_form(request).await? } else { String::new() };
    let (token, place) = if posted.is_empty() {
        match request.header(settings.header()) {
            None => return Ok(Some("CSRF token missing.".to_owned())),
            Some(token) => (token.into_owned(), format!("the '{}' HTTP header", settings.shown_header())),
        }
    } else {
        (posted, "POST".to_owned())
    };
    Ok(match matches(&token, &secret) {
        Ok(true) => None,
        Ok(false) => Some(format!("CSRF token from {place} incorrect.")),
        Err(BadFormat(why)) => Some(format!("CSRF token from {place} {why}.")),
    })
}

async fn stored(request: &Request) -> Result<Option<String>> {
    request.session()?.text(SESSION_NAME).await
}

/// The token in a form; empty where there is no form, or none that the view reads.
async fn in_form(request: &Request) -> Result<String> {
    let content_type = request.header("content-type").unwrap_or_default();
    let base = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let last = |form: &Form| match form.get_last(FIELD) {
        Some(FormValue::Text(text)) => text.clone(),
        _ => String::new(),
    };
    if !matches!(&*base, "application/x-www-form-urlencoded" | "multipart/form-data") || !request.reads(&content_type) {
        return Ok(String::new());
    }
    match &*request.data().await? {
        Data::Form(data) => Ok(last(&data.form)),
        Data::Json(_) => Ok(String::new()),
    }
}

/// Tells the browser its secret, on the way out, where it is to be told.
pub(crate) async fn finish(request: &Request, response: &mut Response) -> Result<()> {
    if !request.site().options().csrf.use_sessions {
        tell(request, response);
        return Ok(());
    }
    let Some(secret) = taken(request) else { return Ok(()) };
    if stored(request).await?.as_deref() != Some(&secret) {
        request.session()?.set_json(SESSION_NAME, Json::Text(secret)).await?;
    }
    Ok(())
}

/// The same by a cookie.
pub(super) fn tell(request: &Request, response: &mut Response) {
    if let Some(secret) = taken(request) {
        response.set_cookie(request.site().options().csrf.cookie(&secret));
        response.patch_vary("Cookie");
    }
}

/// The secret that the browser is to be told; that is done once.
fn taken(request: &Request) -> Option<String> {
    let mut state = request.csrf();
    let must = std::mem::take(&mut state.must_be_told);
    state.secret.clone().filter(|_| must)
}
