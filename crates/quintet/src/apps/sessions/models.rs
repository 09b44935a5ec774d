//! Sessions in the database.

use crate::models::*;

/// A session.
#[derive(Model, Clone, Debug)]
#[model(db_table = "django_session", verbose_name = "session", verbose_name_plural = "sessions")]
pub struct Session {
    /// The key, which is in the browser's cookie.
    #[field(max_length = 40, primary_key, verbose_name = "session key")]
    pub session_key: String,
    /// The data, signed.
    #[field(verbose_name = "session data")]
    pub session_data: Text,
    /// When it ends.
    #[field(db_index, verbose_name = "expire date")]
    pub expire_date: DateTime,
}
