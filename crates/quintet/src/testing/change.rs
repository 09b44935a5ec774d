//! A client made into another: with headers, credentials, a user, cookies, other settings, rows out of a file.

use std::sync::Arc;

use quintet_db::{Connection, Db};
use quintet_web::auth::{Account, Accounts};
use quintet_web::rest::{ForcedUser, Identity, UserModel};

use super::Client;
use crate::settings::Settings;

impl Client {
    /// A client of the same project with other settings: `client.with_settings(|settings| settings.debug = true)`. Its
    /// databases, headers and cookies are those of this one.
    ///
    /// # Panics
    /// Where the site cannot be built from them.
    #[must_use]
    #[track_caller]
    pub fn with_settings(self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = (*self.settings).clone();
        change(&mut settings);
        let other = Self::built(settings, self.own.clone());
        Self { app: other.app, settings: other.settings, databases: other.databases, ..self }
    }

    /// The same client, which sends a header with every request.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same client, which sends these headers and no other `Authorization`: without any, it is nobody again.
    #[must_use]
    pub fn credentials<'h>(mut self, headers: impl IntoIterator<Item = (&'h str, &'h str)>) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case("authorization"));
        self.user = None;
        headers.into_iter().fold(self, |client, (name, value)| client.with_header(name, value))
    }

    /// The same client with a token: `Authorization: Bearer ..`, with the word that `simple_jwt.auth_header_types` has.
    #[must_use]
    pub fn with_token(self, token: &str) -> Self {
        let word = self.settings.simple_jwt.auth_header_types.first().map_or("Bearer", String::as_str).to_owned();
        self.credentials([("authorization", format!("{word} {token}").as_str())])
    }

    /// The same client, as a user who needs no credentials: no authentication is asked, permissions are. It is the row as
    /// it is now; what is written to it later, this client does not see.
    ///
    /// # Panics
    /// Where the model is not that of `auth_user_model`.
    #[must_use]
    #[track_caller]
    pub fn force_authenticate<U: UserModel>(self, user: &U) -> Self {
        let Some(models) = self.db().models() else { panic!("the site has no models") };
        let field = &Accounts::of(Db::from(self.db())).auth.username_field.clone();
        let account = (U::APP_LABEL.to_owned(), U::DEF.name.to_owned());
        let wanted = &self.settings.auth_user_model;
        let is_wanted = wanted.eq_ignore_ascii_case(&format!("{}.{}", account.0, account.1));
        let account = Account::of_row(models.registry(), user, field).filter(|_| is_wanted);
        match account {
            Some(account) => self.force_identity(Arc::new(account)),
            None => panic!(
                "users are of `{wanted}`, not of `{}.{}`\nhint: `auth_user_model` in the settings names their model",
                U::APP_LABEL,
                U::DEF.name
            ),
        }
    }

    /// The same for a user that is no row: one of a token, or of a test's own.
    #[must_use]
    pub fn force_identity(mut self, user: Identity) -> Self {
        self.user = Some(ForcedUser(Some(user)));
        self
    }

    /// The same client, which comes by HTTPS.
    #[must_use]
    pub fn over_https(mut self) -> Self {
        self.is_https = true;
        self
    }

    /// The same client, of which the site asks the secrets that it asks browsers for. Without this, tests send forms without
    /// tokens.
    #[must_use]
    pub fn enforce_csrf_checks(mut self) -> Self {
        self.enforces_csrf = true;
        self
    }

    /// The same client with a cookie.
    #[must_use]
    pub fn with_cookie(self, name: &str, value: &str) -> Self {
        self.jar().set(name, value);
        self
    }

    /// The same client after these fixtures are in its database: a file, or a name in the folder `fixtures` of an app.
    ///
    /// # Panics
    /// Where one cannot be loaded, or the client has no database of its own.
    #[must_use]
    #[track_caller]
    pub fn with_fixture(self, name: &str) -> Self {
        self.fixture(name);
        self
    }

    /// Loads a fixture into the database of this client: a file, or a name in the folder `fixtures` of an app.
    ///
    /// # Panics
    /// As [`with_fixture`](Self::with_fixture).
    #[track_caller]
    pub fn fixture(&self, name: &str) {
        assert!(
            self.own.databases.is_some(),
            "a fixture is loaded into a database of the test's own\nhint: make the client by `Client::with_database`"
        );
        let (code, said) = self.call_command(&["loaddata", name, "--verbosity", "0", "--skip-checks"]);
        assert!(code == 0, "the fixture `{name}` is not loaded: {}", said.err().trim_end());
    }
}
