//! Media types of `Accept` and `Content-Type`: which means which, and how exactly.

use crate::http::HeaderValueParts;

/// A media type as it was written, and its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType {
    text: String,
    main: String,
    sub: String,
    params: Vec<(String, String)>,
}

impl MediaType {
    /// Reads one: `application/json; indent=4`, `text/*`, `*/*`.
    pub fn parse(text: &str) -> Self {
        let HeaderValueParts { main, params } = HeaderValueParts::parse(text);
        let (main, sub) = main.split_once('/').unwrap_or((&main, ""));
        Self { text: text.to_owned(), main: main.to_owned(), sub: sub.to_owned(), params }
    }

    /// The text that it was read from.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn params(&self) -> &[(String, String)] {
        &self.params
    }

    /// Whether another one means this one: the same or stars, and this one's parameters.
    pub(crate) fn matches(&self, other: &Self) -> bool {
        let same = |left: &str, right: &str| left == "*" || right == "*" || left == right;
        let params = self.params.iter().filter(|(name, _)| name != "q");
        params.into_iter().all(|(name, value)| other.param(name) == Some(value))
            && same(&self.sub, &other.sub)
            && same(&self.main, &other.main)
    }

    /// From 0 for `*/*` to 3 for a type with parameters.
    pub(crate) fn precision(&self) -> u8 {
        match self.params.as_slice() {
            _ if self.main == "*" => 0,
            _ if self.sub == "*" => 1,
            [] => 2,
            [(name, _)] if name == "q" => 2,
            _ => 3,
        }
    }
}
