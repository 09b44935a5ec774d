//! Requests, responses and what they are made of.
//!
//! A body may be on one of the server's connections; a response that cannot be made is a fixed page. A request also knows
//! its site, for the settings that it is read by, and the route that it took, for its parameters and for reversing names.
//! Knows no view and no middleware.

mod body;
mod cookie;
mod database;
mod date;
mod error;
mod file;
mod header_value;
mod host;
pub mod json;
mod lasting;
mod query;
mod request;
mod response;

pub use body::{Body, BodyStream, BoxError, Incoming};
pub use bytes::Bytes;
pub use cookie::{Cookie, SameSite};
pub(crate) use date::parse_http_date;
pub use date::{http_date, iso_date};
pub(crate) use error::KeptRefusal;
pub use error::{ApiError, Error, OrNotFound, Result};
pub use file::{Disposition, content_disposition, content_type_of};
pub(crate) use header_value::HeaderValueParts;
pub use host::{host_allowed, split_domain_port};
pub(crate) use lasting::{lasting, number};
pub(crate) use query::query_pairs;
pub use query::{Query, TooManyFields, cookies};
pub(crate) use request::quoted;
pub use request::{Params, Request};
pub(crate) use response::Payload;
pub use response::Response;

pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

/// A future on the heap that may move between threads.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
