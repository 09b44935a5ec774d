//! A project's routes, as a user writes them: `urls![ path("notes/", view, name = "notes"), .. ]`.
//!
//! Collects what is written, and turns it into the routing tree, which does the matching.

use std::fmt::Display;
use std::sync::{Arc, OnceLock};

use crate::http::{Error, Result};
use crate::routing::{self, Args, Converter, Converters, Entry, Tree};
use crate::view::{IntoView, Mounted, View};

/// A list of routes, in the order in which they are tried.
#[derive(Default)]
pub struct Urls {
    items: Vec<Item>,
    converters: Vec<(&'static str, Converter)>,
}

struct Item {
    regex: bool,
    route: &'static str,
    target: Target,
}

enum Target {
    View(View, Option<&'static str>),
    Include(Urls, Option<&'static str>),
    Mount(View),
}

impl Urls {
    /// A route as text with converters: `"notes/<int:pk>/"`.
    #[must_use]
    pub fn path<Kind>(mut self, route: &'static str, view: impl IntoView<Kind>, name: Option<&'static str>) -> Self {
        self.items.push(Item { regex: false, route, target: Target::View(view.into_view(), name) });
        self
    }

    /// A route as a regular expression: `r"^notes/(?P<pk>[0-9]+)/$"`.
    #[must_use]
    pub fn re_path<Kind>(mut self, route: &'static str, view: impl IntoView<Kind>, name: Option<&'static str>) -> Self {
        self.items.push(Item { regex: true, route, target: Target::View(view.into_view(), name) });
        self
    }

    /// Other routes below a prefix; with a namespace, their names are `namespace:name`.
    #[must_use]
    pub fn include(mut self, prefix: &'static str, urls: Self, namespace: Option<&'static str>) -> Self {
        self.items.push(Item { regex: false, route: prefix, target: Target::Include(urls, namespace) });
        self
    }

    /// An axum router below a prefix; it sees paths without the prefix.
    #[must_use]
    pub fn mount(mut self, prefix: &'static str, router: axum::Router) -> Self {
        self.items.push(Item { regex: false, route: prefix, target: Target::Mount(Mounted::view(router)) });
        self
    }

    /// A converter of your own, for `<name:parameter>` in this list and the lists that it includes.
    #[must_use]
    pub fn converter(mut self, name: &'static str, converter: Converter) -> Self {
        self.converters.push((name, converter));
        self
    }
}

impl Urls {
    /// The routes compiled, or everything that is wrong with them.
    pub(crate) fn build(self) -> Result<Routes, Vec<String>> {
        let mut converters = Converters::default();
        let entries = self.entries(&mut converters);
        Tree::new(entries, &converters).map(Routes).map_err(|problems| problems.iter().map(described).collect())
    }

    fn entries(self, converters: &mut Converters) -> Vec<Entry<Endpoint>> {
        for (name, converter) in self.converters {
            converters.register(name, converter);
        }
        self.items.into_iter().map(|item| item.entry(converters)).collect()
    }
}

fn described(problem: &routing::BadRoute) -> String {
    format!("{problem}\nhint: {}", problem.problem.hint())
}

impl Item {
    fn entry(self, converters: &mut Converters) -> Entry<Endpoint> {
        let route = if self.regex { routing::Route::regex(self.route) } else { routing::Route::path(self.route) };
        match self.target {
            Target::View(view, None) => Entry::route(route, view.into()),
            Target::View(view, Some(name)) => Entry::route(route, view.into()).name(name),
            Target::Mount(view) => Entry::mount(route, view.into()),
            Target::Include(urls, namespace) => {
                let include = Entry::include(route, urls.entries(converters));
                match namespace {
                    Some(namespace) => include.app_name(namespace),
                    None => include,
                }
            }
        }
    }
}

/// A view at its place: the facts about its route are shared by all requests, and written down by the first.
#[derive(Debug)]
struct Endpoint {
    view: View,
    route: OnceLock<Arc<RouteFacts>>,
}

impl From<View> for Endpoint {
    fn from(view: View) -> Self {
        Self { view, route: OnceLock::new() }
    }
}

/// What a request keeps of the route that it took.
#[derive(Debug)]
pub(crate) struct RouteFacts {
    pub(crate) text: String,
    pub(crate) namespaces: Vec<String>,
}

/// Routes that are ready: which view answers a path, and which path a name has.
#[derive(Debug)]
pub struct Routes(Tree<Endpoint>);

/// What a path led to, as the request keeps it.
#[derive(Debug)]
pub(crate) struct Matched {
    pub(crate) params: routing::Params,
    pub(crate) route: Arc<RouteFacts>,
    /// What is left of the path below a mounted router's prefix.
    pub(crate) below: Option<String>,
}

impl Routes {
    pub(crate) fn resolve<'a>(&'a self, path: &'a str) -> Option<(&'a View, Matched)> {
        let found = self.0.resolve(below_root(path)?)?;
        let facts = || RouteFacts { text: found.route.to_owned(), namespaces: found.namespaces.to_vec() };
        let route = found.view.route.get_or_init(|| Arc::new(facts())).clone();
        Some((&found.view.view, Matched { params: found.params, route, below: found.rest.map(str::to_owned) }))
    }

    /// The view that a path (with its leading slash) leads to.
    pub(crate) fn view<'a>(&'a self, path: &'a str) -> Option<&'a View> {
        self.0.resolve(below_root(path)?).map(|found| &found.view.view)
    }

    /// Whether a path is a route of its own, written out: not one among all that a pattern or a mounted router takes.
    pub(crate) fn spells_out(&self, path: &str) -> bool {
        let written = |route: &str| {
            let literal = route.strip_prefix('^').unwrap_or(route);
            let literal = literal.strip_suffix("\\Z").or_else(|| literal.strip_suffix('$')).unwrap_or(literal);
            Some(literal) == below_root(path)
        };
        let found = below_root(path).and_then(|path| self.0.resolve(path));
        found.is_some_and(|found| found.rest.is_none() && written(found.route))
    }

    /// Whether a path (with its leading slash) leads to a view.
    pub fn has(&self, path: &str) -> bool {
        below_root(path).is_some_and(|path| self.0.resolve(path).is_some())
    }

    /// The routes that are tried for a path, as a reader would write them.
    pub fn tried(&self, path: &str) -> Vec<String> {
        let lines = self.0.tried(below_root(path).unwrap_or_default()).into_iter().map(|tried| {
            let route = tried.routes.join(" ");
            tried.name.map_or(route.clone(), |name| format!("{route} [name = \"{name}\"]"))
        });
        lines.collect()
    }

    /// What looks like a mistake in these routes.
    pub fn findings(&self, append_slash: bool) -> Vec<routing::Finding> {
        self.0.findings(append_slash)
    }

    pub(crate) fn reverse(
        &self,
        name: &str,
        args: &[(&str, &dyn Display)],
        current: Option<&Matched>,
    ) -> Result<String> {
        let mut wanted = Args::named(args.iter().map(|(name, value)| (*name, value.to_string())));
        if let Some(current) =
            current.map(|current| &current.route.namespaces).filter(|namespaces| !namespaces.is_empty())
        {
            wanted = wanted.current_app(current.join(":"));
        }
        self.0.reverse(name, &wanted).map_err(Error::unexpected)
    }
}

/// Routes are written without the leading slash.
fn below_root(path: &str) -> Option<&str> {
    path.strip_prefix('/')
}

/// A list of routes:
///
/// - `path("notes/<int:pk>/", view, name = "note")`
/// - `re_path(r"^notes/(?P<pk>[0-9]+)/$", view, name = "note")`
/// - `include("api/", api::urls::urls())`, with `namespace = "api"` where names shall be `api:note`
/// - `mount("metrics/", router)` for an axum router
///
/// A name may be left out.
///
/// ```
/// use quintet_web::http::{Request, Response, Result};
/// use quintet_web::urls::Urls;
/// use quintet_web::view::get;
///
/// async fn show(_: &Request) -> Result<Response> {
///     Ok(Response::text("shown"))
/// }
///
/// fn urls() -> Urls {
///     quintet_web::urls![
///         path("notes/<int:pk>/", get(show), name = "note"),
///         include("api/", quintet_web::urls![path("", get(show), name = "root")], namespace = "api"),
///     ]
/// }
/// ```
///
/// Anything else does not compile:
///
/// ```compile_fail
/// quintet_web::urls![route("notes/", quintet_web::axum::Router::new())];
/// ```
/// ```compile_fail
/// quintet_web::urls![mount("metrics/", quintet_web::axum::Router::new(), name = "metrics")];
/// ```
/// ```compile_fail
/// quintet_web::urls![path("notes/", |_| "no view")];
/// ```
#[macro_export]
macro_rules! urls {
    (@ $done:expr;) => { $done };
    (@ $done:expr; $kind:ident($route:expr, $target:expr $(,)?) $(, $($rest:tt)*)?) => {
        $crate::urls!(@ $crate::urls!(# $done, $kind, $route, $target, None); $($($rest)*)?)
    };
    (@ $done:expr; $kind:ident($route:expr, $target:expr, name = $name:expr $(,)?) $(, $($rest:tt)*)?) => {
        $crate::urls!(@ $crate::urls!(# $done, $kind, $route, $target, Some($name)); $($($rest)*)?)
    };
    (@ $done:expr; include($route:expr, $target:expr, namespace = $name:expr $(,)?) $(, $($rest:tt)*)?) => {
        $crate::urls!(@ $crate::urls!(# $done, include, $route, $target, Some($name)); $($($rest)*)?)
    };
    (@ $done:expr; $($other:tt)+) => {
        ::std::compile_error!(::std::concat!(
            "`", ::std::stringify!($($other)+), "`: write `path(\"route/\", view, name = \"..\")`, `re_path(..)`, ",
            "`include(\"prefix/\", urls())` or `mount(\"prefix/\", router)`, separated by commas"
        ))
    };
    (# $done:expr, path, $route:expr, $view:expr, $name:expr) => { $done.path($route, $view, $name) };
    (# $done:expr, re_path, $route:expr, $view:expr, $name:expr) => { $done.re_path($route, $view, $name) };
    (# $done:expr, include, $route:expr, $urls:expr, $name:expr) => { $done.include($route, $urls, $name) };
    (# $done:expr, mount, $route:expr, $router:expr, None) => { $done.mount($route, $router) };
    (# $done:expr, $kind:ident, $route:expr, $view:expr, $name:expr) => {
        ::std::compile_error!(::std::concat!("`", ::std::stringify!($kind), "` is not one of `path`, `re_path`, `include` and `mount`"))
    };
    ($($all:tt)*) => { $crate::urls!(@ <$crate::urls::Urls as ::std::default::Default>::default(); $($all)*) };
}
