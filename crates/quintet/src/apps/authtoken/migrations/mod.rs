//! The history of this app's tables, under the reference's names and in its order.

use crate::migrations::Migration;

mod m0001_initial;
mod m0002_auto_20160226_1747;
mod m0003_tokenproxy;
mod m0004_alter_tokenproxy_options;

/// All of them, first to last.
pub fn all() -> Vec<Migration> {
    vec![
        m0001_initial::migration(),
        m0002_auto_20160226_1747::migration(),
        m0003_tokenproxy::migration(),
        m0004_alter_tokenproxy_options::migration(),
    ]
}
