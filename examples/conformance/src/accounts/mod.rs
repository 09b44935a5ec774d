//! The oracle's views about sessions, CSRF and the ways to say who one is.

mod api;
mod pages;

use quintet::apps::authtoken::ObtainAuthToken;
use quintet::auth::{LoginView, LogoutView};
use quintet::prelude::*;

pub(crate) fn urls() -> Urls {
    urls![
        path("api-auth/login/", LoginView::default(), name = "login"),
        path("api-auth/logout/", LogoutView::default(), name = "logout"),
        include("acc/", pages::urls()),
        path("acc/api/me/", api::Me),
        path("acc/api/open/", api::Open),
        path("acc/api/name/", api::ByName),
        path("acc/api/key/", api::ByToken),
        path("acc/api/any/", api::Any),
        path("acc/api/obtain/", ObtainAuthToken),
    ]
}

pub(crate) use pages::failure;
