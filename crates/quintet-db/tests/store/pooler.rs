//! Behind a pooler that gives each transaction another connection: `pgbouncer`.

use quintet_core::schema::Value;
use quintet_db::{Connection as _, ErrorKind};

use crate::cluster::{Cluster, Pooler};
use crate::scratch::{INSERT, open, row};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_that_are_not_prepared_work_behind_a_pooler_of_transactions() {
    let Some(cluster) = Cluster::start("") else { return };
    let Some(pooler) = Pooler::start(&cluster) else {
        println!("SKIPPED: there is no `pgbouncer`; `scripts/bootstrap pgbouncer` installs it");
        return;
    };
    let db = open(&pooler.url("?pool_size=12&prepare=false&statement_timeout=10000"));
    db.script(
        "CREATE TABLE t (id integer PRIMARY KEY, name varchar(20) NOT NULL UNIQUE, at timestamptz DEFAULT now())",
    )
    .await
    .unwrap();
    let tasks: Vec<_> = (0..12)
        .map(|task| {
            let db = db.clone();
            tokio::spawn(async move {
                for round in 0..40 {
                    let id = task * 1000 + round;
                    db.execute(INSERT, &row(id)).await.unwrap();
                    let rows = db.query("SELECT name, at FROM t WHERE id = $1", &[Value::Int(id)]).await.unwrap();
                    assert_eq!(rows[0].text("name").unwrap(), format!("n{id}"));
                    let work = db.atomic(async |tx| {
                        tx.execute("UPDATE t SET name = $1 WHERE id = $2", &[format!("m{id}").into(), id.into()])
                            .await?;
                        let twice = tx.atomic(async |inner| inner.execute(INSERT, &row(id)).await).await;
                        assert_eq!(twice.unwrap_err().kind(), ErrorKind::Unique);
                        tx.query("SELECT name FROM t WHERE id = $1", &[Value::Int(id)]).await
                    });
                    assert_eq!(work.await.unwrap()[0].text("name").unwrap(), format!("m{id}"));
                }
                let mut stream = db.stream("SELECT id FROM t", vec![], 7).await.unwrap();
                let mut seen = 0;
                while let Some(rows) = stream.next().await.unwrap() {
                    seen += rows.len();
                }
                assert!(seen >= 40);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let zone = db.query("SELECT current_setting('TimeZone') AS z, count(*) AS n FROM t", &[]).await.unwrap();
    assert_eq!((zone[0].text("z").unwrap(), zone[0].int("n").unwrap()), ("UTC", 480));
}

#[tokio::test]
async fn a_query_that_nobody_waits_for_costs_no_connection_behind_a_pooler() {
    let Some(cluster) = Cluster::start("") else { return };
    let Some(pooler) = Pooler::start(&cluster) else {
        println!("SKIPPED: there is no `pgbouncer`; `scripts/bootstrap pgbouncer` installs it");
        return;
    };
    let db = open(&pooler.url("?pool_size=3&pool_timeout=10&prepare=false"));
    for _ in 0..12 {
        let long = db.query("SELECT pg_sleep(60)", &[]);
        let ended = tokio::time::timeout(std::time::Duration::from_millis(30), long).await;
        assert!(ended.is_err(), "{ended:?}");
    }
    assert_eq!(db.query("SELECT 1 AS n", &[]).await.unwrap()[0].int("n").unwrap(), 1);
}
