//! Who has never logged in has no time of it.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0005_alter_user_last_login_null")
        .depends_on("auth", "0004_alter_user_username_opts")
        .operations(vec![alter_field("user", "last_login", date_time().null().blank().verbose_name("last login"))])
}
