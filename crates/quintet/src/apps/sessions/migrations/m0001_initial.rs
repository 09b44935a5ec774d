//! The table of sessions.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0001_initial").operations(vec![create_model(
        "Session",
        vec![
            ("session_key", char(40).primary_key().verbose_name("session key")),
            ("session_data", text().verbose_name("session data")),
            ("expire_date", date_time().db_index().verbose_name("expire date")),
        ],
        options().db_table("django_session").verbose_name("session").verbose_name_plural("sessions"),
    )])
}
