//! One line of history; the reference has this step, and nothing in it.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0011_linearizes_history").depends_on("token_blacklist", "0010_fix_migrate_to_bigautofield")
}
