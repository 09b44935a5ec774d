//! Which migration comes after which: the graph of all migrations of a project.
//!
//! Built once from the migrations that the apps list and the rows that the database has of them. It answers what is to
//! be done to reach a target, in the reference's order, and which state a project has at any point. Every walk visits
//! a migration once. Knows nothing about databases: rows come in as names, and plans go out as names.

mod build;
mod error;
mod find;
mod history;
mod merge;
mod plan;
mod replace;
mod show;
mod squash;
mod state;
mod walk;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::operation::Migration;

pub use error::{GraphError, Missing};
pub use find::Target;
pub use merge::{Branch, Merge, number_of};
pub use plan::Step;
pub use show::{Listed, Mark, Planned};
pub use squash::Squash;

/// A migration by app and name.
pub type Key = (String, String);

/// All migrations of a project, what each needs, and which of them a database has.
#[derive(Clone, Debug)]
pub struct Graph {
    /// All migrations that there are files of, sorted by key. The place of one is its number in all that follows.
    files: Arc<Vec<Migration>>,
    /// Numbers by key; those that are asked for and missing come after the files.
    numbers: HashMap<Key, usize>,
    /// Keys by number.
    keys: Vec<Key>,
    /// Whether the number is a node: replaced migrations are none, or those that replace.
    present: Vec<bool>,
    /// What must come before each, by number. Numbers are in the order of the keys, so walks are in the reference's.
    parents: Vec<BTreeSet<usize>>,
    /// What needs each, by number.
    children: Vec<BTreeSet<usize>>,
    /// The rows of the database, in their order.
    rows: Vec<Key>,
    /// What counts as applied: the rows, and migrations that replace others which are all among them.
    applied: HashSet<Key>,
    /// The first migration that is wanted of an app that has none: who asks, and the app.
    waiting: Vec<(Key, String)>,
    /// The project's user model: `auth.User`.
    user_model: String,
    /// Whether migrations that replace others do so.
    replacing: bool,
}

impl Graph {
    /// A migration that there is a file of, be it replaced.
    pub fn file(&self, key: &Key) -> Option<&Migration> {
        let number = *self.numbers.get(key)?;
        self.files.get(number)
    }

    /// A migration of the graph; none where it is replaced by another or cannot be used.
    pub fn migration(&self, key: &Key) -> Option<&Migration> {
        self.number(key).map(|number| &self.files[number])
    }

    /// All migrations that there are files of, sorted by app and name.
    pub fn files(&self) -> &[Migration] {
        &self.files
    }

    /// Whether the database has it, or all that it replaces.
    pub fn is_applied(&self, key: &Key) -> bool {
        self.applied.contains(key)
    }

    /// The project's user model: `auth.User`.
    pub fn user_model(&self) -> &str {
        &self.user_model
    }

    /// The apps that have migrations, in order.
    pub fn apps(&self) -> Vec<&str> {
        let mut apps: Vec<&str> = self.files.iter().map(|migration| migration.app.as_str()).collect();
        apps.dedup();
        apps
    }

    fn number(&self, key: &Key) -> Option<usize> {
        self.numbers.get(key).copied().filter(|number| self.present[*number])
    }

    fn key(&self, number: usize) -> &Key {
        &self.keys[number]
    }
}

#[cfg(test)]
mod tests;
