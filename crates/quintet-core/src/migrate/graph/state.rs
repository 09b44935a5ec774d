//! The state of the project at a point of its history. One state is changed step by step; it is copied only where a
//! caller needs the state before a step.

use std::collections::HashSet;

use super::{Graph, GraphError, Key};
use crate::operation::Migration;
use crate::schema::ProjectState;

impl Graph {
    /// The state after all migrations.
    pub fn state(&self) -> Result<ProjectState, GraphError> {
        self.state_along(&self.full_plan())
    }

    /// The state after these migrations and all that they need.
    pub fn state_of(&self, targets: &[Key]) -> Result<ProjectState, GraphError> {
        self.state_along(&self.needed_by(targets)?)
    }

    /// The state before a migration: after all that it needs.
    pub fn state_before(&self, key: &Key) -> Result<ProjectState, GraphError> {
        let mut keys = self.forwards_plan(key)?;
        keys.pop();
        self.state_along(&keys)
    }

    /// The state that the database has: after all migrations that are applied.
    pub fn applied_state(&self) -> Result<ProjectState, GraphError> {
        let keys: Vec<Key> = self.full_plan().into_iter().filter(|key| self.applied.contains(key)).collect();
        self.state_along(&keys)
    }

    /// The states before some of the applied migrations, as unapplying them needs. In the order of the history.
    pub fn applied_states_before(&self, keys: &[Key]) -> Result<Vec<(Key, ProjectState)>, GraphError> {
        let wanted: HashSet<&Key> = keys.iter().collect();
        let mut states = vec![];
        let mut state = ProjectState::new(&self.user_model);
        for key in self.full_plan().into_iter().filter(|key| self.applied.contains(key)) {
            if wanted.contains(&key) {
                states.push((key.clone(), state.clone()));
            }
            self.step(&key, &mut state)?;
        }
        Ok(states)
    }

    /// All that these migrations need, and they, in order.
    pub fn needed_by(&self, targets: &[Key]) -> Result<Vec<Key>, GraphError> {
        let mut walk = self.walk();
        for target in targets {
            self.visit(&mut walk, self.node(target)?, true);
        }
        Ok(self.keys_of(&walk.order))
    }

    fn state_along(&self, keys: &[Key]) -> Result<ProjectState, GraphError> {
        let mut state = ProjectState::new(&self.user_model);
        keys.iter().try_for_each(|key| self.step(key, &mut state))?;
        Ok(state)
    }

    fn step(&self, key: &Key, state: &mut ProjectState) -> Result<(), GraphError> {
        self.migration(key).map_or(Ok(()), |migration| apply(migration, state))
    }
}

/// Applies a migration's operations; an error names the one that does not fit.
fn apply(migration: &Migration, state: &mut ProjectState) -> Result<(), GraphError> {
    for (place, operation) in migration.operations.iter().enumerate() {
        operation.apply(&migration.app, state).map_err(|error| GraphError::State {
            key: migration.key(),
            file: migration.file.clone(),
            operation: (place + 1, operation.describe()),
            error: Box::new(error),
        })?;
    }
    Ok(())
}
