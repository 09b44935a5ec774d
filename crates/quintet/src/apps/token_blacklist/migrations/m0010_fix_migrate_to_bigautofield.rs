//! The same keys as before, now declared: SQLite makes the tables anew for that, as the reference does.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0010_fix_migrate_to_bigautofield")
        .depends_on("token_blacklist", "0008_migrate_to_bigautofield")
        .operations(vec![
            alter_field("blacklistedtoken", "id", big_auto().primary_key().declared()),
            alter_field("outstandingtoken", "id", big_auto().primary_key().declared()),
        ])
}
