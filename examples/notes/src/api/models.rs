//! The notes.

use quintet::apps::auth::models::User;
use quintet::prelude::*;

/// A note of a user's.
#[derive(Model, Debug, Clone)]
pub struct Note {
    pub id: BigAuto,
    #[field(max_length = 100)]
    pub title: String,
    pub content: Text,
    #[field(auto_now_add)]
    pub created_at: DateTime,
    #[field(on_delete = cascade, related_name = "notes")]
    pub author: ForeignKey<User>,
}
