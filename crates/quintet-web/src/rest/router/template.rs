//! What a router makes of a view set: templates of paths and names, and what they become.

use std::borrow::Cow;

use http::Method;

use super::Registered;
use crate::rest::viewset::Lookup;
use crate::view::View;

type Text = Cow<'static, str>;

/// A template of routes: `{prefix}`, `{lookup}`, `{trailing_slash}` and, for extra actions, `{url_path}` stand in its path,
/// `{basename}` and `{url_name}` in its name. A path for regular expressions begins with `^` and ends with `$`.
#[derive(Clone, Debug)]
pub struct Route {
    url: Text,
    name: Text,
    /// The action that each method means; nothing where the route is that of each extra action.
    mapping: Option<Vec<(Method, &'static str)>>,
    is_detail: bool,
    suffix: Option<&'static str>,
}

impl Route {
    /// The route of a list, with the actions that methods mean: `[(Method::GET, "list"), (Method::POST, "create")]`.
    pub fn list(
        url: impl Into<Text>,
        name: impl Into<Text>,
        mapping: impl IntoIterator<Item = (Method, &'static str)>,
    ) -> Self {
        let mapping = Some(mapping.into_iter().collect());
        Self { url: url.into(), name: name.into(), mapping, is_detail: false, suffix: None }
    }

    /// The route of one row.
    pub fn detail(
        url: impl Into<Text>,
        name: impl Into<Text>,
        mapping: impl IntoIterator<Item = (Method, &'static str)>,
    ) -> Self {
        Self { is_detail: true, ..Self::list(url, name, mapping) }
    }

    /// The routes of all extra actions beside the list.
    pub fn list_actions(url: impl Into<Text>, name: impl Into<Text>) -> Self {
        Self { mapping: None, ..Self::list(url, name, []) }
    }

    /// The routes of all extra actions of one row.
    pub fn detail_actions(url: impl Into<Text>, name: impl Into<Text>) -> Self {
        Self { mapping: None, ..Self::detail(url, name, []) }
    }

    /// What stands behind the view's name, as `OPTIONS` tells it: `List`.
    #[must_use]
    pub fn suffix(self, suffix: &'static str) -> Self {
        Self { suffix: Some(suffix), ..self }
    }

    /// What it becomes for a view set.
    pub(super) fn made(&self, known: &Registered, lookup: &str, slash: &str) -> Vec<Made> {
        let Registered { prefix, basename, set } = known;
        let made = |url_path: &str, url_name: &str, view: View| {
            let url = self.url.replace("{prefix}", prefix).replace("{lookup}", lookup).replace("{url_path}", url_path);
            let url = url.replace("{trailing_slash}", slash);
            let name = self.name.replace("{basename}", basename).replace("{url_name}", url_name);
            Made { url: without_first_slash(url, prefix), name, view }
        };
        match &self.mapping {
            Some(mapping) => {
                let view = set.mapped_view(mapping, self.suffix, Some(self.is_detail), Some(basename.as_str()));
                view.map(|view| made("", "", view)).into_iter().collect()
            }
            None => {
                let actions = set.extra.iter().filter(|action| action.is_detail == self.is_detail);
                actions.map(|row| made(&row.url_path, &row.url_name, set.extra_view(row, basename))).collect()
            }
        }
    }
}

/// The usual routes: the list, its extra actions, a row, and its extra actions.
pub(super) const STANDARD: [fn() -> Route; 4] = [
    || {
        let mapping = [(Method::GET, "list"), (Method::POST, "create")];
        Route::list("^{prefix}{trailing_slash}$", "{basename}-list", mapping).suffix("List")
    },
    || Route::list_actions("^{prefix}/{url_path}{trailing_slash}$", "{basename}-{url_name}"),
    || {
        let mapping = [
            (Method::GET, "retrieve"),
            (Method::PUT, "update"),
            (Method::PATCH, "partial_update"),
            (Method::DELETE, "destroy"),
        ];
        Route::detail("^{prefix}/{lookup}{trailing_slash}$", "{basename}-detail", mapping).suffix("Instance")
    },
    || Route::detail_actions("^{prefix}/{lookup}/{url_path}{trailing_slash}$", "{basename}-{url_name}"),
];

/// Without a prefix, the slash before the rest would be a second one.
fn without_first_slash(url: String, prefix: &str) -> String {
    match url.strip_prefix("^/") {
        Some(rest) if prefix.is_empty() => format!("^{rest}"),
        _ => url,
    }
}

impl Lookup {
    /// How a path captures the row.
    pub(super) fn pattern(&self, is_regex: bool) -> String {
        match is_regex {
            true => format!("(?P<{}>{})", self.parameter, self.value_regex),
            false => format!("<{}:{}>", self.value_converter, self.parameter),
        }
    }
}

/// A route that is to be listed.
pub(super) struct Made {
    pub(super) url: String,
    pub(super) name: String,
    pub(super) view: View,
}

impl Made {
    /// The same as a path with converters, which has no marks of where it begins and ends.
    pub(super) fn without_marks(self) -> Self {
        let bare = self.url.strip_prefix('^').unwrap_or(&self.url);
        Self { url: bare.strip_suffix('$').unwrap_or(bare).to_owned(), ..self }
    }
}
