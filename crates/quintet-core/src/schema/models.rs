//! The models of a state by key. A copy of a state shares them, and a model is copied only when it changes: a history of a
//! thousand migrations has as many states.
//!
//! It is used as a map of models, and does not show that they are shared.

use std::collections::{BTreeMap, btree_map};
use std::ops::Index;
use std::sync::Arc;

use super::project::{ModelKey, ModelState};

/// Models by key, in the order of the keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Models(BTreeMap<ModelKey, Arc<ModelState>>);

impl Models {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// A model.
    pub fn get(&self, key: &ModelKey) -> Option<&ModelState> {
        self.0.get(key).map(Arc::as_ref)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, key: &ModelKey) -> Option<&mut ModelState> {
        self.0.get_mut(key).map(Arc::make_mut)
    }

    /// Whether a model is there.
    pub fn contains_key(&self, key: &ModelKey) -> bool {
        self.0.contains_key(key)
    }

    /// Puts a model in the place of the one with the same key, if there is one.
    pub fn insert(&mut self, key: ModelKey, model: ModelState) {
        self.0.insert(key, Arc::new(model));
    }

    /// Takes over the models of others that are not here.
    pub fn fill_from(&mut self, others: &Self) {
        for (key, other) in &others.0 {
            if !self.0.contains_key(key) {
                self.0.insert(key.clone(), Arc::clone(other));
            }
        }
    }

    /// Takes a model out.
    pub fn remove(&mut self, key: &ModelKey) -> Option<ModelState> {
        self.0.remove(key).map(Arc::unwrap_or_clone)
    }

    /// Keeps some.
    pub fn retain(&mut self, mut keep: impl FnMut(&ModelKey, &ModelState) -> bool) {
        self.0.retain(|key, model| keep(key, model));
    }

    /// The keys.
    pub fn keys(&self) -> btree_map::Keys<'_, ModelKey, Arc<ModelState>> {
        self.0.keys()
    }

    /// The models.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &ModelState> + ExactSizeIterator + Clone {
        self.0.values().map(Arc::as_ref)
    }

    /// The models of which something holds, to change them. What stays as it is stays shared.
    pub fn values_mut_where(
        &mut self,
        mut is_meant: impl FnMut(&ModelState) -> bool,
    ) -> impl Iterator<Item = &mut ModelState> {
        self.0.values_mut().filter(move |model| is_meant(model)).map(Arc::make_mut)
    }

    /// All models, to change them. Each is copied that is shared.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut ModelState> {
        self.0.values_mut().map(Arc::make_mut)
    }

    /// Keys and models.
    pub fn iter(&self) -> Iter<'_> {
        fn pair<'a>((key, model): (&'a ModelKey, &'a Arc<ModelState>)) -> (&'a ModelKey, &'a ModelState) {
            (key, model)
        }
        self.0.iter().map(pair)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

type Pair<'a, M> = (&'a ModelKey, &'a M);

type Iter<'a> = std::iter::Map<
    btree_map::Iter<'a, ModelKey, Arc<ModelState>>,
    fn(Pair<'a, Arc<ModelState>>) -> Pair<'a, ModelState>,
>;

impl<'a> IntoIterator for &'a Models {
    type Item = (&'a ModelKey, &'a ModelState);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Index<&ModelKey> for Models {
    type Output = ModelState;

    fn index(&self, key: &ModelKey) -> &ModelState {
        &self.0[key]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models() -> Models {
        let mut models = Models::new();
        for name in ["Author", "Note"] {
            let model = ModelState { app: "lab".to_owned(), ..ModelState::new(name) };
            models.insert(model.key(), model);
        }
        models
    }

    fn key(name: &str) -> ModelKey {
        ("lab".to_owned(), name.to_owned())
    }

    #[test]
    fn a_change_of_a_copy_leaves_the_original_as_it_was() {
        let original = models();
        let mut copy = original.clone();
        copy.get_mut(&key("note")).expect("a note").options.db_table = Some("other".to_owned());
        assert_eq!((original[&key("note")].options.db_table.as_deref(), original == copy), (None, false));
    }

    #[test]
    fn a_copy_shares_what_it_does_not_change() {
        let original = models();
        let mut copy = original.clone();
        for model in copy.values_mut_where(|model| model.name == "Note") {
            model.options.db_table = Some("other".to_owned());
        }
        let is_shared = |name| std::ptr::eq(&raw const original[&key(name)], &raw const copy[&key(name)]);
        assert_eq!((is_shared("author"), is_shared("note")), (true, false));
    }
}
