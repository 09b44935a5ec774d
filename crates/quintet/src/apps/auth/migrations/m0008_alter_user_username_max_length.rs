//! Longer names of users.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0008_alter_user_username_max_length")
        .depends_on("auth", "0007_alter_validators_add_error_messages")
        .operations(vec![alter_field(
            "user",
            "username",
            char(150)
                .unique()
                .verbose_name("username")
                .help_text("Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.")
                .rule(Rule::Username(false))
                .error_message("unique", "A user with that username already exists."),
        )])
}
