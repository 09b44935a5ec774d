//! What clients may give, and how rows are shown.

// use super::models::Note;
// use quintet::prelude::*;
//
// #[derive(Serializer)]
// #[serializer(model = Note, fields(id, title, content, created_at, author), read_only(author))]
// pub struct NoteSerializer;
