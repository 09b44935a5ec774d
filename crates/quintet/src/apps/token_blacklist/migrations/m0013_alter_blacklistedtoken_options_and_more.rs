//! What people call the tokens.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0013_alter_blacklistedtoken_options_and_more")
        .depends_on("token_blacklist", "0012_alter_outstandingtoken_user")
        .operations(vec![
            alter_model_options(
                "blacklistedtoken",
                options().verbose_name("Blacklisted Token").verbose_name_plural("Blacklisted Tokens"),
            ),
            alter_model_options(
                "outstandingtoken",
                options()
                    .ordering(&["user"])
                    .verbose_name("Outstanding Token")
                    .verbose_name_plural("Outstanding Tokens"),
            ),
        ])
}
