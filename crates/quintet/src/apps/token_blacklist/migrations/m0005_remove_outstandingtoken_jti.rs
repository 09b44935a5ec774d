//! Identifiers as UUIDs go.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0005_remove_outstandingtoken_jti")
        .depends_on("token_blacklist", "0004_auto_20171017_2013")
        .operations(vec![remove_field("outstandingtoken", "jti")])
}
