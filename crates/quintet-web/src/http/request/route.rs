//! The route that a request took: what it captured, what it is called, and paths of other routes.

use std::fmt::Display;
use std::str::FromStr;

use super::super::{Error, Result};
use super::Request;
use crate::routing;
use crate::urls::{self, Matched};

impl Request {
    /// What the route captured, in order.
    pub fn params(&self) -> Params<'_> {
        Params(self.matched().map(|matched| &matched.params))
    }

    /// A captured value of a type; 404 where it is none, as no such thing can exist.
    #[track_caller]
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T> {
        match self.params().get(name) {
            Some(text) => text.parse().map_err(|_| Error::not_found()),
            None => Err(Error::unexpected(self.no_such_param(name))),
        }
    }

    /// The route and the view are both the project's: that they do not fit is no client's fault.
    fn no_such_param(&self, name: &str) -> String {
        let captured: Vec<String> = self.params().iter().map(|(name, _)| format!("`{name}`")).collect();
        let there = if captured.is_empty() { "nothing".to_owned() } else { captured.join(", ") };
        format!("the route `{}` captures no `{name}`, it captures {there}", self.route().unwrap_or_default())
    }

    /// The path of a named route; an error names what was tried.
    pub fn reverse(&self, name: &str, args: &[(&str, &dyn Display)]) -> Result<String> {
        self.0.site.route_table().reverse(name, urls::named(args), self.matched())
    }

    /// The path of a named route, with arguments in the order of its parameters.
    pub fn reverse_args(&self, name: &str, args: &[&dyn Display]) -> Result<String> {
        self.0.site.route_table().reverse(name, urls::positional(args), self.matched())
    }

    /// The route that answers, as the reference's `resolver_match.route`.
    pub fn route(&self) -> Option<&str> {
        self.matched().map(|matched| matched.route.text.as_str())
    }

    /// The namespaces around the route that answers, outermost first.
    pub fn namespaces(&self) -> Vec<String> {
        self.matched().map(|matched| matched.route.namespaces.clone()).unwrap_or_default()
    }

    /// The route that it took.
    pub(crate) fn matched(&self) -> Option<&Matched> {
        self.0.matched.get()
    }

    pub(crate) fn set_matched(&self, matched: Matched) {
        let _ = self.0.matched.set(matched);
    }
}

/// What a route captured, in order.
#[derive(Clone, Copy, Debug)]
pub struct Params<'a>(Option<&'a routing::Params>);

impl<'a> Params<'a> {
    /// A captured value, as text.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.0?.text(name)
    }

    /// What the unnamed groups of a regular expression captured, in order; `None` for one that took no part. A route
    /// with any named parameter has none.
    pub fn positional(&self) -> impl Iterator<Item = Option<&'a str>> {
        self.0.into_iter().flat_map(|params| params.positional()).map(Option::as_deref)
    }

    /// Every captured name and value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.into_iter().flat_map(|params| params.iter())
    }
}
