//! What of a request and of settings may be shown to people: everything that looks like a secret is masked.

use percent_encoding::percent_decode_str;
use quintet_core::secrecy::{is_secret_name, mask_urls};

use crate::http::Request;

const MASK: &str = "********************";

/// The value of a name, for everybody to see.
pub(super) fn masked(request: &Request, name: &str, value: &str) -> String {
    // The cookie that is as good as a password while its session lasts.
    let is_session = name == "sessionid" || name == request.site().options().sessions.cookie_name;
    if is_session || is_secret_name(&name.replace('-', "_")) { MASK.to_owned() } else { mask_urls(value) }
}

/// A field of the query; its name may be percent-encoded, its value an address with a password.
pub(super) fn masked_pair(request: &Request, pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, value)) => {
            format!("{name}={}", masked(request, &percent_decode_str(name).decode_utf8_lossy(), value))
        }
        None => pair.to_owned(),
    }
}

/// The query of a request.
pub(super) fn masked_query(request: &Request) -> String {
    let query = request.query_string().unwrap_or_default();
    query.split('&').map(|pair| masked_pair(request, pair)).collect::<Vec<_>>().join("&")
}

/// The headers, by the names that they have.
pub(super) fn masked_headers(request: &Request) -> Vec<(String, String)> {
    let row = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        // The reference's lists know `HTTP_COOKIE`.
        let known = format!("HTTP_{}", name.as_str().replace('-', "_"));
        (name.as_str().to_owned(), masked(request, &known, &String::from_utf8_lossy(value.as_bytes())))
    };
    request.headers().iter().map(row).collect()
}

/// The settings arrive masked, see [`SiteOptions::shown_settings`](crate::SiteOptions); a second look does no harm.
pub(super) fn masked_settings(request: &Request) -> Vec<(String, String)> {
    let row = |(path, value): &(String, String)| {
        // Named by its path: `security.hsts_seconds` is not a secret because of its section.
        (path.clone(), masked(request, path.rsplit('.').next().unwrap_or(path), value))
    };
    request.site().options().shown_settings.iter().map(row).collect()
}
