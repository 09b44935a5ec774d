//! Sessions that are their own key: signed data, which the browser keeps.

use quintet_core::json::{Json, Object};

use super::encode;
use crate::http::{Request, Result};

const SALT: &str = "django.contrib.sessions.backends.signed_cookies";

/// The data in a key; nothing where it was not signed here, or too long ago.
pub(super) fn load(request: &Request, key: &str) -> Result<Option<Object>> {
    let site = request.site();
    let signer = site.timestamp_signer()?.salt(SALT);
    match signer.unsign_json(key, Some(site.options().sessions.cookie_age)) {
        Ok(Json::Object(data)) => Ok(Some(data)),
        _ => Ok(None),
    }
}

/// The key of data.
pub(super) fn key(request: &Request, data: &Object) -> Result<String> {
    encode(request, SALT, data)
}
