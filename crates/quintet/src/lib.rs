//! quintet: a full-stack web framework for people who build a JSON API with a JavaScript front end.
//!
//! A project's `main` is one line, [`manage`]; its `settings.rs` returns one typed value, [`Settings`]; its routes are
//! a list, [`urls!`]. The book is in `docs/`, the map of the code in `ARCHITECTURE.md`.

#![forbid(unsafe_code)]

mod access_log;
mod app;
mod checks;
mod clock;
mod logging;
pub mod manage;
pub mod prelude;
pub mod settings;
pub mod testing;

pub use app::App;
pub use manage::manage;
pub use settings::{Env, Settings};

pub use quintet_core::{VERSION, check};
pub use quintet_macros::test;
pub use quintet_web::{
    App as SiteApp, Clock, Site, axum, http, middleware, routing, urls,
    view::{self, delete, get, patch, post, put},
};
pub use serde_json::json;
pub use std::process::ExitCode;
