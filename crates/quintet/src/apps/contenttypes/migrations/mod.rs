//! The history of this app's tables, under the reference's names and in its order.

use crate::migrations::Migration;

mod m0001_initial;
mod m0002_remove_content_type_name;

/// All of them, first to last.
pub fn all() -> Vec<Migration> {
    vec![m0001_initial::migration(), m0002_remove_content_type_name::migration()]
}
