//! Whole addresses of routes, as links in answers have them: within the request's version of the API, and in the format
//! that it asked for.

use std::fmt::Display;

use super::pagination::replace_query_param;
use super::versioning::Route;
use crate::http::{Error, Request, Result};

/// The address of a route: `reverse(request, "note-detail", &[("pk", &note.id)])?`.
///
/// A version that the request asked for is kept, and so is `?format=`.
///
/// # Errors
/// There is no such route.
pub fn reverse(request: &Request, name: &str, args: &[(&str, &dyn Display)]) -> Result<String> {
    let mut address = versioned(request, name, args)?;
    if let Some(param) = &request.site().options().rest_framework.url_format_override
        && let Some(format) = request.query()?.get(param)
    {
        address = replace_query_param(&address, param, format);
    }
    Ok(address)
}

/// The address of an action of the view set that answers, by the name of its route without the view set's:
/// `reverse_action(request, "archive", &[("pk", &note.id)])?`. `list` and `detail` are names as well.
///
/// # Errors
/// There is no such route, or no view set answers.
pub fn reverse_action(request: &Request, url_name: &str, args: &[(&str, &dyn Display)]) -> Result<String> {
    let Some(basename) = request.view().and_then(|view| view.basename.as_deref()) else {
        return Err(Error::internal(format!(
            "`reverse_action` of `{url_name}` in a view that no router made\nhint: name the whole route to `reverse`"
        )));
    };
    let mut names = request.namespaces();
    names.push(format!("{basename}-{url_name}"));
    reverse(request, &names.join(":"), args)
}

/// As the reference: where a route is in no version, its address is as without versions.
fn versioned(request: &Request, name: &str, args: &[(&str, &dyn Display)]) -> Result<String> {
    if let Some((versioning, Some(version))) = request.rest().version()
        && let Ok(address) = versioning.reverse(request, version, Route { name, args })
    {
        return Ok(address);
    }
    absolute(request, name, args)
}

/// The address of a route, whatever was asked for.
pub(crate) fn absolute(request: &Request, name: &str, args: &[(&str, &dyn Display)]) -> Result<String> {
    request.build_absolute_uri(&request.reverse(name, args)?)
}

/// The name of a route in the request's version, as an address that was given names it.
pub(crate) fn route_name(request: &Request, name: &str) -> String {
    match request.rest().version() {
        Some((versioning, Some(version))) => versioning.scheme().route_name(name, version),
        _ => name.to_owned(),
    }
}
