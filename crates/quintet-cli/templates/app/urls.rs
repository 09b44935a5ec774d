//! The addresses of this app, below the one where `src/urls.rs` includes them.

use super::views;
use quintet::prelude::*;

pub fn urls() -> Urls {
    urls![
        // One line for each address.
        path("", get(views::index), name = "index"),
    ]
}
