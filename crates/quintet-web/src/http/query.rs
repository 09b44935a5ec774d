//! Query strings and cookie headers as ordered pairs, read as the reference reads them.
//!
//! Text in, pairs out; knows no request and sets no limit but the one it is given.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use percent_encoding::percent_decode;
use quintet_core::python::strip;

/// An ordered list of names and values; a name may occur more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

/// More fields than the limit allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyFields;

impl Query {
    /// No pair at all.
    pub(crate) const fn none() -> Self {
        Self(Vec::new())
    }

    /// Reads `a=1&b=2`: escapes that are no UTF-8 become U+FFFD, a name without `=` has an empty value. Bytes that are no
    /// UTF-8 themselves are all read as ISO 8859-1, as in the reference.
    pub fn parse(text: impl AsRef<[u8]>, limit: Option<usize>) -> Result<Self, TooManyFields> {
        let bytes = text.as_ref();
        if bytes.is_empty() {
            return Ok(Self::default());
        }
        if limit.is_some_and(|limit| bytes.iter().filter(|byte| **byte == b'&').count() >= limit) {
            return Err(TooManyFields);
        }
        let text: Cow<'_, str> = match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into(),
        };
        Ok(Self(query_pairs(&text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()))
    }

    /// The last value of a name, as the reference's `[]` gives it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a name, in order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every pair, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// The pairs of a query, one after the other.
pub(crate) fn query_pairs(text: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

fn decoded(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return text.into();
    }
    percent_decode(text.replace('+', " ").as_bytes()).decode_utf8_lossy().into_owned().into()
}

/// The cookies of a `Cookie` header; the last of a repeated name wins, quoted values are unquoted.
pub fn cookies(header: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for chunk in header.split(';') {
        let (name, value) = chunk.split_once('=').unwrap_or(("", chunk));
        let (name, value) = (strip(name), strip(value));
        if name.is_empty() && value.is_empty() {
            continue;
        }
        let value = unquoted(value);
        match places.entry(name) {
            Entry::Occupied(place) => found[*place.get()].1 = value,
            Entry::Vacant(place) => {
                place.insert(found.len());
                found.push((name.to_owned(), value));
            }
        }
    }
    found
}

/// `"a\"b\054c"` without its quotes: backslash escapes and three octal digits.
fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return value.to_owned();
    };
    if value.len() < 2 {
        return value.to_owned();
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match octal(rest.as_str()) {
            Some(escaped) => {
                text.push(escaped);
                rest = rest.as_str()[3..].chars();
            }
            None => text.push(rest.next().unwrap_or('\\')),
        }
    }
    text
}

fn octal(text: &str) -> Option<char> {
    let digits = text.get(..3)?;
    let first = digits.as_bytes()[0];
    if !(b'0'..=b'3').contains(&first) || !digits.bytes().all(|byte| (b'0'..=b'7').contains(&byte)) {
        return None;
    }
    u8::from_str_radix(digits, 8).ok().map(char::from)
}
