//! A cookie to set, written as the reference writes it: order of the attributes, quoting of the value.
//!
//! Takes the time as an argument, because `Expires` is counted from it; knows no response.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;

use super::date::http_date;

/// A cookie to set: `Cookie::new("theme", "dark").max_age(..).http_only()`. Its path is `/` unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    name: String,
    value: String,
    max_age: Option<Duration>,
    /// Of the same cookie set before; tells no `Expires`.
    earlier_age: Option<Duration>,
    expires: Option<SystemTime>,
    path: Option<String>,
    domain: Option<String>,
    secure: bool,
    http_only: bool,
    same_site: Option<SameSite>,
}

/// Which requests from other sites carry a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// None at all.
    Strict,
    /// Only those that follow a link.
    Lax,
    /// All; browsers want [`Cookie::secure`] then.
    None,
}

impl Cookie {
    /// A cookie that lasts as long as the browser's session.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            max_age: None,
            earlier_age: None,
            expires: None,
            path: Some("/".to_owned()),
            domain: None,
            secure: false,
            http_only: false,
            same_site: None,
        }
    }

    /// A cookie whose arrival deletes the one of that name; path and domain must be those it was set with.
    pub fn deleted(name: impl Into<String>) -> Self {
        let name = name.into();
        let secure = name.starts_with("__Secure-") || name.starts_with("__Host-");
        Self { max_age: Some(Duration::ZERO), expires: Some(UNIX_EPOCH), secure, ..Self::new(name, "") }
    }

    /// Lasts this long. `Expires` is sent along, for old browsers.
    #[must_use]
    pub fn max_age(self, age: Duration) -> Self {
        Self { max_age: Some(age), ..self }
    }

    /// Lasts until a time; `Max-Age` is sent along.
    #[must_use]
    pub fn expires(self, at: SystemTime) -> Self {
        Self { expires: Some(at), ..self }
    }

    /// Is sent back for this path and everything below it.
    #[must_use]
    pub fn path(self, path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..self }
    }

    /// Is sent back for the folder of the current path; no `Path` is sent.
    #[must_use]
    pub fn without_path(self) -> Self {
        Self { path: None, ..self }
    }

    /// Is sent to this domain and everything below it; without it, to the host alone that set it.
    #[must_use]
    pub fn domain(self, domain: impl Into<String>) -> Self {
        Self { domain: Some(domain.into()), ..self }
    }

    /// Is sent over HTTPS only.
    #[must_use]
    pub fn secure(self) -> Self {
        Self { secure: true, ..self }
    }

    /// Cannot be read by scripts.
    #[must_use]
    pub fn http_only(self) -> Self {
        Self { http_only: true, ..self }
    }

    /// Which requests from other sites carry it. What deletes a cookie of `SameSite::None` is secure, as browsers want.
    #[must_use]
    pub fn same_site(self, same_site: SameSite) -> Self {
        let secure = self.secure || (self.is_deletion() && same_site == SameSite::None);
        Self { same_site: Some(same_site), secure, ..self }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The same cookie with another value.
    pub(crate) fn with_value(self, value: String) -> Self {
        Self { value, ..self }
    }

    fn is_deletion(&self) -> bool {
        self.max_age == Some(Duration::ZERO) && self.expires == Some(UNIX_EPOCH)
    }

    /// The same cookie set again: as in the reference, it keeps what the second time does not mention. Unlike there, one
    /// that was to be deleted keeps nothing: it would be deleted all the same.
    pub(super) fn set_again(&mut self, later: Self) {
        if self.is_deletion() {
            *self = later;
            return;
        }
        *self = Self {
            earlier_age: self.max_age.or(self.earlier_age),
            path: later.path.or_else(|| self.path.take()),
            domain: later.domain.or_else(|| self.domain.take()),
            secure: later.secure || self.secure,
            http_only: later.http_only || self.http_only,
            same_site: later.same_site.or(self.same_site),
            ..later
        };
    }

    /// Why this cannot be sent, if it cannot.
    pub(super) fn mistake(&self) -> Option<String> {
        if self.name.is_empty() || !self.name.chars().all(is_plain) || is_reserved(&self.name) {
            return Some(format!("`{}` is no name of a cookie", self.name.escape_debug()));
        }
        let breaks_out = |text: &Option<String>| text.as_deref().is_some_and(|text| text.contains(is_separator));
        let bad = breaks_out(&self.path) || breaks_out(&self.domain);
        bad.then(|| format!("path and domain of the cookie `{}` must not have `;` or control characters", self.name))
    }

    /// The value of a `Set-Cookie` header: attributes by their names in alphabetical order.
    pub(super) fn header(&self, now: SystemTime) -> Option<HeaderValue> {
        let mut text = format!("{}={}", self.name, quoted(&self.value));
        let age = self.max_age.map(|age| age.as_secs()).or_else(|| self.expires.map(|at| seconds_until(at, now)));
        let expires = match (self.expires, age) {
            (Some(time), _) if time == UNIX_EPOCH => Some(UNIX_EPOCH),
            (_, Some(age)) => now.checked_add(Duration::from_secs(age)),
            _ => None,
        };
        push(&mut text, "Domain", self.domain.as_deref());
        push(&mut text, "expires", expires.map(http_date).as_deref());
        push_flag(&mut text, "HttpOnly", self.http_only);
        let age = age.or_else(|| self.earlier_age.map(|age| age.as_secs()));
        push(&mut text, "Max-Age", age.map(|age| age.to_string()).as_deref());
        push(&mut text, "Path", self.path.as_deref());
        push(&mut text, "SameSite", self.same_site.map(SameSite::text));
        push_flag(&mut text, "Secure", self.secure);
        HeaderValue::from_bytes(text.as_bytes()).ok()
    }
}

impl SameSite {
    fn text(self) -> &'static str {
        match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        }
    }
}

fn push(text: &mut String, name: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        text.push_str("; ");
        text.push_str(name);
        text.push('=');
        text.push_str(value);
    }
}

fn push_flag(text: &mut String, name: &str, is_set: bool) {
    if is_set {
        text.push_str("; ");
        text.push_str(name);
    }
}

/// Whole seconds, a begun one counted.
fn seconds_until(at: SystemTime, now: SystemTime) -> u64 {
    let left = at.duration_since(now).unwrap_or(Duration::ZERO);
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// What needs no quotes.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:".contains(c)
}

fn is_separator(c: char) -> bool {
    c == ';' || c.is_control()
}

/// Names of attributes, which the reference takes for no cookie.
fn is_reserved(name: &str) -> bool {
    const RESERVED: [&str; 9] =
        ["expires", "path", "comment", "domain", "max-age", "secure", "httponly", "version", "samesite"];
    RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
}

/// A value as it is, or in quotes with octal escapes for what would end it early.
fn quoted(value: &str) -> String {
    if value.is_empty() {
        return "\"\"".to_owned();
    }
    if value.chars().all(is_plain) {
        return value.to_owned();
    }
    let mut text = String::with_capacity(value.len() + 8);
    text.push('"');
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if is_plain(c) || " ()/<=>?@[]{}".contains(c) => text.push(c),
            c if u32::from(c) < 256 => text += &format!("\\{:03o}", u32::from(c)),
            c => text.push(c),
        }
    }
    text + "\""
}
