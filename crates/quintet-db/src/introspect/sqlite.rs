//! What an SQLite database holds, out of the definitions that it keeps.

use std::collections::BTreeMap;

use super::{Table, create};
use crate::database::Db;
use crate::error::Result;

const SQL: &str = "SELECT type, name, tbl_name, sql FROM sqlite_schema \
                   WHERE type IN ('table', 'index') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql IS NOT NULL \
                   ORDER BY type DESC, name";

pub(super) async fn tables(db: Db<'_>) -> Result<BTreeMap<String, Table>> {
    let mut tables = BTreeMap::new();
    for row in db.query(SQL, &[]).await? {
        let (name, table, sql) = (row.text("name")?, row.text("tbl_name")?, row.text("sql")?);
        if row.text("type")? == "table" {
            // A virtual table has no definition of columns.
            tables.extend(create::table(name, sql).map(|made| (name.to_owned(), made)));
        } else if let Some(table) = tables.get_mut(table) {
            table.indexes.extend(create::index(name, sql));
        }
    }
    Ok(tables)
}
