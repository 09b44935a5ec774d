//! The seed's notes.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "written as in a project, whose lints are its own; views will read the fields"
)]

pub(crate) mod migrations;
pub(crate) mod models;
pub(crate) mod serializers;
pub(crate) mod urls;
pub(crate) mod views;

use models::Note;

quintet::app! { api, models = [Note], migrations = migrations::all(), urls = urls::urls }
