//! A column for identifiers as text.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0002_outstandingtoken_jti_hex")
        .depends_on("token_blacklist", "0001_initial")
        .operations(vec![add_field("outstandingtoken", "jti_hex", char(255).null().blank())])
}
