//! Bodies as a query is written: `a=1&b=2`.

use quintet_core::json::{Form, FormError};
use quintet_core::rest::Data;

use super::{Parse, charset_of, form_data, unsupported_charset};
use crate::http::{BoxFuture, Error, Request, Result, StatusCode};

/// Reads forms without files; the reference's `FormParser`.
#[derive(Clone, Copy, Debug, Default)]
pub struct FormParser;

impl Parse for FormParser {
    fn media_type(&self) -> &'static str {
        "application/x-www-form-urlencoded"
    }

    fn parse<'a>(&'a self, request: &'a Request, content_type: &'a str) -> BoxFuture<'a, Result<Data>> {
        Box::pin(async move {
            let bytes = request.bytes().await?;
            let charset = charset_of(content_type);
            let limit = request.site().options().http.data_upload_max_number_fields;
            Form::parse_urlencoded(&bytes, &charset, limit).map(form_data).map_err(|error| match error {
                FormError::TooManyFields => too_many_fields(),
                FormError::UnsupportedCharset => unsupported_charset(&charset),
            })
        })
    }
}

pub(super) fn too_many_fields() -> Error {
    Error::page(StatusCode::BAD_REQUEST, "the form has more fields than `data_upload_max_number_fields` allows")
}
