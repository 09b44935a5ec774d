//! The log of what was done in the admin.

use crate::migrations::*;

pub(super) fn migration() -> Migration {
    Migration::new("0001_initial").depends_on_user_model().depends_on("contenttypes", "__first__").operations(vec![
        create_model(
            "LogEntry",
            vec![
                ("id", auto().primary_key()),
                ("action_time", date_time().auto_now().verbose_name("action time")),
                ("object_id", text().null().blank().verbose_name("object id")),
                ("object_repr", char(200).verbose_name("object repr")),
                ("action_flag", positive_small_integer().verbose_name("action flag")),
                ("change_message", text().blank().verbose_name("change message")),
                (
                    "content_type",
                    foreign_key("contenttypes.ContentType", OnDelete::SetNull)
                        .null()
                        .blank()
                        .verbose_name("content type"),
                ),
                ("user", foreign_key(user_model(), OnDelete::Cascade).verbose_name("user")),
            ],
            options()
                .ordering(&["-action_time"])
                .db_table("django_admin_log")
                .verbose_name("log entry")
                .verbose_name_plural("log entries"),
        ),
    ])
}
