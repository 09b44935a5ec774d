//! The way to a page: the API views at the addresses that begin its own.

use crate::http::{Request, quoted};
use crate::rest::pagination::replace_query_param;

/// Names with addresses, the outermost first: of each beginning of the path where an API view is.
pub(super) fn of(request: &Request) -> Vec<(String, String)> {
    let routes = request.site().route_table();
    let (mut found, mut last) = (vec![], None);
    let mut path = request.path();
    loop {
        if let Some(facts) = routes.view(path).and_then(|view| view.facts()) {
            // An address without its last slash is not another page.
            let place: *const _ = facts;
            if last != Some(place) {
                last = Some(place);
                found.insert(0, (facts.name.to_string(), address(request, path)));
            }
        }
        path = match path.strip_suffix('/') {
            Some(_) if path == "/" => return found,
            Some(_) => path.trim_end_matches('/'),
            None => path.rfind('/').map_or("", |slash| &path[..=slash]),
        };
        if path.is_empty() {
            return found;
        }
    }
}

/// The address, in the format that was asked for.
fn address(request: &Request, path: &str) -> String {
    let address = quoted(path);
    let name = request.site().options().rest_framework.url_format_override.as_deref();
    let format = name.and_then(|name| Some((name, request.query().ok()?.get(name)?)));
    match format {
        Some((name, format)) => replace_query_param(&address, name, format),
        None => address,
    }
}
