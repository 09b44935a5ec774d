//! What people call it there.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0004_alter_tokenproxy_options").depends_on("authtoken", "0003_tokenproxy").operations(vec![
        alter_model_options("tokenproxy", options().verbose_name("Token").verbose_name_plural("Tokens")),
    ])
}
