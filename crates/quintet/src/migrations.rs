//! What the files of migrations need: `use quintet::migrations::*;`
//!
//! The words for fields (`char(100).null()`), for options (`options().ordering(&["-id"])`) and for operations
//! (`add_field("note", "slug", char(100))`), and `run(fill)` for code of the project's own:
//! `async fn fill(apps: &Apps, db: Db<'_>) -> Result<()>`.

pub use quintet_core::operation::words::*;
pub use quintet_core::operation::{Dependency, Migration, Operation};
pub use quintet_core::schema::words::*;
pub use quintet_core::schema::{
    Check, Choice, Code, Condition, Constraint, Deferrable, Expr, Field, Function, Index, IndexKind, Initial,
    IpProtocol, Kind, Manager, OnDelete, Operator, Options, Rule, To, Unique, UploadTo, Validator, Value,
};
pub use quintet_db::history::Apps;
pub use quintet_db::{Db, Result};

use quintet_db::history::{DataMigration, code};

/// A function of the project's own: `run(fill_slugs)`. `.reverse(..)` says the way back.
pub fn run<F: DataMigration>(function: F) -> Operation {
    run_code(code(function))
}

/// The way back of [`run`].
pub trait Reverse {
    /// The function that undoes what the other did; [`nothing`] where there is nothing to undo.
    #[must_use]
    fn reverse<F: DataMigration>(self, function: F) -> Operation;
}

impl Reverse for Operation {
    fn reverse<F: DataMigration>(self, function: F) -> Operation {
        self.reverse_code(code(function))
    }
}

/// Does nothing: a way back that leaves everything as it is.
///
/// # Errors
/// None.
pub async fn nothing(_: &Apps, _: Db<'_>) -> Result<()> {
    Ok(())
}

/// Declares an app's migrations in `migrations/mod.rs`, which `makemigrations` keeps:
/// `quintet::migrations![m0001_initial, m0002_note_slug];`. Gives the module a function `all()`.
#[macro_export]
macro_rules! migrations {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*

        /// The app's migrations, first to last.
        pub fn all() -> ::std::vec::Vec<$crate::migrations::Migration> {
            ::std::vec![$($module::migration()),*]
        }
    };
}
