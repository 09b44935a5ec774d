//! Longer names of permissions.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0002_alter_permission_name_max_length")
        .depends_on("auth", "0001_initial")
        .operations(vec![alter_field("permission", "name", char(255).verbose_name("name"))])
}
