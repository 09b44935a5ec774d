//! The seed's serializers.

use quintet::apps::auth::models::User;
use quintet::prelude::*;

use super::models::Note;

#[derive(Serializer)]
#[serializer(model = User, fields(id, username, password), write_only(password), create = User::create_user)]
pub struct UserSerializer;

#[derive(Serializer)]
#[serializer(model = Note, fields(id, title, content, created_at, author), read_only(author))]
pub struct NoteSerializer;
