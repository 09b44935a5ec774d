//! Routers: the routes of view sets, by the reference's patterns and names, or by a project's own.
//!
//! A list of view sets in, a list of routes out: templates (`template`) say which. Knows no request; the root of an API is a
//! view of its own (`root`).

mod root;
mod suffixes;
mod template;

use super::viewset::{AnyViewSet, IntoViewSet};
use crate::urls::{Urls, path, re_path};

pub use suffixes::format_suffix_patterns;
pub use template::Route;
use template::{Made, STANDARD};

/// The routes of view sets, and nothing else.
#[derive(Debug)]
pub struct SimpleRouter {
    registered: Vec<Registered>,
    problems: Vec<String>,
    trailing_slash: bool,
    has_regex_paths: bool,
    routes: Option<Vec<Route>>,
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
        Self { registered: vec![], problems: vec![], trailing_slash: true, has_regex_paths: true, routes: None }
    }

    /// Paths do not end in a slash.
    #[must_use]
    pub fn without_trailing_slash(self) -> Self {
        Self { trailing_slash: false, ..self }
    }

    /// Paths have converters, `<uuid:pk>`, instead of regular expressions: a view set says `lookup_value_converter`.
    #[must_use]
    pub fn without_regex_paths(self) -> Self {
        Self { has_regex_paths: false, ..self }
    }

    /// Other routes than the usual ones: `[Route::list("^{prefix}$", "{basename}-all", [(Method::GET, "list")])]`.
    #[must_use]
    pub fn with_routes(self, routes: impl IntoIterator<Item = Route>) -> Self {
        Self { routes: Some(routes.into_iter().collect()), ..self }
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

    /// The view sets of another router as well, behind these: an app's among the project's. How paths look is as this
    /// router says.
    #[must_use]
    pub fn extend(self, other: impl Into<Self>) -> Self {
        let Self { registered, problems, .. } = other.into();
        // What is wrong with each of them is found again.
        let (known, fresh) = (self.problems, Self { problems: vec![], ..self });
        let mut all = registered
            .into_iter()
            .fold(fresh, |all, Registered { prefix, basename, set }| all.registered(prefix, set, Some(basename)));
        for problem in known.into_iter().chain(problems) {
            if !all.problems.contains(&problem) {
                all.problems.push(problem);
            }
        }
        all
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
        let regex = self.has_regex_paths;
        self.made().into_iter().fold(Urls::default(), |urls, made| made.add(urls, regex)).with_problems(self.problems)
    }

    fn made(&self) -> Vec<Made> {
        let usual;
        let routes = match &self.routes {
            Some(own) => own,
            None => {
                usual = STANDARD.map(|route| route()).to_vec();
                &usual
            }
        };
        let slash = if self.trailing_slash { "/" } else { "" };
        let of = |known: &Registered| {
            let lookup = known.set.lookup.pattern(self.has_regex_paths);
            let made = routes.iter().flat_map(|route| route.made(known, &lookup, slash));
            made.map(|made| if self.has_regex_paths { made } else { made.without_marks() }).collect::<Vec<_>>()
        };
        self.registered.iter().flat_map(of).collect()
    }
}

impl Made {
    fn add(self, urls: Urls, is_regex: bool) -> Urls {
        match is_regex {
            true => urls.with(re_path(self.url, self.view).name(self.name)),
            false => urls.with(path(self.url, self.view).name(self.name)),
        }
    }
}

/// Its view sets, without what it makes of them besides.
impl From<DefaultRouter> for SimpleRouter {
    fn from(router: DefaultRouter) -> Self {
        router.simple
    }
}

/// The routes of view sets, a root that lists them, and for each path one with a format: `products.json`.
#[derive(Debug)]
pub struct DefaultRouter {
    simple: SimpleRouter,
    has_root: bool,
    has_formats: bool,
    root_name: String,
}

impl Default for DefaultRouter {
    fn default() -> Self {
        Self { simple: SimpleRouter::new(), has_root: true, has_formats: true, root_name: "api-root".to_owned() }
    }
}

impl DefaultRouter {
    /// Without view sets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Paths do not end in a slash.
    #[must_use]
    pub fn without_trailing_slash(self) -> Self {
        Self { simple: self.simple.without_trailing_slash(), ..self }
    }

    /// See [`SimpleRouter::without_regex_paths`].
    #[must_use]
    pub fn without_regex_paths(self) -> Self {
        Self { simple: self.simple.without_regex_paths(), ..self }
    }

    /// See [`SimpleRouter::with_routes`].
    #[must_use]
    pub fn with_routes(self, routes: impl IntoIterator<Item = Route>) -> Self {
        Self { simple: self.simple.with_routes(routes), ..self }
    }

    /// No root.
    #[must_use]
    pub fn without_root_view(self) -> Self {
        Self { has_root: false, ..self }
    }

    /// No paths with a format.
    #[must_use]
    pub fn without_format_suffixes(self) -> Self {
        Self { has_formats: false, ..self }
    }

    /// What the route of the root is called instead of `api-root`.
    #[must_use]
    pub fn root_view_name(self, name: impl Into<String>) -> Self {
        Self { root_name: name.into(), ..self }
    }

    /// See [`SimpleRouter::register`].
    #[must_use]
    pub fn register<Kind>(self, prefix: impl Into<String>, set: impl IntoViewSet<Kind>) -> Self {
        Self { simple: self.simple.register(prefix, set), ..self }
    }

    /// See [`SimpleRouter::register_as`].
    #[must_use]
    pub fn register_as<Kind>(
        self,
        prefix: impl Into<String>,
        set: impl IntoViewSet<Kind>,
        basename: impl Into<String>,
    ) -> Self {
        Self { simple: self.simple.register_as(prefix, set, basename), ..self }
    }

    /// The routes.
    pub fn urls(self) -> Urls {
        let lists = self.simple.registered.iter();
        let lists = lists.map(|known| (known.prefix.clone(), format!("{}-list", known.basename))).collect();
        let is_regex = self.simple.has_regex_paths;
        let mut urls = self.simple.made().into_iter().fold(Urls::default(), |urls, made| made.add(urls, is_regex));
        if self.has_root {
            urls = urls.with(path("", root::view(lists)).name(self.root_name));
        }
        let urls = if self.has_formats { format_suffix_patterns(urls, &[]) } else { urls };
        urls.with_problems(self.simple.problems)
    }

    /// See [`SimpleRouter::extend`].
    #[must_use]
    pub fn extend(self, other: impl Into<SimpleRouter>) -> Self {
        Self { simple: self.simple.extend(other), ..self }
    }
}
