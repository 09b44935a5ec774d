//! API views: `use quintet::rest::*;`, the most of which is in the prelude.

pub use quintet_db::query::Untyped;
pub use quintet_macros::Permission;
pub use quintet_web::http::{BoxFuture, Bytes};
pub use quintet_web::rest::*;
pub use quintet_web::view::api_view;
