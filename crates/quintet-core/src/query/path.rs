//! Names from a model along relations to a column, then transforms and a lookup: what the reference writes with `__`
//! between.

use std::borrow::Cow;
use std::fmt;

/// A name: known to the program, or read at run time.
pub type Name = Cow<'static, str>;

/// Names in order. Which of them are relations, which the field, which transforms and which the lookup, is found where
/// the query is compiled; a key of JSON may contain anything, also `__`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(Vec<Name>);

impl Path {
    /// The path of a text as the reference writes it: `author__username__icontains`.
    pub fn parse(text: &str) -> Self {
        Self(text.split("__").map(|name| Cow::Owned(name.to_owned())).collect())
    }

    /// The path with another name behind.
    #[must_use]
    pub fn then(&self, name: impl Into<Name>) -> Self {
        let mut names = Vec::with_capacity(self.0.len() + 1);
        names.extend_from_slice(&self.0);
        names.push(name.into());
        Self(names)
    }

    /// The same, by taking the path.
    #[must_use]
    pub fn with(mut self, name: impl Into<Name>) -> Self {
        self.0.push(name.into());
        self
    }

    /// The names.
    pub fn names(&self) -> &[Name] {
        &self.0
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<Name>> FromIterator<N> for Path {
    fn from_iter<I: IntoIterator<Item = N>>(names: I) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }
}

impl From<&str> for Path {
    fn from(text: &str) -> Self {
        Self::parse(text)
    }
}

impl From<&String> for Path {
    fn from(text: &String) -> Self {
        Self::parse(text)
    }
}

/// As the reference writes it.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("__"))
    }
}
