//! The history of this app's tables, under the reference's names and in its order.

use crate::migrations::Migration;

mod m0001_initial;
mod m0002_outstandingtoken_jti_hex;
mod m0003_auto_20171017_2007;
mod m0004_auto_20171017_2013;
mod m0005_remove_outstandingtoken_jti;
mod m0006_auto_20171017_2113;
mod m0007_auto_20171017_2214;
mod m0008_migrate_to_bigautofield;
mod m0010_fix_migrate_to_bigautofield;
mod m0011_linearizes_history;
mod m0012_alter_outstandingtoken_user;
mod m0013_alter_blacklistedtoken_options_and_more;

/// All of them, first to last.
pub fn all() -> Vec<Migration> {
    vec![
        m0001_initial::migration(),
        m0002_outstandingtoken_jti_hex::migration(),
        m0003_auto_20171017_2007::migration(),
        m0004_auto_20171017_2013::migration(),
        m0005_remove_outstandingtoken_jti::migration(),
        m0006_auto_20171017_2113::migration(),
        m0007_auto_20171017_2214::migration(),
        m0008_migrate_to_bigautofield::migration(),
        m0010_fix_migrate_to_bigautofield::migration(),
        m0011_linearizes_history::migration(),
        m0012_alter_outstandingtoken_user::migration(),
        m0013_alter_blacklistedtoken_options_and_more::migration(),
    ]
}
