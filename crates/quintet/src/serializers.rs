//! Serializers: `use quintet::serializers::*;`, the most of which is in the prelude.

pub use quintet_core::python::Rounding;
pub use quintet_core::rest::{
    Data, Datum, DefaultValue, Field, OwnClass, Problem, Problems, Tz, UniqueFor, UuidFormat, Validator,
};
pub use quintet_core::schema::{Choice, IpProtocol};
pub use quintet_macros::Serializer;
pub use quintet_web::rest::serializer::*;
