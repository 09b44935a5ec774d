//! Extractors where a function's arguments are given: in the hooks of generic views and view sets, in middlewares,
//! permissions and throttles.

use axum::extract::FromRequest;

use super::arguments::Arguments;
use crate::http::{BoxFuture, Request, Result};

impl Request {
    /// What one of axum's extractors makes of this request, or several of them as a tuple:
    /// `let (Path(year), headers): (Path<u16>, HeaderMap) = request.extract().await?;`
    ///
    /// For functions that cannot take them because their arguments are given, as the hooks of generic views. One that reads
    /// the body is given what was read of it before, or takes it.
    ///
    /// # Errors
    /// What the extractor rejects, as a refusal in its own words.
    pub fn extract<E, Via>(&self) -> BoxFuture<'_, Result<E>>
    where
        E: FromRequest<(), Via> + Send + 'static,
        Via: 'static,
    {
        Box::pin(async move {
            let (extracted,) = <(E,)>::extracted(self, <(E,)>::wants_path()).await?;
            Ok(extracted)
        })
    }
}
