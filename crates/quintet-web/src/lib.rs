//! quintet's HTTP layer: requests and responses, routes, what stands around views, the server.
//!
//! From the wire inwards: [`server`] keeps connections within their limits and hands each request to [`App`]; a
//! [`Site`] takes it through its [`middleware`], finds the view by [`mod@urls`] and [`routing`], and answers. Settings come
//! in as plain data ([`config`]); nothing here reads a file, a variable or a clock of its own.

#![forbid(unsafe_code)]

pub mod assets;
pub mod auth;
pub mod cache;
mod clock;
pub mod config;
pub mod csrf;
pub mod extract;
pub mod http;
pub mod jwt;
pub mod mail;
pub mod middleware;
mod pages;
pub mod rest;
pub mod routing;
pub mod security;
pub mod server;
pub mod sessions;
pub mod signing;
mod site;
#[cfg(feature = "tls")]
mod trust;
pub mod urls;
pub mod view;

pub use clock::Clock;
pub use pages::fixed as fixed_page;
pub use site::{Access, AccessLog, App, BadSite, Failures, Site, SiteOptions, default_middleware};

pub use axum;
pub use quintet_core::VERSION;
