//! Validated values by the names of what they are stored in: untyped, in order.

use quintet_core::rest::Datum;

/// Values by name, in the order in which they came. A path with dots leads into values of values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes(Vec<(String, Datum)>);

impl Attributes {
    /// Without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// A value by name.
    pub fn get(&self, name: &str) -> Option<&Datum> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Sets a value; one that is there keeps its place.
    pub fn set(&mut self, name: &str, value: Datum) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Takes a value out.
    pub fn take(&mut self, name: &str) -> Option<Datum> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Sets a value at the end of a path; without a path, the members of the value are values here.
    pub(crate) fn set_path(&mut self, path: &[String], value: Datum) {
        match path {
            [] => {
                if let Datum::Map(members) = value {
                    members.into_iter().for_each(|(name, value)| self.set(&name, value));
                }
            }
            [name] => self.set(name, value),
            [name, rest @ ..] => {
                let mut inner = match self.take_in_place(name) {
                    Datum::Map(members) => Self(members),
                    _ => Self::new(),
                };
                inner.set_path(rest, value);
                self.set(name, inner.into());
            }
        }
    }

    fn take_in_place(&mut self, name: &str) -> Datum {
        let found = self.0.iter_mut().find(|(known, _)| known == name);
        found.map_or(Datum::NULL, |(_, value)| std::mem::replace(value, Datum::NULL))
    }

    /// The values, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Datum)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Attributes> for Datum {
    fn from(attributes: Attributes) -> Self {
        Self::Map(attributes.0)
    }
}

impl From<Vec<(String, Datum)>> for Attributes {
    fn from(values: Vec<(String, Datum)>) -> Self {
        Self(values)
    }
}

impl IntoIterator for Attributes {
    type Item = (String, Datum);
    type IntoIter = std::vec::IntoIter<(String, Datum)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
