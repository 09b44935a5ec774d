//! What a client asks of the list by the query string, and the envelope of a page.

use std::fmt::Write as _;

use serde::Serialize;

use crate::rows::Article;

/// How many rows a page has.
pub(crate) const PAGE: i64 = 20;

/// Which articles are asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) category: Option<i64>,
    pub(crate) published: Option<bool>,
    /// Words that must be in the title or in the slug, as patterns of `LIKE`.
    pub(crate) words: Vec<String>,
    pub(crate) page: i64,
}

/// The parameters of a query string.
pub(crate) struct Query(Vec<(String, String)>);

/// A page as it is shown.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    count: i64,
    next: Option<String>,
    previous: Option<String>,
    results: Vec<Article>,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(k, v)| (plain(k), plain(v))).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What is asked for; the name of a parameter that is wrong, with its message.
    pub(crate) fn wanted(&self) -> Result<Wanted, (&'static str, &'static str)> {
        let category = match self.get("category").unwrap_or_default() {
            "" => None,
            text => Some(text.parse().map_err(|_| ("category", NO_CHOICE))?),
        };
        let published = match self.get("published").unwrap_or_default() {
            "true" | "True" | "1" => Some(true),
            "false" | "False" | "0" => Some(false),
            _ => None,
        };
        let words = self.get("search").unwrap_or_default().split([' ', ',']).filter(|word| !word.is_empty());
        let page = self.get("page").unwrap_or("1").parse().unwrap_or(0);
        Ok(Wanted { category, published, words: words.map(pattern).collect(), page })
    }

    /// The page with its neighbours' addresses; nothing where there is no such page.
    pub(crate) fn page(&self, path: &str, host: &str, number: i64, count: i64, results: Vec<Article>) -> Option<Page> {
        let last = ((count + PAGE - 1) / PAGE).max(1);
        if number < 1 || number > last {
            return None;
        }
        let link = |number: i64| self.link(path, host, number);
        Some(Page {
            count,
            next: (number < last).then(|| link(number + 1)),
            previous: (number > 1).then(|| link(number - 1)),
            results,
        })
    }

    /// The parameters in order of their names, with another page.
    fn link(&self, path: &str, host: &str, number: i64) -> String {
        let number = number.to_string();
        let mut pairs: Vec<(&str, &str)> = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.retain(|(name, _)| *name != "page");
        if number != "1" {
            pairs.push(("page", &number));
        }
        pairs.sort_unstable();
        let mut text = format!("http://{host}{path}");
        for (place, (name, value)) in pairs.into_iter().enumerate() {
            text.push(if place == 0 { '?' } else { '&' });
            quoted(name, &mut text);
            text.push('=');
            quoted(value, &mut text);
        }
        text
    }
}

/// What is said of a key that is none.
pub(crate) const NO_CHOICE: &str = "Select a valid choice. That choice is not one of the available choices.";

fn pattern(word: &str) -> String {
    let mut text = String::with_capacity(word.len() + 2);
    text.push('%');
    for character in word.chars() {
        if matches!(character, '%' | '_' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push('%');
    text
}

/// Percent-decoded, as forms have it.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let decoded = if *first == b'%' { after.get(..2).and_then(hex) } else { None };
        bytes.push(decoded.unwrap_or(if *first == b'+' { b' ' } else { *first }));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn quoted(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => into.push(char::from(byte)),
            b' ' => into.push('+'),
            // Writing to a text does not fail.
            other => drop(write!(into, "%{other:02X}")),
        }
    }
}
