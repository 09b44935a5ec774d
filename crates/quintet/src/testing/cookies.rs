//! The cookies that a client keeps, as a browser does: by name and path, until their time is over.
//!
//! There is one host, so that their domain is not looked at.

use std::time::{Duration, SystemTime};

use quintet_web::http::HeaderMap;

/// What is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Jar(Vec<Kept>);

#[derive(Clone, Debug)]
struct Kept {
    name: String,
    value: String,
    path: String,
    is_secure: bool,
    until: Option<SystemTime>,
}

impl Jar {
    /// Keeps one for every path.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.keep(Kept { name, value, path: "/".to_owned(), is_secure: false, until: None });
    }

    /// The value of one, whatever its path.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let now = quintet_db::time();
        Some(self.0.iter().find(|kept| kept.name == name && kept.lives(now))?.value.as_str())
    }

    /// Takes what an answer to a request of this path sets and deletes.
    pub(super) fn take(&mut self, headers: &HeaderMap, path: &str) {
        let now = quintet_db::time();
        for header in headers.get_all("set-cookie") {
            if let Some(kept) = header.to_str().ok().and_then(|text| parsed(text, path, now)) {
                self.keep(kept);
            }
        }
        self.0.retain(|kept| kept.lives(now));
    }

    /// The header of a request to this path; nothing where none are kept for it.
    pub(super) fn header(&self, path: &str, is_https: bool) -> Option<String> {
        let now = quintet_db::time();
        let sent = self.0.iter().filter(|kept| kept.lives(now) && kept.is_for(path) && (is_https || !kept.is_secure));
        let sent: Vec<String> = sent.map(|kept| format!("{}={}", kept.name, kept.value)).collect();
        (!sent.is_empty()).then(|| sent.join("; "))
    }

    fn keep(&mut self, new: Kept) {
        self.0.retain(|kept| (&kept.name, &kept.path) != (&new.name, &new.path));
        self.0.push(new);
    }
}

impl Kept {
    fn lives(&self, now: SystemTime) -> bool {
        self.until.is_none_or(|until| until > now)
    }

    /// A path and everything below it.
    fn is_for(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.path.as_str());
        below.is_some_and(|rest| rest.is_empty() || self.path.ends_with('/') || rest.starts_with('/'))
    }
}

/// A cookie as `Set-Cookie` writes it. Its value stays as it is written: it is sent back so. `Expires` is not read, since
/// what this site sends has `Max-Age` beside it.
fn parsed(text: &str, asked: &str, now: SystemTime) -> Option<Kept> {
    let mut parts = text.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    let folder = &asked[..asked.rfind('/').unwrap_or(0).max(1)];
    let (name, value) = (name.to_owned(), value.to_owned());
    let mut kept = Kept { name, value, path: folder.to_owned(), is_secure: false, until: None };
    for part in parts {
        let (word, value) = part.split_once('=').unwrap_or((part, ""));
        match word.to_ascii_lowercase().as_str() {
            "path" if value.starts_with('/') => kept.path = value.to_owned(),
            "secure" => kept.is_secure = true,
            "max-age" => {
                let age = value.parse::<i64>().ok()?;
                kept.until = Some(now + Duration::from_secs(u64::try_from(age).unwrap_or_default()));
            }
            _ => {}
        }
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar(set: &[&str]) -> Jar {
        let mut jar = Jar::default();
        let mut headers = HeaderMap::new();
        for text in set {
            headers.append("set-cookie", text.parse().expect("a header"));
        }
        jar.take(&headers, "/shop/cart/");
        jar
    }

    #[test]
    fn a_cookie_goes_to_its_path_and_below() {
        let jar = jar(&["a=1; Path=/", "b=2; Path=/shop", "c=3"]);
        assert_eq!(jar.header("/", false).as_deref(), Some("a=1"));
        assert_eq!(jar.header("/shop/", false).as_deref(), Some("a=1; b=2"));
        assert_eq!(jar.header("/shopping/", false).as_deref(), Some("a=1"));
        assert_eq!(jar.header("/shop/cart/x", false).as_deref(), Some("a=1; b=2; c=3"), "the folder that it came from");
    }

    #[test]
    fn a_secure_cookie_is_not_sent_in_the_open() {
        let jar = jar(&["a=1; Path=/; Secure"]);
        assert_eq!((jar.header("/", false), jar.header("/", true)), (None, Some("a=1".to_owned())));
    }

    #[test]
    fn one_that_is_deleted_is_gone_and_one_that_is_set_again_is_another() {
        let mut jar = jar(&["a=1; Path=/", "a=2; Path=/", "b=1; Path=/"]);
        assert_eq!(jar.get("a"), Some("2"));
        let mut headers = HeaderMap::new();
        headers.append("set-cookie", "b=\"\"; Max-Age=0; Path=/".parse().expect("a header"));
        jar.take(&headers, "/");
        assert_eq!(jar.header("/", false).as_deref(), Some("a=2"));
    }
}
