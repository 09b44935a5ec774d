//! What users can do besides being rows: the built-in ones, and those of a model that flattens the same parts.

use std::fmt;

use quintet_db::query::{Assignment, insert};
use quintet_web::auth::hashers::{is_password_usable, verify_password};
use quintet_web::auth::{Accounts, hashed, new_superuser, new_user};
use quintet_web::rest::UserModel;

use super::models::{AbstractBaseUser, AbstractUser, User};
use crate::prelude::{Db, Result};

impl UserModel for User {}

/// The name to log in with.
impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.user.username)
    }
}

impl User {
    /// A new user, written: the name and the address normalised, the password hashed. Fits
    /// `#[serializer(create = User::create_user)]`.
    ///
    /// # Errors
    /// There is no name, or it is taken; 503 where too many passwords wait to be hashed.
    pub async fn create_user(db: Db<'_>, values: Vec<Assignment>) -> Result<Self> {
        let values = new_user(db, values).await?;
        Ok(insert::<Self>(db, values).await?)
    }

    /// The same of one who may do everything.
    ///
    /// # Errors
    /// The same.
    pub async fn create_superuser(db: Db<'_>, values: Vec<Assignment>) -> Result<Self> {
        let values = new_superuser(db, values).await?;
        Ok(insert::<Self>(db, values).await?)
    }
}

/// Of every user model that flattens it: `member.set_password(db, Some("..")).await?`.
impl AbstractBaseUser {
    /// Gives the user another password, or none that fits. Nothing is written yet.
    ///
    /// # Errors
    /// 503 where too many passwords wait to be hashed.
    pub async fn set_password(&mut self, db: Db<'_>, password: Option<&str>) -> Result<()> {
        self.password = hashed(db, password).await?;
        Ok(())
    }

    /// Whether this is the user's password. On the thread of who asks: for commands and tests; a login is
    /// [`quintet::auth::authenticate`].
    ///
    /// # Errors
    /// There is no hasher.
    pub fn check_password(&self, db: Db<'_>, password: &str) -> Result<bool> {
        let hashers = &Accounts::of(db).auth.password_hashers;
        Ok(verify_password(hashers, password, &self.password)?.is_correct)
    }

    /// Whether there is a password that might fit.
    pub fn has_usable_password(&self) -> bool {
        is_password_usable(&self.password)
    }
}

/// Of every user model that flattens it.
impl AbstractUser {
    /// The first name and the last name, with a space between.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// The first name.
    pub fn short_name(&self) -> &str {
        &self.first_name
    }
}
