//! Serializers: `use quintet::serializers::*;`, the most of which is in the prelude.

pub use quintet_core::rest::{Data, Datum, Problem, Problems, UniqueFor};
pub use quintet_macros::Serializer;
pub use quintet_web::rest::serializer::*;
