//! Which path is answered by which view.
//!
//! A view that does not say who may ask is for users who are logged in: the settings say so.

use crate::accounts::Register;
use crate::demo;
use quintet::apps::auth::views::{CurrentUserView, PasswordChangeView, PasswordResetConfirmView, PasswordResetView};
use quintet::apps::token_families::views::{TokenSessionView, TokenSessionsView};
use quintet::prelude::*;
use quintet::rest::openapi::{SchemaDocsView, SchemaView};

pub fn urls() -> Urls {
    urls![
        include("api/", crate::api::urls::urls(), namespace = "api"),
        // The addresses of an app, which are then named `blog:index`:
        // include("blog/", crate::blog::urls::urls(), namespace = "blog"),
        include("api/token/", tokens()),
        include("api/user/", account()),
        path("api/sessions/", TokenSessionsView, name = "sessions"),
        path("api/sessions/<str:id>/", TokenSessionView, name = "session"),
        // What there is, for programs and for people; who may read it is as the settings say.
        path("api/schema/", SchemaView::new(), name = "schema"),
        path("api/docs/", SchemaDocsView::of("schema").token("token_obtain_pair"), name = "docs"),
        path("api/user/register/", Register, name = "register"),
        path("greet/<str:name>/", get(demo::greet).permissions(AllowAny), name = "greet"),
        path("about/", get(demo::index).permissions(AllowAny), name = "index"),
    ]
}

/// Who is logged in, another password, and a forgotten one.
fn account() -> Urls {
    urls![
        path("me/", CurrentUserView, name = "current_user"),
        path("password/", PasswordChangeView, name = "password_change"),
        path("password/reset/", PasswordResetView, name = "password_reset"),
        path("password/reset/confirm/", PasswordResetConfirmView, name = "password_reset_confirm"),
    ]
}

/// Logging in, and what becomes of a token.
fn tokens() -> Urls {
    urls![
        path("", TokenObtainPairView, name = "token_obtain_pair"),
        path("refresh/", TokenRefreshView, name = "token_refresh"),
        path("verify/", TokenVerifyView, name = "token_verify"),
        path("blacklist/", TokenBlacklistView, name = "token_blacklist"),
    ]
}
