//! Sessions in the database.

pub mod migrations;
pub mod models;

use models::Session;

crate::app! { sessions, models = [Session], migrations = migrations::all() }
