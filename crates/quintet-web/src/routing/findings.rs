//! What looks like a mistake in the routes, as data under the reference's ids, or one of ours.
//!
//! The caller turns a finding into a message of its checks. Knows the tree's nodes, no settings.

use super::pattern::{Kind, Pattern, Route};
use super::tree::{Below, Node};

/// One probable mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The reference's id, `urls.W002`.
    pub id: &'static str,
    /// The route as it was written; for `urls.W005` the namespace.
    pub route: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// Findings of all levels, in the reference's order: an include's own route is looked at only if nothing is wrong below.
pub(super) fn findings(nodes: &[Node], append_slash: bool) -> Vec<Finding> {
    let mut findings = routes(nodes, append_slash);
    findings.extend(namespaces(nodes));
    findings
}

fn routes(nodes: &[Node], append_slash: bool) -> Vec<Finding> {
    nodes.iter().flat_map(|node| route(node, append_slash)).collect()
}

fn route(node: &Node, append_slash: bool) -> Vec<Finding> {
    match &node.below {
        Below::Leaf(leaf) => {
            let mut findings = Vec::new();
            if leaf.name.as_ref().is_some_and(|name| name.contains(':')) {
                findings.push(COLON.at(node));
            }
            findings.extend(pattern(node, append_slash));
            findings
        }
        Below::Include { nodes, .. } => {
            let below = routes(nodes, append_slash);
            if below.is_empty() { pattern(node, append_slash).into_iter().chain(glued(node)).collect() } else { below }
        }
    }
}

fn pattern(node: &Node, append_slash: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    if append_slash && begins_with_slash(&node.pattern) {
        findings.push(SLASH.at(node));
    }
    match node.pattern.route() {
        Route::Path(text) => {
            findings.extend(unmatched_brackets(text).map(|sign| sign.at(node)));
            if text.contains("(?P<") || text.starts_with('^') || text.ends_with('$') {
                findings.push(REGEX.at(node));
            }
        }
        Route::Regex(text) => {
            if node.pattern.kind() == Kind::Prefix && text.ends_with('$') && !text.ends_with(r"\$") {
                findings.push(DOLLAR.at(node));
            }
        }
    }
    findings
}

/// A prefix that ends in the middle of a word; the reference has no check for it.
fn glued(node: &Node) -> Option<Finding> {
    let Route::Path(text) = node.pattern.route() else { return None };
    text.ends_with(char::is_alphanumeric).then(|| GLUED.at(node))
}

/// An id with its texts.
#[derive(Clone, Copy)]
struct Sign {
    id: &'static str,
    what: &'static str,
    hint: &'static str,
}

impl Sign {
    fn at(self, node: &Node) -> Finding {
        let route = node.pattern.route().text().to_owned();
        let name = match &node.below {
            Below::Leaf(leaf) => leaf.name.as_deref(),
            Below::Include { .. } => None,
        };
        let named = name.map(|name| format!(" (named `{name}`)")).unwrap_or_default();
        let message = format!("the route `{route}`{named} {}", self.what);
        Finding { id: self.id, route, message, hint: self.hint.to_owned() }
    }
}

const GLUED: Sign = Sign {
    id: "quintet.W007",
    what: "is the prefix of an include and has no slash at its end, so that what follows is glued to it",
    hint: "end it with a slash",
};
const DOLLAR: Sign = Sign {
    id: "urls.W001",
    what: "belongs to an include but ends with `$`, so that nothing below it is ever found",
    hint: "remove the `$`",
};
const SLASH: Sign = Sign {
    id: "urls.W002",
    what: "begins with a slash, which the path that is matched never has",
    hint: "remove the slash; if an include leads here, let the include's route end with one",
};
const COLON: Sign = Sign {
    id: "urls.W003",
    what: "has a name with a `:`, which separates namespaces",
    hint: "remove the `:` from the name",
};
const OPEN: Sign = Sign { id: "urls.W010", what: "has a `<` without its `>`", hint: "close the parameter: `<int:pk>`" };
const CLOSE: Sign = Sign { id: "urls.W010", what: "has a `>` without its `<`", hint: "open the parameter: `<int:pk>`" };
const REGEX: Sign = Sign {
    id: "2_0.W001",
    what: "contains `(?P<`, begins with `^` or ends with `$`, which have no meaning in `path`",
    hint: "use `re_path` for a regular expression, or write parameters as `<int:pk>`",
};

/// Looks at the expression, as the reference does: a `path` that is no include never ends with a slash there.
fn begins_with_slash(pattern: &Pattern) -> bool {
    let python = pattern.python();
    ["/", "^/", r"^\/"].iter().any(|start| python.starts_with(start)) && !python.ends_with('/')
}

fn unmatched_brackets(text: &str) -> impl Iterator<Item = Sign> {
    let mut open = 0_usize;
    let mut signs = Vec::new();
    for c in text.chars() {
        match c {
            '<' => open += 1,
            '>' if open == 0 => signs.push(CLOSE),
            '>' => open -= 1,
            _ => {}
        }
    }
    signs.extend((open > 0).then_some(OPEN));
    signs.into_iter()
}

/// Namespaces that occur more than once, each reported where it is first met.
fn namespaces(nodes: &[Node]) -> Vec<Finding> {
    let mut all = Vec::new();
    collect_namespaces(nodes, "", &mut all);
    let mut twice: Vec<&String> = Vec::new();
    for namespace in &all {
        let count = all.iter().filter(|other| *other == namespace).count();
        if count > 1 && !twice.contains(&namespace) {
            twice.push(namespace);
        }
    }
    twice.into_iter().map(|namespace| not_unique(namespace)).collect()
}

fn not_unique(namespace: &str) -> Finding {
    Finding {
        id: "urls.W005",
        route: namespace.to_owned(),
        message: format!(
            "the namespace `{namespace}` is used by several includes, of which only the first can be reversed"
        ),
        hint: "give each include a namespace of its own".to_owned(),
    }
}

/// One level first, then what is below it: the reference's order.
fn collect_namespaces(nodes: &[Node], above: &str, all: &mut Vec<String>) {
    let full = |instance: &str| {
        if above.is_empty() { instance.to_owned() } else { format!("{above}:{instance}") }
    };
    for node in nodes {
        if let Below::Include { namespace: Some(namespace), .. } = &node.below {
            all.push(full(&namespace.instance));
        }
    }
    for node in nodes {
        if let Below::Include { nodes, namespace } = &node.below {
            match namespace {
                Some(namespace) => collect_namespaces(nodes, &full(&namespace.instance), all),
                None => collect_namespaces(nodes, above, all),
            }
        }
    }
}
