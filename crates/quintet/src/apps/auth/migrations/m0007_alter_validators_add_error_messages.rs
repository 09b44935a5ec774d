//! The same name as before; the reference has this step, and nothing in it for the database.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0007_alter_validators_add_error_messages")
        .depends_on("auth", "0006_require_contenttypes_0002")
        .operations(vec![alter_field(
            "user",
            "username",
            char(30)
                .unique()
                .verbose_name("username")
                .help_text("Required. 30 characters or fewer. Letters, digits and @/./+/-/_ only.")
                .rule(Rule::Username(false))
                .error_message("unique", "A user with that username already exists."),
        )])
}
