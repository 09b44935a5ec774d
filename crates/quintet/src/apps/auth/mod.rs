//! Users, groups and permissions.

pub mod migrations;
pub mod models;
mod users;
pub mod views;

use models::{Group, Permission, User};

crate::app! { auth, models = [Permission, Group, User], migrations = migrations::all() }
