//! Serializers: what becomes of a request's data on its way to a row, and of rows on their way to JSON.
//!
//! The derive writes a [`Declaration`](declaration::Declaration), which the shape makes ready together with the
//! models, once for a site. Whatever reads, asks, saves and writes works on shapes and untyped values; types are put around
//! it by [`Changes`], [`Valid`] and a few functions of a line each.

mod attributes;
mod build;
mod callback;
mod changes;
mod class;
mod columns;
mod context;
mod data;
pub mod declaration;
mod declare;
pub mod derive;
mod field;
mod field_class;
mod fields;
mod from_model;
mod functions;
mod in_words;
mod kept;
mod later;
mod link;
mod load;
mod looks;
mod many;
mod members;
mod needs;
mod relation;
mod represent;
mod rule;
mod save;
mod set;
mod shape;
mod together;
mod traits;
mod unique;
mod uniqueness;
mod unwritten;
mod upload;
mod valid;
mod validate;
mod validators;
mod value;
mod words;
mod write;

pub use attributes::Attributes;
pub use changes::{Changes, Given, Input};
pub use class::SerializerClass;
pub use context::Context;
pub use derive::{CreateOnlyDefault, CurrentUserDefault};
pub use field::{Relates, SerializerField};
pub use field_class::FieldClass;
pub use functions::{query_to_json, to_internal_value, to_json, to_json_many, validate};
pub(crate) use kept::{Shapes, settings};
pub use kept::{fields, shape};
pub(crate) use link::address_of;
pub use many::{Many, ValidMany, validate_many};
pub(crate) use needs::End;
pub use represent::Represent;
pub use rule::{Rule, UniqueValidator};
pub use shape::Shape;
pub(crate) use shape::{Member, Role, Target};
pub use traits::{Declared, FieldsOf, ModelOf, ModelSerializer, Serializer};
pub use upload::{ImageUpload, Upload};
pub use valid::Valid;
