//! Who refers to a model: the fields of other models, or its own, by the model that they refer to.

use std::collections::BTreeMap;

use super::need::ends;
use crate::schema::{Field, ModelState, ProjectState, To};

/// A field that refers to a model, with the model that has it.
pub(super) struct Reference<'a> {
    pub(super) model: &'a ModelState,
    pub(super) name: &'a str,
    pub(super) field: &'a Field,
}

/// All references of a state. What refers to a proxy refers to the model whose table it shows.
pub(super) struct Relations<'a> {
    state: &'a ProjectState,
    by_target: BTreeMap<(String, String), Vec<Reference<'a>>>,
}

impl<'a> Relations<'a> {
    pub(super) fn of(state: &'a ProjectState) -> Self {
        let mut by_target: BTreeMap<_, Vec<Reference<'a>>> = BTreeMap::new();
        for model in state.models.values() {
            for (name, field) in &model.fields {
                let (target, through) = ends(field);
                for to in [target, through].into_iter().flatten() {
                    by_target.entry(concrete(state, to)).or_default().push(Reference { model, name, field });
                }
            }
        }
        Self { state, by_target }
    }

    /// What refers to a model.
    pub(super) fn to(&self, model: &ModelState) -> &[Reference<'a>] {
        self.by_target.get(&self.state.concrete(model).key()).map_or(&[], Vec::as_slice)
    }
}

fn concrete(state: &ProjectState, to: &To) -> (String, String) {
    state.target(to).map_or_else(|| (to.app.clone(), to.model.to_lowercase()), |model| state.concrete(model).key())
}
