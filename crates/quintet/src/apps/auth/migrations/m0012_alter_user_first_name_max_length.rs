//! Longer first names.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0012_alter_user_first_name_max_length")
        .depends_on("auth", "0011_update_proxy_permissions")
        .operations(vec![alter_field("user", "first_name", char(150).blank().verbose_name("first name"))])
}
