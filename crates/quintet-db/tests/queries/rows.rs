//! The databases that the recorded queries are run on: tables and rows as the reference had them.

use quintet_db::Connection as _;

use crate::harness::Scratch;
use crate::recorded;

/// The reference's name of a database.
pub(crate) fn vendor(scratch: &Scratch) -> &'static str {
    if scratch.is_sqlite() { "sqlite" } else { "postgresql" }
}

/// Makes the tables and inserts the rows.
pub(crate) async fn fill(scratch: &Scratch) {
    let schema = recorded::text(&format!("vectors/queries/schema.{}.sql", vendor(scratch)));
    scratch.db.script(&schema).await.expect("tables of the reference");
    let inserted = scratch
        .db
        .atomic(async |tx| {
            for table in recorded::rows_of_queries() {
                let quoted: Vec<String> = table.columns.iter().map(|column| format!("\"{column}\"")).collect();
                let places: Vec<String> = (1..=quoted.len()).map(|place| format!("${place}")).collect();
                let (columns, places) = (quoted.join(", "), places.join(", "));
                let sql = format!("INSERT INTO \"{}\" ({columns}) VALUES ({places})", table.table);
                for row in &table.rows {
                    tx.execute(&sql, row).await?;
                }
            }
            Ok(())
        })
        .await;
    inserted.expect("rows of the reference");
}
