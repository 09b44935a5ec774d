//! What somebody shows who wants to log in, and who it is that asks.

use std::borrow::Cow;
use std::fmt;

use quintet_db::{Database, Db, Transaction};

use crate::http::Request;

/// What somebody shows who wants to log in: texts by name.
#[derive(Clone, Default)]
pub struct Credentials<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Credentials<'a> {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A name and a password.
    pub fn of(username: impl Into<Cow<'a, str>>, password: impl Into<Cow<'a, str>>) -> Self {
        Self::new().with("username", username).with("password", password)
    }

    /// The same with one more.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The name, whichever field of the user model it is.
    pub fn username(&self) -> Option<&str> {
        self.get("username")
    }

    /// The password.
    pub fn password(&self) -> Option<&str> {
        self.get("password")
    }
}

/// Their names alone: what they are does not belong into logs.
impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Where somebody asks whose credentials they are: `request.into()`, or `db.into()` in code without a request.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    db: Db<'a>,
    request: Option<&'a Request>,
}

impl<'a> Asker<'a> {
    /// The database.
    pub fn db(self) -> Db<'a> {
        self.db
    }

    /// The request, where there is one.
    pub fn request(self) -> Option<&'a Request> {
        self.request
    }
}

impl<'a> From<&'a Request> for Asker<'a> {
    fn from(request: &'a Request) -> Self {
        Self { db: Db::from(request), request: Some(request) }
    }
}

impl<'a> From<Db<'a>> for Asker<'a> {
    fn from(db: Db<'a>) -> Self {
        Self { db, request: None }
    }
}

impl<'a> From<&'a Database> for Asker<'a> {
    fn from(database: &'a Database) -> Self {
        Self::from(Db::from(database))
    }
}

impl<'a> From<&'a Transaction> for Asker<'a> {
    fn from(transaction: &'a Transaction) -> Self {
        Self::from(Db::from(transaction))
    }
}
