//! What the commands about users share: the project's user model, what a name must be, and what a password must be.

use quintet_core::schema::Value;
use quintet_db::{Database, Db};
use quintet_web::auth::validators::{PasswordOwner, validate_password};
use quintet_web::auth::{Account, find};

pub(super) use crate::manage::database::open;
use crate::manage::{CommandError, Context};

/// The field of the user model that users log in by.
pub(super) fn login_field<'a>(context: &'a Context<'_>) -> &'a str {
    &context.settings.auth.username_field
}

/// The user of a name.
pub(super) fn user(context: &Context<'_>, db: &Database, name: &str) -> Result<Option<Account>, CommandError> {
    let found = context.block_on(find(Db::from(db), login_field(context), Value::Text(name.to_owned())))?;
    found.map_err(|error| failed("cannot look for the user", &error))
}

/// What a failure of the library's is to a command.
pub(super) fn failed(doing: &str, error: &quintet_web::http::Error) -> CommandError {
    CommandError::new(format!("{doing}: {}", error.chain().join(": ")))
        .with_hint("`migrate` makes the tables; `check` tells what is wrong with the settings")
}

/// All that is wrong with a password, a line each.
pub(super) fn problems(context: &Context<'_>, password: &str, owner: &PasswordOwner) -> Vec<String> {
    let found = validate_password(&context.settings.auth.password_validators, password, owner);
    found.into_iter().map(|problem| problem.message).collect()
}

/// What is known of a user, as the validators of passwords ask for it.
pub(super) fn owner(pairs: &[(&str, &str)]) -> PasswordOwner {
    let label = |name: &str| if name == "email" { "email address".to_owned() } else { name.replace('_', " ") };
    PasswordOwner(pairs.iter().map(|(name, value)| ((*name).to_owned(), label(name), (*value).to_owned())).collect())
}

/// The name by which the system knows who sits here.
pub(super) fn system_user() -> Option<String> {
    let names = ["LOGNAME", "USER", "LNAME", "USERNAME"].iter();
    names.filter_map(|name| std::env::var(name).ok()).find(|name| !name.is_empty())
}
