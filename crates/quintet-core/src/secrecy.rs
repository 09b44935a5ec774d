//! Keeps secrets out of what people read: a value that does not print, names that give a secret away, passwords in URLs.
//!
//! Knows text only. It cannot keep a secret from whoever calls [`Secret::expose`].

use std::fmt;

/// What stands in place of a secret.
pub const MASK: &str = "****";

/// A text that neither `Debug` nor `Display` shows; that there is none, `Debug` says.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one who needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Whether there is one may be known.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "\"\"" } else { MASK })
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Parts of a name that give a secret away. The reference has all but the last.
const SECRET_PARTS: &[&str] = &["API", "AUTH", "TOKEN", "KEY", "SECRET", "PASS", "SIGNATURE", "HTTP_COOKIE", "PWD"];

/// Where a shell keeps its folders.
const NOT_SECRET: &[&str] = &["PWD", "OLDPWD"];

/// Whether the value under this name is to be masked. Upper and lower case are the same.
pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_uppercase();
    !NOT_SECRET.contains(&name.as_str()) && SECRET_PARTS.iter().any(|part| name.contains(part))
}

/// Masks the passwords of all URLs in a text, and the parameters with a secret's name. In doubt it masks too much.
pub fn mask_urls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, url) = rest.split_at(at + 3);
        let scheme = before[..at].rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '+').next().unwrap_or_default();
        out.push_str(before);
        let (url, after) = url.split_at(url.find(ends_url).unwrap_or(url.len()));
        let (user_info, location) = split_user_info(is_web(scheme), url);
        out.push_str(&mask_user_info(is_web(scheme), user_info));
        out.push_str(&mask_parameters(location));
        rest = after;
    }
    out + rest
}

fn ends_url(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>')
}

/// A web address may well have an `@` in its path; in any other URL the last one ends the password, however sloppily
/// that is written.
fn is_web(scheme: &str) -> bool {
    ["http", "https", "ws", "wss"].contains(&scheme.to_ascii_lowercase().as_str())
}

fn split_user_info(web: bool, url: &str) -> (&str, &str) {
    let authority = &url[..url.find(['/', '?', '#']).unwrap_or(url.len())];
    let may_hold_password = authority.split_once(':').is_some_and(|(_, rest)| !web || !is_port(rest));
    let end = if may_hold_password { url.rfind('@') } else { authority.rfind('@') };
    url.split_at(end.unwrap_or(0))
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// A user alone is shown, but not on the web, where it is a token more often than a name.
fn mask_user_info(web: bool, user_info: &str) -> String {
    match user_info.split_once(':') {
        Some((user, _)) => format!("{user}:{MASK}"),
        None if web && !user_info.is_empty() => MASK.to_owned(),
        None => user_info.to_owned(),
    }
}

fn mask_parameters(location: &str) -> String {
    let Some((before, query)) = location.split_once('?') else {
        return location.to_owned();
    };
    let masked: Vec<String> = query.split('&').map(mask_parameter).collect();
    format!("{before}?{}", masked.join("&"))
}

fn mask_parameter(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((name, _)) if is_secret_name(name) => format!("{name}={MASK}"),
        _ => parameter.to_owned(),
    }
}

/// The query of an address as a log may show it: values of fields with a secret's name, and passwords of addresses in
/// any other, are masked. Both may be percent-encoded.
pub fn mask_query(query: &str) -> String {
    query.split('&').map(mask_field).collect::<Vec<_>>().join("&")
}

fn mask_field(field: &str) -> String {
    let Some((name, value)) = field.split_once('=') else { return field.to_owned() };
    if is_secret_name(&percent_decoded(name).replace('-', "_")) {
        return format!("{name}={MASK}");
    }
    let decoded = percent_decoded(value);
    if mask_urls(&decoded) == decoded { field.to_owned() } else { format!("{name}={MASK}") }
}

/// What is no percent-encoding stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = if *first == b'%' { after.get(..2).and_then(|two| std::str::from_utf8(two).ok()) } else { None };
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A text on one line: control characters, which could forge lines or command a terminal, are written as escapes.
pub fn one_line(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut line, character| {
        match character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
            true => line.extend(character.escape_default()),
            false => line.push(character),
        }
        line
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_query_are_masked_however_they_are_written() {
        let cases = [
            ("a=1&token=hush&b", "a=1&token=****&b"),
            ("t%6Fken=hush", "t%6Fken=****"),
            ("X-Api-Key=hush", "X-Api-Key=****"),
            ("next=postgres://u:hush@h/", "next=****"),
            ("next=postgres%3A%2F%2Fu%3Ahush%40h%2F", "next=****"),
            ("next=https://example.com/a?b=c", "next=https://example.com/a?b=c"),
            ("broken=%&x=%zz%", "broken=%&x=%zz%"),
        ];
        for (query, masked) in cases {
            assert_eq!(mask_query(query), masked);
        }
    }

    #[test]
    fn a_text_on_one_line_has_no_control_character() {
        assert_eq!(one_line("a\nb\u{1b}[2J\u{9b}1m\u{2028}é\t"), "a\\nb\\u{1b}[2J\\u{9b}1m\\u{2028}é\\t");
    }

    #[test]
    fn a_secret_prints_as_stars_and_is_still_there() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "**** **** Some(****)");
        assert_eq!(secret.expose(), "hunter2");
    }

    fn recorded_names() -> Vec<(String, bool)> {
        let text = include_str!("../../../oracle/vectors/secret_masking.json");
        let recording: serde_json::Value = serde_json::from_str(text).expect("the recording is JSON");
        let rows = recording["names"].as_array().expect("a list of names").iter();
        rows.filter_map(|row| Some((row["name"].as_str()?.to_owned(), row["masked"].as_bool()?))).collect()
    }

    /// `sessionid` is the session cookie's name, a setting that only the caller knows.
    #[test]
    fn recorded_names_are_secret_as_in_the_reference_but_for_database_passwords() {
        let names = recorded_names();
        assert!(names.len() >= 50, "{}", names.len());
        for (name, masked) in names.iter().filter(|(name, _)| !["DB_PWD", "sessionid"].contains(&name.as_str())) {
            assert_eq!(is_secret_name(name), *masked, "{name}");
        }
    }

    #[test]
    fn a_database_password_is_secret_though_the_reference_shows_it() {
        assert!(is_secret_name("DB_PWD"));
    }

    #[test]
    fn plain_names_are_not_secret() {
        for name in ["DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "PWD", "OLDPWD", "HTTP_HOST", ""] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn the_password_of_a_url_is_masked_and_the_rest_stays() {
        let rows = [
            ("postgres://u:pw@h", "postgres://u:****@h"),
            (
                "connecting to postgres://u:pw@h:5432/db?sslmode=require failed",
                "connecting to postgres://u:****@h:5432/db?sslmode=require failed",
            ),
            ("redis://:pw@h/0", "redis://:****@h/0"),
            ("\"amqp://a:b@h\" and 'smtp://c:d@i'", "\"amqp://a:****@h\" and 'smtp://c:****@i'"),
            ("postgresql+x://u:p%40w@[::1]:5432/n", "postgresql+x://u:****@[::1]:5432/n"),
            ("https://u:pw@h/p?q=1", "https://u:****@h/p?q=1"),
        ];
        for (text, masked) in rows {
            assert_eq!(mask_urls(text), masked);
        }
    }

    #[test]
    fn a_password_that_should_have_been_encoded_is_masked_all_the_same() {
        for password in ["p@w", "p/w", "p?w", "p#w", "p:w", "12/34@56", "p@w/x?y@z"] {
            assert_eq!(mask_urls(&format!("postgres://u:{password}@h/n")), "postgres://u:****@h/n", "{password}");
        }
        assert_eq!(mask_urls("https://u:p/w@h"), "https://u:****@h");
    }

    #[test]
    fn a_password_among_the_parameters_is_masked() {
        assert_eq!(mask_urls("postgres://h/n?user=u&password=pw&x=1"), "postgres://h/n?user=u&password=****&x=1");
    }

    #[test]
    fn a_token_in_place_of_a_web_user_is_masked_and_a_database_user_is_not() {
        assert_eq!(mask_urls("https://t0ken@git.example/r"), "https://****@git.example/r");
        assert_eq!(mask_urls("postgres://u@h/n"), "postgres://u@h/n");
    }

    #[test]
    fn a_text_without_a_password_is_left_alone() {
        for text in [
            "",
            "no url",
            "sqlite://db.sqlite3",
            "http://127.0.0.1:8000/@me",
            "http://h/a?b=c@d",
            "a :// b",
            "mail a@b: c",
            "é://ü:8000/ß",
        ] {
            assert_eq!(mask_urls(text), text);
        }
    }
}
