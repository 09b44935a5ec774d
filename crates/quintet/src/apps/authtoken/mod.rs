//! Tokens that stand in the database, one for each user: `Authorization: Token ..`.

mod command;
pub mod migrations;
pub mod models;
mod views;

use models::{Token, TokenProxy};

pub use views::{AuthTokenSerializer, ObtainAuthToken};

crate::app! {
    authtoken,
    models = [Token, TokenProxy],
    migrations = migrations::all(),
    commands = [command::DRF_CREATE_TOKEN]
}
