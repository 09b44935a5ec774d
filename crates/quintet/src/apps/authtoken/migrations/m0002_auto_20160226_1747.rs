//! What people call the fields.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0002_auto_20160226_1747").depends_on("authtoken", "0001_initial").operations(vec![
        alter_model_options("token", options().verbose_name("Token").verbose_name_plural("Tokens")),
        alter_field("token", "created", date_time().auto_now_add().verbose_name("Created")),
        alter_field("token", "key", char(40).primary_key().verbose_name("Key")),
        alter_field(
            "token",
            "user",
            one_to_one(user_model(), OnDelete::Cascade).related_name("auth_token").verbose_name("User"),
        ),
    ])
}
