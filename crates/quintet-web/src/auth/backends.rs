//! Who is asked whether credentials are right and what a user may do: the reference's two, and those of a project's own.

use std::collections::BTreeSet;
use std::fmt;
use std::future::ready;
use std::sync::Arc;

use http::StatusCode;
use quintet_core::schema::Value;
use quintet_db::Db;

use super::account::{Account, find};
use super::credentials::{Asker, Credentials};
use super::login::by_password;
use super::settings::Auth;
use crate::http::{BoxFuture, Error, Result};
use crate::rest::{AnyUser, Object};

/// Names of permissions, as `shop.add_product`.
pub type Permissions = Arc<BTreeSet<String>>;

/// One of those who are asked who logs in and what users may do: `auth.backends` lists them. What it does not say is as
/// [`ModelBackend`] does it, but that it knows nobody's credentials.
///
/// [`Error::permission_denied`] of `authenticate` or `has_perm` is a no that nobody after it is asked about; other errors
/// are the answer.
pub trait AuthBackend: Send + Sync + 'static {
    /// Its name in sessions. One that stays: sessions with a name that no backend has are nobody's.
    fn path(&self) -> &str;

    /// Whose credentials they are; nobody's where it does not know them, or where they are none of the kind that it asks for.
    fn authenticate(
        &self,
        asker: Asker<'_>,
        credentials: &Credentials<'_>,
    ) -> impl Future<Output = Result<Option<Account>>> + Send {
        let _ = (asker, credentials);
        ready(Ok(None))
    }

    /// Whether a user may log in, and stay so.
    fn user_can_authenticate(&self, user: &Account) -> bool {
        user.is_active()
    }

    /// The user of a session that this backend began, by the primary key.
    fn get_user(&self, db: Db<'_>, id: &str) -> impl Future<Output = Result<Option<Account>>> + Send {
        let id = Value::Text(id.to_owned());
        async move { Ok(find(db, "pk", id).await?.filter(|user| self.user_can_authenticate(user))) }
    }

    /// The permissions that a user has, or has for one row: those of the database and none for single rows.
    fn all_permissions(
        &self,
        db: Db<'_>,
        user: &Account,
        object: Option<Object<'_>>,
    ) -> impl Future<Output = Result<Permissions>> + Send {
        async move { if object.is_some() { Ok(Arc::default()) } else { user.stored_permissions(db).await } }
    }

    /// Whether a user has a permission, or has it for one row: who is active, by [`all_permissions`](Self::all_permissions).
    /// Nobody is asked about active superusers, who have all.
    fn has_perm(
        &self,
        db: Db<'_>,
        user: &Account,
        permission: &str,
        object: Option<Object<'_>>,
    ) -> impl Future<Output = Result<bool>> + Send {
        async move { Ok(user.is_active() && self.all_permissions(db, user, object).await?.contains(permission)) }
    }
}

/// Names and passwords of the project's user model; who is not active is refused. A refusal costs one hash, whoever is
/// asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct ModelBackend;

impl AuthBackend for ModelBackend {
    fn path(&self) -> &str {
        "django.contrib.auth.backends.ModelBackend"
    }

    async fn authenticate(&self, asker: Asker<'_>, credentials: &Credentials<'_>) -> Result<Option<Account>> {
        by_password(self, asker, credentials).await
    }
}

/// The same, where who is not active may log in.
#[derive(Clone, Copy, Debug, Default)]
pub struct AllowAllUsersModelBackend;

impl AuthBackend for AllowAllUsersModelBackend {
    fn path(&self) -> &str {
        "django.contrib.auth.backends.AllowAllUsersModelBackend"
    }

    async fn authenticate(&self, asker: Asker<'_>, credentials: &Credentials<'_>) -> Result<Option<Account>> {
        by_password(self, asker, credentials).await
    }

    fn user_can_authenticate(&self, _: &Account) -> bool {
        true
    }
}

/// A backend behind one type, as the settings list them: `vec![MyBackend.into(), ModelBackend.into()]`.
#[derive(Clone)]
pub struct Backend {
    backend: Arc<dyn Erased>,
    name: &'static str,
}

impl<B: AuthBackend> From<B> for Backend {
    fn from(backend: B) -> Self {
        let name = std::any::type_name::<B>().rsplit("::").next().unwrap_or_default();
        Self { backend: Arc::new(backend), name }
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Every [`AuthBackend`] is one.
trait Erased: Send + Sync {
    fn path(&self) -> &str;
    fn authenticate<'a>(
        &'a self,
        asker: Asker<'a>,
        credentials: &'a Credentials<'_>,
    ) -> BoxFuture<'a, Result<Option<Account>>>;
    fn get_user<'a>(&'a self, db: Db<'a>, id: &'a str) -> BoxFuture<'a, Result<Option<Account>>>;
    fn all_permissions<'a>(
        &'a self,
        db: Db<'a>,
        user: &'a Account,
        object: Option<Object<'a>>,
    ) -> BoxFuture<'a, Result<Permissions>>;
    fn has_perm<'a>(
        &'a self,
        db: Db<'a>,
        user: &'a Account,
        permission: &'a str,
        object: Option<Object<'a>>,
    ) -> BoxFuture<'a, Result<bool>>;
}

impl<B: AuthBackend> Erased for B {
    fn path(&self) -> &str {
        AuthBackend::path(self)
    }

    fn authenticate<'a>(
        &'a self,
        asker: Asker<'a>,
        credentials: &'a Credentials<'_>,
    ) -> BoxFuture<'a, Result<Option<Account>>> {
        Box::pin(AuthBackend::authenticate(self, asker, credentials))
    }

    fn get_user<'a>(&'a self, db: Db<'a>, id: &'a str) -> BoxFuture<'a, Result<Option<Account>>> {
        Box::pin(AuthBackend::get_user(self, db, id))
    }

    fn all_permissions<'a>(
        &'a self,
        db: Db<'a>,
        user: &'a Account,
        object: Option<Object<'a>>,
    ) -> BoxFuture<'a, Result<Permissions>> {
        Box::pin(AuthBackend::all_permissions(self, db, user, object))
    }

    fn has_perm<'a>(
        &'a self,
        db: Db<'a>,
        user: &'a Account,
        permission: &'a str,
        object: Option<Object<'a>>,
    ) -> BoxFuture<'a, Result<bool>> {
        Box::pin(AuthBackend::has_perm(self, db, user, permission, object))
    }
}

impl Backend {
    /// Its name in sessions.
    pub fn path(&self) -> &str {
        self.backend.path()
    }

    pub(super) async fn get_user(&self, db: Db<'_>, id: &str) -> Result<Option<Account>> {
        self.backend.get_user(db, id).await
    }
}

/// The backends of the settings, of which there is one at least.
pub(super) fn all(auth: &Auth) -> Result<&[Backend]> {
    if auth.backends.is_empty() {
        let message = "No authentication backends have been defined. Does `auth.backends` contain anything?";
        return Err(Error::internal(message));
    }
    Ok(&auth.backends)
}

/// A refusal that ends the asking, as no.
fn unless_denied<T>(answer: Result<T>, no: T) -> Result<(T, bool)> {
    match answer {
        Ok(answer) => Ok((answer, false)),
        Err(error) if error.status() == StatusCode::FORBIDDEN => Ok((no, true)),
        Err(error) => Err(error),
    }
}

/// The user of the first backend that knows one, who remembers which it was.
pub(super) async fn authenticate(
    auth: &Auth,
    asker: Asker<'_>,
    credentials: &Credentials<'_>,
) -> Result<Option<Account>> {
    for backend in all(auth)? {
        let answer = backend.backend.authenticate(asker, credentials).await;
        let (user, is_denied) = unless_denied(answer, None)?;
        if user.is_some() || is_denied {
            return Ok(user.map(|user| user.with_backend(backend.path())));
        }
    }
    Ok(None)
}

/// Whether a backend says yes before one says that nobody shall.
pub(super) async fn has_perm(
    auth: &Auth,
    db: Db<'_>,
    user: &Account,
    permission: &str,
    object: Option<Object<'_>>,
) -> Result<bool> {
    for backend in all(auth)? {
        let answer = backend.backend.has_perm(db, user, permission, object).await;
        let (may, is_denied) = unless_denied(answer, false)?;
        if may || is_denied {
            return Ok(may);
        }
    }
    Ok(false)
}

/// What all backends together give a user.
pub(super) async fn all_permissions(
    auth: &Auth,
    db: Db<'_>,
    user: &Account,
    object: Option<Object<'_>>,
) -> Result<Permissions> {
    let mut found = Permissions::default();
    for backend in all(auth)? {
        let more = backend.backend.all_permissions(db, user, object).await?;
        // Most often there is one backend, whose set is kept as it is.
        if found.is_empty() {
            found = more;
        } else {
            Arc::make_mut(&mut found).extend(more.iter().cloned());
        }
    }
    Ok(found)
}
