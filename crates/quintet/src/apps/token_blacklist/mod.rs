//! Refresh tokens that are taken back before they end.

pub mod migrations;
pub mod models;

use models::{BlacklistedToken, OutstandingToken};

crate::app! { token_blacklist, models = [OutstandingToken, BlacklistedToken], migrations = migrations::all() }
