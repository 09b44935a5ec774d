//! Code that a migration runs: an `async fn(&Apps, Db<'_>) -> Result<()>`, kept as data by its path.

use std::fmt;
use std::future::Future;

use quintet_core::schema::Code;

use super::Apps;
use crate::database::{Boxed, Db};
use crate::error::{Error, Result};

/// The body of a [`Code`] that this crate can run.
pub struct Body(Box<Run>);

type Run = dyn for<'a> Fn(&'a Apps, Db<'a>) -> Boxed<'a, Result<()>> + Send + Sync;

impl Body {
    pub(crate) async fn run(&self, apps: &Apps, db: Db<'_>) -> Result<()> {
        let db: Db<'_> = db;
        (self.0)(apps, db).await
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body")
    }
}

/// One call of a function that a migration runs. Implemented by functions, never by hand.
pub trait Runs<'a>: Send + Sync {
    /// What the function gives.
    type Future: Future<Output = Result<()>> + Send + 'a;

    /// Calls it.
    fn call(&self, apps: &'a Apps, db: Db<'a>) -> Self::Future;
}

impl<'a, F, R, E> Runs<'a> for F
where
    F: Fn(&'a Apps, Db<'a>) -> R + Send + Sync,
    R: Future<Output = Result<(), E>> + Send + 'a,
    E: Into<Error> + 'a,
{
    type Future = Boxed<'a, Result<()>>;

    fn call(&self, apps: &'a Apps, db: Db<'a>) -> Self::Future {
        let work = self(apps, db);
        Box::pin(async move { work.await.map_err(Into::into) })
    }
}

/// A function that a migration runs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not code that a migration can run",
    label = "not an `async fn(&Apps, Db<'_>) -> Result<()>`",
    note = "write `async fn fill(apps: &Apps, db: Db<'_>) -> Result<()> {{ .. }}` and name it: `run(fill)`"
)]
pub trait DataMigration: for<'a> Runs<'a> + 'static {}

impl<F: for<'a> Runs<'a> + 'static> DataMigration for F {}

/// A function as data, known by its path.
pub fn code<F: DataMigration>(function: F) -> Code {
    let body = Body(Box::new(move |apps, db| Box::pin(function.call(apps, db))));
    Code::new(std::any::type_name::<F>(), body)
}

/// The same of a closure that holds data, under a path of its own.
pub fn bound(
    path: &str,
    work: impl for<'a> Fn(&'a Apps, Db<'a>) -> Boxed<'a, Result<()>> + Send + Sync + 'static,
) -> Code {
    Code::new(path, Body(Box::new(work)))
}
