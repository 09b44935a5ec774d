//! The REST layer: what stands between a request and the code of an API view, and between its rows and the answer.
//!
//! Each folder is one of the things that a view chooses; `dispatch` asks them in the reference's order.

mod action;
mod authentication;
mod basic_authentication;
mod choose;
mod config;
pub(crate) mod dispatch;
mod exception;
pub mod filter;
pub mod generic;
mod media_type;
mod metadata;
pub mod negotiate;
pub mod openapi;
pub mod pagination;
pub mod parse;
pub mod permission;
pub mod render;
mod reverse;
pub mod router;
pub mod serializer;
mod session_authentication;
pub mod storage;
#[cfg(test)]
mod tests;
pub mod throttle;
mod token_authentication;
pub mod upload;
mod user;
pub mod versioning;
mod view_api;
mod view_choices;
mod view_facts;
pub(crate) mod view_handler;
mod view_options;
mod view_state;
mod viewset;

pub use action::{Action, Actions, Chosen, Standard};
pub use authentication::{Authenticated, Authentication, Authenticator, ForcedUser, Token};
pub use basic_authentication::BasicAuthentication;
pub use config::RestFramework;
pub use exception::{ExceptionHandler, exception_handler};
pub use generic::{
    CreateApiView, DestroyApiView, ListApiView, ListCreateApiView, ModelViewSet, ReadOnlyModelViewSet, RetrieveApiView,
    RetrieveDestroyApiView, RetrieveUpdateApiView, RetrieveUpdateDestroyApiView, UpdateApiView, get_object_or_404,
};
pub use media_type::MediaType;
pub use negotiate::{Negotiate, Negotiation};
pub use parse::{FileUploadParser, FormParser, JsonParser, MultiPartParser, Parse, Parser};
pub use permission::{
    AllowAny, DjangoModelPermissions, DjangoModelPermissionsOrAnonReadOnly, DjangoObjectPermissions, HasPermission,
    IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly, ModelPermissions, Object, Permission,
};
pub use render::{
    BrowsableApiRenderer, JsonRenderer, Render, RenderContext, Renderer, StaticHtmlRenderer, Templates, login_urls,
};
pub use reverse::{reverse, reverse_action};
pub use router::{DefaultRouter, SimpleRouter, format_suffix_patterns};
pub use session_authentication::SessionAuthentication;
pub use storage::{AnyStorage, FileSystemStorage, Storage};
pub use throttle::{AnonRateThrottle, ScopedRateThrottle, Throttle, Throttler, Throttles, UserRateThrottle, Verdict};
pub use token_authentication::{AuthToken, TokenAuthentication};
pub use upload::Uploaded;
pub use user::{AnyUser, CurrentUser, Identity, UserModel};
#[doc(hidden)]
pub use view_api::ApiKind;
pub use view_api::{ApiView, Methods};
pub use view_choices::{Choice, Choices};
pub use view_facts::ViewFacts;
pub use view_handler::MethodHandler;
#[doc(hidden)]
pub use viewset::SetKind;
pub use viewset::{AnyViewSet, IntoViewSet, ViewSet};

pub(crate) use dispatch::{RestView, Row};
pub(crate) use metadata::{Described, Taken};
pub(crate) use parse::Parsed;
pub(crate) use view_handler::{Answers, Hooks};
#[doc(hidden)]
pub use view_options::METHOD_NAMES;
pub(crate) use view_options::{Said, Says};
pub(crate) use view_state::State;
