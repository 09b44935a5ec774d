//! The routes that the oracle's suites ask for.

use quintet::prelude::*;
use quintet::rest::login_urls;
use quintet::rest::openapi::{SchemaDocsView, SchemaView};

use crate::api::views::CreateUserView;
use crate::{accounts, api, gallery, shop};

/// The seed's routes.
pub(crate) fn urls() -> Urls {
    urls![
        path("api/user/register/", CreateUserView, name = "register"),
        path("api/token/", TokenObtainPairView, name = "get_token"),
        path("api/token/refresh/", TokenRefreshView, name = "refresh"),
        include("api/", api::urls::urls()),
    ]
}

/// The same, and the others' of the oracle.
pub(crate) fn urls_full() -> Urls {
    urls![
        include("", urls()),
        path("api/token/verify/", TokenVerifyView, name = "verify"),
        path("api/token/blacklist/", TokenBlacklistView, name = "blacklist"),
        path("api/sliding/", TokenObtainSlidingView, name = "sliding"),
        path("api/sliding/refresh/", TokenRefreshSlidingView, name = "sliding-refresh"),
        path("api/schema/", SchemaView::new().permissions(AllowAny), name = "schema"),
        path("api/docs/", SchemaDocsView::of("schema").token("get_token"), name = "docs"),
        include("api/shop/", shop::urls::urls()),
    ]
}

/// The same with what is about sessions.
pub(crate) fn urls_accounts() -> Urls {
    urls![include("", urls_full()), include("", accounts::urls())]
}

/// The same with the pages for logging in and out of the browsable API.
pub(crate) fn urls_browsing() -> Urls {
    urls![include("", urls_full()), include("api-auth/", login_urls(), namespace = "rest_framework")]
}

/// The same with the gallery.
pub(crate) fn urls_gallery() -> Urls {
    urls![include("", urls_full()), include("api/gallery/", gallery::urls::urls())]
}
