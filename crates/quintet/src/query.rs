//! Queries: `use quintet::query::*;` for functions, subqueries and windows. What every query needs is in the prelude.

pub use quintet_core::query::{Explain, Lock, Strength};
pub use quintet_db::query::*;
pub use quintet_db::{
    Begin, Database, DatabaseRouter, Databases, Db, Error as DbError, ErrorKind, Isolation, Replicated,
    Result as DbResult, Row, Transaction,
};

/// Makes a row and writes it: `create!(db, Note { title: "Hello", content: "World", author: &user }).await?`.
///
/// A field that needs a value and is given none does not compile.
#[macro_export]
macro_rules! create {
    (@value $field:ident) => { $field };
    (@value $field:ident $value:expr) => { $value };
    ($db:expr, $model:ident { $($field:ident $(: $value:expr)?),* $(,)? }) => {{
        // An item of its own, so that it is checked wherever it stands.
        const _: () = $crate::models::derive::check_required(
            <$model as $crate::models::Model>::REQUIRED,
            &[$(stringify!($field)),*],
        );
        let columns = $crate::query::columns::<$model>();
        let _ = &columns;
        $crate::query::insert::<$model>($db, ::std::vec![$(columns.$field().set($crate::create!(@value $field $($value)?))),*])
    }};
}

pub use create;
