//! The addresses of this app, below the one where `src/urls.rs` includes them.

use super::views::{NoteViewSet, Register};
use quintet::prelude::*;

pub fn urls() -> Urls {
    urls![
        path("register/", Register, name = "register"),
        include("", DefaultRouter::new().register("notes", NoteViewSet).urls()),
    ]
}
