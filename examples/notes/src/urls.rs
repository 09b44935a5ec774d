//! Which path is answered by which view.
//!
//! A view that does not say who may ask is for users who are logged in: the settings say so.

use quintet::apps::token_families::views::{TokenSessionView, TokenSessionsView};
use quintet::prelude::*;

use crate::demo;

pub fn urls() -> Urls {
    urls![
        include("api/", crate::api::urls::urls(), namespace = "api"),
        include("api/token/", tokens()),
        path("api/sessions/", TokenSessionsView, name = "sessions"),
        path("api/sessions/<str:id>/", TokenSessionView, name = "session"),
        path("greet/<str:name>/", get(demo::greet).permissions(AllowAny), name = "greet"),
        path("", get(demo::index).permissions(AllowAny), name = "index"),
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
