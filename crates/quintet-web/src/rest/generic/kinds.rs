//! The traits of generic views as what routes and routers hold.
//!
//! Tables: which trait has which hooks, and which verb answers which method.

use std::sync::Arc;

use http::Method;
use quintet_core::rest::Field;
use quintet_db::model::Model;
use quintet_db::query::QuerySet;

use super::verbs::{self, Creates, Destroys, Finds, Lists, Rows, Shows, Takes, TakesAll, Updates};
use super::{
    CreateApiView, DestroyApiView, ListApiView, ListCreateApiView, ModelViewSet, ReadOnlyModelViewSet, RetrieveApiView,
    RetrieveDestroyApiView, RetrieveUpdateApiView, RetrieveUpdateDestroyApiView, UpdateApiView,
};
use crate::http::{Request, Response, Result};
use crate::rest::action::{Actions, Standard};
use crate::rest::dispatch::{RestView, Row};
use crate::rest::filter::Filters;
use crate::rest::metadata::Described;
use crate::rest::pagination::Pagination;
use crate::rest::serializer::{ModelOf, ModelSerializer, SerializerClass, Valid, fields};
use crate::rest::view_handler::{Answers, made};
use crate::rest::view_options::{Of, Says, view_hooks};
use crate::rest::viewset::{AnyViewSet, IntoViewSet, Lookup, Part, from_parts};
use crate::view::{IntoView, View};

/// A trait's hooks as the verbs want them.
macro_rules! hook {
    (class CreateApiView $view:ident $request:ident) => {{
        let _ = $request;
        None
    }};
    (class $trait:ident $view:ident $request:ident) => {
        $view.0.get_serializer_class($request)
    };
    (queryset $kind:ident $trait:ident) => {
        impl<V: $trait> Rows for Of<V, $kind> {
            type Shown = V::Serializer;

            fn rows(&self, request: &Request) -> QuerySet<ModelOf<V::Serializer>> {
                self.0.queryset(request)
            }

            fn class(&self, request: &Request) -> Option<SerializerClass<ModelOf<V::Serializer>>> {
                self.0.get_serializer_class(request)
            }

            fn filters(&self) -> Filters {
                self.0.filters()
            }
        }
    };
    (list $kind:ident $trait:ident) => {
        impl<V: $trait> Lists for Of<V, $kind> {
            fn pagination(&self) -> Pagination {
                self.0.pagination()
            }

            fn listed(
                &self,
                request: &Request,
                rows: QuerySet<ModelOf<V::Serializer>>,
            ) -> impl Future<Output = Result<Response>> + Send {
                self.0.get_paginated_response(request, rows)
            }
        }
    };
    (object $kind:ident $trait:ident) => {
        impl<V: $trait> Finds for Of<V, $kind> {
            fn object(&self, request: &Request) -> impl Future<Output = Result<ModelOf<V::Serializer>>> + Send {
                self.0.get_object(request)
            }

            fn lookup(&self) -> (&'static str, &'static str) {
                let field = self.0.lookup_field();
                (field, self.0.lookup_url_kwarg().unwrap_or(field))
            }
        }
    };
    (create $kind:ident $trait:ident) => {
        impl<V: $trait> Creates for Of<V, $kind> {
            type Made = V::Serializer;

            fn class_made(&self, request: &Request) -> Option<SerializerClass<ModelOf<V::Serializer>>> {
                hook!(class $trait self request)
            }

            fn create(
                &self,
                request: &Request,
                valid: Valid<V::Serializer>,
            ) -> impl Future<Output = Result<ModelOf<V::Serializer>>> + Send {
                self.0.perform_create(request, valid)
            }
        }
    };
    (update $kind:ident $trait:ident) => {
        impl<V: $trait> Updates for Of<V, $kind> {
            fn update(
                &self,
                request: &Request,
                valid: Valid<V::Serializer>,
            ) -> impl Future<Output = Result<ModelOf<V::Serializer>>> + Send {
                self.0.perform_update(request, valid)
            }
        }
    };
    (destroy $kind:ident $trait:ident) => {
        impl<V: $trait> Destroys for Of<V, $kind> {
            fn destroy(
                &self,
                request: &Request,
                row: ModelOf<V::Serializer>,
            ) -> impl Future<Output = Result<()>> + Send {
                self.0.perform_destroy(request, row)
            }
        }
    };
}

/// The methods of a verb.
macro_rules! verb {
    ($rows:ident $view:ident list) => {
        let shows: Arc<dyn Described> = Arc::new(Shows($view.clone()));
        $rows.push((Method::GET, made(&$view, verbs::list), Some(shows)));
    };
    ($rows:ident $view:ident create) => {
        let takes: Arc<dyn Described> = verbs::takes_new(&$view);
        $rows.push((Method::POST, made(&$view, verbs::create), Some(takes)));
    };
    ($rows:ident $view:ident retrieve) => {
        let takes: Arc<dyn Described> = Arc::new(Takes($view.clone()));
        $rows.push((Method::GET, made(&$view, verbs::retrieve), Some(takes)));
    };
    ($rows:ident $view:ident update) => {
        let takes: Arc<dyn Described> = Arc::new(Takes($view.clone()));
        $rows.push((Method::PUT, made(&$view, verbs::update), Some(takes.clone())));
        $rows.push((Method::PATCH, made(&$view, verbs::partial_update), Some(takes)));
    };
    ($rows:ident $view:ident destroy) => {
        let takes: Arc<dyn Described> = Arc::new(Takes($view.clone()));
        $rows.push((Method::DELETE, made(&$view, verbs::destroy), Some(takes)));
    };
}

/// The model of a view's rows.
macro_rules! model {
    (new $view:ident) => {
        None
    };
    (rows $view:ident) => {
        Some(rowed::<$view::Serializer>())
    };
}

macro_rules! views {
    ($($kind:ident $trait:ident $of:ident [$($hook:ident)*] [$($verb:ident)*];)*) => {$(
        #[doc = concat!("Tells views of `", stringify!($trait), "` from others.")]
        pub enum $kind {}

        view_hooks!($kind as $trait);

        $(hook!($hook $kind $trait);)*

        impl<V: $trait> IntoView<$kind> for V {
            #[allow(clippy::vec_init_then_push, reason = "a table")]
            fn into_view(self) -> View {
                let view = Of::<V, $kind>::new(self);
                let mut rows: Vec<Verb> = vec![];
                $(verb!(rows view $verb);)*
                from_verbs(view, model!($of V), rows)
            }
        }
    )*};
}

views! {
    ListKind ListApiView rows [queryset list] [list];
    CreateKind CreateApiView new [create] [create];
    RetrieveKind RetrieveApiView rows [queryset object] [retrieve];
    UpdateKind UpdateApiView rows [queryset object update] [update];
    DestroyKind DestroyApiView rows [queryset object destroy] [destroy];
    ListCreateKind ListCreateApiView rows [queryset list create] [list create];
    RetrieveUpdateKind RetrieveUpdateApiView rows [queryset object update] [retrieve update];
    RetrieveDestroyKind RetrieveDestroyApiView rows [queryset object destroy] [retrieve destroy];
    RetrieveUpdateDestroyKind RetrieveUpdateDestroyApiView rows [queryset object update destroy] [retrieve update destroy];
}

type Verb = (Method, Arc<dyn Answers>, Option<Arc<dyn Described>>);

/// What is known of a view's rows before any request.
#[derive(Clone, Copy)]
struct Rowed {
    /// The model, as `(app, name)`.
    name: (&'static str, &'static str),
    /// The fields that are shown.
    shown: fn(&Request) -> Result<Vec<Field>>,
}

fn rowed<S: ModelSerializer>() -> Rowed {
    Rowed { name: (ModelOf::<S>::APP_LABEL, ModelOf::<S>::DEF.name), shown: fields::<S> }
}

/// Not generic: compiled once for all views.
fn from_verbs(view: Arc<dyn Says>, model: Option<Rowed>, verbs: Vec<Verb>) -> View {
    let said = view.said();
    let choices = Arc::new(said.choices.clone());
    let row = |(method, answers, described)| Row { method, action: None, answers, choices: choices.clone(), described };
    let rows = verbs.into_iter().map(row).collect();
    let mut facts = said.facts();
    facts.model = model.map(|model| model.name);
    facts.shown = model.map(|model| model.shown);
    View::new(RestView::new(facts, rows, view))
}

/// Which standard actions a view set has.
macro_rules! chosen {
    (all $view:ident) => {
        &Standard::ALL
    };
    (chosen $view:ident) => {
        $view::ACTIONS
    };
}

macro_rules! sets {
    ($($kind:ident $trait:ident [$($hook:ident)*] $chosen:ident [$($verb:ident $action:ident),*];)*) => {$(
        #[doc = concat!("Tells views of `", stringify!($trait), "` from others.")]
        pub enum $kind {}

        view_hooks!($kind as $trait);

        $(hook!($hook $kind $trait);)*

        impl<V: $trait> IntoViewSet<$kind> for V {
            #[allow(clippy::vec_init_then_push, reason = "a table")]
            fn into_view_set(self) -> AnyViewSet {
                let parameter = self.lookup_url_kwarg().unwrap_or(self.lookup_field());
                let lookup = Lookup {
                    parameter,
                    value_regex: self.lookup_value_regex(),
                    value_converter: self.lookup_value_converter(),
                };
                let chosen: &[Standard] = chosen!($chosen V);
                let view = Of::<V, $kind>::new(self);
                let mut actions = Actions::new(&view.0);
                V::actions(&mut actions);
                let mut given: Vec<(Standard, Arc<dyn Answers>)> = vec![];
                $(given.push((Standard::$action, made(&view, verbs::$verb)));)*
                given.retain(|(action, _)| chosen.contains(action));
                let takes: Arc<dyn Described> = Arc::new(TakesAll(view.clone()));
                let Rowed { name, shown } = rowed::<V::Serializer>();
                let mut set = from_parts(view, lookup, Some(name), Part::of(actions), given, Some(takes));
                set.shown = Some(shown);
                set
            }
        }
    )*};
}

sets! {
    ReadOnlyKind ReadOnlyModelViewSet [queryset list object] all [list List, retrieve Retrieve];
    ModelKind ModelViewSet [queryset list object create update destroy] chosen [
        list List, create Create, retrieve Retrieve, update Update, partial_update PartialUpdate, destroy Destroy
    ];
}
