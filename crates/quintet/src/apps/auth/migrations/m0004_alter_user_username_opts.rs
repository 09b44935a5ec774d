//! A message for a name that is taken; nothing for the database.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0004_alter_user_username_opts").depends_on("auth", "0003_alter_user_email_max_length").operations(
        vec![alter_field(
            "user",
            "username",
            char(30)
                .unique()
                .verbose_name("username")
                .help_text("Required. 30 characters or fewer. Letters, digits and @/./+/-/_ only.")
                .rule(Rule::Username(false))
                .error_message("unique", "A user with that username already exists."),
        )],
    )
}
