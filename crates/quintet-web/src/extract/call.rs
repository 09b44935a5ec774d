//! Functions by what they take: a view or none, our request or none, and then up to six extractors.

use std::future::Future;

use axum::extract::{FromRequest, FromRequestParts};

use crate::http::{Request, Response, Result};

/// A function of what stands first and of these arguments. Names the future, so that it can be asked to be `Send`.
///
/// Its implementations ask that the arguments are extractors, as those who use it do again: only so does the compiler see at
/// once that our own request is none.
pub trait Call<First, Args, Via>: Send + Sync {
    /// What the function returns.
    type Future: Future<Output = Result<Response>> + Send;

    /// Calls it.
    fn call(&self, first: First, args: Args) -> Self::Future;
}

macro_rules! calls {
    ($($part:ident)* ; $last:ident) => {
        call!([] (), () => [] [] $($part)*; $last);
        call!(['a,] &'a Request, request => [&'a Request] [request] $($part)*; $last);
        call!(['a, V,] (&'a V,), (view,) => [&'a V] [view] $($part)*; $last);
        call!(['a, V,] (&'a V, &'a Request), (view, request) => [&'a V, &'a Request] [view, request] $($part)*; $last);
    };
}

macro_rules! call {
    (
        [$($generic:tt)*] $first:ty, $named:pat => [$($before:ty),*] [$($value:expr),*] $($part:ident)*; $last:ident
    ) => {
        impl<$($generic)* F, R, Via, $($part,)* $last> Call<$first, ($($part,)* $last,), Via> for F
        where
            F: Fn($($before,)* $($part,)* $last) -> R + Send + Sync,
            R: Future<Output = Result<Response>> + Send,
            $($part: FromRequestParts<()>,)*
            $last: FromRequest<(), Via>,
        {
            type Future = R;

            #[allow(non_snake_case, reason = "named as its type is")]
            fn call(&self, $named: $first, ($($part,)* $last,): ($($part,)* $last,)) -> R {
                self($($value,)* $($part,)* $last)
            }
        }
    };
}

calls!(; A);
calls!(A; B);
calls!(A B; C);
calls!(A B C; D);
calls!(A B C D; E);
calls!(A B C D E; G);
