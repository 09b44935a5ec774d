//! Longer addresses.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0003_alter_user_email_max_length")
        .depends_on("auth", "0002_alter_permission_name_max_length")
        .operations(vec![alter_field("user", "email", email().blank().verbose_name("email address"))])
}
