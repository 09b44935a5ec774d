//! Who asks: the user of a request, whatever type a project's users have.
//!
//! An authentication gives an [`Identity`]; views, permissions and throttles see it as [`CurrentUser`]. Knows no table and
//! no password.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use quintet_core::query::{Condition, Expr};
use quintet_core::schema::Value;
use quintet_db::model::{KeyValue, Model};
use quintet_db::query::{Assignment, Key, Operand, insert};
use quintet_db::{Cell, Db};

use super::authentication::Token;
use super::permission::Object;
use crate::auth::{Account, new_superuser, new_user};
use crate::http::{BoxFuture, Error, Request, Result};

/// A user, behind one type.
pub type Identity = Arc<dyn AnyUser>;

/// What is asked of a user, whatever model it is a row of.
pub trait AnyUser: Send + Sync + 'static {
    /// The value of its primary key.
    fn id(&self) -> Value;

    /// The name that it logs in by.
    fn username(&self) -> &str;

    /// Whether it may log in.
    fn is_active(&self) -> bool {
        true
    }

    /// Whether it is one of those who run the site.
    fn is_staff(&self) -> bool {
        false
    }

    /// Whether it may do everything.
    fn is_superuser(&self) -> bool {
        false
    }

    /// Whether it has a permission, as `shop.add_product`. Superusers have all, who is not active has none.
    fn has_perm<'a>(&'a self, db: Db<'a>, permission: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// Whether it has a permission for one row. Unless a project says more, that is asked of superusers alone, as the
    /// reference does.
    fn has_object_perm<'a>(
        &'a self,
        db: Db<'a>,
        permission: &'a str,
        object: Object<'a>,
    ) -> BoxFuture<'a, Result<bool>> {
        let _ = (db, permission, object);
        Box::pin(std::future::ready(Ok(self.is_active() && self.is_superuser())))
    }

    /// The row, as whichever type it has.
    fn as_any(&self) -> &(dyn Any + Send + Sync);
}

/// The model that users are of; only keys to it are compared with [`CurrentUser`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of users",
    label = "not the model that `auth_user_model` names"
)]
pub trait UserModel: Model {
    /// A new user, written: the name and the address normalised, the password hashed. Fits
    /// `#[serializer(create = Member::create_user)]`.
    ///
    /// # Errors
    /// There is no name, or it is taken; 503 where too many passwords wait to be hashed.
    fn create_user(db: Db<'_>, values: Vec<Assignment>) -> impl Future<Output = Result<Self>> + Send {
        async move { Ok(insert::<Self>(db, new_user(db, values).await?).await?) }
    }

    /// The same of one who may do everything, as far as the model has a field for it.
    ///
    /// # Errors
    /// The same.
    fn create_superuser(db: Db<'_>, values: Vec<Assignment>) -> impl Future<Output = Result<Self>> + Send {
        async move { Ok(insert::<Self>(db, new_superuser(db, values).await?).await?) }
    }
}

/// How a request was authenticated.
#[derive(Default)]
pub(crate) struct Who {
    user: Option<Identity>,
    token: Option<Token>,
}

impl Who {
    pub(crate) fn new(user: Identity, token: Option<Token>) -> Self {
        Self { user: Some(user), token }
    }
}

/// The user of a request: `request.user()`.
#[derive(Clone, Copy)]
pub struct CurrentUser<'a> {
    who: Option<&'a Who>,
}

impl Request {
    /// Who asks; nobody, where no credentials were given or no authentication takes them.
    pub fn user(&self) -> CurrentUser<'_> {
        CurrentUser { who: self.rest().who() }
    }

    /// What the authentication left beside the user: a validated token.
    pub fn auth<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.rest().who()?.token.clone()?.downcast().ok()
    }
}

impl<'a> CurrentUser<'a> {
    fn user(self) -> Option<&'a dyn AnyUser> {
        self.who?.user.as_deref()
    }

    /// Whether it is somebody.
    pub fn is_authenticated(self) -> bool {
        self.user().is_some()
    }

    /// Whether it is nobody.
    pub fn is_anonymous(self) -> bool {
        self.user().is_none()
    }

    /// The primary key, in the type that it is compared with: `Some(note.author.id) == request.user().id()`.
    pub fn id<K: KeyValue>(self) -> Option<K> {
        K::from_cell(cell(self.key()?)?).ok()
    }

    /// The primary key, as a value.
    pub fn key(self) -> Option<Value> {
        Some(self.user()?.id())
    }

    /// The name that it logs in by; empty for nobody.
    pub fn username(self) -> &'a str {
        self.user().map_or("", AnyUser::username)
    }

    /// Whether it may log in.
    pub fn is_active(self) -> bool {
        self.user().is_some_and(AnyUser::is_active)
    }

    /// Whether it is one of those who run the site.
    pub fn is_staff(self) -> bool {
        self.user().is_some_and(AnyUser::is_staff)
    }

    /// Whether it may do everything.
    pub fn is_superuser(self) -> bool {
        self.user().is_some_and(AnyUser::is_superuser)
    }

    /// Whether it has a permission, as `shop.add_product`; nobody has none.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn has_perm(self, db: impl Into<Db<'_>>, permission: &str) -> Result<bool> {
        match self.user() {
            Some(user) => user.has_perm(db.into(), permission).await,
            None => Ok(false),
        }
    }

    /// Whether it has a permission for one row.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn has_object_perm(self, db: impl Into<Db<'_>>, permission: &str, object: Object<'_>) -> Result<bool> {
        match self.user() {
            Some(user) => user.has_object_perm(db.into(), permission, object).await,
            None => Ok(false),
        }
    }

    /// The row itself: `let user: &User = request.user().get()?`.
    ///
    /// # Errors
    /// 401 for nobody; the 500 page where users are of another type.
    #[track_caller]
    pub fn get<U: UserModel>(self) -> Result<&'a U> {
        let user = self.user().ok_or_else(Error::not_authenticated)?.as_any();
        match (user.downcast_ref(), user.downcast_ref::<Account>()) {
            (Some(user), _) => Ok(user),
            (None, Some(account)) => account.get(),
            (None, None) => Err(Error::unexpected(format!("the user is no `{}`", std::any::type_name::<U>()))),
        }
    }

    /// The identity, to keep.
    pub fn identity(self) -> Option<Identity> {
        self.who?.user.clone()
    }
}

impl fmt::Debug for CurrentUser<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.user() {
            Some(user) => write!(f, "CurrentUser({})", user.username()),
            None => f.write_str("CurrentUser(nobody)"),
        }
    }
}

/// A key as a database gives it.
fn cell(key: Value) -> Option<Cell> {
    match key {
        Value::Int(number) => Some(Cell::Int(number)),
        Value::Text(text) | Value::Uuid(text) => Some(Cell::Text(text.into())),
        _ => None,
    }
}

/// Nobody is equal to no row's user, and to no null: the comparison is never true, whatever stands around it.
impl<U: UserModel> Operand<Key<U>> for CurrentUser<'_> {
    fn operand(self) -> Expr {
        match self.key() {
            Some(key) => Expr::Value(key),
            None => Expr::Condition(Box::new(Condition::Never)),
        }
    }
}
