//! Who may become a user, and what is asked of them.

use quintet::apps::auth::models::User;
use quintet::auth::Accounts;
use quintet::auth::validators::{PasswordOwner, validate_password};
use quintet::prelude::*;

#[derive(Serializer)]
#[serializer(model = User, fields(id, username, email, password), write_only(password), hooks)]
pub(crate) struct RegistrationSerializer;

impl Serializer for RegistrationSerializer {
    fn validate(data: &mut Changes<Self>, context: &Context<'_>) -> Result<()> {
        let accounts = Accounts::of(context.db());
        let password = data.get(|user| user.password()).unwrap_or_default();
        let username = data.get(|user| user.username()).unwrap_or_default();
        let owner = PasswordOwner(vec![("username".into(), username, "username".into())]);
        match validate_password(&accounts.auth.password_validators, &password, &owner).first() {
            Some(problem) => Err(Error::invalid_field("password", &problem.message)),
            None => Ok(()),
        }
    }

    async fn create(data: Changes<Self>, context: &Context<'_>) -> Result<User> {
        User::create_user(context.db(), data.into_assignments()?).await
    }
}

/// Makes a user of whoever comes.
pub(crate) struct Register;

impl CreateApiView for Register {
    type Serializer = RegistrationSerializer;

    fn permissions(&self) -> Permission {
        AllowAny.into()
    }
}
