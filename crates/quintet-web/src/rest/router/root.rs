//! The root of an API: the addresses of its lists, in the order in which they were registered.

use http::Method;
use quintet_core::json::Object;

use crate::http::{Request, Response, Result};
use crate::rest::openapi::{Describe, Operations};
use crate::rest::reverse::reverse;
use crate::rest::view_api::{ApiView, Methods};
use crate::view::{IntoView, View};

/// The view of these prefixes and names of routes.
pub(super) fn view(lists: Vec<(String, String)>) -> View {
    ApiRootView { lists }.into_view()
}

struct ApiRootView {
    lists: Vec<(String, String)>,
}

impl ApiView for ApiRootView {
    fn methods(on: &mut Methods<Self>) {
        on.on(Method::GET, Self::show);
    }

    fn name(&self) -> Option<&'static str> {
        Some("Api Root")
    }

    fn describe(&self, operations: &mut Operations) {
        operations.all(Describe::new().hidden());
    }

    fn description(&self) -> &'static str {
        "The default basic root view for DefaultRouter"
    }
}

impl ApiRootView {
    async fn show(&self, request: &Request) -> Result<Response> {
        let mut links = Object::new();
        for (prefix, name) in &self.lists {
            // Where there is no list, only details, there is nothing to link to.
            if let Some(link) = link(request, name) {
                links.insert(prefix.as_str(), link);
            }
        }
        Ok(Response::data(links))
    }
}

fn link(request: &Request, name: &str) -> Option<String> {
    let namespace = request.namespaces().join(":");
    let name = if namespace.is_empty() { name.to_owned() } else { format!("{namespace}:{name}") };
    let params: Vec<(&str, &str)> = request.params().iter().collect();
    let args: Vec<(&str, &dyn std::fmt::Display)> =
        params.iter().map(|(name, value)| (*name, value as &dyn std::fmt::Display)).collect();
    reverse(request, &name, &args).ok()
}
