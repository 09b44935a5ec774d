//! Connections to PostgreSQL: how many, how long, and what becomes of those whose borrower went away.

use std::time::{Duration, Instant};

use quintet_core::schema::Value;
use quintet_db::{Begin, Connection as _, Database, ErrorKind, Row};

use crate::scratch::{INSERT, Scratch, open, row};

async fn one(db: &Database, sql: &str) -> i64 {
    db.query(sql, &[]).await.unwrap()[0].int("n").unwrap()
}

/// How many others are at work in the same database, or connected.
async fn others(watcher: &Database, state: &str) -> i64 {
    let sql = format!(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() {state}"
    );
    one(watcher, &sql).await
}

#[tokio::test]
async fn no_more_connections_are_made_than_allowed_and_who_waits_too_long_is_told() {
    let Some(scratch) = Scratch::postgres("&pool_size=2&pool_timeout=1").await else { return };
    let held = [scratch.db.transaction().await.unwrap(), scratch.db.transaction().await.unwrap()];
    let begun = Instant::now();
    let error = scratch.db.transaction().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(error.message().contains("all 2 are in use"), "{error}");
    assert!(error.hint().unwrap().contains("pool_size"));
    assert!((900..3000).contains(&begun.elapsed().as_millis()));
    drop(held);
    assert_eq!(one(&scratch.db, "SELECT 1 AS n").await, 1);
}

#[tokio::test]
async fn queries_that_nobody_waits_for_are_cancelled_on_the_server_and_cost_no_connection() {
    let Some(scratch) = Scratch::postgres("&pool_size=2&pool_timeout=10").await else { return };
    let watcher = open(&scratch.url.replace("pool_size=2", "pool_size=1"));
    for _ in 0..30 {
        let long = scratch.db.query("SELECT pg_sleep(60)", &[]);
        assert!(tokio::time::timeout(Duration::from_millis(20), long).await.is_err());
    }
    assert_eq!(one(&scratch.db, "SELECT 1 AS n").await, 1);
    let begun = Instant::now();
    while others(&watcher, "AND query LIKE '%pg_sleep(60)%' AND state = 'active'").await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(5), "the server still works for nobody");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(others(&watcher, "").await <= 2);
}

#[tokio::test]
async fn a_write_that_nobody_waits_for_in_a_transaction_is_undone() {
    let Some(scratch) = Scratch::postgres("&pool_size=1&pool_timeout=10").await else { return };
    scratch.table().await;
    let work = scratch.db.atomic(async |tx| {
        tx.execute(INSERT, &row(1)).await?;
        tx.execute("SELECT pg_sleep(60)", &[]).await
    });
    assert!(tokio::time::timeout(Duration::from_millis(100), work).await.is_err());
    assert_eq!(scratch.ids().await, [0; 0]);
    scratch.db.execute(INSERT, &row(1)).await.unwrap();
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_told_prepared_or_not() {
    for prepare in ["true", "false"] {
        let parameters = format!("&pool_size=1&statement_timeout=200&prepare={prepare}");
        let Some(scratch) = Scratch::postgres(&parameters).await else { return };
        let begun = Instant::now();
        let error = scratch.db.query("SELECT pg_sleep(20)", &[]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(begun.elapsed() < Duration::from_secs(3));
        assert_eq!(one(&scratch.db, "SELECT 1 AS n").await, 1);
    }
}

#[tokio::test]
async fn a_connection_lives_as_long_as_it_may() {
    let Some(scratch) = Scratch::postgres("&pool_size=1&conn_max_age=0").await else { return };
    let pid = "SELECT pg_backend_pid() AS n";
    assert_ne!(one(&scratch.db, pid).await, one(&scratch.db, pid).await);
    let unlimited = open(&scratch.url.replace("&conn_max_age=0", ""));
    assert_eq!(one(&unlimited, pid).await, one(&unlimited, pid).await);
}

#[tokio::test]
async fn a_statement_that_was_kept_follows_its_table() {
    let Some(scratch) = Scratch::postgres("&pool_size=1").await else { return };
    scratch.table().await;
    scratch.db.execute(INSERT, &row(1)).await.unwrap();
    let all = async || scratch.db.query("SELECT * FROM t", &[]).await.unwrap()[0].columns().len();
    assert_eq!(all().await, 2);
    scratch.db.script("ALTER TABLE t ADD COLUMN more integer").await.unwrap();
    assert_eq!(all().await, 3);
    scratch.db.script("DEALLOCATE ALL").await.unwrap();
    assert_eq!(all().await, 3);
}

/// There the server's error would be the end of the transaction.
#[tokio::test]
async fn a_statement_that_was_kept_follows_its_table_in_a_transaction_too() {
    let Some(scratch) = Scratch::postgres("&pool_size=2").await else { return };
    scratch.table().await;
    let (first, second) =
        (scratch.db.begin(Begin::default()).await.unwrap(), scratch.db.begin(Begin::default()).await.unwrap());
    let width = async |rows: Vec<Row>| rows[0].columns().len();
    let insert = "INSERT INTO t VALUES ($1, $2) RETURNING *";
    assert_eq!(width(second.query(insert, &row(1)).await.unwrap()).await, 2);
    second.rollback().await.unwrap();
    assert_eq!(width(first.query(insert, &row(1)).await.unwrap()).await, 2);
    let nested = first.begin(Begin::default()).await.unwrap();
    nested.execute("ALTER TABLE t ADD COLUMN more integer", &[]).await.unwrap();
    assert_eq!(width(nested.query(insert, &row(2)).await.unwrap()).await, 3);
    nested.rollback().await.unwrap();
    assert_eq!(width(first.query(insert, &row(3)).await.unwrap()).await, 2);
    first.execute("ALTER TABLE t ADD COLUMN more integer", &[]).await.unwrap();
    first.commit().await.unwrap();
    let (first, second) =
        (scratch.db.begin(Begin::default()).await.unwrap(), scratch.db.begin(Begin::default()).await.unwrap());
    assert_eq!(width(second.query("SELECT * FROM t", &[]).await.unwrap()).await, 3);
    for transaction in [first, second] {
        assert_eq!(width(transaction.query(insert, &row(4)).await.unwrap()).await, 3);
        transaction.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn so_many_statements_are_kept_and_no_more() {
    let Some(scratch) = Scratch::postgres("&pool_size=1").await else { return };
    for number in 0..400 {
        assert_eq!(one(&scratch.db, &format!("SELECT {number} AS n")).await, number);
    }
    let kept = one(&scratch.db, "SELECT count(*) AS n FROM pg_prepared_statements").await;
    assert!((200..=260).contains(&kept), "{kept}");
}

#[tokio::test]
async fn without_preparing_the_server_keeps_nothing() {
    let Some(scratch) = Scratch::postgres("&pool_size=1&prepare=false").await else { return };
    scratch.table().await;
    scratch.db.execute(INSERT, &row(1)).await.unwrap();
    let sql = "SELECT id, name, now() AS at, 1.50::numeric AS d, $1::int[] AS l FROM t WHERE name = $2";
    let list = Value::List(vec![Value::Int(1), Value::Null]);
    let rows = scratch.db.query(sql, &[list.clone(), "n1".into()]).await.unwrap();
    assert_eq!((rows[0].int("id").unwrap(), rows[0].text("d").unwrap()), (1, "1.50"));
    assert_eq!(rows[0].value("l").unwrap(), &list);
    let nothing = scratch.db.query("SELECT id FROM t WHERE id = $1", &[Value::Int(7)]).await.unwrap();
    assert!(nothing.is_empty());
    let zone = scratch.db.query("SELECT current_setting('TimeZone') AS z", &[]).await.unwrap();
    assert_eq!(zone[0].text("z").unwrap(), "UTC");
    assert_eq!(one(&scratch.db, "SELECT count(*) AS n FROM pg_prepared_statements").await, 0);
}

#[tokio::test]
async fn moments_are_read_in_utc_whatever_the_server_prefers() {
    let Some(scratch) = Scratch::postgres("&pool_size=1").await else { return };
    let name = scratch.db.query("SELECT current_database() AS d", &[]).await.unwrap();
    let sql = format!("ALTER DATABASE {} SET timezone = 'Asia/Tokyo'", name[0].text("d").unwrap());
    scratch.db.script(&sql).await.unwrap();
    let fresh = open(&scratch.url);
    let rows = fresh.query("SELECT '2024-01-31 12:00'::timestamptz AS at", &[]).await.unwrap();
    assert_eq!(rows[0].text("at").unwrap(), "2024-01-31 12:00:00");
}
