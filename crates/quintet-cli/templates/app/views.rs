//! What this app answers.
//!
//! A view that does not say who may ask is for users who are logged in: the settings say so.

use quintet::prelude::*;

pub async fn index(_request: &Request) -> Result<Response> {
    Ok(Response::json(&json!({ "message": "The app works." })))
}

// use super::models::Note;
// use super::serializers::NoteSerializer;
//
// pub struct NoteViewSet;
//
// impl ModelViewSet for NoteViewSet {
//     type Serializer = NoteSerializer;
//
//     fn queryset(&self, request: &Request) -> QuerySet<Note> {
//         Note::objects().filter(|note| note.author().eq(request.user()))
//     }
//
//     async fn perform_create(
//         &self,
//         request: &Request,
//         valid: Valid<NoteSerializer>,
//     ) -> Result<Note> {
//         valid
//             .save_with(|note| note.author().set(request.user()))
//             .await
//     }
// }
