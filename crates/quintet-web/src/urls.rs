//! A project's routes, as a user writes them: `urls![ path("notes/", view, name = "notes"), .. ]`.
//!
//! Collects what is written, and turns it into the routing tree, which does the matching. Knows views and errors; no
//! site, no request.

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::{Arc, OnceLock};

use crate::http::{Error, Result};
use crate::routing::{self, Args, Converter, Converters, Entry, Tree};
use crate::view::{IntoView, Mounted, View};

type Text = Cow<'static, str>;

/// A list of routes, in the order in which they are tried.
///
/// [`urls!`](crate::urls!) writes one down; where routes are only known at run time, they are added one by one:
///
/// ```
/// use quintet_web::http::{Request, Response, Result};
/// use quintet_web::urls::{Urls, path};
/// use quintet_web::view::get;
///
/// async fn list(_: &Request) -> Result<Response> {
///     Ok(Response::text("all"))
/// }
///
/// let mut urls = Urls::default();
/// for thing in ["notes", "tags"] {
///     urls = urls.with(path(format!("{thing}/"), get(list)).name(format!("{thing}-list")));
/// }
/// ```
#[derive(Default)]
pub struct Urls {
    items: Vec<Item>,
    converters: Vec<(Text, Converter)>,
    /// What was found wrong while it was made.
    problems: Vec<String>,
}

impl Urls {
    /// One route more, at the end.
    #[must_use]
    pub fn with(mut self, item: impl Into<Item>) -> Self {
        let Item(entry, problems) = item.into();
        self.problems.extend(problems);
        self.items.push(Item(entry, vec![]));
        self
    }

    /// A converter of your own, for `<name:parameter>` in this list and the lists that it includes.
    #[must_use]
    pub fn converter(mut self, name: impl Into<Text>, converter: Converter) -> Self {
        self.converters.push((name.into(), converter));
        self
    }

    /// These routes, and behind each of them the same with something behind it.
    pub(crate) fn with_suffix(self, suffix: &routing::Suffix) -> Self {
        let copy = |endpoint: &Endpoint| endpoint.view.clone().into();
        // `with` has taken what was wrong with each of them.
        let items = self.items.into_iter().flat_map(|Item(entry, _)| entry.with_suffix(suffix, copy));
        Self { items: items.map(|entry| Item(entry, vec![])).collect(), ..self }
    }

    /// The same list, with which something is wrong.
    pub(crate) fn with_problems(mut self, problems: Vec<String>) -> Self {
        self.problems.extend(problems);
        self
    }

    /// The routes compiled, or everything that is wrong with them.
    pub(crate) fn build(self) -> Result<Routes, Vec<String>> {
        let entries = self.items.into_iter().map(|Item(entry, _)| entry).collect();
        let tree = Tree::new(entries, &Converters::default().and(own_converters(self.converters)));
        match tree {
            Ok(tree) if self.problems.is_empty() => Ok(Routes(tree)),
            Ok(_) => Err(self.problems),
            Err(bad) => Err(self.problems.into_iter().chain(bad.iter().map(ToString::to_string)).collect()),
        }
    }
}

/// One item of a list of routes: what [`path`], [`re_path`], [`include()`], [`re_include`] and [`mount`] make.
pub struct Item(Entry<Endpoint>, Vec<String>);

/// A route as text with converters: `"notes/<int:pk>/"`.
pub fn path<Kind>(route: impl Into<Text>, view: impl IntoView<Kind>) -> Route {
    Route(Entry::route(routing::Route::path(route.into()), view.into_view().into()))
}

/// A route as a regular expression: `r"^notes/(?P<pk>[0-9]+)/$"`.
pub fn re_path<Kind>(route: impl Into<Text>, view: impl IntoView<Kind>) -> Route {
    Route(Entry::route(routing::Route::regex(route.into()), view.into_view().into()))
}

/// Other routes below a prefix: `"blog/"`.
pub fn include(prefix: impl Into<Text>, urls: Urls) -> Include {
    Include::new(routing::Route::path(prefix.into()), urls)
}

/// Other routes below a regular expression, which ends where they begin: `r"^(?P<year>[0-9]{4})/"`.
pub fn re_include(prefix: impl Into<Text>, urls: Urls) -> Include {
    Include::new(routing::Route::regex(prefix.into()), urls)
}

/// An axum router below a prefix; it sees paths without the prefix.
pub fn mount(prefix: impl Into<Text>, router: axum::Router) -> Mount {
    Mount(Entry::mount(routing::Route::path(prefix.into()), Mounted::view(router).into()))
}

/// A route with its view.
pub struct Route(Entry<Endpoint>);

impl Route {
    /// The name by which it is reversed.
    #[must_use]
    pub fn name(self, name: impl Into<Text>) -> Self {
        Self(self.0.name(name.into()))
    }

    /// Parameters that the view gets in addition, whatever the path; they win over captured ones of the same name.
    #[must_use]
    pub fn extra<N: Into<Text>, V: Into<Text>>(self, extra: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(with_extra(self.0, extra))
    }
}

/// An included list of routes.
pub struct Include {
    entry: Entry<Endpoint>,
    app_name: Option<Text>,
    namespace: Option<Text>,
    problems: Vec<String>,
}

impl Include {
    fn new(prefix: routing::Route, urls: Urls) -> Self {
        let Urls { items, converters, problems } = urls;
        let entries = items.into_iter().map(|Item(entry, _)| entry).collect();
        let entry = Entry::include(prefix, entries).converters(own_converters(converters));
        Self { entry, app_name: None, namespace: None, problems }
    }

    /// The names in it are `namespace:name`. Without an app name, this is the app name as well.
    #[must_use]
    pub fn namespace(self, namespace: impl Into<Text>) -> Self {
        Self { namespace: Some(namespace.into()), ..self }
    }

    /// The app whose routes these are: `app_name:name` finds them whichever namespace this include has.
    #[must_use]
    pub fn app_name(self, app_name: impl Into<Text>) -> Self {
        Self { app_name: Some(app_name.into()), ..self }
    }

    /// Parameters that every view in it gets in addition, whatever the path.
    #[must_use]
    pub fn extra<N: Into<Text>, V: Into<Text>>(self, extra: impl IntoIterator<Item = (N, V)>) -> Self {
        Self { entry: with_extra(self.entry, extra), ..self }
    }
}

/// An axum router at its prefix.
pub struct Mount(Entry<Endpoint>);

impl From<Route> for Item {
    fn from(route: Route) -> Self {
        Self(route.0, vec![])
    }
}

impl From<Include> for Item {
    fn from(include: Include) -> Self {
        let Include { entry, app_name, namespace, problems } = include;
        let entry = match app_name.or_else(|| namespace.clone()) {
            Some(app_name) => entry.app_name(app_name),
            None => entry,
        };
        let entry = match namespace {
            Some(namespace) => entry.namespace(namespace),
            None => entry,
        };
        Self(entry, problems)
    }
}

impl From<Mount> for Item {
    fn from(mount: Mount) -> Self {
        Self(mount.0, vec![])
    }
}

fn with_extra<N: Into<Text>, V: Into<Text>>(
    entry: Entry<Endpoint>,
    extra: impl IntoIterator<Item = (N, V)>,
) -> Entry<Endpoint> {
    extra.into_iter().fold(entry, |entry, (name, value)| entry.extra(name.into(), value.into()))
}

fn own_converters(converters: Vec<(Text, Converter)>) -> Vec<(String, Converter)> {
    converters.into_iter().map(|(name, converter)| (name.into_owned(), converter)).collect()
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
    pub(crate) view: View,
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
        let facts = || RouteFacts {
            view: found.view.view.clone(),
            text: found.route.to_owned(),
            namespaces: found.namespaces.to_vec(),
        };
        let route = found.view.route.get_or_init(|| Arc::new(facts())).clone();
        Some((&found.view.view, Matched { params: found.params, route, below: found.rest.map(str::to_owned) }))
    }

    /// The name of the view that a path (with its leading slash) leads to, with its namespaces, and what was captured.
    pub(crate) fn named(&self, path: &str) -> Option<(Option<String>, routing::Params)> {
        let found = self.0.resolve(below_root(path)?)?;
        let whole =
            |name: &str| found.namespaces.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(":");
        Some((found.name.map(whole), found.params))
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

    /// What the paths of views begin with, up to the first slash, where it is written out.
    pub(crate) fn first_parts(&self) -> Vec<String> {
        // No route has a control character, so that none of them ends the search.
        let tried = self.0.tried("\u{1}");
        let parts = tried.into_iter().filter_map(|tried| {
            let route = tried.routes.concat();
            let part = route.trim_start_matches('^').split('/').next()?;
            let is_written_out = !part.is_empty() && !part.contains(['<', '(', '[', '\\', '$', '?', '*', '+']);
            is_written_out.then(|| part.to_owned())
        });
        parts.collect()
    }

    /// What the views are called, in the order of their routes.
    pub fn view_names(&self) -> impl Iterator<Item = &str> {
        self.0.views().map(|routed| routed.view.name())
    }

    /// The routes as they are written down for people, each with its view.
    pub(crate) fn places(&self) -> impl Iterator<Item = (&View, routing::Place<'_>)> {
        self.0.places().map(|(endpoint, place)| (&endpoint.view, place))
    }

    /// The path, with its leading slash, of a view by the last part of its type's name, where its route is written out.
    pub(crate) fn path_of(&self, type_name: &str) -> Option<String> {
        let is_it = |endpoint: &Endpoint| endpoint.view.name().rsplit("::").next() == Some(type_name);
        let paths = self.0.leaves().into_iter().filter(|(endpoint, _)| is_it(endpoint));
        paths.map(|(_, route)| format!("/{route}")).find(|path| self.spells_out(path))
    }

    /// What looks like a mistake in these routes.
    pub fn findings(&self, append_slash: bool) -> Vec<routing::Finding> {
        self.0.findings(append_slash)
    }

    /// The path of a name; `current` is the route that asks, whose namespaces are looked into first.
    pub(crate) fn reverse(&self, name: &str, args: Args, current: Option<&Matched>) -> Result<String> {
        let mut wanted = args;
        if let Some(current) =
            current.map(|current| &current.route.namespaces).filter(|namespaces| !namespaces.is_empty())
        {
            wanted = wanted.current_app(current.join(":"));
        }
        self.0.reverse(name, &wanted).map_err(Error::internal)
    }
}

/// Arguments of a route by name.
pub(crate) fn named(args: &[(&str, &dyn Display)]) -> Args {
    Args::named(args.iter().map(|(name, value)| (*name, value.to_string())))
}

/// Arguments of a route in the order of its parameters.
pub(crate) fn positional(args: &[&dyn Display]) -> Args {
    Args::positional(args)
}

/// Routes are written without the leading slash.
fn below_root(path: &str) -> Option<&str> {
    path.strip_prefix('/')
}

/// A list of routes:
///
/// - `path("notes/<int:pk>/", view, name = "note")`
/// - `re_path(r"^notes/(?P<pk>[0-9]+)/$", view, name = "note")`
/// - `include("api/", api::urls::urls())`, with `namespace = "api"` where names shall be `api:note`, and with `app_name`
///   where one app is included twice; `re_include(r"^(?P<year>[0-9]{4})/", ..)` has a regular expression
/// - `mount("metrics/", router)` for an axum router
///
/// A name may be left out. `path`, `re_path` and the includes also take `extra = [("format", "html")]`: parameters that
/// no path holds.
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
///         path("notes.json", get(show), name = "notes-json", extra = [("format", "json")]),
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
    (@ path $($args:tt)*) => { $crate::urls!(# path $($args)*) };
    (@ re_path $($args:tt)*) => { $crate::urls!(# re_path $($args)*) };
    (@ include $($args:tt)*) => { $crate::urls!(# include $($args)*) };
    (@ re_include $($args:tt)*) => { $crate::urls!(# re_include $($args)*) };
    (@ mount $($args:tt)*) => { $crate::urls!(# mount $($args)*) };
    (@ $kind:ident $($args:tt)*) => {
        ::std::compile_error!(::std::concat!(
            "`", ::std::stringify!($kind), "` is not one of `path`, `re_path`, `include` and `mount` (or `re_include`)"
        ))
    };
    (# $kind:ident $route:expr, $target:expr $(, $key:ident = $value:expr)* $(,)?) => {
        $crate::urls!(% $crate::urls::$kind($route, $target); $($key = $value,)*)
    };
    (# $($other:tt)*) => { $crate::urls!(! $($other)*) };
    (% $item:expr;) => { $item };
    (% $item:expr; name = $value:expr, $($rest:tt)*) => { $crate::urls!(% $item.name($value); $($rest)*) };
    (% $item:expr; namespace = $value:expr, $($rest:tt)*) => { $crate::urls!(% $item.namespace($value); $($rest)*) };
    (% $item:expr; app_name = $value:expr, $($rest:tt)*) => { $crate::urls!(% $item.app_name($value); $($rest)*) };
    (% $item:expr; extra = $value:expr, $($rest:tt)*) => { $crate::urls!(% $item.extra($value); $($rest)*) };
    (% $item:expr; $($other:tt)*) => { $crate::urls!(! $($other)*) };
    (! $($other:tt)*) => {
        ::std::compile_error!(::std::concat!(
            "`", ::std::stringify!($($other)*), "`: write `path(\"route/\", view, name = \"..\")`, `re_path(..)`, ",
            "`include(\"prefix/\", urls())` or `mount(\"prefix/\", router)`, separated by commas"
        ))
    };
    ($($kind:ident($($args:tt)*)),* $(,)?) => {
        <$crate::urls::Urls as ::std::default::Default>::default()$(.with($crate::urls!(@ $kind $($args)*)))*
    };
    ($($other:tt)*) => { $crate::urls!(! $($other)*) };
}
