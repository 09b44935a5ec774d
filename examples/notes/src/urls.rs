//! Routes of the demo.

use quintet::prelude::*;

use crate::views;

pub(crate) fn urls() -> Urls {
    urls![
        path("", get(views::index), name = "index"),
        path("api/", get(views::overview), name = "overview"),
        path("api/greet/<str:name>/", get(views::greet), name = "greet"),
    ]
}
