//! Wider keys.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0008_migrate_to_bigautofield").depends_on("token_blacklist", "0007_auto_20171017_2214").operations(
        vec![
            alter_field("blacklistedtoken", "id", big_auto().primary_key()),
            alter_field("outstandingtoken", "id", big_auto().primary_key()),
        ],
    )
}
