//! Longer last names.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0009_alter_user_last_name_max_length")
        .depends_on("auth", "0008_alter_user_username_max_length")
        .operations(vec![alter_field("user", "last_name", char(150).blank().verbose_name("last name"))])
}
