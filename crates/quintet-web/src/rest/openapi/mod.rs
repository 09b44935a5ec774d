//! The description of a site's API, out of the routes, views and serializers that answer its requests.
//!
//! `generate` walks the routes and makes an operation of each method of each view; `Describe` is what a project says of
//! what cannot be found out. What becomes of it as text is in the core. **Invariant:** a request asks nothing here, but
//! for the two views that show the description.

mod answers;
mod config;
mod describe;
mod docs;
mod filters;
mod generate;
mod operation;
mod outline;
mod path;
mod security;
mod serializer;
mod view;

pub use config::OpenApi;
pub use describe::{AnyJson, Describe, Operations, Which};
pub use docs::SchemaDocsView;
pub use generate::{Generated, generate};
pub(crate) use outline::{Outline, Outlined, OutlinedRow};
pub use quintet_core::openapi::{Parameter, Place, SecurityScheme};
pub use view::SchemaView;
