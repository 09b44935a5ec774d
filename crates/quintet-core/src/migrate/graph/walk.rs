//! Walks through the graph, each in the reference's order and without visiting a migration twice.

use super::{Graph, GraphError, Key};

/// What has been visited, in order, and a mark for each number.
pub(super) struct Walk {
    pub(super) order: Vec<usize>,
    visited: Vec<bool>,
}

impl Graph {
    /// All that must be applied to reach a migration, it last.
    pub fn forwards_plan(&self, target: &Key) -> Result<Vec<Key>, GraphError> {
        let mut walk = self.walk();
        self.visit(&mut walk, self.node(target)?, true);
        Ok(self.keys_of(&walk.order))
    }

    /// All that must be unapplied to remove a migration, it last.
    pub fn backwards_plan(&self, target: &Key) -> Result<Vec<Key>, GraphError> {
        let mut walk = self.walk();
        self.visit(&mut walk, self.node(target)?, false);
        Ok(self.keys_of(&walk.order))
    }

    /// All migrations, in the order in which an empty database gets them.
    pub fn full_plan(&self) -> Vec<Key> {
        let mut walk = self.walk();
        for leaf in self.leaf_numbers() {
            self.visit(&mut walk, leaf, true);
        }
        self.keys_of(&walk.order)
    }

    /// Migrations that need no other of their app, of one app or of all.
    pub fn root_nodes(&self, app: Option<&str>) -> Vec<Key> {
        self.of_app(&self.root_numbers(), app)
    }

    /// Migrations that no other of their app needs, of one app or of all.
    pub fn leaf_nodes(&self, app: Option<&str>) -> Vec<Key> {
        self.of_app(&self.leaf_numbers(), app)
    }

    pub(super) fn root_numbers(&self) -> Vec<usize> {
        self.alone(&self.parents)
    }

    pub(super) fn leaf_numbers(&self) -> Vec<usize> {
        self.alone(&self.children)
    }

    /// Nodes without a neighbour in their own app.
    fn alone(&self, neighbours: &[std::collections::BTreeSet<usize>]) -> Vec<usize> {
        let app = |number: usize| &self.keys[number].0;
        (0..self.keys.len())
            .filter(|number| self.present[*number])
            .filter(|number| neighbours[*number].iter().all(|other| app(*other) != app(*number)))
            .collect()
    }

    fn of_app(&self, numbers: &[usize], app: Option<&str>) -> Vec<Key> {
        let keys = numbers.iter().map(|number| self.key(*number));
        keys.filter(|key| app.is_none_or(|app| key.0 == app)).cloned().collect()
    }

    pub(super) fn node(&self, key: &Key) -> Result<usize, GraphError> {
        self.number(key).ok_or_else(|| GraphError::Unknown { app: key.0.clone(), name: key.1.clone() })
    }

    pub(super) fn keys_of(&self, numbers: &[usize]) -> Vec<Key> {
        numbers.iter().map(|number| self.key(*number).clone()).collect()
    }

    pub(super) fn walk(&self) -> Walk {
        Walk { order: vec![], visited: vec![false; self.keys.len()] }
    }

    /// Adds a node after all that it needs (forwards) or all that need it. What an earlier visit has added is complete,
    /// so several targets in one walk give what the reference gets by one walk each.
    pub(super) fn visit(&self, walk: &mut Walk, start: usize, forwards: bool) {
        let neighbours = if forwards { &self.parents } else { &self.children };
        let mut stack = vec![(start, false)];
        while let Some((number, processed)) = stack.pop() {
            if walk.visited[number] {
                continue;
            }
            if processed {
                walk.visited[number] = true;
                walk.order.push(number);
            } else {
                stack.push((number, true));
                let open = neighbours[number].iter().filter(|other| !walk.visited[**other]);
                stack.extend(open.map(|other| (*other, false)));
            }
        }
    }

    pub(super) fn no_cycle(&self) -> Result<(), GraphError> {
        // 0: not seen, 1: on the path, 2: done.
        let mut seen = vec![0_u8; self.keys.len()];
        for start in 0..self.files.len() {
            let mut path = vec![];
            let mut stack = vec![(start, false)];
            while let Some((number, done)) = stack.pop() {
                if done {
                    seen[number] = 2;
                    path.pop();
                } else if seen[number] == 1 {
                    let from = path.iter().position(|on| *on == number).unwrap_or_default();
                    return Err(self.cycle(&path[from..]));
                } else if seen[number] == 0 && self.present[number] {
                    seen[number] = 1;
                    path.push(number);
                    stack.push((number, true));
                    stack.extend(self.children[number].iter().rev().map(|child| (*child, false)));
                }
            }
        }
        Ok(())
    }

    fn cycle(&self, numbers: &[usize]) -> GraphError {
        let file = numbers.first().and_then(|first| self.files.get(*first)).and_then(|file| file.file.clone());
        GraphError::Cycle { keys: self.keys_of(numbers), file }
    }
}
