//! Notes that users write. Views of them join with serializers.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "written as in a project, whose lints are its own; views will read the fields"
)]

pub(crate) mod migrations;
pub(crate) mod models;

quintet::app! { api, models = [models::Note], migrations = migrations::all() }
