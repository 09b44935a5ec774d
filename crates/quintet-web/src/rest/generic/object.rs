//! The row that a URL names.

use quintet_core::query::QueryErrorKind;
use quintet_core::schema::Value;
use quintet_db::ErrorKind;
use quintet_db::model::Model;
use quintet_db::query::QuerySet;

use crate::http::{BoxFuture, Error, Request, Result};
use crate::rest::filter::Filters;
use crate::rest::permission::Object;

/// The row of a query whose `field` is what the route's `parameter` captured, for this request: filtered, and refused where
/// the view's permissions do not give it.
///
/// # Errors
/// 404 where there is none, or the parameter is no value of the field; 401 or 403 where it is not given.
pub fn find<'a, M: Model>(
    request: &'a Request,
    rows: QuerySet<M>,
    filters: Filters,
    field: &'static str,
    parameter: &'static str,
) -> BoxFuture<'a, Result<M>> {
    let mut rows = rows.untyped();
    Box::pin(async move {
        let value = Value::Text(named(request, parameter)?.to_owned());
        for filter in filters.for_request(request).iter() {
            rows = filter.filter(request, rows).await?;
        }
        let row = rows.get_by::<M>(request, field, value).map_err(Error::internal)?;
        let row = row.await.map_err(|error| missing(error, M::DEF.name))?;
        request.check_object_permissions(Object::row(&row)).await?;
        Ok(row)
    })
}

/// The one row of a query.
///
/// # Errors
/// 404 where there is none.
pub fn get_object_or_404<M: Model>(request: &Request, rows: QuerySet<M>) -> BoxFuture<'_, Result<M>> {
    Box::pin(async move { rows.get(request).await.map_err(|error| missing(error, M::DEF.name)) })
}

/// What the route captured.
fn named<'r>(request: &'r Request, parameter: &str) -> Result<&'r str> {
    request.params().get(parameter).ok_or_else(|| {
        let route = request.route().unwrap_or_default();
        Error::internal(format!(
            "the route `{route}` captures no `{parameter}`, by which the view finds its row\nhint: correct the route, or \
             the view's `lookup_url_kwarg`"
        ))
    })
}

/// No row is the client's 404, in the reference's words; so is a value that no row can have.
fn missing(error: quintet_db::Error, model: &str) -> Error {
    if error.kind() == ErrorKind::NotFound {
        return Error::http_404(format!("No {model} matches the given query."));
    }
    if error.query() == Some(QueryErrorKind::Value) { Error::http_404("Not found.") } else { Error::internal(error) }
}
