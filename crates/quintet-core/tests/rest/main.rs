//! The fields of serializers, beside what the reference recorded of its own.

#[allow(dead_code, reason = "some of it is another test's")]
#[path = "../recorded/mod.rs"]
mod states;

mod files;
mod live;
mod messages;
mod metadata;
mod models;
mod recorded;
mod replay;
mod running;
mod writing;
