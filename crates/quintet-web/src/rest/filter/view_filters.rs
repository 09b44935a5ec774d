//! What a view says to the filters of the settings: the fields to search in, those to order by, its set of filters.

use std::borrow::Cow;
use std::sync::Arc;

use quintet_db::query::Untyped;

use super::{FilterBackend, Filters, OrderingFields};
use crate::http::{BoxFuture, Request, Result};

/// What a view says to the filters of the setting `default_filter_backends`. Filters that are not there hear nothing.
#[derive(Clone, Debug, Default)]
pub struct ViewFilters {
    /// Where [`SearchFilter`](super::SearchFilter) searches.
    pub search_fields: Vec<Cow<'static, str>>,
    /// What [`OrderingFilter`](super::OrderingFilter) orders by; the fields that are shown, unless said.
    pub ordering_fields: Option<OrderingFields>,
    /// The order where a client asks for none.
    pub default_order: Vec<String>,
    /// What [`DjangoFilterBackend`] filters by.
    pub filterset: Option<Arc<dyn FilterBackend>>,
}

/// Filters by the set of filters that a view names by [`Filters::filterset`]; a view that names none is not filtered.
#[derive(Clone, Copy, Debug, Default)]
pub struct DjangoFilterBackend;

impl FilterBackend for DjangoFilterBackend {
    fn filter<'a>(&'a self, _: &'a Request, query: Untyped) -> BoxFuture<'a, Result<Untyped>> {
        Box::pin(std::future::ready(Ok(query)))
    }

    fn of_view(&self, said: &ViewFilters) -> Option<Arc<dyn FilterBackend>> {
        said.filterset.clone()
    }
}

impl Filters {
    /// Where the search of the settings searches: names with prefixes, as those of
    /// [`SearchFilter`](super::SearchFilter).
    #[must_use]
    pub fn search_fields(self, fields: impl IntoIterator<Item = impl Into<Cow<'static, str>>>) -> Self {
        self.saying(|said| said.search_fields = fields.into_iter().map(Into::into).collect())
    }

    /// What the order of the settings goes by: names, or [`OrderingFields::All`].
    #[must_use]
    pub fn ordering_fields(self, fields: impl Into<OrderingFields>) -> Self {
        self.saying(|said| said.ordering_fields = Some(fields.into()))
    }

    /// The order where a client asks for none.
    #[must_use]
    pub fn default_order(self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.saying(|said| said.default_order = names.into_iter().map(Into::into).collect())
    }

    /// What the [`DjangoFilterBackend`] of the settings filters by: a [`FilterSet`](super::FilterSet) or
    /// [`FieldFilters`](super::FieldFilters).
    #[must_use]
    pub fn filterset(self, filters: impl FilterBackend) -> Self {
        self.saying(|said| said.filterset = Some(Arc::new(filters)))
    }

    /// Who says something to the filters of the settings has them.
    fn saying(mut self, say: impl FnOnce(&mut ViewFilters)) -> Self {
        say(Arc::make_mut(self.of_settings.get_or_insert_default()));
        self
    }
}

impl<S: Into<String>, const N: usize> From<[S; N]> for OrderingFields {
    fn from(names: [S; N]) -> Self {
        Self::Only(names.into_iter().map(Into::into).collect())
    }
}

impl<S: Into<String>> From<Vec<S>> for OrderingFields {
    fn from(names: Vec<S>) -> Self {
        Self::Only(names.into_iter().map(Into::into).collect())
    }
}
