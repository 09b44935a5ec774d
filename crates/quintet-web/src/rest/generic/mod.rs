//! Generic views: the list, the making, the showing, the changing and the deleting of a model's rows, by a query and a
//! serializer, in all combinations.
//!
//! Each trait has the hooks of its verbs and no others. What happens between the hooks is in `verbs`, once.

#[doc(hidden)]
pub mod kinds;
mod object;
mod verbs;

use quintet_db::query::{QuerySet, Stored};

use super::action::{Actions, Standard};
use super::filter::Filters;
use super::pagination::Pagination;
use super::serializer::{ModelOf, ModelSerializer, Serializer, SerializerClass, Valid};
use super::view_options::view_options;
use crate::http::{Request, Response, Result};

pub use object::{find, get_object_or_404};
pub(crate) use verbs::TakesFields;
pub use verbs::list_response;

/// The hooks of what a view does.
macro_rules! hooks {
    (queryset) => {
        /// What rows are shown as, and made from.
        type Serializer: ModelSerializer;

        /// The rows that this view is about, for this request.
        fn queryset(&self, request: &Request) -> QuerySet<ModelOf<Self::Serializer>>;

        /// Another serializer for this request: `SerializerClass::of::<ShortNoteSerializer>()`, by its version or its
        /// action. `Serializer`, unless written.
        fn get_serializer_class(&self, request: &Request) -> Option<SerializerClass<ModelOf<Self::Serializer>>> {
            let _ = request;
            None
        }

        /// What a client may ask of the rows by the query string; as the setting `default_filter_backends` says, unless
        /// written.
        fn filters(&self) -> Filters {
            Filters::as_settings()
        }
    };
    (list) => {
        /// How the list is divided into pages; as the setting `default_pagination_class` says, unless written.
        fn pagination(&self) -> Pagination {
            Pagination::AsSettings
        }

        /// The answer of these rows as a list of this view: filtered, in pages, by its serializer. Actions beside the list
        /// ask for it: `self.get_paginated_response(request, self.queryset(request).filter(..)).await`.
        fn get_paginated_response(
            &self,
            request: &Request,
            rows: QuerySet<ModelOf<Self::Serializer>>,
        ) -> impl Future<Output = Result<Response>> + Send {
            let class = self.get_serializer_class(request);
            $crate::rest::generic::list_response::<Self::Serializer>(
                request,
                rows,
                self.filters(),
                self.pagination(),
                class,
            )
        }
    };
    (object) => {
        /// The field by which the URL names a row: `pk`, `number`, `author__username`.
        fn lookup_field(&self) -> &'static str {
            "pk"
        }

        /// The parameter of the route that has its value; the field's name, unless written.
        fn lookup_url_kwarg(&self) -> Option<&'static str> {
            None
        }

        /// The row that the URL names: out of the view's rows, filtered, or 404; refused where the permissions do not
        /// give it.
        fn get_object(&self, request: &Request) -> impl Future<Output = Result<ModelOf<Self::Serializer>>> + Send {
            let field = self.lookup_field();
            let parameter = self.lookup_url_kwarg().unwrap_or(field);
            $crate::rest::generic::find(request, self.queryset(request), self.filters(), field, parameter)
        }
    };
    (create) => {
        /// Saves a new row: `valid.save_with(|n| n.author().set(request.user()))`.
        fn perform_create(
            &self,
            request: &Request,
            valid: Valid<Self::Serializer>,
        ) -> impl Future<Output = Result<ModelOf<Self::Serializer>>> + Send {
            let _ = request;
            valid.save()
        }
    };
    (update) => {
        /// Saves a changed row.
        fn perform_update(
            &self,
            request: &Request,
            valid: Valid<Self::Serializer>,
        ) -> impl Future<Output = Result<ModelOf<Self::Serializer>>> + Send {
            let _ = request;
            valid.save()
        }
    };
    (destroy) => {
        /// Deletes a row.
        fn perform_destroy(
            &self,
            request: &Request,
            instance: ModelOf<Self::Serializer>,
        ) -> impl Future<Output = Result<()>> + Send {
            let deleted = instance.delete(request);
            async move { deleted.await.map(drop).map_err($crate::http::Error::internal) }
        }
    };
    (set) => {
        /// What the parameter of the route may be, as a regular expression.
        fn lookup_value_regex(&self) -> &'static str {
            "[^/.]+"
        }

        /// The same by a converter, for routers [without regular expressions](crate::rest::SimpleRouter).
        fn lookup_value_converter(&self) -> &'static str {
            "str"
        }

        /// Actions beside the standard ones, and what these choose or do otherwise.
        fn actions(actions: &mut Actions<Self>) {
            let _ = actions;
        }
    };
    (chosen) => {
        /// The standard actions that there are.
        const ACTIONS: &'static [Standard] = &Standard::ALL;
    };
}

macro_rules! generic_views {
    ($($(#[$doc:meta])* $name:ident [$($hook:ident)*];)*) => {
        $($(#[$doc])*
        #[diagnostic::on_unimplemented(message = "`{Self}` is not a generic view of this kind")]
        pub trait $name: Send + Sync + Sized + 'static {
            $(hooks!($hook);)*
            view_options!();
        })*
    };
}

generic_views! {
    /// `GET` of a list.
    ListApiView [queryset list];
    /// `GET` of one row.
    RetrieveApiView [queryset object];
    /// `PUT` and `PATCH` of one row.
    UpdateApiView [queryset object update];
    /// `DELETE` of one row.
    DestroyApiView [queryset object destroy];
    /// `GET` of a list, `POST` to it.
    ListCreateApiView [queryset list create];
    /// `GET`, `PUT` and `PATCH` of one row.
    RetrieveUpdateApiView [queryset object update];
    /// `GET` and `DELETE` of one row.
    RetrieveDestroyApiView [queryset object destroy];
    /// `GET`, `PUT`, `PATCH` and `DELETE` of one row.
    RetrieveUpdateDestroyApiView [queryset object update destroy];
    /// A list and its rows, to read, for a router.
    ReadOnlyModelViewSet [queryset list object set];
    /// A list and its rows, for a router. `ACTIONS` chooses fewer of the standard ones.
    ModelViewSet [queryset list object create update destroy set chosen];
}

/// `POST` of new rows. Needs no query, and its serializer no model.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a generic view of this kind")]
pub trait CreateApiView: Send + Sync + Sized + 'static {
    /// What rows are made from, and shown as.
    type Serializer: Serializer;

    hooks!(create);
    view_options!();
}
