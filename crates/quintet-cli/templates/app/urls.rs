//! The addresses of this app, below the one where `src/urls.rs` includes them.

use super::views;
use quintet::prelude::*;

pub fn urls() -> Urls {
    urls![
        // One line for each address.
        path("", get(views::index).permissions(AllowAny), name = "index"),
        // include("", notes()),
    ]
}

// fn notes() -> Urls {
//     SimpleRouter::new()
//         .register("notes", views::NoteViewSet)
//         .urls()
// }
