//! The tree of routes: which entry answers a path.
//!
//! Entries are tried in order, depth first; an include whose children all fail gives way to the next entry. Everything
//! that depends on the tree alone (a leaf's full route, its namespaces) is worked out when the tree is built, so that a
//! lookup only compares. Knows patterns, no HTTP; a view is any `V`, kept beside the nodes so that only a thin shell is
//! generic.

use std::sync::Arc;

use super::converter::{Converter, Converters};
use super::findings::{self, Finding};
use super::params::Params;
use super::pattern::{BadRoute, Kind, Pattern, Problem, Route, Suffix};
use super::places::{self, Place};
use super::reverse::{self, Args, NoReverseMatch, Scope};

/// All routes of a site.
#[derive(Debug)]
pub(crate) struct Tree<V> {
    nodes: Vec<Node>,
    views: Vec<V>,
    names: Scope,
}

impl<V> Tree<V> {
    /// Compiles the entries, or reports every route that cannot be compiled.
    pub(crate) fn new(entries: Vec<Entry<V>>, converters: &Converters) -> Result<Self, Vec<BadRoute>> {
        let mut builder = Builder { views: Vec::new(), problems: Vec::new() };
        let nodes = builder.nodes(entries, &Trail::default(), converters);
        if !builder.problems.is_empty() {
            return Err(builder.problems);
        }
        let names = Scope::new(&nodes);
        Ok(Self { nodes, views: builder.views, names })
    }

    /// The first entry that matches `path`: percent-decoded, without its leading slash.
    pub(crate) fn resolve<'a>(&'a self, path: &'a str) -> Option<Resolved<'a, V>> {
        let (leaf, params, rest) = resolve(&self.nodes, path, &Params::default())?;
        Some(Resolved {
            view: self.views.get(leaf.view)?,
            params,
            route: &leaf.route,
            name: leaf.name.as_deref(),
            namespaces: &leaf.trail.namespaces,
            app_names: &leaf.trail.app_names,
            rest: leaf.is_mount.then_some(rest),
        })
    }

    /// What was tried for `path`, in order, up to the entry that matches, if there is one.
    pub(crate) fn tried(&self, path: &str) -> Vec<Tried<'_>> {
        let mut tried = Vec::new();
        collect_tried(&self.nodes, path, &mut Vec::new(), &mut tried);
        tried
    }

    /// The quoted URL, with its leading slash, of the route called `name`: `detail`, or `polls:detail` in a namespace.
    pub(crate) fn reverse(&self, name: &str, args: &Args) -> Result<String, NoReverseMatch> {
        reverse::reverse(&self.names, name, args)
    }

    /// What looks like a mistake in these routes. Without the slash redirect (`append_slash`), a route may begin with a
    /// slash.
    pub(crate) fn findings(&self, append_slash: bool) -> Vec<Finding> {
        findings::findings(&self.nodes, append_slash)
    }

    /// All routes as they are written down for people, each with its view.
    pub(crate) fn places(&self) -> impl Iterator<Item = (&V, Place<'_>)> {
        places::places(&self.nodes).into_iter().filter_map(|place| Some((self.views.get(place.view)?, place)))
    }

    /// All views with their whole routes, in order.
    pub(crate) fn leaves(&self) -> Vec<(&V, &str)> {
        fn below<'n>(nodes: &'n [Node], to: &mut Vec<&'n Leaf>) {
            for node in nodes {
                match &node.below {
                    Below::Leaf(leaf) => to.push(leaf),
                    Below::Include { nodes, .. } => below(nodes, to),
                }
            }
        }
        let mut leaves = vec![];
        below(&self.nodes, &mut leaves);
        leaves.into_iter().filter_map(|leaf| Some((self.views.get(leaf.view)?, leaf.route.as_str()))).collect()
    }

    /// All views, in the order of their entries.
    pub(crate) fn views(&self) -> impl Iterator<Item = &V> {
        self.views.iter()
    }
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved<'a, V> {
    /// The view of the entry that matched.
    pub view: &'a V,
    /// What was captured, and the entries' extra parameters.
    pub params: Params,
    /// The whole route, its includes' routes first.
    pub route: &'a str,
    /// The entry's name, without namespaces.
    pub name: Option<&'a str>,
    /// The instance namespaces from the outermost on.
    pub namespaces: &'a [String],
    /// The app names from the outermost on.
    pub app_names: &'a [String],
    /// What is below a mount's prefix; `None` for a route.
    pub rest: Option<&'a str>,
}

/// One line of what was tried: the routes from the outermost include to the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tried<'a> {
    /// The routes as they were written.
    pub routes: Vec<&'a str>,
    /// The name of the last one, if it is an entry with a name.
    pub name: Option<&'a str>,
}

/// One entry of a list of routes, not compiled yet.
#[derive(Debug)]
pub(crate) struct Entry<V> {
    route: Route,
    name: Option<String>,
    extra: Vec<(String, String)>,
    what: What<V>,
}

#[derive(Debug)]
enum What<V> {
    View {
        view: V,
        is_mount: bool,
    },
    Include {
        entries: Vec<Entry<V>>,
        own: Vec<(String, Converter)>,
        app_name: Option<String>,
        namespace: Option<String>,
    },
}

impl<V> Entry<V> {
    /// A view for the paths that are this route.
    pub(crate) fn route(route: Route, view: V) -> Self {
        Self::with(route, What::View { view, is_mount: false })
    }

    /// A view for all paths that begin with this prefix, which should end with a slash.
    pub(crate) fn mount(prefix: Route, view: V) -> Self {
        Self::with(prefix, What::View { view, is_mount: true })
    }

    /// More entries below a prefix. Such an entry has no name of its own.
    pub(crate) fn include(prefix: Route, entries: Vec<Self>) -> Self {
        Self::with(prefix, What::Include { entries, own: Vec::new(), app_name: None, namespace: None })
    }

    fn with(route: Route, what: What<V>) -> Self {
        Self { route, name: None, extra: Vec::new(), what }
    }

    /// The name by which the entry is reversed.
    #[must_use]
    pub(crate) fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// A parameter that the view gets in addition; it wins over a captured one of the same name.
    #[must_use]
    pub(crate) fn extra(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }

    /// Converters that act below an include alone, and win there. Means nothing for other entries.
    #[must_use]
    pub(crate) fn converters(mut self, converters: Vec<(String, Converter)>) -> Self {
        if let What::Include { own, .. } = &mut self.what {
            *own = converters;
        }
        self
    }

    /// This entry, and behind it the same with something behind its route; of an include, those below it. A mount answers
    /// all that is below it already.
    pub(crate) fn with_suffix(self, suffix: &Suffix, copy: fn(&V) -> V) -> Vec<Self> {
        match self.what {
            What::View { ref view, is_mount: false } => {
                let what = What::View { view: copy(view), is_mount: false };
                let (name, extra) = (self.name.clone(), self.extra.clone());
                let suffixed = Self { route: self.route.with_end(suffix), name, extra, what };
                vec![self, suffixed]
            }
            What::View { .. } => vec![self],
            What::Include { entries, own, app_name, namespace } => {
                let entries = entries.into_iter().flat_map(|entry| entry.with_suffix(suffix, copy)).collect();
                vec![Self { what: What::Include { entries, own, app_name, namespace }, ..self }]
            }
        }
    }

    /// The app name of an include; also its namespace, unless that is given. Means nothing for other entries.
    #[must_use]
    pub(crate) fn app_name(mut self, name: impl Into<String>) -> Self {
        if let What::Include { app_name, .. } = &mut self.what {
            *app_name = Some(name.into());
        }
        self
    }

    /// The instance namespace of an include that has an app name. Means nothing for other entries.
    #[must_use]
    pub(crate) fn namespace(mut self, name: impl Into<String>) -> Self {
        if let What::Include { namespace, .. } = &mut self.what {
            *namespace = Some(name.into());
        }
        self
    }
}

/// A compiled entry.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) pattern: Pattern,
    pub(super) extra: Vec<(Arc<str>, String)>,
    pub(super) below: Below,
}

#[derive(Debug)]
pub(super) enum Below {
    Leaf(Leaf),
    Include { nodes: Vec<Node>, namespace: Option<Namespace> },
}

/// An include's namespace: of which app, and of which instance.
#[derive(Debug, Clone)]
pub(super) struct Namespace {
    pub(super) app: String,
    pub(super) instance: String,
}

#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) view: usize,
    pub(super) is_mount: bool,
    pub(super) name: Option<String>,
    pub(super) route: String,
    trail: Trail,
}

impl Leaf {
    /// The namespaces from the outermost on.
    pub(super) fn namespaces(&self) -> &[String] {
        &self.trail.namespaces
    }
}

/// What the includes above contribute to their leaves.
#[derive(Debug, Clone, Default)]
struct Trail {
    routes: Vec<String>,
    namespaces: Vec<String>,
    app_names: Vec<String>,
}

impl Trail {
    fn below(&self, route: &Route, namespace: Option<&Namespace>) -> Self {
        let mut trail = self.clone();
        trail.routes.push(route.text().to_owned());
        if let Some(namespace) = namespace {
            trail.namespaces.push(namespace.instance.clone());
            trail.app_names.push(namespace.app.clone());
        }
        trail
    }

    /// Joins from the innermost on; whatever has something before it loses its `^`.
    fn full_route(&self, route: &Route) -> String {
        self.routes.iter().rfold(route.text().to_owned(), |below, route| match route.as_str() {
            "" => below,
            route => format!("{route}{}", below.strip_prefix('^').unwrap_or(&below)),
        })
    }
}

struct Builder<V> {
    views: Vec<V>,
    problems: Vec<BadRoute>,
}

impl<V> Builder<V> {
    fn nodes(&mut self, entries: Vec<Entry<V>>, trail: &Trail, converters: &Converters) -> Vec<Node> {
        entries.into_iter().filter_map(|entry| self.node(entry, trail, converters)).collect()
    }

    fn node(&mut self, entry: Entry<V>, trail: &Trail, converters: &Converters) -> Option<Node> {
        let Entry { route, name, extra, what } = entry;
        let kind = if matches!(what, What::View { is_mount: false, .. }) { Kind::End } else { Kind::Prefix };
        let pattern = Pattern::compile(&route, kind, converters).map_err(|bad| self.problems.push(bad)).ok();
        let below = match what {
            What::View { view, is_mount } => {
                self.views.push(view);
                let view = self.views.len() - 1;
                Below::Leaf(Leaf { view, is_mount, name, route: trail.full_route(&route), trail: trail.clone() })
            }
            What::Include { entries, own, app_name, namespace } => {
                let namespace = self.namespace(&route, app_name, namespace);
                let nodes = self.nodes(entries, &trail.below(&route, namespace.as_ref()), &converters.and(own));
                Below::Include { nodes, namespace }
            }
        };
        let extra = extra.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Some(Node { pattern: pattern?, extra, below })
    }

    fn namespace(&mut self, route: &Route, app: Option<String>, instance: Option<String>) -> Option<Namespace> {
        match (app.filter(|app| !app.is_empty()), instance.filter(|instance| !instance.is_empty())) {
            (Some(app), Some(instance)) => Some(Namespace { app, instance }),
            (Some(app), None) => Some(Namespace { instance: app.clone(), app }),
            (None, Some(namespace)) => {
                let problem = Problem::NamespaceWithoutAppName { namespace };
                self.problems.push(BadRoute { route: route.text().to_owned(), problem });
                None
            }
            (None, None) => None,
        }
    }
}

fn resolve<'a>(nodes: &'a [Node], path: &'a str, above: &Params) -> Option<(&'a Leaf, Params, &'a str)> {
    nodes.iter().find_map(|node| {
        let (end, mut params) = node.pattern.matches(path)?;
        for (name, value) in &node.extra {
            params.set(Arc::clone(name), value.clone());
        }
        let rest = &path[end..];
        match &node.below {
            Below::Leaf(leaf) => Some((leaf, merged(above, params), rest)),
            Below::Include { nodes, .. } => {
                params.named_first();
                resolve(nodes, rest, &merged(above, params))
            }
        }
    })
}

fn merged(above: &Params, params: Params) -> Params {
    if above.is_empty() {
        return params;
    }
    let mut all = above.clone();
    all.merge(params);
    all
}

/// Returns whether an entry matched, which ends the search.
fn collect_tried<'a>(nodes: &'a [Node], path: &str, above: &mut Vec<&'a str>, tried: &mut Vec<Tried<'a>>) -> bool {
    for node in nodes {
        above.push(node.pattern.route().text());
        let found = node.pattern.matches(path);
        let matched = match (&node.below, found) {
            (Below::Include { nodes, .. }, Some((end, _))) => collect_tried(nodes, &path[end..], above, tried),
            (Below::Include { .. }, None) => {
                tried.push(Tried { routes: above.clone(), name: None });
                false
            }
            (Below::Leaf(leaf), found) => {
                tried.push(Tried { routes: above.clone(), name: leaf.name.as_deref() });
                found.is_some()
            }
        };
        above.pop();
        if matched {
            return true;
        }
    }
    false
}
