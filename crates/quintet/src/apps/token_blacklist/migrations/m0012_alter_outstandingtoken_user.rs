//! A token outlives its user.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0012_alter_outstandingtoken_user")
        .depends_on_user_model()
        .depends_on("token_blacklist", "0011_linearizes_history")
        .operations(vec![alter_field(
            "outstandingtoken",
            "user",
            foreign_key(user_model(), OnDelete::SetNull).null().blank(),
        )])
}
