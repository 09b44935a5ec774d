//! Which view answers a path, and which path leads to a view: routes as data.
//!
//! A `Tree` is built once from `Entry`s; it then resolves percent-decoded paths without their leading slash, and reverses
//! names to quoted URLs, both as Django 5.2 does. Every problem in the routes is found when the tree is built (`BadRoute`)
//! or reported as a [`Finding`].
//!
//! A project needs three names of it, [`Converter`], [`Finding`] and [`NoReverseMatch`]; the rest is for the list of
//! routes that it writes. Knows patterns and text. Deliberately knows no HTTP: no request, no method, no status, no
//! async; a view is any `V`.
//!
//! Known differences from the reference, all of them in `re_path` unless said otherwise:
//! - look-around, back-references, possessive quantifiers, atomic groups, `\N{..}` and the flags `a` and `x` are refused
//!   when the tree is built, as is an expression that compiles to more than 10 MiB;
//! - a repeated group that can match nothing (`(a*)*`) captures its last text, not the empty one behind it;
//! - a `$` that is not the expression's end does not match before a final newline if the path has more newlines;
//! - where the reference ends in an internal error (a literal `%` in any route, one parameter name on two levels, an
//!   expression that cannot be turned back beside the one that is asked for), reversing works.

mod converter;
mod dialect;
mod findings;
mod forms;
mod matcher;
mod params;
mod pattern;
mod places;
mod reverse;
mod tree;

pub use converter::Converter;
pub(crate) use converter::Converters;
pub use findings::Finding;
pub(crate) use params::Params;
pub(crate) use pattern::{Route, Suffix};
pub(crate) use places::{Parameter as PathParameter, Place};
pub(crate) use reverse::Args;
pub use reverse::NoReverseMatch;
pub(crate) use tree::{Entry, Tree};

#[cfg(test)]
mod tests;
