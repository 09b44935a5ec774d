//! Writes whose loss would be seen: rows by themselves, and rows of which all are there or none.
//!
//! Used by a program that is killed while it writes, and by tests whose server goes away.

use quintet_core::schema::Value;
use quintet_db::{Connection, Database, Db, Result, Transaction};

/// How many write at once; each uses every such number.
pub const WRITERS: i64 = 24;

/// The tables.
pub const TABLES: &str = "CREATE TABLE lone (id bigint NOT NULL PRIMARY KEY); \
                          CREATE TABLE part (id bigint NOT NULL, number bigint NOT NULL, whole bigint NOT NULL)";

/// Finds what is there by half.
pub const HALVES: &str = "SELECT id FROM part GROUP BY id HAVING count(*) <> max(whole)";

/// Every number that is there.
pub const THERE: &str = "SELECT id FROM lone UNION SELECT id FROM part";

/// Writes what stands for a number, in the way of this writer; it is kept when this returns.
pub async fn keep(db: &Database, writer: i64, id: i64) -> Result<()> {
    match writer % 3 {
        0 => add(Db::from(db), id).await,
        1 => db.fetch("INSERT INTO lone (id) VALUES ($1) RETURNING id", vec![Value::Int(id)]).await.map(drop),
        _ => db.atomic(async |transaction| parts(transaction, id).await).await,
    }
}

/// A row by itself.
pub async fn add(db: Db<'_>, id: i64) -> Result<()> {
    db.execute("INSERT INTO lone (id) VALUES ($1)", &[Value::Int(id)]).await.map(drop)
}

/// Two to six rows that belong together.
async fn parts(transaction: &Transaction, id: i64) -> Result<()> {
    let whole = 2 + id % 5;
    for number in 0..whole {
        let values = [Value::Int(id), Value::Int(number), Value::Int(whole)];
        transaction.execute("INSERT INTO part (id, number, whole) VALUES ($1, $2, $3)", &values).await?;
    }
    Ok(())
}
