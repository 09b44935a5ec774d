//! Longer names of groups.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0010_alter_group_name_max_length")
        .depends_on("auth", "0009_alter_user_last_name_max_length")
        .operations(vec![alter_field("group", "name", char(150).unique().verbose_name("name"))])
}
