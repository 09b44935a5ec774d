//! From a route's name and arguments to a URL.
//!
//! Names are collected once, when the tree is built. A candidate's expression and its forms are compiled when they are
//! first asked for. Among several routes of one name the last in the tree is tried first, and the URL must match the
//! route it came from: both are the reference's rules. Knows nodes and forms, no requests.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::converter::Converter;
use super::forms::{self, Form, Part};
use super::matcher::{self, Matcher};
use super::tree::{Below, Namespace, Node};

/// The arguments of a URL: by position or by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Args {
    values: Values,
    current_app: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Values {
    Positional(Vec<String>),
    Named(Vec<(String, String)>),
}

impl Default for Values {
    fn default() -> Self {
        Self::Named(Vec::new())
    }
}

impl Args {
    /// No arguments.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Arguments in the order of the route's parameters.
    pub(crate) fn positional<T: ToString>(values: impl IntoIterator<Item = T>) -> Self {
        let values: Vec<_> = values.into_iter().map(|value| value.to_string()).collect();
        if values.is_empty() { Self::none() } else { Self { values: Values::Positional(values), current_app: None } }
    }

    /// Arguments by name.
    pub(crate) fn named<N: Into<String>, T: ToString>(values: impl IntoIterator<Item = (N, T)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.to_string())).collect();
        Self { values: Values::Named(values), current_app: None }
    }

    /// Prefers this instance (`a`, or `a:b` for nested ones) where a name begins with an app name.
    #[must_use]
    pub(crate) fn current_app(mut self, namespace: impl Into<String>) -> Self {
        self.current_app = Some(namespace.into());
        self
    }
}

impl fmt::Display for Args {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, values): (&str, Vec<String>) = match &self.values {
            Values::Positional(values) => ("arguments", values.iter().map(|value| format!("`{value}`")).collect()),
            Values::Named(values) if values.is_empty() => return f.write_str("no arguments"),
            Values::Named(values) => {
                ("named arguments", values.iter().map(|(name, value)| format!("`{name}={value}`")).collect())
            }
        };
        write!(f, "the {what} {}", values.join(", "))
    }
}

/// Finds the URL for `name`.
pub(super) fn reverse(root: &Scope, name: &str, args: &Args) -> Result<String, NoReverseMatch> {
    let (path, last) = name.rsplit_once(':').map_or((None, name), |(path, last)| (Some(path), last));
    let scope = match path {
        Some(path) => scope(root, path, args.current_app.as_deref()).map_err(|why| NoReverseMatch {
            name: name.to_owned(),
            why,
            near: near(root, name),
        })?,
        None => root,
    };
    let Some(candidates) = scope.names.get(last) else {
        return Err(NoReverseMatch { name: name.to_owned(), why: Why::UnknownName, near: near(root, name) });
    };
    candidates.iter().find_map(|candidate| candidate.url(&args.values)).ok_or_else(|| NoReverseMatch {
        name: name.to_owned(),
        why: Why::NoCandidate { args: args.to_string(), tried: candidates.iter().map(Candidate::describe).collect() },
        near: Vec::new(),
    })
}

/// The scope that a path of namespaces leads to. Each step may be an instance, or an app: then it is the current
/// instance, the instance of the app's own name, or the last instance in the tree.
fn scope<'s>(root: &'s Scope, path: &str, current_app: Option<&str>) -> Result<&'s Scope, Why> {
    let mut current = current_app.filter(|app| !app.is_empty()).map(|app| app.split(':'));
    let mut scope = root;
    let mut inside: Vec<&str> = Vec::new();
    for step in path.split(':') {
        let here = current.as_mut().and_then(Iterator::next);
        let instance = match (scope.apps.get(step), here) {
            (Some(instances), Some(here)) if instances.iter().any(|instance| instance == here) => here,
            (Some(instances), _) if !instances.iter().any(|instance| instance == step) => {
                instances.first().map_or(step, String::as_str)
            }
            _ => step,
        };
        if here != Some(instance) {
            current = None;
        }
        let Some((name, next)) = scope.namespaces.get_key_value(instance) else {
            return Err(Why::UnknownNamespace { namespace: instance.to_owned(), inside: inside.join(":") });
        };
        inside.push(name);
        scope = next;
    }
    Ok(scope)
}

/// The names that can be reversed from one place: of routes, of namespaces, and of apps with their instances.
#[derive(Debug, Default)]
pub(super) struct Scope {
    names: BTreeMap<String, Vec<Candidate>>,
    namespaces: BTreeMap<String, Scope>,
    apps: BTreeMap<String, Vec<String>>,
}

impl Scope {
    pub(super) fn new(nodes: &[Node]) -> Self {
        let mut scope = Self::default();
        scope.collect(nodes, &Above::default());
        scope
    }

    /// Goes from the last entry to the first: the last route of a name comes first, the first of a namespace stays.
    fn collect(&mut self, nodes: &[Node], above: &Above) {
        for node in nodes.iter().rev() {
            match &node.below {
                Below::Leaf(leaf) => {
                    if let Some(name) = &leaf.name {
                        let candidate = above.candidate(node, &leaf.route);
                        self.names.entry(name.clone()).or_default().push(candidate);
                    }
                }
                Below::Include { nodes, namespace: None } => self.collect(nodes, &above.below(node, true)),
                Below::Include { nodes, namespace: Some(Namespace { app, instance }) } => {
                    let mut scope = Self::default();
                    scope.collect(nodes, &above.below(node, false));
                    self.namespaces.insert(instance.clone(), scope);
                    self.apps.entry(app.clone()).or_default().push(instance.clone());
                }
            }
        }
    }

    fn all_names(&self, above: &str, all: &mut Vec<String>) {
        all.extend(self.names.keys().map(|name| format!("{above}{name}")));
        for (namespace, scope) in &self.namespaces {
            scope.all_names(&format!("{above}{namespace}:"), all);
        }
    }
}

type Defaults = BTreeMap<Arc<str>, String>;

/// What the includes above a route contribute to its URL.
#[derive(Debug, Clone, Default)]
struct Above {
    python: String,
    converters: BTreeMap<Arc<str>, Arc<Converter>>,
    defaults: Defaults,
}

impl Above {
    /// An include with a namespace cuts off the extra parameters of its own and of those above it.
    fn below(&self, include: &Node, keep_defaults: bool) -> Self {
        let mut below = self.clone();
        below.python.push_str(without_caret(include.pattern.python()));
        below.converters.extend(include.pattern.converters());
        if keep_defaults {
            let extra = include.extra.iter().cloned();
            below.defaults = extra.chain(std::mem::take(&mut below.defaults)).collect();
        } else {
            below.defaults.clear();
        }
        below
    }

    fn candidate(&self, node: &Node, route: &str) -> Candidate {
        let mut converters = self.converters.clone();
        converters.extend(node.pattern.converters());
        // What an include says of a name wins over what the route says.
        let defaults = node.extra.iter().cloned().chain(self.defaults.clone());
        Candidate {
            python: format!("{}{}", self.python, without_caret(node.pattern.python())),
            route: route.to_owned(),
            defaults: defaults.collect(),
            converters,
            ready: OnceLock::new(),
        }
    }
}

fn without_caret(python: &str) -> &str {
    python.strip_prefix('^').unwrap_or(python)
}

/// One route of a name.
#[derive(Debug)]
struct Candidate {
    /// The whole expression, without its leading slash.
    python: String,
    route: String,
    defaults: Defaults,
    converters: BTreeMap<Arc<str>, Arc<Converter>>,
    ready: OnceLock<Result<Ready, String>>,
}

#[derive(Debug)]
struct Ready {
    forms: Vec<Form>,
    own: Matcher,
}

impl Candidate {
    fn url(&self, values: &Values) -> Option<String> {
        let ready = self.ready().as_ref().ok()?;
        ready.forms.iter().find_map(|form| {
            let values = self.values(form, values)?;
            let path = format!("/{}", filled(form, &values)?);
            ready.own.find(&path, 0)?;
            Some(quoted(&path))
        })
    }

    fn ready(&self) -> &Result<Ready, String> {
        self.ready.get_or_init(|| {
            let forms = forms::forms(&self.python)?;
            let (own, _) = matcher::compile(&format!("^/{}", self.python), false).map_err(|why| why.to_string())?;
            Ok(Ready { forms, own })
        })
    }

    /// The arguments by name and as text, if they are the ones that the form asks for.
    fn values(&self, form: &Form, values: &Values) -> Option<BTreeMap<String, String>> {
        let by_name: Vec<(&str, &str)> = match values {
            Values::Positional(values) if values.len() != form.places().count() => return None,
            Values::Positional(values) => form.places().zip(values.iter().map(String::as_str)).collect(),
            Values::Named(values) => {
                let values: Vec<_> = values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                self.accepts(form, &values).then_some(values)?
            }
        };
        by_name.into_iter().map(|(name, value)| Some((name.to_owned(), self.text(name, value)?))).collect()
    }

    /// Every place has an argument and every argument a place, extra parameters aside; an argument for one of those is
    /// welcome if it says the same.
    fn accepts(&self, form: &Form, values: &[(&str, &str)]) -> bool {
        let is_place = |name: &str| form.places().any(|place| place == name);
        let given = |name: &str| values.iter().rfind(|(key, _)| *key == name).map(|(_, value)| *value);
        form.places().all(|place| given(place).is_some() || self.defaults.contains_key(place))
            && values.iter().all(|(name, _)| is_place(name) || self.defaults.contains_key(*name))
            && self
                .defaults
                .iter()
                .all(|(name, value)| is_place(name) || given(name).is_none_or(|given| given == value))
    }

    fn text(&self, name: &str, value: &str) -> Option<String> {
        match self.converters.get(name) {
            Some(converter) => converter.url(value),
            None => Some(value.to_owned()),
        }
    }

    fn describe(&self) -> String {
        match self.ready() {
            Ok(_) => format!("`{}`", self.route),
            Err(why) => format!("`{}` (cannot be reversed: {why})", self.route),
        }
    }
}

fn filled(form: &Form, values: &BTreeMap<String, String>) -> Option<String> {
    form.parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Place(name) => values.get(name).map(String::as_str),
        })
        .collect()
}

/// What a path may hold unquoted: the reference's safe set.
const QUOTED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'/')
    .remove(b':')
    .remove(b'@');

/// A second slash is quoted, because two at the beginning would name a host.
fn quoted(path: &str) -> String {
    let url = utf8_percent_encode(path, QUOTED).to_string();
    match url.strip_prefix("//") {
        Some(rest) => format!("/%2F{rest}"),
        None => url,
    }
}

/// There is no URL for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoReverseMatch {
    name: String,
    why: Why,
    near: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Why {
    UnknownNamespace { namespace: String, inside: String },
    UnknownName,
    NoCandidate { args: String, tried: Vec<String> },
}

impl NoReverseMatch {
    /// The name that was asked for.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn hint(&self) -> String {
        match (&self.why, self.near.as_slice()) {
            (Why::NoCandidate { .. }, _) => {
                "give one argument for each parameter, with a value that it matches".to_owned()
            }
            (_, []) => "give a route this name with `name = \"..\"`, or correct it".to_owned(),
            (_, near) => format!("did you mean {}?", near.join(" or ")),
        }
    }
}

impl fmt::Display for NoReverseMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.why {
            Why::UnknownNamespace { namespace, inside } if inside.is_empty() => {
                write!(f, "no url for `{name}`: there is no namespace `{namespace}`")?;
            }
            Why::UnknownNamespace { namespace, inside } => {
                write!(f, "no url for `{name}`: there is no namespace `{namespace}` inside `{inside}`")?;
            }
            Why::UnknownName => write!(f, "no url for `{name}`: no route has this name")?,
            Why::NoCandidate { args, tried } => {
                write!(f, "no url for `{name}` with {args}; tried: {}", tried.join(", "))?;
            }
        }
        write!(f, "\nhint: {}", self.hint())
    }
}

impl std::error::Error for NoReverseMatch {}

/// At most three names that are nearly `name`, or `name` in another namespace.
fn near(root: &Scope, name: &str) -> Vec<String> {
    let mut all = Vec::new();
    root.all_names("", &mut all);
    let last = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    let mut near: Vec<(usize, String)> = all
        .into_iter()
        .filter_map(|other| {
            let distance = distance(name, &other);
            let is_near = distance <= 1 + name.chars().count() / 4 || last(name) == last(&other);
            is_near.then_some((distance, other))
        })
        .collect();
    near.sort();
    near.into_iter().take(3).map(|(_, name)| format!("`{name}`")).collect()
}

/// How many characters have to be inserted, removed or replaced to get from one to the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, c) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, d) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(c != *d);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}
