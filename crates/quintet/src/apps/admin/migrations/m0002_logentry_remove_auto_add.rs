//! The time of an entry is set by its default; nothing for the database.

use crate::migrations::*;
use crate::models::utc_now;

pub(super) fn migration() -> Migration {
    Migration::new("0002_logentry_remove_auto_add").depends_on("admin", "0001_initial").operations(vec![alter_field(
        "logentry",
        "action_time",
        date_time().with_default_fn(utc_now).not_editable().verbose_name("action time"),
    )])
}
