//! The settings about users that this crate obeys, and how code that has only a database finds them.

use std::sync::Arc;
use std::time::Duration;

use quintet_core::settings_section;
use quintet_db::Db;

use super::backends::{Backend, ModelBackend};
use super::hashers::PasswordHasher;
use super::reset_mail::PasswordResetMail;
use super::validators::PasswordValidator;

settings_section! {
    /// Users and their passwords.
    pub struct Auth in "auth." {
        /// How passwords are hashed: the first makes hashes, all check them; a login with an old hash makes a new one.
        password_hashers: Vec<PasswordHasher> = PasswordHasher::defaults(), "PASSWORD_HASHERS";
        /// What a password must be, where somebody chooses one: `createsuperuser`, `changepassword` and the views
        /// of the account ask them. Serializers do not, unless they say so.
        password_validators: Vec<PasswordValidator> = vec![], "AUTH_PASSWORD_VALIDATORS";
        /// Who is asked whether credentials are right and what users may do, in order.
        backends: Vec<Backend> = vec![ModelBackend.into()], "AUTHENTICATION_BACKENDS";
        /// Where who must log in is sent: a path, or the name of a route.
        login_url: String = "/accounts/login/".to_owned(), "LOGIN_URL";
        /// Where who has logged in is sent, if the page that they came for is not known.
        login_redirect_url: String = "/accounts/profile/".to_owned(), "LOGIN_REDIRECT_URL";
        /// Where who has logged out is sent; by `None` a page says so.
        logout_redirect_url: Option<String> = None, "LOGOUT_REDIRECT_URL";
        /// The field of the user model that users log in by; the reference's `USERNAME_FIELD` of a model.
        username_field: String = "username".to_owned(), "";
        /// What `createsuperuser` asks for besides; the reference's `REQUIRED_FIELDS` of a model.
        required_fields: Vec<String> = vec!["email".to_owned()], "";
        /// How long a link that resets a password is good.
        password_reset_timeout: Duration = Duration::from_secs(3 * 24 * 60 * 60), "PASSWORD_RESET_TIMEOUT";
        /// The field of the user model with the e-mail address; the reference's `EMAIL_FIELD` of a model.
        email_field: String = "email".to_owned(), "";
        /// Where the front end is: `https://app.example.com`. Links in mails lead there, never to a host that a request names.
        frontend_origin: String = String::new(), "";
        /// The page of the front end that resets a password: a path there, or a whole address. `{uid}` and `{token}` are its parts.
        password_reset_url: String = "/reset-password/{uid}/{token}".to_owned(), "";
        /// Writes the mail with the link, where its usual text will not do.
        password_reset_mail: PasswordResetMail = PasswordResetMail::default(), "";
        /// How many passwords may wait to be hashed. Who comes when so many wait is told to come back: 503 with `Retry-After`.
        hashing_queue: usize = 32, "";
    }
}

/// What is known of a project's users.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// The user model: its app and its name.
    pub model: (String, String),
    /// The settings.
    pub auth: Auth,
}

impl Default for Accounts {
    fn default() -> Self {
        Self::new("auth.User", Auth::default())
    }
}

impl Accounts {
    /// Of a user model, as `auth_user_model` names it, and settings.
    pub fn new(user_model: &str, auth: Auth) -> Self {
        let (app, name) = user_model.split_once('.').unwrap_or(("auth", user_model));
        Self { model: (app.to_owned(), name.to_owned()), auth }
    }

    /// Those of a database; the defaults where it was given none.
    pub fn of(db: Db<'_>) -> Arc<Self> {
        db.models().ok().and_then(|models| models.extra()).unwrap_or_default()
    }
}
