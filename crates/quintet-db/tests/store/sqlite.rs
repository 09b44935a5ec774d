//! One thread that writes, and several that read.

use std::time::{Duration, Instant};

use quintet_core::schema::Value;
use quintet_db::{Cell, Connection as _, ErrorKind, Find};

use crate::scratch::{INSERT, Scratch, row};

/// Runs for as long as nobody stops it.
const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

#[tokio::test]
async fn of_many_that_write_at_once_only_those_to_blame_fail() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    scratch.db.script("CREATE TABLE c (t integer REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)").await.unwrap();
    // The writer is busy meanwhile, so that all of them wait one behind the other.
    let busy = scratch.db.transaction().await.unwrap();
    let tasks: Vec<_> = (0..60)
        .map(|id| {
            let db = scratch.db.clone();
            tokio::spawn(async move {
                match id % 3 {
                    0 => db.execute(INSERT, &row(id)).await.map_err(|error| error.kind()),
                    // Found at once.
                    1 => db.execute(INSERT, &row(0)).await.map_err(|error| error.kind()),
                    // Found at the end of the transaction.
                    _ => db.execute("INSERT INTO c VALUES (1000)", &[]).await.map_err(|error| error.kind()),
                }
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    busy.rollback().await.unwrap();
    let mut ended = vec![];
    for task in tasks {
        ended.push(task.await.unwrap());
    }
    for (id, ended) in ended.into_iter().enumerate() {
        let expected = match id % 3 {
            0 => Ok(1),
            1 => Err(ErrorKind::Unique),
            _ => Err(ErrorKind::ForeignKey),
        };
        assert_eq!(ended, expected, "{id}");
    }
    assert_eq!(scratch.ids().await.len(), 20);
}

#[tokio::test]
async fn writing_at_once_is_faster_than_one_after_the_other() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    let busy = scratch.db.transaction().await.unwrap();
    let tasks: Vec<_> = (0..200)
        .map(|id| {
            let db = scratch.db.clone();
            tokio::spawn(async move { db.execute(INSERT, &row(id)).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    busy.rollback().await.unwrap();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    // Each transaction is one more in the header of the log: those that wait share a few.
    let file = scratch.url.strip_prefix("sqlite://").unwrap();
    let pages = std::fs::metadata(format!("{file}-wal")).unwrap().len() / 4096;
    assert!(pages < 100, "{pages} pages for 200 rows: they did not share a transaction");
}

#[tokio::test]
async fn rows_that_are_given_back_come_to_their_own_callers() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    let tasks: Vec<_> = (0..100)
        .map(|id| {
            let db = scratch.db.clone();
            tokio::spawn(async move {
                let sql = format!("{INSERT} RETURNING id, name");
                let rows = db.query(&sql, &row(id)).await.unwrap();
                assert_eq!(rows[0].values(), row(id));
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(scratch.ids().await.len(), 100);
}

#[tokio::test]
async fn a_write_that_nobody_waits_for_any_more_is_not_begun() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    let busy = scratch.db.transaction().await.unwrap();
    let given = row(1);
    let late = scratch.db.execute(INSERT, &given);
    assert!(tokio::time::timeout(Duration::from_millis(50), late).await.is_err());
    let turn = scratch.db.transaction();
    assert!(tokio::time::timeout(Duration::from_millis(50), turn).await.is_err());
    busy.rollback().await.unwrap();
    scratch.db.execute(INSERT, &row(2)).await.unwrap();
    assert_eq!(scratch.ids().await, [2]);
}

#[tokio::test]
async fn readers_do_not_wait_for_a_transaction_that_writes() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    let writing = scratch.db.transaction().await.unwrap();
    writing.execute(INSERT, &row(1)).await.unwrap();
    let begun = Instant::now();
    for _ in 0..20 {
        assert_eq!(scratch.ids().await, [0; 0]);
    }
    assert!(begun.elapsed() < Duration::from_secs(2));
    writing.commit().await.unwrap();
    assert_eq!(scratch.ids().await, [1]);
}

#[tokio::test]
async fn readers_whose_callers_went_away_are_free_again() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    for _ in 0..12 {
        let endless = scratch.db.query(ENDLESS, &[]);
        assert!(tokio::time::timeout(Duration::from_millis(30), endless).await.is_err());
    }
    let quick = tokio::time::timeout(Duration::from_secs(5), scratch.ids()).await;
    assert_eq!(quick.unwrap(), [0; 0]);
}

#[tokio::test]
async fn what_says_that_it_reads_and_writes_is_done_by_the_writer() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    let sql = "WITH new (id) AS (SELECT 1) INSERT INTO t SELECT id, 'a' FROM new RETURNING id";
    assert_eq!(scratch.db.query(sql, &[]).await.unwrap().len(), 1);
    assert_eq!(scratch.ids().await, [1]);
}

#[tokio::test]
async fn a_transaction_that_was_begun_by_hand_is_not_left_to_others() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    scratch.db.execute("BEGIN", &[]).await.unwrap();
    scratch.db.execute(INSERT, &row(1)).await.unwrap();
    let other = crate::scratch::open(&scratch.url);
    assert_eq!(other.query("SELECT id FROM t", &[]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_file_is_kept_as_was_measured() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    for (pragma, value) in
        [("journal_mode", "wal".into()), ("foreign_keys", Value::Int(1)), ("synchronous", Value::Int(1))]
    {
        for rows in [
            scratch.db.query(&format!("PRAGMA {pragma}"), &[]).await.unwrap(),
            scratch.db.transaction().await.unwrap().query(&format!("PRAGMA {pragma}"), &[]).await.unwrap(),
        ] {
            assert_eq!(rows[0].values(), std::slice::from_ref(&value));
        }
    }
}

#[tokio::test]
async fn who_looks_for_a_row_sees_what_was_written_before() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    scratch.db.execute(INSERT, &row(0)).await.unwrap();
    let find = |number: i64| scratch.db.find(Find::new("SELECT id FROM t WHERE id = $1", vec![Value::Int(number)]));
    for number in 0..300 {
        let next = [Value::Int(number + 1), Value::Int(number)];
        assert_eq!(scratch.db.execute("UPDATE t SET id = $1 WHERE id = $2", &next).await.unwrap(), 1);
        assert_eq!(find(number).await.unwrap().len(), 0);
        assert_eq!(find(number + 1).await.unwrap().into_cells(), [Cell::Int(number + 1)]);
    }
    // Also where the table is another one by then.
    scratch
        .db
        .script("DROP TABLE t; CREATE TABLE t (more text, id integer); INSERT INTO t VALUES ('x', 7)")
        .await
        .unwrap();
    let all = scratch.db.find(Find::new("SELECT * FROM t WHERE id = $1", vec![Value::Int(7)])).await.unwrap();
    assert_eq!(all.into_cells(), [Cell::Text("x".into()), Cell::Int(7)]);
}

#[tokio::test]
async fn what_takes_long_to_find_holds_nobody_up() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    scratch.db.execute(INSERT, &row(1)).await.unwrap();
    let quick = || scratch.db.find(Find::new("SELECT id FROM t WHERE id = $1", vec![Value::Int(1)]));
    quick().await.unwrap();
    let begun = Instant::now();
    let endless = async {
        let endless = scratch.db.find(Find::new(ENDLESS, vec![]));
        tokio::time::timeout(Duration::from_millis(300), endless).await
    };
    let others = async {
        for _ in 0..100 {
            assert_eq!(quick().await.unwrap().len(), 1);
            tokio::task::yield_now().await;
        }
        begun.elapsed()
    };
    let (endless, others) = tokio::join!(endless, others);
    assert!(endless.is_err());
    assert!(others < Duration::from_millis(300), "{others:?}");
    let wrong = scratch.db.find(Find::new("SELECT id FROM missing", vec![])).await.unwrap_err();
    assert!(wrong.to_string().contains("missing"), "{wrong}");
}

#[tokio::test]
async fn no_thread_is_needed_to_find_a_row() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    scratch.db.execute(INSERT, &row(1)).await.unwrap();
    let find = || scratch.db.find(Find::new("SELECT id FROM t WHERE id = $1", vec![Value::Int(1)]));
    // A thread answers the first, and opens the connection for the others.
    for _ in 0..50 {
        find().await.unwrap();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let busy: Vec<_> = (0..8)
        .map(|_| {
            let db = scratch.db.clone();
            tokio::spawn(async move { db.query(ENDLESS, &[]).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    for _ in 0..20 {
        let found = tokio::time::timeout(Duration::from_secs(5), find()).await.expect("no thread is free");
        assert_eq!(found.unwrap().len(), 1);
    }
    busy.iter().for_each(tokio::task::JoinHandle::abort);
}
