//! Serializers: what becomes of a request's data on its way to a row, and of rows on their way to JSON.
//!
//! The derive writes a [`Declaration`](declaration::Declaration), which the shape makes ready together with the
//! models, once for a site. Whatever reads, asks, saves and writes works on shapes and untyped values; types are put around
//! it by [`Changes`], [`Valid`] and a few functions of a line each.

mod attributes;
mod changes;
mod context;
mod data;
pub mod declaration;
pub mod derive;
mod field;
mod from_model;
mod functions;
mod kept;
mod link;
mod load;
mod needs;
mod relation;
mod represent;
mod save;
mod set;
mod shape;
mod together;
mod traits;
mod unique;
mod uniqueness;
mod upload;
mod valid;
mod validate;
mod write;

pub use attributes::Attributes;
pub use changes::{Changes, Given, Input};
pub use context::Context;
pub use declaration::Rule;
pub use derive::{CreateOnlyDefault, CurrentUserDefault};
pub use field::SerializerField;
pub use functions::{query_to_json, to_internal_value, to_json, to_json_many, validate, validate_many};
pub(crate) use kept::Shapes;
pub use kept::{fields, shape};
pub use represent::Represent;
pub use shape::Shape;
pub use traits::{Declared, FieldsOf, ModelOf, ModelSerializer, Serializer};
pub use upload::Upload;
pub use valid::Valid;
