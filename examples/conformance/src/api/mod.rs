//! The seed's notes. Serializers and views join with those layers.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "written as in a project, whose lints are its own; views will read the fields"
)]

pub(crate) mod migrations;
pub(crate) mod models;
pub(crate) mod urls;

use models::Note;

quintet::app! { api, models = [Note], migrations = migrations::all(), urls = urls::urls }
