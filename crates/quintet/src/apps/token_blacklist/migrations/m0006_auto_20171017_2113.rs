//! Identifiers as text take their name.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0006_auto_20171017_2113")
        .depends_on("token_blacklist", "0005_remove_outstandingtoken_jti")
        .operations(vec![rename_field("outstandingtoken", "jti_hex", "jti")])
}
