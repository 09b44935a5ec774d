//! What is to be done to reach targets from what is applied.

use std::collections::HashSet;

use super::walk::Walk;
use super::{Graph, GraphError, Key, Target};

/// A migration, and whether it is unapplied.
pub type Step = (Key, bool);

impl Graph {
    /// The steps to these targets. Of a target that is applied, what comes after it in its own app is unapplied, with
    /// all that needs it; the rest stays. Take the states of these steps from [`Graph::for_targets`].
    pub fn plan(&self, targets: &[Target]) -> Result<Vec<Step>, GraphError> {
        if self.names_replaced(targets) {
            return self.without_replacements()?.plan(targets);
        }
        let mut planning = Planning { applied: self.applied.clone(), steps: vec![], walk: self.walk() };
        for (app, name) in targets {
            let key = name.clone().map(|name| (app.clone(), name));
            match key {
                None => {
                    for root in self.root_nodes(Some(app)) {
                        self.unapply(&mut planning, self.node(&root)?);
                    }
                }
                Some(key) if planning.applied.contains(&key) => {
                    let next = self.children[self.node(&key)?].iter().filter(|child| self.key(**child).0 == *app);
                    next.for_each(|child| self.unapply(&mut planning, *child));
                }
                Some(key) => self.apply(&mut planning, self.node(&key)?),
            }
        }
        Ok(planning.steps)
    }

    /// The graph in which these targets are nodes: this one, or the one without replacements where a target is an
    /// applied migration that is replaced.
    pub fn for_targets(&self, targets: &[Target]) -> Result<Self, GraphError> {
        if self.names_replaced(targets) { self.without_replacements() } else { Ok(self.clone()) }
    }

    fn names_replaced(&self, targets: &[Target]) -> bool {
        self.replacing
            && targets.iter().any(|(app, name)| {
                let key = name.clone().map(|name| (app.clone(), name));
                key.is_some_and(|key| {
                    self.applied.contains(&key) && self.number(&key).is_none() && self.file(&key).is_some()
                })
            })
    }

    fn apply(&self, planning: &mut Planning, target: usize) {
        let before = planning.walk.order.len();
        self.visit(&mut planning.walk, target, true);
        for number in &planning.walk.order[before..] {
            let key = self.key(*number);
            if planning.applied.insert(key.clone()) {
                planning.steps.push((key.clone(), false));
            }
        }
    }

    fn unapply(&self, planning: &mut Planning, target: usize) {
        let mut walk = self.walk();
        self.visit(&mut walk, target, false);
        for number in walk.order {
            let key = self.key(number);
            if planning.applied.remove(key) {
                planning.steps.push((key.clone(), true));
            }
        }
        // What was visited on the way forwards may have to be applied again.
        planning.walk = self.walk();
    }
}

/// What would be applied after the steps so far.
struct Planning {
    applied: HashSet<Key>,
    steps: Vec<Step>,
    /// All that earlier targets visited on the way forwards.
    walk: Walk,
}
