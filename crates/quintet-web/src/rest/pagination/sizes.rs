//! How many rows a page has: as the view says, or as a client chooses where it may.

use quintet_core::openapi::Parameter;

use super::positive;
use crate::http::Query;

/// What a paginator says of the size of its pages.
pub(super) struct Sizes {
    /// The usual size.
    pub(super) usual: Option<u64>,
    /// The parameter by which a client chooses one.
    pub(super) param: Option<&'static str>,
    /// The largest that it may choose.
    pub(super) most: Option<u64>,
}

impl Sizes {
    /// The size that a query asks for; nothing where the list is not divided.
    pub(super) fn asked(&self, params: &Query) -> Option<u64> {
        let chosen = self.param.and_then(|name| positive(params.get(name)?, self.most));
        chosen.or(self.usual).filter(|size| *size > 0)
    }

    /// Whether no list is ever divided.
    pub(super) fn is_never(&self) -> bool {
        self.usual.is_none() && self.param.is_none()
    }

    /// The parameters of a paginator: that of the page, and that of its size.
    pub(super) fn parameters(&self, page: Parameter) -> Vec<Parameter> {
        let size = |name| Parameter::query(name).integer().described("How many rows a page has.");
        let all = std::iter::once(page).chain(self.param.map(size));
        if self.is_never() { vec![] } else { all.collect() }
    }
}
