//! A row for each model, by which permissions and the admin's log refer to models.

pub mod migrations;
pub mod models;

use models::ContentType;

crate::app! { contenttypes, models = [ContentType], migrations = migrations::all() }
