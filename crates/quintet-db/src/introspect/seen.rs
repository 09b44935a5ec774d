//! Everything that models can be made of: tables, their parts, and views.

use quintet_core::inspect::{Column, Seen, Table, What};
use quintet_core::sql::Dialect;

use super::{postgres, schema};
use crate::database::Db;
use crate::error::Result;

/// Views, and tables whose definition is in their module's words.
const SQLITE: &str = "SELECT type, name FROM sqlite_schema \
                      WHERE type = 'view' OR type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";

const SQLITE_COLUMNS: &str = "SELECT name, type, \"notnull\", hidden FROM pragma_table_xinfo($1) ORDER BY cid";

/// Reads all tables, which of them are parts of others, and all views. One that cannot be read is told with its reason.
pub async fn seen(db: impl Into<Db<'_>>) -> Result<Vec<Seen>> {
    let db = db.into();
    let tables = schema(db).await?.tables;
    let mut seen: Vec<Seen> = tables.into_values().map(|table| Seen { table, what: What::Table }).collect();
    match db.dialect() {
        Dialect::Sqlite => further(db, &mut seen).await?,
        Dialect::Postgres => {
            let parts = postgres::partitions(db).await?;
            for one in seen.iter_mut().filter(|one| parts.contains(&one.table.name)) {
                one.what = What::Partition;
            }
            let views = postgres::views(db).await?;
            seen.extend(views.into_values().map(|table| Seen { table, what: What::View }));
        }
    }
    Ok(seen)
}

async fn further(db: Db<'_>, seen: &mut Vec<Seen>) -> Result<()> {
    for row in db.query(SQLITE, &[]).await? {
        let name = row.text("name")?;
        let is_view = row.text("type")? == "view";
        if !is_view && seen.iter().any(|one| one.table.name == name && !one.table.columns.is_empty()) {
            continue;
        }
        seen.retain(|one| one.table.name != name);
        let mut table = Table { name: name.to_owned(), ..Table::default() };
        // A view of a table that is gone, or a module that is not there.
        let what = match columns(db, name).await {
            Ok(columns) => {
                table.columns = columns;
                if is_view { What::View } else { What::Table }
            }
            Err(error) => What::Unreadable(error.message().to_owned()),
        };
        seen.push(Seen { table, what });
    }
    Ok(())
}

async fn columns(db: Db<'_>, table: &str) -> Result<Vec<Column>> {
    let rows = db.query(SQLITE_COLUMNS, &[table.into()]).await?;
    let mut columns = vec![];
    // What a module hides is for its own queries.
    for row in rows {
        if row.int("hidden")? != 1 {
            let (name, kind) = (row.text("name")?.to_owned(), row.text("type")?.to_owned());
            columns.push(Column { name, kind, null: row.int("notnull")? == 0, ..Column::default() });
        }
    }
    Ok(columns)
}
