//! Rows in chunks.

use std::time::Duration;

use quintet_core::schema::Value;
use quintet_db::{Cell, Connection, Database, RowStream};

use crate::scratch::{INSERT, Scratch, open, row};

const ROWS: i64 = 20_000;

async fn filled(scratch: &Scratch) {
    let sql = format!(
        "INSERT INTO t (id, name) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) \
         SELECT i, 'n' || i FROM n"
    );
    scratch.db.script(&sql).await.unwrap();
}

async fn stream(db: &dyn Connection, chunk: usize) -> RowStream {
    db.stream("SELECT id, name FROM t WHERE id > $1 ORDER BY id", vec![Value::Int(0)], chunk).await.unwrap()
}

/// All rows are there, in order, in chunks of this many.
async fn read(mut stream: RowStream, chunk: usize) {
    let mut expected = 1;
    while let Some(rows) = stream.next().await.unwrap() {
        assert!(rows.len() == chunk || expected + rows.len() as i64 == ROWS + 1, "{}", rows.len());
        for row in rows.iter() {
            assert_eq!(row, [Cell::Int(expected), Cell::Text(format!("n{expected}").into())]);
            expected += 1;
        }
    }
    assert_eq!(expected, ROWS + 1);
    assert!(stream.next().await.unwrap().is_none(), "an end stays an end");
}

#[tokio::test]
async fn all_rows_come_in_chunks_within_a_transaction_and_without() {
    for scratch in Scratch::each().await {
        filled(&scratch).await;
        read(stream(&scratch.db, 777).await, 777).await;
        read(stream(&scratch.db, 1_000_000).await, 1_000_000).await;
        let tx = scratch.db.transaction().await.unwrap();
        read(stream(&tx, 777).await, 777).await;
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_transaction_has_other_work_while_its_rows_stream() {
    for scratch in Scratch::each().await {
        filled(&scratch).await;
        let tx = scratch.db.transaction().await.unwrap();
        tx.execute(INSERT, &row(ROWS + 1)).await.unwrap();
        let (mut one, mut two) = (stream(&tx, 1000).await, stream(&tx, 3000).await);
        let mut seen = 0;
        while let Some(rows) = one.next().await.unwrap() {
            seen += rows.len() as i64;
            tx.execute("UPDATE t SET name = name || '!' WHERE id = $1", &[Value::Int(seen)]).await.unwrap();
            if let Some(rows) = two.next().await.unwrap() {
                assert!(rows.iter().all(|row| matches!(&row[1], Cell::Text(name) if !name.ends_with('!'))));
            }
        }
        assert_eq!(seen, ROWS + 1, "with what the transaction wrote itself");
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn many_slow_streams_hold_up_nobody() {
    let sqlite = Scratch::sqlite();
    let postgres = Scratch::postgres("&pool_size=16&pool_timeout=5").await;
    for scratch in [Some(sqlite), postgres].into_iter().flatten() {
        scratch.table().await;
        filled(&scratch).await;
        let mut streams = vec![];
        for _ in 0..10 {
            let mut stream = stream(&scratch.db, 10).await;
            assert_eq!(stream.next().await.unwrap().unwrap().len(), 10);
            streams.push(stream);
        }
        let others = async {
            scratch.db.execute(INSERT, &row(ROWS + 1)).await.unwrap();
            scratch.ids().await.len()
        };
        let seen = tokio::time::timeout(Duration::from_secs(5), others).await.expect("nobody waits");
        assert_eq!(seen as i64, ROWS + 1);
        drop(streams);
    }
}

#[tokio::test]
async fn streams_that_are_dropped_half_way_cost_no_connection() {
    let sqlite = Scratch::sqlite();
    let postgres = Scratch::postgres("&pool_size=2&pool_timeout=5").await;
    for scratch in [Some(sqlite), postgres].into_iter().flatten() {
        scratch.table().await;
        filled(&scratch).await;
        for _ in 0..20 {
            let mut stream = stream(&scratch.db, 10).await;
            stream.next().await.unwrap();
        }
        read(stream(&scratch.db, 5000).await, 5000).await;
    }
}

#[tokio::test]
async fn a_mistake_is_said_before_any_row_and_one_on_the_way_ends_the_rows() {
    for scratch in Scratch::each().await {
        filled(&scratch).await;
        assert!(scratch.db.stream("SELECT nothing FROM t", vec![], 10).await.is_err());
        if scratch.is_sqlite() {
            continue;
        }
        let sql = "SELECT 1 / (id - 50) FROM t ORDER BY id";
        let mut stream = scratch.db.stream(sql, vec![], 10).await.unwrap();
        let mut count = 0;
        let ended = loop {
            match stream.next().await {
                Ok(Some(rows)) => count += rows.len(),
                ended => break ended,
            }
        };
        assert!(ended.is_err() && count < 50, "{count}");
        assert!(stream.next().await.unwrap().is_none());
        scratch.db.execute(INSERT, &row(ROWS + 1)).await.unwrap();
    }
}

#[tokio::test]
async fn a_database_in_memory_streams_too() {
    let db: Database = open("sqlite::memory:");
    db.script("CREATE TABLE t (id integer); INSERT INTO t VALUES (1), (2), (3)").await.unwrap();
    let mut stream = db.stream("SELECT id FROM t ORDER BY id", vec![], 2).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().len(), 2);
    assert_eq!(stream.next().await.unwrap().unwrap().cell(0, 0), Some(&Cell::Int(3)));
    assert!(stream.next().await.unwrap().is_none());
}
