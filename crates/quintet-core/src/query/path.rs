//! Names from a model along relations to a column, then transforms and a lookup: what the reference writes with `__`
//! between.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A name: known to the program, or read at run time.
pub type Name = Cow<'static, str>;

/// Names in order. Which of them are relations, which the field, which transforms and which the lookup, is found where
/// the query is compiled; a key of JSON may contain anything, also `__`.
#[derive(Clone, Debug, Default)]
pub struct Path(Names);

/// Most paths are one name: these need no memory of their own.
#[derive(Clone, Debug)]
enum Names {
    One([Name; 1]),
    Several(Vec<Name>),
}

impl Path {
    /// The path of a text as the reference writes it: `author__username__icontains`.
    pub fn parse(text: &str) -> Self {
        text.split("__").map(str::to_owned).collect()
    }

    /// The path with another name behind.
    #[must_use]
    pub fn then(&self, name: impl Into<Name>) -> Self {
        if self.is_empty() {
            return Self(Names::One([name.into()]));
        }
        let mut names = Vec::with_capacity(self.names().len() + 1);
        names.extend_from_slice(self.names());
        names.push(name.into());
        Self(Names::Several(names))
    }

    /// The same, by taking the path.
    #[must_use]
    pub fn with(self, name: impl Into<Name>) -> Self {
        Self(match self.0 {
            Names::One([first]) => Names::Several(vec![first, name.into()]),
            Names::Several(names) if names.is_empty() => Names::One([name.into()]),
            Names::Several(mut names) => {
                names.push(name.into());
                Names::Several(names)
            }
        })
    }

    /// The names.
    pub fn names(&self) -> &[Name] {
        match &self.0 {
            Names::One(name) => name,
            Names::Several(names) => names,
        }
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.names().is_empty()
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::Several(vec![])
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.names() == other.names()
    }
}

impl Eq for Path {}

impl Hash for Path {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.names().hash(state);
    }
}

impl<N: Into<Name>> FromIterator<N> for Path {
    fn from_iter<I: IntoIterator<Item = N>>(names: I) -> Self {
        Self(Names::Several(names.into_iter().map(Into::into).collect()))
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
        f.write_str(&self.names().join("__"))
    }
}
