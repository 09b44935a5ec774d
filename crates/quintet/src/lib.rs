//! quintet: a full-stack web framework for people who build a JSON API with a JavaScript front end.
//!
//! A project's `main` is one line, [`manage()`]; its `settings.rs` returns one typed value, [`Settings`]; its routes are
//! a list, [`urls!`]. The book is in `docs/`, the map of the code in `ARCHITECTURE.md`.

#![forbid(unsafe_code)]

// The derives write `::quintet::..`, here as elsewhere.
extern crate self as quintet;

mod access_log;
mod app;
pub mod apps;
mod checks;
mod clock;
mod databases;
mod logging;
pub mod mail;
pub mod manage;
pub mod migrations;
pub mod models;
pub mod prelude;
pub mod query;
pub mod registry;
pub mod rest;
pub mod serializers;
pub mod settings;
pub mod testing;

use std::sync::Arc;

use quintet_web::SiteOptions;

pub use app::App;
pub use databases::{database, databases};
pub use manage::manage;
pub use settings::{Env, Settings};

/// The site of some settings, for a program that serves it by itself: [`SiteApp::into_router`] makes an axum router of it.
///
/// # Errors
/// Everything in the settings or the routes that a site cannot be built from.
pub fn site(settings: &Settings) -> Result<SiteApp, BadSite> {
    let databases = databases(settings).map_err(|problem| BadSite(vec![problem]))?;
    Site::build(SiteOptions { databases: Some(Arc::new(databases)), ..settings.site_options() }).map(SiteApp::new)
}

pub use quintet_core::{VERSION, check, json};
pub use quintet_macros::{frontend, test};
pub use quintet_web::server::Peer;
pub use quintet_web::{
    App as SiteApp, BadSite, Clock, Site, auth, axum, cache, csrf, http, jwt, middleware, routing, security, sessions,
    signing, urls,
    view::{self, delete, get, patch, post, put},
};
pub use serde_json::json;
pub use std::process::ExitCode;
