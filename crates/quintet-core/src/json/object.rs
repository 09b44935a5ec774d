//! Values by name, in order; a name that comes again replaces the value and keeps its place.

use std::collections::HashMap;
use std::sync::Arc;

use super::Json;

/// So many names are compared one by one.
const FEW: usize = 12;

/// A JSON object. Objects that were read together share the names that they share.
#[derive(Clone, Debug, Default)]
pub struct Object {
    members: Vec<(Arc<str>, Json)>,
    /// The places by name, where there are many. Boxed, since every JSON value is as large as this.
    #[expect(clippy::box_collection, reason = "a map itself is larger than any other value")]
    places: Option<Box<HashMap<Arc<str>, usize>>>,
}

impl Object {
    /// Without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a member.
    pub fn insert(&mut self, name: impl Into<Arc<str>>, value: impl Into<Json>) {
        let (name, value) = (name.into(), value.into());
        match self.place(&name) {
            Some(place) => self.members[place].1 = value,
            None => {
                if self.members.len() == FEW {
                    let places = self.members.iter().enumerate().map(|(at, (name, _))| (name.clone(), at));
                    self.places = Some(Box::new(places.collect()));
                }
                if let Some(places) = &mut self.places {
                    places.insert(name.clone(), self.members.len());
                }
                self.members.push((name, value));
            }
        }
    }

    /// The same, for making one at once.
    #[must_use]
    pub fn with(mut self, name: impl Into<Arc<str>>, value: impl Into<Json>) -> Self {
        self.insert(name, value);
        self
    }

    /// A member's value.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.place(name).map(|place| &self.members[place].1)
    }

    /// How many members.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The members, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Json)> {
        self.members.iter().map(|(name, value)| (&**name, value))
    }

    /// What one more member takes of memory, without what its name and its value hold.
    pub(super) fn cost(&self) -> usize {
        // A map that grows is there twice, half full.
        let place = if self.members.len() < FEW { 0 } else { 4 * size_of::<(Arc<str>, usize)>() };
        size_of::<(Arc<str>, Json)>() + place
    }

    /// Gives back the memory that was taken for members that did not come.
    pub(super) fn shrink(&mut self) {
        self.members.shrink_to_fit();
    }

    fn place(&self, name: &str) -> Option<usize> {
        if let Some(places) = &self.places {
            return places.get(name).copied();
        }
        self.members.iter().position(|(known, _)| **known == *name)
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

impl IntoIterator for Object {
    type Item = (String, Json);
    type IntoIter = Members;

    fn into_iter(self) -> Self::IntoIter {
        Members(self.members.into_iter())
    }
}

/// The members of an object, in order.
#[derive(Debug)]
pub struct Members(std::vec::IntoIter<(Arc<str>, Json)>);

impl Iterator for Members {
    type Item = (String, Json);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (String::from(&*name), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Members {}

impl<N: Into<Arc<str>>, V: Into<Json>> FromIterator<(N, V)> for Object {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(members: I) -> Self {
        members.into_iter().fold(Self::new(), |object, (name, value)| object.with(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_small() {
        assert_eq!(size_of::<Json>(), 32);
    }

    #[test]
    fn a_name_that_comes_again_keeps_its_place_and_has_the_last_value() {
        for size in [3, 40] {
            let mut object: Object = (0..size).map(|number: i32| (number.to_string(), number)).collect();
            object.insert("1", "again");
            assert_eq!(object.len(), size as usize);
            assert_eq!(object.get("1"), Some(&Json::from("again")));
            assert_eq!(object.iter().nth(1), Some(("1", &Json::from("again"))));
            assert_eq!((object.get("0"), object.get("x")), (Some(&Json::Int(0)), None));
        }
    }
}
