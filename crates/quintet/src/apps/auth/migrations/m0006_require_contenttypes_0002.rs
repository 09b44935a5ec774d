//! Content types must be as they are now before their rows are written.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0006_require_contenttypes_0002")
        .depends_on("auth", "0005_alter_user_last_login_null")
        .depends_on("contenttypes", "0002_remove_content_type_name")
}
