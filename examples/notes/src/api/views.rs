//! What this app answers.
//!
//! A view that does not say who may ask is for users who are logged in: the settings say so.

use super::models::Note;
use super::serializers::{NoteSerializer, UserSerializer};
use quintet::prelude::*;

/// The notes of who asks: a list, and each of them.
pub struct NoteViewSet;

impl ModelViewSet for NoteViewSet {
    type Serializer = NoteSerializer;

    fn queryset(&self, request: &Request) -> QuerySet<Note> {
        Note::objects().filter(|note| note.author().eq(request.user()))
    }

    async fn perform_create(&self, request: &Request, valid: Valid<NoteSerializer>) -> Result<Note> {
        valid.save_with(|note| note.author().set(request.user())).await
    }
}

/// Makes a user of whoever comes.
pub struct Register;

impl CreateApiView for Register {
    type Serializer = UserSerializer;

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}
