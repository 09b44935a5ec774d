//! The history of this app's tables.

use quintet::migrations::Migration;

mod m0001_initial;

/// All migrations, in order.
pub fn all() -> Vec<Migration> {
    vec![m0001_initial::migration()]
}
