//! Which view answers a path, and which path leads to a view: routes as data.
//!
//! A [`Tree`] is built once from [`Entry`]s; it then [resolves](Tree::resolve) percent-decoded paths without their leading
//! slash, and [reverses](Tree::reverse) names to quoted URLs, both as Django 5.2 does. Every problem in the routes is
//! found when the tree is built ([`BadRoute`]) or reported as a [`Finding`].
//!
//! Knows patterns and text. Deliberately knows no HTTP: no request, no method, no status, no async; a view is any `V`.
//!
//! Known differences from the reference, all in the regular expressions of `re_path`: look-around, back-references,
//! possessive quantifiers, atomic groups and the flags `a` and `x` are refused at build; a `$` in the middle of an
//! expression does not match before a final newline if the path has further newlines. A literal `%` in a route and one
//! parameter name on two levels can be reversed here, where the reference raises an internal error.

mod tree;
mod findings;
mod params;
mod pattern;
mod converter;
mod dialect;
mod matcher;
mod reverse;
mod forms;

pub use converter::{Converter, Converters};
pub use dialect::Refusal;
pub use findings::Finding;
pub use params::Params;
pub use pattern::{BadRoute, Kind, Pattern, Problem, Route};
pub use reverse::{Args, NoReverseMatch};
pub use tree::{Entry, Resolved, Tree, Tried};

#[cfg(test)]
mod tests;
