//! The apps that come with the framework, under the reference's labels, with its tables, columns and migrations.
//!
//! Each has the shape of a project's own: `mod.rs`, `models.rs`, `migrations/`.

pub mod admin;
pub mod auth;
pub mod authtoken;
pub mod contenttypes;
pub mod sessions;
pub mod token_blacklist;
pub mod token_families;

use crate::App;

/// What a project has unless it says otherwise: `admin`, `auth`, `contenttypes`, `sessions`.
pub fn defaults() -> Vec<App> {
    vec![admin(), auth(), contenttypes(), sessions()]
}

/// The admin's log.
pub fn admin() -> App {
    admin::app()
}

/// Users, groups and permissions.
pub fn auth() -> App {
    auth::app()
}

/// Tokens that stand in the database, one for each user.
pub fn authtoken() -> App {
    authtoken::app()
}

/// A row for each model.
pub fn contenttypes() -> App {
    contenttypes::app()
}

/// Sessions in the database.
pub fn sessions() -> App {
    sessions::app()
}

/// Refresh tokens that are taken back before they end.
pub fn token_blacklist() -> App {
    token_blacklist::app()
}

/// Sessions that their users can list and end: tables of our own.
pub fn token_families() -> App {
    token_families::app()
}
