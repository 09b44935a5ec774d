//! What a client may ask of a list by its query string: words to search for, an order, values of fields.
//!
//! Filters see a query without its type, and run in the order in which a view names them. Names come from the view; what a
//! client writes chooses among them, or is a value.

mod fields;
mod ordering;
mod search;
mod set;

use std::sync::Arc;

use quintet_db::query::Untyped;

use crate::http::{BoxFuture, Request, Result};

pub use fields::{FieldFilter, FieldFilters};
pub use ordering::{OrderingFields, OrderingFilter};
pub use quintet_core::schema::Value as FilterValue;
pub use search::SearchFilter;
pub use set::{Filter, FilterSet};

/// Changes the query of a list by what a request asks for.
pub trait FilterBackend: Send + Sync + 'static {
    /// The query with what is asked for.
    fn filter<'a>(&'a self, request: &'a Request, query: Untyped) -> BoxFuture<'a, Result<Untyped>>;

    /// The order that is asked for, or that is the view's own: for pages that go by it.
    ///
    /// # Errors
    /// What is wrong with the request.
    fn ordering(&self, request: &Request, query: &Untyped) -> Result<Option<Vec<String>>> {
        let _ = (request, query);
        Ok(None)
    }

    /// The parameters that it reads, for who describes the view.
    fn parameters(&self) -> Vec<String> {
        vec![]
    }
}

/// The filters of a view, in order.
#[derive(Clone, Default)]
pub struct Filters(Vec<Arc<dyn FilterBackend>>);

impl Filters {
    /// None.
    pub fn none() -> Self {
        Self::default()
    }

    /// One.
    pub fn new(filter: impl FilterBackend) -> Self {
        Self::none().and(filter)
    }

    /// These, and one after them.
    #[must_use]
    pub fn and(mut self, filter: impl FilterBackend) -> Self {
        self.0.push(Arc::new(filter));
        self
    }

    /// The query with what is asked of all of them.
    ///
    /// # Errors
    /// What a client wrote that cannot be.
    pub async fn filter(&self, request: &Request, mut query: Untyped) -> Result<Untyped> {
        for filter in &self.0 {
            query = filter.filter(request, query).await?;
        }
        Ok(query)
    }

    /// The order that the first of them says.
    ///
    /// # Errors
    /// What is wrong with the request.
    pub fn ordering(&self, request: &Request, query: &Untyped) -> Result<Option<Vec<String>>> {
        for filter in &self.0 {
            if let Some(ordering) = filter.ordering(request, query)? {
                return Ok(Some(ordering));
            }
        }
        Ok(None)
    }

    /// The filters, for who describes the view.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn FilterBackend>> {
        self.0.iter()
    }
}

impl<F: FilterBackend> From<F> for Filters {
    fn from(filter: F) -> Self {
        Self::new(filter)
    }
}

impl std::fmt::Debug for Filters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Filters({})", self.0.len())
    }
}
