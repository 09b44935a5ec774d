//! The scaffolding behind `quintet startproject` and `startapp`: new files from templates, and the
//! two lines that wire a new app into a project.
//!
//! What is to be written is computed first, as text; then all of it is written, or nothing. The
//! library never prints: it returns a [`Report`] or a [`ScaffoldError`]. It knows no command line
//! except, with the feature `args`, the arguments of the two commands. It deliberately does not know
//! the framework either, which uses it for `cargo manage startapp`.

#![forbid(unsafe_code)]

#[cfg(feature = "args")]
pub mod args;
mod error;
mod frontend;
mod inject;
mod name;
mod plan;
mod project;
mod report;
mod secret;
mod startapp;
mod startproject;
mod template;

pub use error::ScaffoldError;
pub use frontend::{Frontend, FrontendAuth};
pub use name::{check_app_name, check_project_name};
pub use project::{depends_on_quintet, find_project};
pub use report::Report;
pub use secret::secret_key;
pub use startapp::{startapp, startapp_without_wiring};
pub use startproject::{Database, Dependency, Options, startproject};
pub use template::{NewFile, app_files, project_files};
