//! What clients may give, and how rows are shown.

use super::models::Note;
use quintet::apps::auth::models::User;
use quintet::prelude::*;

#[derive(Serializer)]
#[serializer(model = Note, fields(id, title, content, created_at, author), read_only(author))]
pub struct NoteSerializer;

#[derive(Serializer)]
#[serializer(model = User, fields(id, username, password), write_only(password), create = User::create_user)]
pub struct UserSerializer;
