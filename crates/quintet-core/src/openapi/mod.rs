//! The description of an API as data and text: OpenAPI 3.1 out of serializers' fields, parameters and operations.
//!
//! Whoever knows the views fills in [`Operation`]s and asks [`Components`] for the schemas of their serializers; a
//! [`Document`] is the whole, as JSON or YAML, always in the same bytes. Knows no view, no request and no site.

mod choices;
mod components;
mod document;
mod errors;
mod field;
mod names;
mod operation;
mod parameter;
mod pattern;
mod relation;
mod scalar;
mod schema;
mod serializer;
mod validate;
mod yaml;

pub use components::Components;
pub use document::{Document, Info, SecurityScheme};
pub use field::Direction;
pub use names::{camel, component_name, operation_ids, tag_of, tokens};
pub use operation::{Answer, Body, Operation};
pub use parameter::{Parameter, Place};
pub use pattern::ecma;
pub use schema::{any_of, array, nullable, reference, typed};
pub use serializer::{Member, Serializer};
pub use validate::problems;
pub use yaml::yaml;
