//! The history of this app's tables.

use crate::migrations::Migration;

mod m0001_initial;

/// All of them, first to last.
pub fn all() -> Vec<Migration> {
    vec![m0001_initial::migration()]
}
