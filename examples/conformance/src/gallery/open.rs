//! Generic views that let everybody in, by their rows and their serializer.

use quintet::prelude::*;
use quintet::rest::filter::Filters;
use quintet::rest::pagination::Pagination;

/// The rows of a view.
pub type Rows<S> = fn() -> QuerySet<ModelOf<S>>;

/// A list, and new rows.
pub struct OpenList<S: ModelSerializer> {
    name: &'static str,
    rows: Rows<S>,
}

/// One row.
pub struct OpenOne<S: ModelSerializer> {
    name: &'static str,
    rows: Rows<S>,
}

/// A list to read.
pub struct OpenPages<S: ModelSerializer> {
    name: &'static str,
    rows: Rows<S>,
    pagination: fn() -> Pagination,
    filters: fn() -> Filters,
}

impl<S: ModelSerializer> OpenList<S> {
    pub fn new(name: &'static str, rows: Rows<S>) -> Self {
        Self { name, rows }
    }
}

impl<S: ModelSerializer> OpenOne<S> {
    pub fn new(name: &'static str, rows: Rows<S>) -> Self {
        Self { name, rows }
    }
}

impl<S: ModelSerializer> OpenPages<S> {
    pub fn new(name: &'static str, rows: Rows<S>) -> Self {
        Self { name, rows, pagination: || Pagination::None, filters: Filters::as_settings }
    }

    pub fn pages(self, pagination: fn() -> Pagination) -> Self {
        Self { pagination, ..self }
    }

    pub fn filters(self, filters: fn() -> Filters) -> Self {
        Self { filters, ..self }
    }
}

macro_rules! open {
    ($view:ident $kind:ident) => {
        impl<S: ModelSerializer> $kind for $view<S> {
            type Serializer = S;

            fn queryset(&self, _: &Request) -> QuerySet<ModelOf<S>> {
                (self.rows)()
            }

            fn name(&self) -> Option<&'static str> {
                Some(self.name)
            }

            fn permissions(&self) -> Permission {
                AllowAny.into()
            }
        }
    };
}

open!(OpenList ListCreateApiView);
open!(OpenOne RetrieveUpdateApiView);

impl<S: ModelSerializer> ListApiView for OpenPages<S> {
    type Serializer = S;

    fn queryset(&self, _: &Request) -> QuerySet<ModelOf<S>> {
        (self.rows)()
    }

    fn name(&self) -> Option<&'static str> {
        Some(self.name)
    }

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }

    fn pagination(&self) -> Pagination {
        (self.pagination)()
    }

    fn filters(&self) -> Filters {
        (self.filters)()
    }
}

/// View sets for everybody: `ArtistViewSet: ArtistSerializer => Artist::objects();`.
macro_rules! open_sets {
    ($($(#[$doc:meta])* $name:ident: $serializer:ty => $rows:expr;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl ModelViewSet for $name {
            type Serializer = $serializer;

            fn queryset(&self, _: &Request) -> QuerySet<ModelOf<$serializer>> {
                $rows
            }

            fn permissions(&self) -> Permission {
                AllowAny.into()
            }
        }
    )*};
}

pub(super) use open_sets;
