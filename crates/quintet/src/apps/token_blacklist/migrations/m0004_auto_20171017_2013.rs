//! Identifiers as text are required, and no two are the same.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0004_auto_20171017_2013")
        .depends_on("token_blacklist", "0003_auto_20171017_2007")
        .operations(vec![alter_field("outstandingtoken", "jti_hex", char(255).unique())])
}
