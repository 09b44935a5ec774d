//! Sessions: logins with the refresh tokens that came of them, which their users can list and end. Our own tables.

pub mod migrations;
pub mod models;
pub mod views;

use models::{FamilyToken, TokenFamily};

crate::app! { token_families, models = [TokenFamily, FamilyToken], migrations = migrations::all() }
