//! Tokens that were given out, and those of them that are no longer good.

use crate::apps::auth::models::UserKey;
use crate::models::*;

/// A token that was given out.
#[derive(Model, Clone, Debug)]
#[model(verbose_name = "Outstanding Token", verbose_name_plural = "Outstanding Tokens", ordering = ["user"])]
pub struct OutstandingToken {
    /// Its number.
    pub id: BigAuto,
    /// To whom.
    #[field(on_delete = set_null, blank)]
    pub user: Option<UserKey>,
    /// Its identifier.
    #[field(max_length = 255, unique)]
    pub jti: String,
    /// The token.
    pub token: Text,
    /// When it was given out.
    #[field(blank)]
    pub created_at: Option<DateTime>,
    /// When it ends.
    pub expires_at: DateTime,
}

/// A token that is no longer good.
#[derive(Model, Clone, Debug)]
#[model(verbose_name = "Blacklisted Token", verbose_name_plural = "Blacklisted Tokens")]
pub struct BlacklistedToken {
    /// Its number.
    pub id: BigAuto,
    /// Which.
    #[field(on_delete = cascade)]
    pub token: OneToOne<OutstandingToken>,
    /// Since when.
    #[field(auto_now_add)]
    pub blacklisted_at: DateTime,
}
