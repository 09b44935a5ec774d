//! What a route's view is, for who describes the site. Asked of views before any request; a request's way never leads here.

use std::sync::Arc;

use http::Method;

use crate::rest::dispatch::Row;
use crate::rest::filter::Filters;
use crate::rest::pagination::Pagination;
use crate::rest::view_choices::Choices;
use crate::rest::view_facts::ViewFacts;

/// What a generic view has besides its methods.
#[derive(Default)]
pub(crate) struct Outline {
    /// What its list is asked and divided by.
    pub(crate) lists: Option<(Filters, Pagination)>,
    /// The field by which a URL names a row, and the parameter that has its value.
    pub(crate) lookup: Option<(&'static str, &'static str)>,
    /// Whether its verbs are the usual ones, so that what they answer follows from what they take.
    pub(crate) is_usual: bool,
}

/// A view at a route.
pub(crate) struct Outlined<'v> {
    pub(crate) facts: &'v Arc<ViewFacts>,
    pub(crate) rows: Vec<OutlinedRow<'v>>,
    /// Whether its answers are negotiated.
    pub(crate) is_api: bool,
}

/// A method of it.
pub(crate) struct OutlinedRow<'v> {
    pub(crate) method: &'v Method,
    pub(crate) action: Option<&'static str>,
    pub(crate) choices: &'v Choices,
    pub(crate) row: Option<&'v Row>,
}
