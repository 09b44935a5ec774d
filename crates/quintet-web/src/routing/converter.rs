//! The converters of `<int:pk>`: what text a parameter matches, which of it is accepted, and how it is written in a URL.
//!
//! The table of built-in ones, and those that a project registers. Knows nothing about routes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

type Convert = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// How one kind of parameter is matched, normalised and written.
#[derive(Clone)]
pub struct Converter {
    regex: String,
    accept: Convert,
    to_url: Convert,
}

impl Converter {
    /// A converter that matches `regex` (no anchors, no named groups) and takes every match as it is.
    pub fn new(regex: impl Into<String>) -> Self {
        Self { regex: regex.into(), accept: Arc::new(as_it_is), to_url: Arc::new(as_it_is) }
    }

    /// Sees every matched text: returns the parameter's value, or `None` if the route shall not match after all.
    #[must_use]
    pub fn accept(mut self, accept: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        self.accept = Arc::new(accept);
        self
    }

    /// Writes a value for a URL; `None` if it cannot be written, so that the route is no candidate.
    #[must_use]
    pub fn to_url(mut self, to_url: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        self.to_url = Arc::new(to_url);
        self
    }

    pub(super) fn regex(&self) -> &str {
        &self.regex
    }

    pub(super) fn value(&self, matched: &str) -> Option<String> {
        (self.accept)(matched)
    }

    pub(super) fn url(&self, value: &str) -> Option<String> {
        (self.to_url)(value)
    }
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Converter").field("regex", &self.regex).finish_non_exhaustive()
    }
}

/// The converters that routes may use, by name.
#[derive(Debug, Clone)]
pub(crate) struct Converters(BTreeMap<String, Arc<Converter>>);

impl Default for Converters {
    /// The built-in ones.
    fn default() -> Self {
        Self(built_in().map(|(name, converter)| (name.to_owned(), Arc::new(converter))).into())
    }
}

impl Converters {
    /// Adds a converter; one of the same name is replaced, a built-in one too.
    pub(crate) fn register(&mut self, name: impl Into<String>, converter: Converter) {
        self.0.insert(name.into(), Arc::new(converter));
    }

    /// These and a list's own, which win.
    pub(crate) fn and(&self, own: Vec<(String, Converter)>) -> Self {
        own.into_iter().fold(self.clone(), |mut all, (name, converter)| {
            all.register(name, converter);
            all
        })
    }

    /// All names in alphabetical order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<Converter>> {
        self.0.get(name).map(Arc::clone)
    }
}

fn built_in() -> [(&'static str, Converter); 5] {
    [
        ("int", Converter::new("[0-9]+").accept(integer)),
        ("path", Converter::new(".+")),
        ("slug", Converter::new("[-a-zA-Z0-9_]+")),
        ("str", Converter::new("[^/]+")),
        ("uuid", Converter::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")),
    ]
}

fn as_it_is(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Python converts no more digits than these from text, so that the reference's route does not match beyond them.
const MOST_DIGITS: usize = 4300;

/// A number keeps its digits, whatever its size, without leading zeros.
fn integer(digits: &str) -> Option<String> {
    if digits.len() > MOST_DIGITS {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    Some(if significant.is_empty() { "0" } else { significant }.to_owned())
}
