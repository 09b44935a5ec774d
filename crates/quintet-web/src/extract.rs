//! Functions of views that take axum's extractors: instead of our request, or behind it.
//!
//! `async fn show(request: &Request, Path(id): Path<i64>, headers: HeaderMap) -> Result<Response>`. What an extractor rejects
//! is answered as any refusal of ours is. The body stays with our request, unless an extractor reads it.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::{FromRequest, FromRequestParts};
use axum::response::IntoResponse;
use bytes::Bytes;
use http::Extensions;
use http_body::{Body, Frame};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower_service::Service;

use crate::http::{BoxFuture, Error, Request, Response, Result, StatusCode};
use crate::rest::view_handler::{Answers, alone};
use crate::view::Handler;

/// A function that can answer a method: one that takes our request, axum's extractors, or the request and then extractors.
/// The last of them may read the body.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot handle a request",
    note = "write `async fn name(request: &Request) -> Result<Response>`; what it holds across an `.await` must be `Send`",
    note = "behind the request, or instead of it, a function may take up to six of axum's extractors"
)]
pub trait ViewFunction<Args>: 'static {
    /// The function behind one type.
    #[doc(hidden)]
    fn erased(self) -> AnyFunction;
}

/// A function, behind one type.
#[doc(hidden)]
pub struct AnyFunction(pub(crate) Arc<dyn Answers>);

/// Tells functions that take our request alone from others.
#[doc(hidden)]
pub enum ByRequest {}

/// Tells functions that take our request, and these extractors behind it, from others.
#[doc(hidden)]
pub struct Behind<Args>(PhantomData<Args>);

impl<F: for<'a> Handler<'a> + 'static> ViewFunction<ByRequest> for F {
    fn erased(self) -> AnyFunction {
        AnyFunction(alone(self))
    }
}

/// A function with what it takes.
struct Extracting<F, Args> {
    function: F,
    /// Whether an extractor wants what the route captured.
    wants_path: bool,
    args: PhantomData<fn() -> Args>,
}

macro_rules! extracting {
    ($with:ident [$($part:ident)*] $last:ident) => {
        /// A function of our request and these extractors. Names the future, so that it can be asked to be `Send`.
        #[doc(hidden)]
        pub trait $with<'a, $($part,)* $last>: Fn(&'a Request, $($part,)* $last) -> Self::Future + Send + Sync {
            /// What the function returns.
            type Future: Future<Output = Result<Response>> + Send + 'a;
        }

        impl<'a, F, R, $($part,)* $last> $with<'a, $($part,)* $last> for F
        where
            F: Fn(&'a Request, $($part,)* $last) -> R + Send + Sync,
            R: Future<Output = Result<Response>> + Send + 'a,
        {
            type Future = R;
        }

        impl<F, Via, $($part,)* $last> ViewFunction<Behind<(Via, $($part,)* $last)>> for F
        where
            F: for<'a> $with<'a, $($part,)* $last> + 'static,
            Via: 'static,
            $($part: FromRequestParts<()> + Send + 'static,)*
            $last: FromRequest<(), Via> + Send + 'static,
        {
            fn erased(self) -> AnyFunction {
                let wants_path = wants_path(&[$(std::any::type_name::<$part>(),)* std::any::type_name::<$last>()]);
                let args = PhantomData::<fn() -> Behind<(Via, $($part,)* $last)>>;
                AnyFunction(Arc::new(Extracting { function: self, wants_path, args }))
            }
        }

        impl<F, Via, $($part,)* $last> Answers for Extracting<F, Behind<(Via, $($part,)* $last)>>
        where
            F: for<'a> $with<'a, $($part,)* $last> + 'static,
            Via: 'static,
            $($part: FromRequestParts<()> + Send + 'static,)*
            $last: FromRequest<(), Via> + Send + 'static,
        {
            fn answer<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
                Box::pin(async move {
                    extracted!(self request [$($part)*] $last);
                    (self.function)(request, $($part,)* $last).await
                })
            }
        }

        impl<F, R, Via, $($part,)* $last> ViewFunction<(Via, $($part,)* $last)> for F
        where
            F: Fn($($part,)* $last) -> R + Send + Sync + 'static,
            R: Future<Output = Result<Response>> + Send + 'static,
            Via: 'static,
            $($part: FromRequestParts<()> + Send + 'static,)*
            $last: FromRequest<(), Via> + Send + 'static,
        {
            fn erased(self) -> AnyFunction {
                let wants_path = wants_path(&[$(std::any::type_name::<$part>(),)* std::any::type_name::<$last>()]);
                let args = PhantomData::<fn() -> (Via, $($part,)* $last)>;
                AnyFunction(Arc::new(Extracting { function: self, wants_path, args }))
            }
        }

        impl<F, R, Via, $($part,)* $last> Answers for Extracting<F, (Via, $($part,)* $last)>
        where
            F: Fn($($part,)* $last) -> R + Send + Sync + 'static,
            R: Future<Output = Result<Response>> + Send + 'static,
            Via: 'static,
            $($part: FromRequestParts<()> + Send + 'static,)*
            $last: FromRequest<(), Via> + Send + 'static,
        {
            fn answer<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response>> {
                Box::pin(async move {
                    extracted!(self request [$($part)*] $last);
                    (self.function)($($part,)* $last).await
                })
            }
        }
    };
}

/// The arguments, each in a variable that has the name of its type.
macro_rules! extracted {
    ($this:ident $request:ident [$($part:ident)*] $last:ident) => {
        #[allow(unused_mut, reason = "one extractor alone takes the whole request")]
        let (mut parts, body) = foreign($request, $this.wants_path).await.into_parts();
        $(
            #[allow(non_snake_case, reason = "named as its type is")]
            let $part = match $part::from_request_parts(&mut parts, &()).await.map_err(IntoResponse::into_response) {
                Ok(given) => given,
                Err(rejection) => return Err(refused(rejection).await),
            };
        )*
        #[allow(non_snake_case, reason = "named as its type is")]
        let $last = $last::from_request(http::Request::from_parts(parts, body), &()).await;
        #[allow(non_snake_case, reason = "named as its type is")]
        let $last = match $last.map_err(IntoResponse::into_response) {
            Ok(given) => given,
            Err(rejection) => return Err(refused(rejection).await),
        };
    };
}

extracting!(With1 [] A);
extracting!(With2 [A] B);
extracting!(With3 [A B] C);
extracting!(With4 [A B C] D);
extracting!(With5 [A B C D] E);
extracting!(With6 [A B C D E] G);

/// The request as axum knows it.
async fn foreign(request: &Request, wants_path: bool) -> http::Request<axum::body::Body> {
    let body = axum::body::Body::new(Later { request: request.clone(), body: None });
    let mut foreign = request.with_body(request.uri().clone(), body);
    if wants_path {
        foreign.extensions_mut().extend(captured(request).await);
    }
    foreign
}

/// Whether one of these types reads what a route captured: making that known is work, which the others are spared.
fn wants_path(types: &[&str]) -> bool {
    types.iter().any(|name| name.contains("Path"))
}

/// What our route captured, as axum's `Path` finds it: only a router of axum's can say that, so one is asked.
async fn captured(request: &Request) -> Extensions {
    let params: Vec<(&str, &str)> = request.params().iter().filter(|(_, value)| !value.is_empty()).collect();
    if params.is_empty() {
        return Extensions::new();
    }
    let kept = Arc::new(Mutex::new(Extensions::new()));
    let keeper = kept.clone();
    let keep = move |parts: http::request::Parts| {
        *keeper.lock().unwrap_or_else(PoisonError::into_inner) = parts.extensions;
        std::future::ready(())
    };
    let route: String = params.iter().map(|(name, _)| format!("/{{{name}}}")).collect();
    let address: String =
        params.iter().map(|(_, value)| format!("/{}", utf8_percent_encode(value, NON_ALPHANUMERIC))).collect();
    let mut asked = http::Request::new(axum::body::Body::empty());
    if let Ok(uri) = address.parse() {
        *asked.uri_mut() = uri;
    }
    let answered = axum::Router::new().route(&route, axum::routing::any(keep)).call(asked).await;
    drop(answered);
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::take(&mut *kept)
}

/// The body of our request, which is taken when it is read, not before.
struct Later {
    request: Request,
    body: Option<axum::body::Body>,
}

impl Body for Later {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.body.is_none() {
            match self.request.take_foreign() {
                Ok(body) => self.body = Some(body),
                Err(error) => return Poll::Ready(Some(Err(axum::Error::new(error.to_string())))),
            }
        }
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }
}

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
