//! E-mail addresses, URLs and IP addresses, exactly as the reference's expressions have them.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

/// Two letters that the reference takes for an `i` where case does not count, which this engine does not.
const DOTS: &str = "\u{130}\u{131}";

/// A letter of a host's name.
const LETTER: &str = "a-z\u{a1}-\u{ffff}";

/// Letters that become `/`, `?`, `#`, `@` or `:` where a name is brought to its usual form; no host has them.
const CONFUSING: [char; 19] = [
    '\u{2047}', '\u{2048}', '\u{2049}', '\u{2100}', '\u{2101}', '\u{2105}', '\u{2106}', '\u{2a74}', '\u{fe13}',
    '\u{fe16}', '\u{fe55}', '\u{fe56}', '\u{fe5f}', '\u{fe6b}', '\u{ff03}', '\u{ff0f}', '\u{ff1a}', '\u{ff1f}',
    '\u{ff20}',
];

/// An expression of the project's own, which is known to be right.
pub(in crate::rest) fn compiled(pattern: &str) -> Regex {
    RegexBuilder::new(pattern).size_limit(1 << 26).build().unwrap_or_else(|error| panic!("{error}"))
}

/// A host's name with a top-level domain.
fn domain() -> String {
    let inner = format!("[{LETTER}0-9-]");
    let ends = format!("[{LETTER}0-9]");
    let label = format!("{ends}(?:{inner}{{0,61}}{ends})?");
    let top = format!(r"\.(?:[{LETTER}][{LETTER}-]{{0,61}}[{LETTER}]|xn--[a-z0-9{DOTS}]{{1,59}})");
    format!(r"{label}(?:\.{label})*{top}")
}

/// Whether a text is an IPv4 address.
pub(in crate::rest) fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// Whether a text is an IPv6 address.
pub(in crate::rest) fn is_ipv6(text: &str) -> bool {
    ipv6(text).is_some()
}

/// The IPv6 address that a text is; what names an interface behind it is left out.
pub(in crate::rest) fn ipv6(text: &str) -> Option<Ipv6Addr> {
    if text.chars().count() > 39 || text.contains('/') {
        return None;
    }
    match text.split_once('%') {
        Some((_, scope)) if scope.is_empty() || scope.contains('%') => None,
        Some((address, _)) => address.parse().ok(),
        None => text.parse().ok(),
    }
}

/// Whether a text is an e-mail address.
pub(in crate::rest) fn is_email(text: &str) -> bool {
    static USER: LazyLock<Regex> = LazyLock::new(|| {
        let atom = format!(r"[-!#$%&'*+/=?^_`{{}}|~0-9A-Z{DOTS}]+");
        let inner = format!(r"[\x01-\x08\x0b\x0c\x0e-\x1f!#-\[\]-\x7f{DOTS}]");
        let quoted = format!(r#""(?:{inner}|\\[\x01-\x09\x0b\x0c\x0e-\x7f{DOTS}])*""#);
        compiled(&format!(r"(?i)^(?:{atom}(?:\.{atom})*|{quoted})\z"))
    });
    static DOMAIN: LazyLock<Regex> = LazyLock::new(|| compiled(&format!(r"(?i)^{}\z", domain())));
    let Some((user, domain)) = text.rsplit_once('@') else { return false };
    if text.chars().count() > 320 || !USER.is_match(user) {
        return false;
    }
    let literal = || {
        let inner = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        inner.is_some_and(|address| !address.contains('%') && (is_ipv4(address) || is_ipv6(address)))
    };
    domain == "localhost" || DOMAIN.is_match(domain) || literal()
}

/// Whether a text is a URL with one of these schemes; without, with one of the usual ones.
pub(in crate::rest) fn is_url(text: &str, schemes: &[String]) -> bool {
    static FORM: LazyLock<Regex> = LazyLock::new(|| {
        let octet = "(?:0|25[0-5]|2[0-4][0-9]|1[0-9]?[0-9]?|[1-9][0-9]?)";
        let ipv4 = format!(r"{octet}(?:\.{octet}){{3}}");
        let space = r"\s\x1c-\x1f";
        compiled(&format!(
            r"(?i)^[a-z0-9.+-]*://(?:[^{space}:@/]+(?::[^{space}:@/]*)?@)?(?:{ipv4}|\[[0-9a-f:.]+\]|(?:{}\.?|localhost))(?::[0-9]{{1,5}})?(?:[/?#][^{space}]*)?\z",
            domain()
        ))
    });
    let (scheme, rest) = text.split_once("://").unwrap_or((text, ""));
    let scheme = scheme.to_lowercase();
    let is_known = match schemes {
        [] => ["http", "https", "ftp", "ftps"].contains(&scheme.as_str()),
        own => own.contains(&scheme),
    };
    if text.chars().count() > 2048 || text.contains(['\t', '\r', '\n']) || !is_known || !FORM.is_match(text) {
        return false;
    }
    // What stands before the path is looked at once more, as others would read it.
    let place = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
    if place.contains(CONFUSING) || !is_bracketed_well(place) {
        return false;
    }
    if host.starts_with('[') {
        let address = place.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        return address.is_none_or(|(address, _)| is_ipv6(address));
    }
    let name = host.split(':').next().unwrap_or_default();
    !name.is_empty() && name.chars().count() <= 253
}

/// Whether brackets are closed and hold an IPv6 address, if there are some.
fn is_bracketed_well(place: &str) -> bool {
    let inner = place.split_once('[').map(|(_, rest)| rest.split_once(']'));
    match inner {
        None => !place.contains(']'),
        Some(inner) => inner.is_some_and(|(address, _)| address.parse::<Ipv6Addr>().is_ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_are_an_i_without_case_are_letters_of_an_address() {
        for address in ["\u{131}\u{130}\u{17f}\u{212a}@x.de", "\"\u{130}\\\u{131}\"@x.de", "a@x.xn--1\u{131}"] {
            assert!(is_email(address), "{address}");
        }
        assert!(!is_email("\u{e9}@x.de") && !is_email("a@x.xn--1\u{e9}"));
    }

    #[test]
    fn an_interface_behind_an_address_is_left_out_and_has_no_slash() {
        let one: Ipv6Addr = "::1".parse().expect("an address");
        for named in ["::1", "::1%eth0", "::1%\u{e9}"] {
            assert_eq!(ipv6(named), Some(one), "{named}");
        }
        for wrong in ["::1%", "::1%a%b", "::1%eth/", "::1%0/64", "::1/64"] {
            assert_eq!(ipv6(wrong), None, "{wrong}");
        }
    }
}
