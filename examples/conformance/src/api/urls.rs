//! Routes of the notes.

use quintet::prelude::*;

use super::views::{NoteDelete, NoteListCreate};

pub(crate) fn urls() -> Urls {
    urls![
        path("notes/", NoteListCreate, name = "note-list"),
        path("notes/delete/<int:pk>/", NoteDelete, name = "delete-note"),
    ]
}
