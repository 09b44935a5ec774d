//! What a match captured: named values in order, or positional ones.
//!
//! Values are text; a request makes them numbers where one is asked for. Knows nothing about patterns.

use std::sync::Arc;

/// The parameters of a resolved route, in the order of the route, a parent's first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Params {
    named: Vec<(Arc<str>, String)>,
    positional: Vec<Option<String>>,
}

impl Params {
    /// The text of the parameter `name`.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(key, _)| &**key == name).map(|(_, value)| value.as_str())
    }

    /// Names and values in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.named.iter().map(|(name, value)| (&**name, value.as_str()))
    }

    /// The values of unnamed groups, which only a route without any named parameter has;
    /// `None` for a group that took no part in the match.
    pub(crate) fn positional(&self) -> &[Option<String>] {
        &self.positional
    }

    /// Whether there is no parameter at all, neither named nor positional.
    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty() && self.positional.is_empty()
    }

    /// Sets `name`; a name that is there already keeps its place and gets the new value.
    pub(super) fn set(&mut self, name: Arc<str>, value: String) {
        match self.named.iter_mut().find(|(key, _)| *key == name) {
            Some((_, old)) => *old = value,
            None => self.named.push((name, value)),
        }
    }

    pub(super) fn push(&mut self, value: Option<String>) {
        self.positional.push(value);
    }

    /// Adds what a deeper level captured. A view gets named values or positional ones, so named ones of the deeper level
    /// put an end to the positional ones of the levels above it.
    pub(super) fn merge(&mut self, deeper: Self) {
        if !deeper.named.is_empty() {
            self.positional.clear();
        }
        for (name, value) in deeper.named {
            self.set(name, value);
        }
        self.positional.extend(deeper.positional);
    }

    /// Drops the positional values of a level that has named ones as well.
    pub(super) fn named_first(&mut self) {
        if !self.named.is_empty() {
            self.positional.clear();
        }
    }
}
