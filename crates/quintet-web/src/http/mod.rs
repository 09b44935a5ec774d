//! Requests, responses and what they are made of. Knows no route and no view.

mod body;
mod date;
mod error;
mod host;
pub mod json;
mod query;
mod request;
mod response;

pub use body::{Body, BoxError, Incoming};
pub use date::{http_date, iso_date};
pub use error::{ApiError, Error, Result};
pub use host::{host_allowed, split_domain_port};
pub use query::{Query, TooManyFields, cookies};
pub use request::{Params, Request};
pub use response::Response;

pub use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
