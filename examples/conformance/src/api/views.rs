//! The seed's views.

use quintet::prelude::*;

use super::models::Note;
use super::serializers::{NoteSerializer, UserSerializer};

pub struct NoteListCreate;

impl ListCreateApiView for NoteListCreate {
    type Serializer = NoteSerializer;

    fn queryset(&self, request: &Request) -> QuerySet<Note> {
        Note::objects().filter(|note| note.author().eq(request.user()))
    }

    async fn perform_create(&self, request: &Request, valid: Valid<NoteSerializer>) -> Result<Note> {
        valid.save_with(|note| note.author().set(request.user())).await
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }
}

pub struct NoteDelete;

impl DestroyApiView for NoteDelete {
    type Serializer = NoteSerializer;

    fn queryset(&self, request: &Request) -> QuerySet<Note> {
        Note::objects().filter(|note| note.author().eq(request.user()))
    }

    fn permissions(&self) -> Permission {
        IsAuthenticated.into()
    }
}

pub struct CreateUserView;

impl CreateApiView for CreateUserView {
    type Serializer = UserSerializer;

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}
