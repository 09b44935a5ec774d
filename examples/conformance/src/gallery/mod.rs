//! The gallery, which has nesting, files, ownership, uniqueness and moments.

#![allow(
    unreachable_pub,
    dead_code,
    reason = "written as in a project, whose lints are its own; some fields are for the database alone"
)]

pub(crate) mod access;
pub(crate) mod fields;
pub(crate) mod generic;
pub(crate) mod house;
pub(crate) mod kinds;
pub(crate) mod links;
pub(crate) mod lists;
pub(crate) mod migrations;
pub(crate) mod models;
pub(crate) mod nesting;
pub(crate) mod open;
pub(crate) mod own;
pub(crate) mod rendering;
pub(crate) mod routes;
pub(crate) mod ruled;
pub(crate) mod shapes;
pub(crate) mod slugs;
pub(crate) mod throttles;
pub(crate) mod tried;
pub(crate) mod unique;
pub(crate) mod uploads;
pub(crate) mod urls;
pub(crate) mod versions;

use models::{Album, Artist, Credit, Document, Event, Label, Moment, Photo, Profile, Seat, Sheet, Track, Vote};

quintet::app! {
    gallery,
    models = [
        Artist, Profile, Label, Album, Track, Credit, Photo, Document, Vote, Event, Seat, Moment, Sheet,
    ],
    migrations = migrations::all(),
    urls = urls::urls,
}
