//! Sessions, and the refresh tokens of each.

use crate::apps::auth::models::UserKey;
use crate::models::*;

/// A session: a login, and all the refresh tokens that came of it.
#[derive(Model, Clone, Debug)]
#[model(
    db_table = "quintet_token_family",
    verbose_name = "token family",
    verbose_name_plural = "token families",
    ordering = ["-last_used_at", "-id"]
)]
pub struct TokenFamily {
    /// Its number.
    pub id: BigAuto,
    /// Its name in tokens.
    #[field(max_length = 32, unique)]
    pub key: String,
    /// Whose it is.
    #[field(on_delete = cascade)]
    pub user: UserKey,
    /// When it began.
    pub created_at: DateTime,
    /// When it was refreshed last.
    pub last_used_at: DateTime,
    /// When its lifetime is over.
    #[field(blank)]
    pub expires_at: Option<DateTime>,
    /// When it was ended.
    #[field(blank)]
    pub ended_at: Option<DateTime>,
    /// A digest of the password's hash, with which it began.
    #[field(max_length = 64, blank)]
    pub password_mark: String,
    /// What the client called itself.
    #[field(max_length = 200, blank)]
    pub user_agent: String,
    /// Where it came from.
    #[field(max_length = 45, blank)]
    pub address: String,
}

/// A refresh token of a session.
#[derive(Model, Clone, Debug)]
#[model(db_table = "quintet_family_token", verbose_name = "family token", verbose_name_plural = "family tokens")]
pub struct FamilyToken {
    /// Its number.
    pub id: BigAuto,
    /// The session.
    #[field(on_delete = cascade, related_name = "tokens")]
    pub family: ForeignKey<TokenFamily>,
    /// Its identifier.
    #[field(max_length = 255, unique)]
    pub jti: String,
    /// When it ends.
    #[field(db_index)]
    pub expires_at: DateTime,
    /// When its successor was made; nothing of the last one.
    #[field(blank)]
    pub replaced_at: Option<DateTime>,
    /// The successor, as only who has this token can read it.
    #[field(blank)]
    pub successor: Text,
}
