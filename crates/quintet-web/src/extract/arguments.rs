//! What extractors make of a request, for a function that takes them; what they reject is a refusal of ours.

use std::any::type_name;
use std::future::Future;

use axum::extract::{FromRequest, FromRequestParts};
use axum::response::IntoResponse;

use super::foreign::foreign;
use crate::http::{Error, Request, Result, StatusCode};

/// Extractors, of which the last may read the body.
pub trait Arguments<Via>: Sized + Send + 'static {
    /// Whether one of them reads what a route captured: making that known is work, which the others are spared.
    fn wants_path() -> bool;

    /// What they make of a request.
    fn extracted(request: &Request, wants_path: bool) -> impl Future<Output = Result<Self>> + Send;
}

macro_rules! arguments {
    ([$($part:ident)*] $last:ident) => {
        impl<Via, $($part,)* $last> Arguments<Via> for ($($part,)* $last,)
        where
            $($part: FromRequestParts<()> + Send + 'static,)*
            $last: FromRequest<(), Via> + Send + 'static,
        {
            fn wants_path() -> bool {
                [$(type_name::<$part>(),)* type_name::<$last>()].iter().any(|name| name.contains("Path"))
            }

            async fn extracted(request: &Request, wants_path: bool) -> Result<Self> {
                #[allow(unused_mut, reason = "one extractor alone takes the whole request")]
                let (mut parts, body) = foreign(request, wants_path).await.into_parts();
                $(
                    #[allow(non_snake_case, reason = "named as its type is")]
                    let $part = match $part::from_request_parts(&mut parts, &()).await.map_err(IntoResponse::into_response) {
                        Ok(given) => given,
                        Err(rejection) => return Err(refused(rejection).await),
                    };
                )*
                let last = $last::from_request(http::Request::from_parts(parts, body), &()).await;
                match last.map_err(IntoResponse::into_response) {
                    Ok(last) => Ok(($($part,)* last,)),
                    Err(rejection) => Err(refused(rejection).await),
                }
            }
        }
    };
}

arguments!([] A);
arguments!([A] B);
arguments!([A B] C);
arguments!([A B C] D);
arguments!([A B C D] E);
arguments!([A B C D E] G);

/// The longest text of a rejection that is told.
const LONGEST: usize = 16 * 1024;

/// A rejection as a refusal of ours, in its own words; one that is the program's fault as an error that is none.
async fn refused(rejection: axum::response::Response) -> Error {
    let (parts, body) = rejection.into_parts();
    let bytes = axum::body::to_bytes(body, LONGEST).await.unwrap_or_default();
    let words = String::from_utf8_lossy(&bytes).into_owned();
    if parts.status.is_server_error() {
        return Error::internal(format!("an extractor failed: {words}"));
    }
    let code = match parts.status {
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::UNAUTHORIZED => "not_authenticated",
        StatusCode::FORBIDDEN => "permission_denied",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported_media_type",
        StatusCode::PAYLOAD_TOO_LARGE => "payload_too_large",
        StatusCode::UNPROCESSABLE_ENTITY => "invalid",
        _ => "parse_error",
    };
    let words = if words.is_empty() { parts.status.canonical_reason().unwrap_or_default().to_owned() } else { words };
    Error::api(parts.status, code, words)
}
