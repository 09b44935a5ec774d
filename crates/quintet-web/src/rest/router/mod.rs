//! Routers: the routes of view sets, by the reference's patterns and names.
//!
//! A list of view sets in, a list of routes out. Knows no request; the root of an API is a view of its own (`root`).

mod root;

use super::viewset::{AnyViewSet, IntoViewSet};
use crate::routing::Converter;
use crate::urls::{Urls, path, re_path};
use crate::view::View;

/// The routes of view sets, and nothing else.
#[derive(Debug)]
pub struct SimpleRouter {
    registered: Vec<Registered>,
    problems: Vec<String>,
    trailing_slash: bool,
}

#[derive(Debug)]
struct Registered {
    prefix: String,
    basename: String,
    set: AnyViewSet,
}

impl Default for SimpleRouter {
    fn default() -> Self {
        Self::new()
    }
}

impl SimpleRouter {
    /// Without view sets.
    pub fn new() -> Self {
        Self { registered: vec![], problems: vec![], trailing_slash: true }
    }

    /// Paths do not end in a slash.
    #[must_use]
    pub fn without_trailing_slash(self) -> Self {
        Self { trailing_slash: false, ..self }
    }

    /// A view set below a prefix, as `products`. Its routes are named by its model: `product-list`, `product-detail`.
    #[must_use]
    pub fn register<Kind>(self, prefix: impl Into<String>, set: impl IntoViewSet<Kind>) -> Self {
        let set = set.into_view_set();
        let basename = set.model.map(|(_, name)| name.to_lowercase());
        self.registered(prefix.into(), set, basename)
    }

    /// A view set below a prefix, whose routes' names begin with `basename`.
    #[must_use]
    pub fn register_as<Kind>(
        self,
        prefix: impl Into<String>,
        set: impl IntoViewSet<Kind>,
        basename: impl Into<String>,
    ) -> Self {
        self.registered(prefix.into(), set.into_view_set(), Some(basename.into()))
    }

    fn registered(mut self, prefix: String, set: AnyViewSet, basename: Option<String>) -> Self {
        self.problems.extend(set.problems());
        let Some(basename) = basename else {
            self.problems.push(format!(
                "the routes of `{}` have no name, as it has no model\nhint: write `.register_as(\"{prefix}\", .., \"name\")`",
                set.type_name()
            ));
            return self;
        };
        if let Some(other) = self.registered.iter().find(|known| known.basename == basename) {
            self.problems.push(format!(
                "two view sets of a router are named `{basename}`: `{}` and `{}`\nhint: name one of them by \
                 `.register_as(\"{prefix}\", .., \"name\")`",
                other.set.type_name(),
                set.type_name()
            ));
        }
        self.registered.push(Registered { prefix, basename, set });
        self
    }

    /// The routes.
    pub fn urls(self) -> Urls {
        self.routes().into_iter().fold(Urls::default(), Made::add).with_problems(self.problems)
    }

    fn routes(&self) -> Vec<Made> {
        self.registered.iter().flat_map(|registered| registered.routes(self.trailing_slash)).collect()
    }
}

/// A route that is to be listed.
struct Made {
    regex: String,
    name: String,
    view: View,
}

impl Made {
    fn add(urls: Urls, made: Self) -> Urls {
        urls.with(re_path(made.regex, made.view).name(made.name))
    }

    /// The same for a path with a format: `products.json`, `products/1.json`.
    fn with_format(&self) -> Self {
        let bare = self.regex.trim_end_matches('$').trim_end_matches('/');
        Self { regex: format!(r"{bare}\.(?P<format>[a-z0-9]+)/?$"), name: self.name.clone(), view: self.view.clone() }
    }
}

impl Registered {
    fn routes(&self, trailing_slash: bool) -> Vec<Made> {
        let slash = if trailing_slash { "/" } else { "" };
        let (set, basename) = (&self.set, &self.basename);
        let lookup = format!("(?P<{}>{})", set.lookup.parameter, set.lookup.value_regex);
        let made = |tail: &str, name: &str, view: View| {
            // Without a prefix, the slash before the rest would be a second one.
            let regex = format!("{}{tail}{slash}", self.prefix);
            let regex = if self.prefix.is_empty() { regex.trim_start_matches('/') } else { &regex };
            Made { regex: format!("^{regex}$"), name: format!("{basename}-{name}"), view }
        };
        let mut routes = vec![];
        for is_detail in [false, true] {
            let row = if is_detail { format!("/{lookup}") } else { String::new() };
            let name = if is_detail { "detail" } else { "list" };
            let standard = set.standard_view(is_detail, basename).map(|view| made(&row, name, view));
            let extra = set.extra.iter().filter(|action| action.is_detail == is_detail).map(|action| {
                made(&format!("{row}/{}", action.url_path), &action.url_name, set.extra_view(action, basename))
            });
            routes.extend(standard.into_iter().chain(extra));
        }
        routes
    }
}

/// The routes of view sets, a root that lists them, and for each path one with a format: `products.json`.
#[derive(Debug, Default)]
pub struct DefaultRouter {
    simple: SimpleRouter,
}

impl DefaultRouter {
    /// Without view sets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Paths do not end in a slash.
    #[must_use]
    pub fn without_trailing_slash(self) -> Self {
        Self { simple: self.simple.without_trailing_slash() }
    }

    /// See [`SimpleRouter::register`].
    #[must_use]
    pub fn register<Kind>(self, prefix: impl Into<String>, set: impl IntoViewSet<Kind>) -> Self {
        Self { simple: self.simple.register(prefix, set) }
    }

    /// See [`SimpleRouter::register_as`].
    #[must_use]
    pub fn register_as<Kind>(
        self,
        prefix: impl Into<String>,
        set: impl IntoViewSet<Kind>,
        basename: impl Into<String>,
    ) -> Self {
        Self { simple: self.simple.register_as(prefix, set, basename) }
    }

    /// The routes.
    pub fn urls(self) -> Urls {
        let lists = self.simple.registered.iter();
        let lists = lists.map(|known| (known.prefix.clone(), format!("{}-list", known.basename))).collect();
        let mut urls = Urls::default().converter("quintet_format", format_suffix());
        for made in self.simple.routes() {
            let with_format = made.with_format();
            urls = Made::add(Made::add(urls, made), with_format);
        }
        let root = root::view(lists);
        urls.with(path("", root.clone()).name("api-root"))
            .with(path("<quintet_format:format>", root).name("api-root"))
            .with_problems(self.simple.problems)
    }
}

/// The format of a path that has nothing before it: `.json`.
fn format_suffix() -> Converter {
    Converter::new(r"\.[a-z0-9]+/?")
        .accept(|text| Some(text.trim_matches(['.', '/']).to_owned()))
        .to_url(|format| Some(format!(".{format}/")))
}
