//! quintet's core: data and text.
//!
//! Knows no effect: no input or output, no clock, no environment, no chance, no driver, no HTTP. What it needs of the
//! world it takes as an argument, and what it has to say it returns; so everything in it can be tested by itself.

#![forbid(unsafe_code)]

pub mod address;
pub mod check;
pub mod client;
pub mod database_url;
pub mod deployment;
pub mod dotenv;
pub mod forms;
pub mod inspect;
pub mod json;
pub mod migrate;
pub mod near;
pub mod openapi;
pub mod operation;
pub mod python;
pub mod query;
pub mod rest;
pub mod schema;
pub mod secrecy;
pub mod settings;
pub mod sql;

/// The version of quintet.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
