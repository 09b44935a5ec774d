//! Tokens that were given out, and those that are no longer good.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0001_initial").initial().depends_on_user_model().operations(vec![
        create_model(
            "BlacklistedToken",
            vec![("id", auto().primary_key()), ("blacklisted_at", date_time().auto_now_add())],
            options(),
        ),
        create_model(
            "OutstandingToken",
            vec![
                ("id", auto().primary_key()),
                ("jti", uuid().unique()),
                ("token", text()),
                ("created_at", date_time()),
                ("expires_at", date_time()),
                ("user", foreign_key(user_model(), OnDelete::Cascade)),
            ],
            options().ordering(&["user"]),
        ),
        add_field("blacklistedtoken", "token", one_to_one("token_blacklist.OutstandingToken", OnDelete::Cascade)),
    ])
}
