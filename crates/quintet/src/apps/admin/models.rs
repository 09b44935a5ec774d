//! The log of what was done in the admin.

use crate::apps::auth::models::UserKey;
use crate::apps::contenttypes::models::ContentType;
use crate::models::*;

/// What was done to a row.
#[derive(Choices, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum ActionFlag {
    /// It was made.
    Addition = 1,
    /// It was changed.
    Change = 2,
    /// It was deleted.
    Deletion = 3,
}

/// Something that was done in the admin.
#[derive(Model, Clone, Debug)]
#[model(
    db_table = "django_admin_log",
    verbose_name = "log entry",
    verbose_name_plural = "log entries",
    ordering = ["-action_time"]
)]
pub struct LogEntry {
    /// Its number.
    pub id: Auto,
    /// When.
    #[field(default = utc_now, editable = false, verbose_name = "action time")]
    pub action_time: DateTime,
    /// Who.
    #[field(on_delete = cascade, verbose_name = "user")]
    pub user: UserKey,
    /// To a row of which model.
    #[field(on_delete = set_null, blank, verbose_name = "content type")]
    pub content_type: Option<ForeignKey<ContentType>>,
    /// To which row.
    #[field(blank, verbose_name = "object id")]
    pub object_id: Option<Text>,
    /// What people call the row.
    #[field(max_length = 200, verbose_name = "object repr")]
    pub object_repr: String,
    /// What.
    #[field(verbose_name = "action flag")]
    pub action_flag: ActionFlag,
    /// The changes, as JSON or as text.
    #[field(blank, verbose_name = "change message")]
    pub change_message: Text,
}
