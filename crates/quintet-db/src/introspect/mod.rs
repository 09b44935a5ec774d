//! What a database holds: tables, columns, constraints and indexes, as plain data that can be compared.

mod create;
mod postgres;
mod seen;
mod sqlite;
mod tokens;

pub use quintet_core::inspect::{
    Column, Constraint, ConstraintKind, Generated, Index, OWN_PREFIX, Part, Schema, Table,
};
use quintet_core::sql::Dialect;

use crate::database::Db;
use crate::error::Result;
pub use seen::seen;

/// Reads all tables; views are left out.
pub async fn schema(db: impl Into<Db<'_>>) -> Result<Schema> {
    let db = db.into();
    let mut tables = match db.dialect() {
        Dialect::Sqlite => sqlite::tables(db).await?,
        Dialect::Postgres => postgres::tables(db).await?,
    };
    tables.values_mut().for_each(Table::sort);
    Ok(Schema { tables })
}
