//! A route's pattern: `notes/<int:pk>/` or a regular expression, compiled as an end or as a prefix.
//!
//! Both kinds become one expression of Python's `re` first, which is what the reference matches, and what names are
//! reversed by. Knows converters and the matcher, no views and no trees.

use std::fmt;
use std::sync::{Arc, OnceLock};

use regex::Regex;

use super::converter::{Converter, Converters};
use super::dialect::Refusal;
use super::matcher::{self, Matcher};
use super::params::Params;

/// A route as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// Literal text with `<converter:name>` parameters.
    Path(String),
    /// A regular expression, searched in the path.
    Regex(String),
}

/// What stands behind routes instead of their end.
#[derive(Debug)]
pub(crate) struct Suffix {
    /// Behind literal text.
    pub(crate) path: String,
    /// Behind a regular expression.
    pub(crate) regex: String,
}

impl Route {
    /// Literal text with `<converter:name>` parameters.
    pub(crate) fn path(route: impl Into<String>) -> Self {
        Self::Path(route.into())
    }

    /// A regular expression, searched in the path.
    pub(crate) fn regex(route: impl Into<String>) -> Self {
        Self::Regex(route.into())
    }

    /// The same route with something behind it instead of its end: `notes/` as `notes<..>`, `^notes/$` as `^notes..`.
    pub(super) fn with_end(&self, end: &Suffix) -> Self {
        let bare = |text: &str| text.trim_end_matches('$').trim_end_matches('/').to_owned();
        match self {
            Self::Path(text) => Self::Path(bare(text) + &end.path),
            Self::Regex(text) => Self::Regex(bare(text) + &end.regex),
        }
    }

    /// The text as it was written.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Path(text) | Self::Regex(text) => text,
        }
    }
}

/// What a pattern has to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The whole path (a regular expression: as far as it says so itself).
    End,
    /// The beginning of the path; the rest goes to the routes below.
    Prefix,
}

/// A compiled route.
#[derive(Debug)]
pub(crate) struct Pattern {
    route: Route,
    kind: Kind,
    python: String,
    matcher: Matcher,
    groups: Vec<Group>,
    has_names: bool,
}

#[derive(Debug)]
struct Group {
    name: Option<Arc<str>>,
    converter: Option<Arc<Converter>>,
}

type Parameters = Vec<(Arc<str>, Arc<Converter>)>;

impl Pattern {
    /// Compiles `route`.
    pub(super) fn compile(route: &Route, kind: Kind, converters: &Converters) -> Result<Self, BadRoute> {
        Self::compiled(route, kind, converters).map_err(|problem| BadRoute { route: route.text().to_owned(), problem })
    }

    fn compiled(route: &Route, kind: Kind, converters: &Converters) -> Result<Self, Problem> {
        let (python, parameters) = match route {
            Route::Path(text) => path_to_python(text, kind, converters)?,
            Route::Regex(text) => (text.clone(), Vec::new()),
        };
        let whole = matches!(route, Route::Regex(_)) && kind == Kind::End && python.ends_with('$');
        let (matcher, names) = matcher::compile(&python, whole).map_err(Problem::Regex)?;
        let groups = groups(names, &parameters, matches!(route, Route::Path(_)))?;
        let has_names = groups.iter().any(|group| group.name.is_some());
        Ok(Self { route: route.clone(), kind, python, matcher, groups, has_names })
    }

    /// Matches `path` from its beginning: where the rest begins, and what was captured.
    #[inline]
    pub(super) fn matches(&self, path: &str) -> Option<(usize, Params)> {
        if self.matcher.can_begin(path) { self.captures(path) } else { None }
    }

    fn captures(&self, path: &str) -> Option<(usize, Params)> {
        let found = self.matcher.find(path, self.groups.len())?;
        let mut params = Params::default();
        for (group, range) in self.groups.iter().zip(found.groups) {
            let text = range.and_then(|(start, end)| path.get(start..end));
            match (&group.name, text) {
                (Some(name), Some(text)) => params.set(Arc::clone(name), group.value(text)?),
                (None, text) if self.takes_unnamed() => params.push(text.map(str::to_owned)),
                _ => {}
            }
        }
        Some((found.end, params))
    }

    /// Unnamed groups count only in a regular expression without named ones.
    fn takes_unnamed(&self) -> bool {
        !self.has_names && matches!(self.route, Route::Regex(_))
    }

    /// The route as it was written.
    pub(super) fn route(&self) -> &Route {
        &self.route
    }

    /// What the pattern has to match.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// The expression that the reference would match.
    pub(super) fn python(&self) -> &str {
        &self.python
    }

    /// The converters of the parameters that have one.
    pub(super) fn converters(&self) -> impl Iterator<Item = (Arc<str>, Arc<Converter>)> {
        self.groups.iter().filter_map(|group| Some((group.name.clone()?, group.converter.clone()?)))
    }
}

impl Group {
    fn value(&self, text: &str) -> Option<String> {
        match &self.converter {
            Some(converter) => converter.value(text),
            None => Some(text.to_owned()),
        }
    }
}

fn groups(names: Vec<Option<String>>, parameters: &Parameters, is_path: bool) -> Result<Vec<Group>, Problem> {
    let mut groups: Vec<Group> = Vec::with_capacity(names.len());
    for name in names {
        let name: Option<Arc<str>> = name.map(Into::into);
        if let Some(name) = &name {
            if !is_identifier(name) {
                return Err(Problem::InvalidName { name: name.to_string() });
            }
            if groups.iter().any(|group| group.name.as_ref() == Some(name)) {
                return Err(Problem::DuplicateName { name: name.to_string() });
            }
        }
        let parameter = parameters.iter().find(|(parameter, _)| Some(parameter) == name.as_ref());
        if let (true, Some(name), None) = (is_path, &name, parameter) {
            return Err(Problem::NameInConverter { name: name.to_string() });
        }
        groups.push(Group { name, converter: parameter.map(|(_, converter)| Arc::clone(converter)) });
    }
    Ok(groups)
}

/// The expression for `notes/<int:pk>/`, and its parameters.
fn path_to_python(route: &str, kind: Kind, converters: &Converters) -> Result<(String, Parameters), Problem> {
    let mut python = String::from("^");
    let mut parameters = Parameters::new();
    let mut rest = route;
    while let Some((literal, inside, after)) = next_parameter(rest) {
        let (converter_name, name) = split_parameter(inside);
        if inside.contains(PYTHON_SPACE) {
            return Err(Problem::Whitespace { inside: inside.to_owned() });
        }
        if !is_identifier(name) {
            return Err(Problem::InvalidName { name: name.to_owned() });
        }
        let converter = converters.get(converter_name).ok_or_else(|| Problem::UnknownConverter {
            converter: converter_name.to_owned(),
            known: converters.names().map(str::to_owned).collect(),
        })?;
        escape_into(literal, &mut python);
        python.push_str(&format!("(?P<{name}>{})", converter.regex()));
        parameters.push((name.into(), converter));
        rest = after;
    }
    escape_into(rest, &mut python);
    if kind == Kind::End {
        python.push_str(r"\Z");
    }
    Ok((python, parameters))
}

const PYTHON_SPACE: [char; 6] = [' ', '\t', '\n', '\r', '\u{b}', '\u{c}'];

/// The next `<..>`: what is before, inside and behind. Brackets without a partner or without content are literal text.
fn next_parameter(route: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + route[from..].find('<')?;
        let inside = &route[open + 1..];
        match inside.find('>')? {
            0 => from = open + 1,
            close => return Some((&route[..open], &inside[..close], &inside[close + 1..])),
        }
    }
}

/// Converter and name; without a converter it is a `str`.
fn split_parameter(inside: &str) -> (&str, &str) {
    match inside.split_once(':') {
        Some((converter, name)) if !converter.is_empty() && !name.is_empty() => (converter, name),
        _ => ("str", inside),
    }
}

/// Escapes what has a meaning in an expression, as the reference does.
fn escape_into(literal: &str, python: &mut String) {
    for c in literal.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c) {
            python.push('\\');
        }
        python.push(c);
    }
}

/// Whether Python takes `name` as an identifier.
fn is_identifier(name: &str) -> bool {
    static IDENTIFIER: OnceLock<Option<Regex>> = OnceLock::new();
    const START: &str = r"\p{L}\p{Nl}_\u{1885}\u{1886}\u{2118}\u{212e}";
    const CONTINUE: &str = r"\p{Mn}\p{Mc}\p{Nd}\p{Pc}\u{b7}\u{387}\u{1369}-\u{1371}\u{19da}";
    let identifier = IDENTIFIER.get_or_init(|| Regex::new(&format!(r"\A[{START}][{START}{CONTINUE}]*\z")).ok());
    identifier.as_ref().is_some_and(|identifier| identifier.is_match(name))
}

/// A route that cannot be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadRoute {
    /// The route as it was written.
    pub route: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    /// `<foo:pk>` where no converter `foo` is known.
    UnknownConverter {
        /// The name that was written.
        converter: String,
        /// All names that would do.
        known: Vec<String>,
    },
    /// A parameter's name that is no identifier.
    InvalidName {
        /// The name that was written.
        name: String,
    },
    /// Two parameters of one name in one route.
    DuplicateName {
        /// The name that was written.
        name: String,
    },
    /// A named group in the regular expression of a converter.
    NameInConverter {
        /// The group's name.
        name: String,
    },
    /// White space inside of `<>`.
    Whitespace {
        /// The text between the brackets.
        inside: String,
    },
    /// The regular expression is refused.
    Regex(Refusal),
    /// An include that has a namespace but no app name.
    NamespaceWithoutAppName {
        /// The namespace that was written.
        namespace: String,
    },
}

impl Problem {
    /// What to do about it.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::UnknownConverter { known, .. } => {
                let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
                format!("use one of {}, or register a converter of that name", known.join(", "))
            }
            Self::InvalidName { .. } => "use letters, digits and `_`, and no digit first".to_owned(),
            Self::DuplicateName { .. } => "give each parameter a name of its own".to_owned(),
            Self::NameInConverter { .. } => "write `(?:..)` for a group in a converter's regular expression".to_owned(),
            Self::Whitespace { inside } => format!("write `<{}>`", inside.replace(PYTHON_SPACE, "")),
            Self::Regex(Refusal::LookAround) => {
                "match more and let the view answer 404, or put a route for the exception before this one".to_owned()
            }
            Self::Regex(Refusal::BackReference) => {
                "capture both parts under different names and let the view compare them".to_owned()
            }
            Self::Regex(_) => "correct the expression, or use `path` with a converter".to_owned(),
            Self::NamespaceWithoutAppName { .. } => "give the include an app name as well".to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownConverter { converter, .. } => write!(f, "unknown converter `{converter}`"),
            Self::InvalidName { name } => write!(f, "the parameter name `{name}` is no identifier"),
            Self::DuplicateName { name } => write!(f, "the parameter name `{name}` is used twice"),
            Self::NameInConverter { name } => write!(f, "a converter's regular expression names a group `{name}`"),
            Self::Whitespace { inside } => write!(f, "white space in `<{inside}>`"),
            Self::Regex(refusal) => refusal.fmt(f),
            Self::NamespaceWithoutAppName { namespace } => write!(f, "the namespace `{namespace}` has no app name"),
        }
    }
}

impl fmt::Display for BadRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "route `{}`: {}\nhint: {}", self.route, self.problem, self.problem.hint())
    }
}

impl std::error::Error for BadRoute {}
