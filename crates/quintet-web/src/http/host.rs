//! Which hosts a site answers to: the reference's rules, on text alone.

use std::borrow::Cow;

/// Splits `Example.com.:80` into `example.com` and `80`; both empty where the header breaks RFC 3986.
pub fn split_domain_port(host: &str) -> (Cow<'_, str>, &str) {
    let Some((domain, port)) = parts(host) else {
        return (Cow::Borrowed(""), "");
    };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    (lower(domain), port)
}

fn parts(host: &str) -> Option<(&str, &str)> {
    let end = if host.starts_with('[') { bracketed_end(host)? } else { named_end(host) };
    let (domain, rest) = host.split_at(end);
    if domain.is_empty() {
        return None;
    }
    let port = match rest.strip_prefix(':') {
        None if rest.is_empty() => "",
        Some(port) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => port,
        _ => return None,
    };
    Some((domain, port))
}

fn named_end(host: &str) -> usize {
    let named = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
    host.bytes().position(|byte| !named(byte)).unwrap_or(host.len())
}

/// `[`, hexadecimal digits, a colon, then hexadecimal digits, colons and dots, `]`.
fn bracketed_end(host: &str) -> Option<usize> {
    let close = host.find(']')?;
    let (first, rest) = host[1..close].split_once(':')?;
    let hex = |c: char| c.is_ascii_hexdigit();
    let valid = first.chars().all(hex) && !rest.is_empty() && rest.chars().all(|c| hex(c) || c == ':' || c == '.');
    valid.then_some(close + 1)
}

/// Whether a domain (lower case, without port) is one of the allowed hosts: exact, `.example.com` or `*`.
pub fn host_allowed<S: AsRef<str>>(domain: &str, allowed: &[S]) -> bool {
    allowed.iter().any(|pattern| matches(domain, &lower(pattern.as_ref())))
}

fn matches(domain: &str, pattern: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    match pattern.strip_prefix('.') {
        Some(apex) => domain == apex || domain.ends_with(pattern),
        None => !pattern.is_empty() && domain == pattern,
    }
}

/// Nearly every name is in lower case already, and is not copied.
fn lower(text: &str) -> Cow<'_, str> {
    match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => text.to_ascii_lowercase().into(),
        false => text.into(),
    }
}
