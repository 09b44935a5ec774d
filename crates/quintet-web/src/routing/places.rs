//! All routes as they are written down for people: with a name in braces for each parameter.

use std::sync::Arc;

use super::converter::Converter;
use super::forms::{self, Part};
use super::pattern::Pattern;
use super::tree::{Below, Node};

/// A route with its place among all.
#[derive(Debug)]
pub(crate) struct Place<'t> {
    /// The number of its view.
    pub(super) view: usize,
    /// The path, `/notes/{id}/`.
    pub(crate) template: String,
    /// The parameters of the path, in order.
    pub(crate) parameters: Vec<Parameter>,
    /// The namespaces from the outermost on.
    pub(crate) namespaces: &'t [String],
    /// Whether all below it is somebody else's.
    pub(crate) is_mount: bool,
    /// Whether it is another route once more, with a format behind it.
    pub(crate) has_format: bool,
}

/// A parameter of a path.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// Its name.
    pub(crate) name: String,
    /// What it matches, as an expression of the reference's language.
    pub(crate) regex: String,
}

/// Every route, in order.
pub(super) fn places(nodes: &[Node]) -> Vec<Place<'_>> {
    let mut all = vec![];
    collect(nodes, &Trail { template: "/".to_owned(), ..Trail::default() }, &mut all);
    all
}

#[derive(Clone, Default)]
struct Trail {
    template: String,
    parameters: Vec<Parameter>,
}

fn collect<'t>(nodes: &'t [Node], above: &Trail, all: &mut Vec<Place<'t>>) {
    for node in nodes {
        let mut trail = above.clone();
        let parameters = parameters(&node.pattern);
        trail.template.push_str(&template(&node.pattern));
        trail.parameters.extend(parameters);
        match &node.below {
            Below::Include { nodes, .. } => collect(nodes, &trail, all),
            Below::Leaf(leaf) => {
                let has_format = node.pattern.python().contains("(?P<format>");
                all.push(Place {
                    view: leaf.view,
                    template: trail.template,
                    parameters: trail.parameters,
                    namespaces: leaf.namespaces(),
                    is_mount: leaf.is_mount,
                    has_format,
                });
            }
        }
    }
}

/// The text that the reference writes for a pattern, with what may be left out in it.
fn template(pattern: &Pattern) -> String {
    let all = forms::forms(pattern.python()).unwrap_or_default();
    let Some(longest) = all.iter().max_by_key(|form| form.places().count()) else { return String::new() };
    let text = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Place(name) => format!("{{{}}}", named(name)),
    };
    longest.parts.iter().map(text).collect()
}

/// Groups without a name are called by their number.
fn named(name: &str) -> String {
    name.strip_prefix('_')
        .filter(|rest| rest.parse::<usize>().is_ok())
        .map_or(name.to_owned(), |rest| format!("arg{rest}"))
}

fn parameters(pattern: &Pattern) -> Vec<Parameter> {
    let all = forms::forms(pattern.python()).unwrap_or_default();
    let longest = all.iter().max_by_key(|form| form.places().count());
    let converters: Vec<(Arc<str>, Arc<Converter>)> = pattern.converters().collect();
    let one = |name: &str| {
        let converter = converters.iter().find(|(known, _)| **known == *name);
        let regex = match converter {
            Some((_, converter)) => converter.regex().to_owned(),
            None => group(pattern.python(), name).unwrap_or_default(),
        };
        Parameter { name: named(name), regex }
    };
    longest.into_iter().flat_map(|form| form.places()).map(one).collect()
}

/// What stands in a named group of an expression.
fn group(python: &str, name: &str) -> Option<String> {
    let begin = format!("(?P<{name}>");
    let rest = &python[python.find(&begin)? + begin.len()..];
    let (mut depth, mut in_class, mut escaped) = (0_usize, false, false);
    for (at, letter) in rest.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' if in_class => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => depth += 1,
            ')' if depth == 0 => return Some(rest[..at].to_owned()),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}
