//! What a client may ask of a list by its query string: words to search for, an order, values of fields.
//!
//! Filters see a query without its type, and run in the order in which a view names them. Names come from the view; what a
//! client writes chooses among them, or is a value.

mod control;
mod fields;
mod ordering;
mod pattern;
mod search;
mod set;
mod view_filters;

use std::borrow::Cow;
use std::sync::Arc;

use quintet_core::openapi::Parameter;
use quintet_db::query::Untyped;

use crate::http::{BoxFuture, Request, Result};

pub use control::{Control, ControlInput};
pub use fields::{FieldFilter, FieldFilters};
pub use ordering::{OrderingFields, OrderingFilter};
pub use quintet_core::schema::Value as FilterValue;
pub use search::SearchFilter;
pub use set::{Filter, FilterSet};
pub use view_filters::{DjangoFilterBackend, ViewFilters};

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

    /// The same by what a view says, where this one stands in the setting `default_filter_backends`; nothing where the view
    /// says nothing to it.
    fn of_view(&self, said: &ViewFilters) -> Option<Arc<dyn FilterBackend>> {
        let _ = said;
        None
    }

    /// The parameters that it reads, for who describes the view.
    fn parameters(&self) -> Vec<String> {
        vec![]
    }

    /// The same with what they take; texts of [`parameters`](Self::parameters), unless written. The request
    /// is one that nobody made: it knows its view, and nothing is asked of a database for it.
    fn described(&self, request: &Request) -> Vec<Parameter> {
        let _ = request;
        self.parameters().into_iter().map(Parameter::query).collect()
    }

    /// What a page offers for it.
    ///
    /// # Errors
    /// What there is to choose from cannot be read.
    fn controls<'a>(&'a self, request: &'a Request, query: &'a Untyped) -> BoxFuture<'a, Result<Vec<Control>>> {
        let _ = (request, query);
        Box::pin(std::future::ready(Ok(vec![])))
    }
}

/// The filters of a view, in order: those of the setting `default_filter_backends`, or its own, or both.
#[derive(Clone, Debug, Default)]
pub struct Filters {
    /// What the view says to those of the settings; nothing where it has only its own.
    of_settings: Option<Arc<ViewFilters>>,
    own: Vec<AnyFilter>,
}

type AnyFilter = Arc<dyn FilterBackend>;

impl Filters {
    /// None.
    pub fn none() -> Self {
        Self::default()
    }

    /// Those of the setting `default_filter_backends`. `search_fields` and its neighbours say what they filter by.
    pub fn as_settings() -> Self {
        Self { of_settings: Some(Arc::default()), own: vec![] }
    }

    /// One.
    pub fn new(filter: impl FilterBackend) -> Self {
        Self::none().and(filter)
    }

    /// These, and one after them.
    #[must_use]
    pub fn and(mut self, filter: impl FilterBackend) -> Self {
        self.own.push(Arc::new(filter));
        self
    }

    /// The query with what is asked of all of them.
    ///
    /// # Errors
    /// What a client wrote that cannot be.
    pub async fn filter(&self, request: &Request, mut query: Untyped) -> Result<Untyped> {
        for filter in self.for_request(request).iter() {
            query = filter.filter(request, query).await?;
        }
        Ok(query)
    }

    /// The order that the first of them says.
    ///
    /// # Errors
    /// What is wrong with the request.
    pub fn ordering(&self, request: &Request, query: &Untyped) -> Result<Option<Vec<String>>> {
        for filter in self.for_request(request).iter() {
            if let Some(ordering) = filter.ordering(request, query)? {
                return Ok(Some(ordering));
            }
        }
        Ok(None)
    }

    /// The filters that count for a request's site, those of its settings first.
    #[must_use]
    pub fn for_request(&self, request: &Request) -> Cow<'_, Self> {
        let Some(said) = &self.of_settings else { return Cow::Borrowed(self) };
        let settings = &request.site().options().rest_framework.default_filter_backends;
        let told = |filter: &AnyFilter| filter.of_view(said).unwrap_or_else(|| filter.clone());
        let own = settings.own.iter().map(told).chain(self.own.iter().cloned()).collect();
        Cow::Owned(Self { of_settings: None, own })
    }

    /// The view's own filters, or of what [`for_request`](Self::for_request) gave all of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn FilterBackend>> {
        self.own.iter()
    }
}

impl<F: FilterBackend> From<F> for Filters {
    fn from(filter: F) -> Self {
        Self::new(filter)
    }
}

impl std::fmt::Debug for dyn FilterBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FilterBackend({})", self.parameters().join(", "))
    }
}
