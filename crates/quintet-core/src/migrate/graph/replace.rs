//! Squashed migrations: one that stands for several, where all or none of them are applied.

use super::{Graph, Key};

impl Graph {
    /// Lets each migration that replaces others do so, or takes it away where only some of them are applied.
    pub(super) fn replace(&mut self) {
        let files = std::sync::Arc::clone(&self.files);
        for (number, migration) in files.iter().enumerate().filter(|(_, migration)| !migration.replaces.is_empty()) {
            let applied = migration.replaces.iter().filter(|key| self.applied.contains(*key)).count();
            let all = applied == migration.replaces.len();
            if all {
                self.applied.insert(migration.key());
            } else {
                self.applied.remove(&migration.key());
            }
            if all || applied == 0 {
                self.remove_replaced(number, &migration.replaces);
            } else {
                self.remove_replacement(number, &migration.replaces);
            }
        }
    }

    /// What is replaced goes; its neighbours turn to what replaces it.
    fn remove_replaced(&mut self, replacement: usize, replaced: &[Key]) {
        for number in self.present_among(replaced) {
            if number == replacement {
                continue;
            }
            self.present[number] = false;
            for child in std::mem::take(&mut self.children[number]) {
                self.parents[child].remove(&number);
                if child != replacement && !replaced.contains(&self.keys[child]) {
                    self.connect(replacement, child);
                }
            }
            for parent in std::mem::take(&mut self.parents[number]) {
                self.children[parent].remove(&number);
                if parent != replacement && !replaced.contains(&self.keys[parent]) {
                    self.connect(parent, replacement);
                }
            }
        }
    }

    /// What would replace goes; who needs it turns to the last of what it would have replaced.
    fn remove_replacement(&mut self, replacement: usize, replaced: &[Key]) {
        self.present[replacement] = false;
        let mut last = self.present_among(replaced);
        let inner: Vec<usize> = last.iter().flat_map(|number| self.parents[*number].iter().copied()).collect();
        last.retain(|number| !inner.contains(number));
        for child in std::mem::take(&mut self.children[replacement]) {
            self.parents[child].remove(&replacement);
            for number in &last {
                self.connect(*number, child);
            }
        }
        for parent in std::mem::take(&mut self.parents[replacement]) {
            self.children[parent].remove(&replacement);
        }
    }

    fn present_among(&self, keys: &[Key]) -> Vec<usize> {
        keys.iter().filter_map(|key| self.number(key)).collect()
    }
}
