//! What a project's own files need: `use quintet::prelude::*;`

pub use crate::models::{
    self, Auto, BigAuto, Binary, Choices, Date, DateTime, Decimal, Duration, Email, File, FilePath, ForeignKey,
    Generated, Image, IpAddr, Json, Manager, ManyToMany, Model, OneToOne, Parent, Slug, SmallAuto, Text, Time, Url,
    Uuid,
};
pub use crate::query::{Column, Condition, Database, Db, QuerySet, Stored, Transaction, create, q};
pub use crate::rest::{
    Actions, AllowAny, AnonRateThrottle, ApiView, Authentication, CreateApiView, CurrentUser, DefaultRouter,
    DestroyApiView, DjangoModelPermissions, DjangoModelPermissionsOrAnonReadOnly, DjangoObjectPermissions,
    HasPermission, IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly, ListApiView, ListCreateApiView, Methods,
    ModelViewSet, Permission, ReadOnlyModelViewSet, RetrieveApiView, RetrieveDestroyApiView, RetrieveUpdateApiView,
    RetrieveUpdateDestroyApiView, ScopedRateThrottle, SimpleRouter, Throttle, Throttles, UpdateApiView, UserModel,
    UserRateThrottle, ViewFacts, ViewSet, api_view, get_object_or_404,
};
pub use crate::serializers::{
    Changes, Context, CreateOnlyDefault, CurrentUserDefault, ModelOf, ModelSerializer, Serializer, Valid,
};
pub use quintet_web::http::{Error, Method, OrNotFound, Request, Response, Result, StatusCode};
pub use quintet_web::jwt::{
    TokenBlacklistView, TokenObtainPairView, TokenObtainSlidingView, TokenRefreshSlidingView, TokenRefreshView,
    TokenVerifyView,
};
pub use quintet_web::urls;
pub use quintet_web::urls::Urls;
pub use quintet_web::view::{IntoView, View, delete, get, patch, post, put};
pub use serde_json::{Value, json};
