//! A server that goes away and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use quintet_db::{Connection as _, Database, ErrorKind};

use crate::cluster::Cluster;
use crate::scratch::{INSERT, open, row};

/// How many attempts to connect a server noticed would be a storm: none is possible while it is down, so this counts ours.
const TASKS: u64 = 24;

async fn asks(db: &Database) -> Result<(), ErrorKind> {
    db.query("SELECT 1 AS n", &[]).await.map(drop).map_err(|error| error.kind())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_is_a_fast_error_and_one_that_is_back_is_used_within_two_seconds() {
    let Some(mut cluster) = Cluster::start("") else { return };
    let db = open(&cluster.url("?pool_size=6&pool_timeout=5"));
    asks(&db).await.unwrap();
    let (stop, slowest) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let is_down = Arc::new(AtomicBool::new(false));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (db, stop, slowest, is_down) =
                (db.clone(), Arc::clone(&stop), Arc::clone(&slowest), Arc::clone(&is_down));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let (begun, was_down) = (Instant::now(), is_down.load(Ordering::Relaxed));
                    match asks(&db).await {
                        Ok(()) => {}
                        Err(ErrorKind::Connection) if was_down => {
                            let took = u64::try_from(begun.elapsed().as_millis()).unwrap();
                            slowest.fetch_max(took, Ordering::Relaxed);
                        }
                        Err(ErrorKind::Connection) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            })
        })
        .collect();
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        cluster = tokio::task::spawn_blocking(move || {
            cluster.stop();
            cluster
        })
        .await
        .unwrap();
        is_down.store(true, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(800)).await;
        assert_eq!(asks(&db).await, Err(ErrorKind::Connection));
        is_down.store(false, Ordering::Relaxed);
        cluster = tokio::task::spawn_blocking(move || {
            cluster.resume();
            cluster
        })
        .await
        .unwrap();
        let back = Instant::now();
        while asks(&db).await.is_err() {
            assert!(back.elapsed() < Duration::from_secs(2), "it is back for {:?}", back.elapsed());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    stop.store(true, Ordering::Relaxed);
    for task in tasks {
        task.await.unwrap();
    }
    assert!(slowest.load(Ordering::Relaxed) < 500, "an error took {slowest:?} ms");
    // Every place is there: as many transactions as the pool is large.
    let mut all = vec![];
    for _ in 0..6 {
        all.push(tokio::time::timeout(Duration::from_secs(3), db.transaction()).await.unwrap().unwrap());
    }
}

#[tokio::test]
async fn a_backend_that_is_killed_within_a_transaction_is_told_and_replaced() {
    let Some(cluster) = Cluster::start("") else { return };
    let db = open(&cluster.url("?pool_size=2&pool_timeout=5"));
    db.script("CREATE TABLE t (id integer PRIMARY KEY, name varchar(20))").await.unwrap();
    for round in 0..5 {
        let tx = db.transaction().await.unwrap();
        tx.execute(INSERT, &row(round)).await.unwrap();
        let pid = tx.query("SELECT pg_backend_pid() AS n", &[]).await.unwrap()[0].int("n").unwrap();
        db.query("SELECT pg_terminate_backend($1::int)", &[pid.into()]).await.unwrap();
        let error = tx.execute(INSERT, &row(round + 100)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
        assert!(tx.commit().await.is_err());
    }
    assert!(db.query("SELECT id FROM t", &[]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_server_that_has_no_place_left_says_so() {
    let Some(cluster) = Cluster::start("max_connections = 5\nsuperuser_reserved_connections = 0") else { return };
    let db = open(&cluster.url("?pool_size=20"));
    let mut held = vec![];
    let error = loop {
        match db.transaction().await {
            Ok(transaction) => held.push(transaction),
            Err(error) => break error,
        }
        assert!(held.len() < 20);
    };
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    assert!(error.message().contains("too many clients"), "{error}");
    drop(held);
    tokio::time::sleep(Duration::from_millis(200)).await;
    asks(&db).await.unwrap();
}
