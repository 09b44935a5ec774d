//! Which path is answered by which view.
//!
//! A view that does not say who may ask is for users who are logged in: the settings say so.

{{imports}}use quintet::apps::token_families::views::{TokenSessionView, TokenSessionsView};
use quintet::prelude::*;

pub fn urls() -> Urls {
    urls![
        // The addresses of an app, which are then named `blog:index`:
        // include("blog/", crate::blog::urls::urls(), namespace = "blog"),
        include("api/token/", tokens()),
        path("api/sessions/", TokenSessionsView, name = "sessions"),
        path("api/sessions/<str:id>/", TokenSessionView, name = "session"),
        {{root_path}}
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
{{root_view}}