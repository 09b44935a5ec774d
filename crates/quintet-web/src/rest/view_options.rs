//! What every kind of API view may say of itself, written once for all of their traits.
//!
//! A macro and not a trait above them, so that a project's view has one `impl` that says everything.

use std::borrow::Cow;
use std::sync::Arc;

use super::openapi::Operations;
use super::view_choices::Choices;
use super::view_facts::ViewFacts;
use super::view_handler::{Hooks, shown_name};

/// The methods that every view trait has, each with its default.
macro_rules! view_options {
    () => {
        /// Who may ask: `IsAuthenticated & (IsOwner | IsAdminUser)`. As the setting `default_permission_classes` says,
        /// unless written.
        fn permissions(&self) -> $crate::rest::Permission {
            $crate::rest::Permission::AsSettings
        }

        /// How it is told who asks; as the setting `default_authentication_classes` says, unless written.
        fn authentication(&self) -> $crate::rest::Choice<$crate::rest::Authenticator> {
            $crate::rest::Choice::as_settings()
        }

        /// How often the same may ask; as the setting `default_throttle_classes` says, unless written.
        fn throttles(&self) -> $crate::rest::Throttles {
            $crate::rest::Choice::as_settings()
        }

        /// What reads the bodies of requests; as the setting `default_parser_classes` says, unless written.
        fn parsers(&self) -> $crate::rest::Choice<$crate::rest::Parser> {
            $crate::rest::Choice::as_settings()
        }

        /// What writes the answers; as the setting `default_renderer_classes` says, unless written.
        fn renderers(&self) -> $crate::rest::Choice<$crate::rest::Renderer> {
            $crate::rest::Choice::as_settings()
        }

        /// How a version is asked for; as the setting `default_versioning_class` says, unless written.
        fn versioning(&self) -> $crate::rest::Choice<$crate::rest::versioning::Versioning> {
            $crate::rest::Choice::as_settings()
        }

        /// What [`ScopedRateThrottle`](crate::rest::ScopedRateThrottle) counts this view by.
        fn throttle_scope(&self) -> Option<&'static str> {
            None
        }

        /// What `OPTIONS` calls it; out of the type's name, unless written.
        fn name(&self) -> Option<&'static str> {
            None
        }

        /// What `OPTIONS` says about it.
        fn description(&self) -> &'static str {
            ""
        }

        /// What is said of its operations that cannot be found out: `operations.on(Method::GET, Describe::new()..)`.
        fn describe(&self, operations: &mut $crate::rest::openapi::Operations) {
            let _ = operations;
        }

        /// Whether a request is a transaction where the project has `atomic_requests`.
        fn is_atomic(&self) -> bool {
            true
        }

        /// How a renderer and a parser are chosen; by `?format=`, `Accept` and `Content-Type`, unless written.
        fn negotiation(&self) -> $crate::rest::Choice<$crate::rest::negotiate::Negotiation> {
            $crate::rest::Choice::as_settings()
        }

        /// The methods that there are at most, in small letters; others are refused, whatever answers them.
        fn http_method_names(&self) -> &'static [&'static str] {
            &$crate::rest::METHOD_NAMES
        }

        /// Whether `OPTIONS` tells of it; else that is refused.
        fn has_metadata(&self) -> bool {
            true
        }

        /// What `OPTIONS` tells; `told` is what it tells unless this is written.
        fn determine_metadata(
            &self,
            request: &$crate::http::Request,
            told: quintet_core::json::Object,
        ) -> quintet_core::json::Object {
            let _ = request;
            told
        }

        /// What one request has otherwise than this view: `request.action()`, `request.method()` and its headers are
        /// known here, who asks is not. Comes before everything else; what is not chosen stays as the view says.
        fn choices(&self, request: &$crate::http::Request) -> Option<$crate::rest::Choices> {
            let _ = request;
            None
        }

        /// Sees every answer of this view last, refusals too, before it is rendered.
        fn finalize_response(
            &self,
            request: &$crate::http::Request,
            response: $crate::http::Response,
        ) -> $crate::http::Response {
            let _ = request;
            response
        }

        /// Comes behind permissions and throttles, before every handler.
        fn initial(&self, request: &$crate::http::Request) -> impl Future<Output = $crate::http::Result<()>> + Send {
            let _ = request;
            std::future::ready(Ok(()))
        }

        /// Sees every error of this view first: an answer of its own, or the error that goes on to the site's handler.
        ///
        /// # Errors
        /// What is not answered here.
        fn handle_exception(
            &self,
            request: &$crate::http::Request,
            error: $crate::http::Error,
        ) -> $crate::http::Result<$crate::http::Response> {
            let _ = request;
            Err(error)
        }
    };
}

/// A view of a trait that has `view_options!()`, as dispatch knows it.
macro_rules! view_hooks {
    ($kind:ident as $trait:ident) => {
        impl<V: $trait> $crate::rest::view_handler::Hooks for $crate::rest::view_options::Of<V, $kind> {
            fn initial<'a>(
                &'a self,
                request: &'a $crate::http::Request,
            ) -> $crate::http::BoxFuture<'a, $crate::http::Result<()>> {
                Box::pin(self.0.initial(request))
            }

            fn handle_exception(
                &self,
                request: &$crate::http::Request,
                error: $crate::http::Error,
            ) -> $crate::http::Result<$crate::http::Response> {
                self.0.handle_exception(request, error)
            }

            fn choices(&self, request: &$crate::http::Request) -> Option<$crate::rest::Choices> {
                self.0.choices(request)
            }

            fn finalize_response(
                &self,
                request: &$crate::http::Request,
                response: $crate::http::Response,
            ) -> $crate::http::Response {
                self.0.finalize_response(request, response)
            }

            fn determine_metadata(
                &self,
                request: &$crate::http::Request,
                told: quintet_core::json::Object,
            ) -> quintet_core::json::Object {
                self.0.determine_metadata(request, told)
            }
        }

        impl<V: $trait> $crate::rest::view_options::Says for $crate::rest::view_options::Of<V, $kind> {
            fn said(&self) -> $crate::rest::view_options::Said {
                $crate::rest::view_options::Said {
                    choices: $crate::rest::Choices {
                        permissions: self.0.permissions(),
                        authentication: self.0.authentication(),
                        throttles: self.0.throttles(),
                        parsers: self.0.parsers(),
                        renderers: self.0.renderers(),
                        versioning: self.0.versioning(),
                        negotiation: self.0.negotiation(),
                    },
                    method_names: self.0.http_method_names(),
                    has_metadata: self.0.has_metadata(),
                    throttle_scope: self.0.throttle_scope().map(Into::into),
                    name: self.0.name(),
                    description: self.0.description(),
                    described: {
                        let mut operations = $crate::rest::openapi::Operations::default();
                        self.0.describe(&mut operations);
                        operations
                    },
                    is_atomic: self.0.is_atomic(),
                    type_name: std::any::type_name::<V>(),
                }
            }
        }
    };
}

pub(crate) use {view_hooks, view_options};

/// The methods that a view answers, unless it says fewer.
#[doc(hidden)]
pub const METHOD_NAMES: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// A view of a kind: the kind keeps the implementations for different traits apart.
pub(crate) struct Of<V, Kind>(pub(crate) Arc<V>, std::marker::PhantomData<fn() -> Kind>);

impl<V, Kind> Of<V, Kind> {
    pub(crate) fn new(view: V) -> Arc<Self> {
        Arc::new(Self(Arc::new(view), std::marker::PhantomData))
    }
}

/// What a view says of itself, before any request.
pub(crate) trait Says: Hooks {
    fn said(&self) -> Said;
}

/// What a view said.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) choices: Choices,
    pub(crate) method_names: &'static [&'static str],
    pub(crate) has_metadata: bool,
    pub(crate) throttle_scope: Option<Cow<'static, str>>,
    pub(crate) name: Option<&'static str>,
    pub(crate) description: &'static str,
    pub(crate) described: Operations,
    pub(crate) is_atomic: bool,
    pub(crate) type_name: &'static str,
}

impl Said {
    /// The facts of a view by itself; a view set's routes have more to say.
    pub(crate) fn facts(&self) -> ViewFacts {
        ViewFacts {
            name: self.name.map_or_else(|| shown_name(self.type_name).into(), Into::into),
            description: self.description.trim().into(),
            type_name: self.type_name,
            throttle_scope: self.throttle_scope.clone(),
            described: Arc::new(self.described.clone()),
            ..ViewFacts::default()
        }
    }
}
