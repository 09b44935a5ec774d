//! Where a request comes from, by its `Origin` or its `Referer`, and whether that is a place that may send forms.

use std::borrow::Cow;

use http::header::{ORIGIN, REFERER};
use quintet_core::address::{self, Address};

use super::Csrf;
use crate::http::Request;

/// Why a request is refused for where it comes from; nothing, where it is not.
pub(super) fn refusal(request: &Request, settings: &Csrf) -> Option<String> {
    match request.header(ORIGIN) {
        Some(origin) => (!is_good_origin(request, settings, &origin))
            .then(|| format!("Origin checking failed - {origin} does not match any trusted origins.")),
        // Over plain HTTP a page from the middle could send whatever it likes; over HTTPS it cannot forge this header.
        None if request.is_secure() => bad_referer(request, settings),
        None => None,
    }
}

fn is_good_origin(request: &Request, settings: &Csrf, origin: &str) -> bool {
    let own = request.get_host().is_ok_and(|host| origin == format!("{}://{host}", request.scheme()));
    if own || settings.trusted_origins.iter().any(|trusted| !trusted.contains('*') && trusted == origin) {
        return true;
    }
    let cleaned = address::cleaned(origin);
    let Some(parts) = address::split(&cleaned) else { return false };
    settings.trusted_origins.iter().filter(|trusted| trusted.contains('*')).any(|trusted| {
        let trusted = address::cleaned(trusted);
        address::split(&trusted).is_some_and(|trusted| {
            trusted.scheme.eq_ignore_ascii_case(parts.scheme)
                && is_same_domain(parts.authority, trusted.authority.trim_start_matches('*'))
        })
    })
}

fn bad_referer(request: &Request, settings: &Csrf) -> Option<String> {
    const MALFORMED: &str = "Referer checking failed - Referer is malformed.";
    let Some(referer) = request.header(REFERER) else {
        return Some(super::check::NO_REFERER.to_owned());
    };
    let cleaned = address::cleaned(&referer);
    let Some(parts) = address::split(&cleaned).filter(|parts| !parts.scheme.is_empty() && !parts.authority.is_empty())
    else {
        return Some(MALFORMED.to_owned());
    };
    if !parts.scheme.eq_ignore_ascii_case("https") {
        return Some("Referer checking failed - Referer is insecure while host is secure.".to_owned());
    }
    let is_trusted = settings.trusted_origins.iter().any(|trusted| {
        let trusted = address::cleaned(trusted);
        let hosts = address::split(&trusted).map(|trusted| trusted.authority.trim_start_matches('*'));
        hosts.is_some_and(|host| is_same_domain(parts.authority, host))
    });
    if is_trusted || own_host(request, settings).is_some_and(|host| is_same_domain(parts.authority, &host)) {
        return None;
    }
    Some(format!("Referer checking failed - {} does not match any trusted origins.", spelled(&parts)))
}

/// The host that pages of this site have: the cookie's domain, or the one that was asked for.
fn own_host<'a>(request: &'a Request, settings: &'a Csrf) -> Option<Cow<'a, str>> {
    let domain = match settings.use_sessions {
        true => request.site().options().sessions.cookie_domain.as_deref(),
        false => settings.cookie_domain.as_deref(),
    };
    let Some(domain) = domain else { return request.get_host().ok() };
    match request.get_port() {
        Some(port) if port != 443 && port != 80 => Some(format!("{domain}:{port}").into()),
        _ => Some(domain.into()),
    }
}

/// Whether a host is the one of a pattern; a pattern with a point in front has all below it too.
fn is_same_domain(host: &str, pattern: &str) -> bool {
    let pattern = pattern.to_lowercase();
    match pattern.strip_prefix('.') {
        _ if pattern.is_empty() => false,
        Some(apex) => host == apex || host.ends_with(&pattern),
        None => host == pattern,
    }
}

/// An address put together again, without empty parts.
fn spelled(parts: &Address<'_>) -> String {
    let behind = |sign: &str, part: &str| if part.is_empty() { String::new() } else { format!("{sign}{part}") };
    let (query, fragment) = (behind("?", parts.query), behind("#", parts.fragment));
    format!("{}://{}{}{query}{fragment}", parts.scheme.to_lowercase(), parts.authority, parts.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_with_a_point_has_all_below_it() {
        for (host, pattern, is_same) in [
            ("example.com", "example.com", true),
            ("example.com", "Example.COM", true),
            ("Example.com", "example.com", false),
            ("a.example.com", ".example.com", true),
            ("example.com", ".example.com", true),
            ("badexample.com", ".example.com", false),
            ("a.example.com", "example.com", false),
            ("example.com:8000", "example.com", false),
            ("", "", false),
        ] {
            assert_eq!(is_same_domain(host, pattern), is_same, "{host} {pattern}");
        }
    }
}
