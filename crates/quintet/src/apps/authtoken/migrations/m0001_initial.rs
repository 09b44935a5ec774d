//! The table of tokens.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0001_initial").depends_on_user_model().operations(vec![create_model(
        "Token",
        vec![
            ("key", char(40).primary_key()),
            ("created", date_time().auto_now_add()),
            ("user", one_to_one(user_model(), OnDelete::Cascade).related_name("auth_token")),
        ],
        options(),
    )])
}
