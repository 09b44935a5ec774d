//! Who may become a user, and what is asked of them.

use quintet::apps::auth::models::User;
use quintet::prelude::*;

#[derive(Serializer)]
#[serializer(
    model = User,
    fields(id, username, email, password),
    write_only(password),
    create = User::create_user
)]
pub struct RegistrationSerializer;

/// Makes a user of whoever comes.
pub struct Register;

impl CreateApiView for Register {
    type Serializer = RegistrationSerializer;

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}
