//! The kinds of entries have names; nothing for the database.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0003_logentry_add_action_flag_choices")
        .depends_on("admin", "0002_logentry_remove_auto_add")
        .operations(vec![alter_field(
            "logentry",
            "action_flag",
            positive_small_integer()
                .choices(vec![(1.into(), "Addition"), (2.into(), "Change"), (3.into(), "Deletion")])
                .verbose_name("action flag"),
        )])
}
