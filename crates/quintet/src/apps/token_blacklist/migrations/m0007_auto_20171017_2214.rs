//! Tokens without a user, and without a time.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0007_auto_20171017_2214").depends_on("token_blacklist", "0006_auto_20171017_2113").operations(vec![
        alter_field("outstandingtoken", "created_at", date_time().null().blank()),
        alter_field("outstandingtoken", "user", foreign_key(user_model(), OnDelete::Cascade).null().blank()),
    ])
}
