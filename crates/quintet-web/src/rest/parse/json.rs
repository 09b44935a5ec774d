//! JSON bodies.

use quintet_core::json;
use quintet_core::rest::Data;

use super::{Parse, charset_of};
use crate::http::{BoxFuture, Error, Request, Result};

/// Reads JSON; the reference's `JSONParser`.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonParser;

impl Parse for JsonParser {
    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn parse<'a>(&'a self, request: &'a Request, content_type: &'a str) -> BoxFuture<'a, Result<Data>> {
        Box::pin(async move {
            let bytes = request.bytes().await?;
            let limit = request.site().options().http.data_upload_max_memory_size;
            match json::parse_within(&bytes, &charset_of(content_type), limit.unwrap_or(usize::MAX)) {
                Ok(value) => Ok(Data::Json(value)),
                Err(error) if error.is_unsupported_charset() => Err(Error::parse_error(error.to_string())),
                Err(error) => Err(Error::parse_error(format!("JSON parse error - {error}"))),
            }
        })
    }
}
