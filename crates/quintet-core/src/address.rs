//! Addresses taken apart and joined as Python's `urllib.parse` does it, which the reference relies on.
//!
//! The one judge of origins, redirects and locations: checks and requests ask the same functions. Text alone; knows no
//! request and no setting.

use std::borrow::Cow;

/// The five parts of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// As written: whoever compares it does so without regard to case.
    pub scheme: &'a str,
    /// Host, port and whatever stands before an `@`.
    pub authority: &'a str,
    /// What follows, up to a `?` or `#`.
    pub path: &'a str,
    /// What stands behind the first `?`.
    pub query: &'a str,
    /// What stands behind the first `#`.
    pub fragment: &'a str,
}

/// What `urlsplit` drops before it looks.
pub fn cleaned(text: &str) -> Cow<'_, str> {
    let text = text.trim_start_matches(|c: char| c <= ' ');
    match text.contains(['\t', '\r', '\n']) {
        true => text.replace(['\t', '\r', '\n'], "").into(),
        false => text.into(),
    }
}

/// Takes an address apart that is [`cleaned`]; none where Python raises, because of the authority's brackets or signs.
pub fn split(text: &str) -> Option<Address<'_>> {
    let (scheme, rest) = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme, rest),
        _ => ("", text),
    };
    let (authority, rest) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len())),
        None => ("", rest),
    };
    if !has_good_brackets(authority) || authority.contains(HIDDEN_SIGNS) {
        return None;
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    Some(Address { scheme, authority, path, query, fragment })
}

/// Characters whose compatibility form (NFKC) has one of `/?#@:` in it, so that another reader sees another host.
const HIDDEN_SIGNS: &[char] = &[
    '\u{2047}', '\u{2048}', '\u{2049}', '\u{2100}', '\u{2101}', '\u{2105}', '\u{2106}', '\u{2a74}', '\u{fe13}',
    '\u{fe16}', '\u{fe55}', '\u{fe56}', '\u{fe5f}', '\u{fe6b}', '\u{ff03}', '\u{ff0f}', '\u{ff1a}', '\u{ff1f}',
    '\u{ff20}',
];

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// None, or a pair around an IPv6 address (or `v` and something).
fn has_good_brackets(authority: &str) -> bool {
    let (open, close) = (authority.contains('['), authority.contains(']'));
    if !open && !close {
        return true;
    }
    let host = authority.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(host, _)| host);
    open && close && host.is_some_and(is_bracketed_host)
}

fn is_bracketed_host(host: &str) -> bool {
    if let Some(future) = host.strip_prefix('v') {
        return future.split_once('.').is_some_and(|(version, rest)| {
            !version.is_empty() && version.chars().all(|c| c.is_ascii_hexdigit()) && !rest.is_empty()
        });
    }
    let (address, zone) = host.split_once('%').unwrap_or((host, "zone"));
    !zone.is_empty() && address.parse::<std::net::Ipv6Addr>().is_ok()
}

/// `urljoin`: what `location` means on a page whose address is `base` (with `http` or `https`).
pub fn join(base: &str, location: &str) -> Option<String> {
    let (base_text, text) = (cleaned(base), cleaned(location));
    let (base, address) = (split(&base_text)?, split(&text)?);
    if location.is_empty() {
        return Some(base_text.into_owned());
    }
    if !address.scheme.is_empty() && !address.scheme.eq_ignore_ascii_case(base.scheme) {
        return Some(location.to_owned());
    }
    if !address.authority.is_empty() {
        return Some(joined(&base, address.authority, address.path, address.query, address.fragment));
    }
    if address.path.is_empty() {
        let query = if address.query.is_empty() { base.query } else { address.query };
        return Some(joined(&base, base.authority, base.path, query, address.fragment));
    }
    let path = resolved(base.path, address.path);
    Some(joined(&base, base.authority, &path, address.query, address.fragment))
}

fn joined(base: &Address<'_>, authority: &str, path: &str, query: &str, fragment: &str) -> String {
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    let mut text = format!("{}://{authority}{slash}{path}", base.scheme);
    for (mark, part) in [('?', query), ('#', fragment)] {
        if !part.is_empty() {
            text.push(mark);
            text.push_str(part);
        }
    }
    text
}

/// A path on top of another, without `.`, `..` and empty segments in the middle.
fn resolved(base: &str, path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    if !path.starts_with('/') {
        segments.extend(base.split('/'));
        if segments.last().is_some_and(|last| !last.is_empty()) {
            segments.pop();
        }
    }
    segments.extend(path.split('/'));
    let last = segments.len().saturating_sub(1);
    let mut kept: Vec<&str> = Vec::with_capacity(segments.len());
    for (at, segment) in segments.iter().enumerate() {
        match *segment {
            "" if at != 0 && at != last => {}
            ".." => drop(kept.pop()),
            "." => {}
            segment => kept.push(segment),
        }
    }
    if matches!(segments.last(), Some(&"." | &"..")) {
        kept.push("");
    }
    let path = kept.join("/");
    if path.is_empty() { "/".to_owned() } else { path }
}
