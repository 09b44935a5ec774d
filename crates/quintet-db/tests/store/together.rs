//! Changes that are kept all or not at all, in one turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use quintet_db::{Change, Connection as _, Database, ErrorKind, watched};

use crate::cluster::Cluster;
use crate::scratch::{INSERT, Scratch, open, row};

const RENAME: &str = "UPDATE t SET name = $1 WHERE id = $2";

fn add(id: i64) -> Change {
    Change { sql: INSERT.to_owned(), params: row(id).to_vec(), needed: None }
}

fn rename(id: i64, name: &str, needed: Option<usize>) -> Change {
    Change { sql: RENAME.to_owned(), params: vec![name.into(), id.into()], needed }
}

async fn names(db: &Database) -> Vec<String> {
    let rows = db.query("SELECT name FROM t ORDER BY id", &[]).await.unwrap();
    rows.iter().map(|row| row.text("name").unwrap().to_owned()).collect()
}

#[tokio::test]
async fn all_is_kept_or_nothing() {
    for scratch in Scratch::each().await {
        let db = &scratch.db;
        // Twice: the second time PostgreSQL knows the statements.
        for id in [1, 2] {
            let made = db.make_all(vec![add(id), rename(id, &format!("new {id}"), Some(0)), rename(9, "x", None)]);
            assert_eq!(made.await.unwrap(), None);
        }
        assert_eq!(names(db).await, ["new 1", "new 2"]);
        let missed = vec![add(3), rename(3, "y", Some(0)), rename(9, "x", Some(1)), rename(1, "z", Some(2))];
        assert_eq!(db.make_all(missed).await.unwrap(), Some(1));
        assert_eq!(names(db).await, ["new 1", "new 2"]);
        // The first that fails is told, not what PostgreSQL says of those behind it.
        let failed = db.make_all(vec![add(3), rename(3, "new 1", Some(0)), add(4)]).await.unwrap_err();
        assert_eq!(failed.kind(), ErrorKind::Unique);
        assert_eq!(failed.sql(), Some(RENAME));
        // So is what is missed before that.
        let missed_first = vec![rename(9, "x", Some(0)), add(1), rename(9, "x", Some(1))];
        assert_eq!(db.make_all(missed_first).await.unwrap(), Some(0));
        assert_eq!(names(db).await, ["new 1", "new 2"]);
        let unknown = Change { sql: "INSERT INTO nothing VALUES (1)".to_owned(), params: vec![], needed: None };
        assert!(db.make_all(vec![add(3), unknown]).await.is_err());
        db.execute(INSERT, &row(5)).await.unwrap();
        assert_eq!(names(db).await, ["new 1", "new 2", "n5"]);
    }
}

#[tokio::test]
async fn within_a_transaction_only_they_are_undone() {
    for scratch in Scratch::each().await {
        let work = scratch.db.atomic(async |tx| {
            tx.execute(INSERT, &row(1)).await?;
            assert_eq!(tx.make_all(vec![add(2), rename(9, "x", Some(0))]).await?, Some(0));
            assert_eq!(tx.make_all(vec![add(3), add(1)]).await.unwrap_err().kind(), ErrorKind::Unique);
            assert_eq!(tx.make_all(vec![add(4), rename(4, "four", Some(0))]).await?, None);
            Ok(())
        });
        work.await.unwrap();
        assert_eq!(names(&scratch.db).await, ["n1", "four"]);
    }
}

/// A rule that is checked at the end of a transaction ends theirs, and nobody else's.
#[tokio::test]
async fn a_rule_that_waits_for_the_end_undoes_them() {
    for scratch in Scratch::each().await {
        let db = &scratch.db;
        db.script("CREATE TABLE u (id integer PRIMARY KEY, t integer REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)")
            .await
            .unwrap();
        let point = |id: i64, at: i64| Change {
            sql: "INSERT INTO u (id, t) VALUES ($1, $2)".to_owned(),
            params: vec![id.into(), at.into()],
            needed: Some(0),
        };
        let (alone, busy) = (db.make_all(vec![point(1, 99), add(1)]).await, db.transaction().await.unwrap());
        assert_eq!(alone.unwrap_err().kind(), ErrorKind::ForeignKey);
        // On SQLite these wait one behind the other, and then share a transaction.
        let tasks: Vec<_> = (10..20)
            .map(|id| {
                let (db, at) = (db.clone(), if id % 2 == 0 { id } else { 99 });
                let changes = vec![point(id, at), add(id)];
                tokio::spawn(async move { db.make_all(changes).await.map_err(|error| error.kind()) })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        busy.rollback().await.unwrap();
        for (id, task) in (10..20).zip(tasks) {
            let expected = if id % 2 == 0 { Ok(None) } else { Err(ErrorKind::ForeignKey) };
            assert_eq!(task.await.unwrap(), expected, "{id}");
        }
        assert_eq!(scratch.ids().await, [10, 12, 14, 16, 18]);
    }
}

/// On SQLite they share a transaction with whatever else waits to be written, and each comes to its own end in it.
#[tokio::test]
async fn beside_others_each_comes_to_its_own_end() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON t WHEN new.id = 13 BEGIN SELECT RAISE(ROLLBACK, 'no 13'); END";
    scratch.db.script(refuse).await.unwrap();
    // With 13 SQLite ends the transaction of all by itself.
    for unlucky in [None, Some(13)] {
        let busy = scratch.db.transaction().await.unwrap();
        let tasks: Vec<_> = (0..4)
            .map(|number| {
                let db = scratch.db.clone();
                tokio::spawn(async move {
                    match number {
                        0 => db.execute(INSERT, &row(1)).await.map(|_| None),
                        1 => db.make_all(vec![add(2), rename(2, "two", Some(0))]).await,
                        2 => db.make_all(vec![add(3), rename(9, "x", Some(0))]).await,
                        _ => db.make_all(vec![add(4), add(unlucky.unwrap_or(1))]).await,
                    }
                    .map_err(|error| error.kind())
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        busy.rollback().await.unwrap();
        let mut ended = vec![];
        for task in tasks {
            ended.push(task.await.unwrap());
        }
        assert_eq!(ended[..3], [Ok(None), Ok(None), Ok(Some(0))]);
        assert!(ended[3].is_err());
        assert_eq!(names(&scratch.db).await, ["n1", "two"]);
        scratch.db.script("DELETE FROM t").await.unwrap();
    }
    let alone = scratch.db.make_all(vec![add(4), add(13)]).await;
    assert!(alone.is_err());
    scratch.db.execute(INSERT, &row(5)).await.unwrap();
    assert_eq!(scratch.ids().await, [5]);
}

/// A row that is ignored because another is in its way touches none, and yet a trigger may have written before that.
#[tokio::test]
async fn what_a_trigger_wrote_is_undone_with_what_was_missed() {
    let scratch = Scratch::sqlite();
    scratch.table().await;
    let logged = "CREATE TABLE log (id integer); CREATE TRIGGER logged BEFORE INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END";
    scratch.db.script(logged).await.unwrap();
    scratch.db.execute(INSERT, &row(1)).await.unwrap();
    let ignored = |id| Change { sql: INSERT.replace("INSERT", "INSERT OR IGNORE"), needed: Some(0), ..add(id) };
    let busy = scratch.db.transaction().await.unwrap();
    let tasks: Vec<_> = [vec![add(2)], vec![ignored(1), add(3)], vec![ignored(4), add(5)]]
        .into_iter()
        .map(|changes| {
            let db = scratch.db.clone();
            tokio::spawn(async move { db.make_all(changes).await.unwrap() })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    busy.rollback().await.unwrap();
    let mut missed = vec![];
    for task in tasks {
        missed.push(task.await.unwrap());
    }
    assert_eq!(missed, [None, Some(0), None]);
    let logged = scratch.db.query("SELECT id FROM log ORDER BY id", &[]).await.unwrap();
    let logged: Vec<_> = logged.iter().map(|row| row.int("id").unwrap()).collect();
    assert_eq!(logged, [1, 2, 4, 5]);
}

/// What one of them does decides who goes on, however many ask at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_one_is_first() {
    for scratch in Scratch::each().await {
        scratch.db.execute(INSERT, &row(0)).await.unwrap();
        let tasks: Vec<_> = (1..=40)
            .map(|id| {
                let db = scratch.db.clone();
                let take = Change {
                    sql: "UPDATE t SET name = $1 WHERE id = 0 AND name = 'n0'".to_owned(),
                    params: vec![format!("taken by {id}").into()],
                    needed: Some(0),
                };
                tokio::spawn(async move { db.make_all(vec![add(id), take]).await.unwrap() })
            })
            .collect();
        let mut winners = 0;
        for task in tasks {
            winners += usize::from(task.await.unwrap().is_none());
        }
        assert_eq!(winners, 1);
        assert_eq!(scratch.ids().await.len(), 2);
    }
}

#[tokio::test]
async fn who_goes_away_leaves_all_or_nothing() {
    for scratch in Scratch::each().await {
        let db = &scratch.db;
        for id in 1..=30 {
            let made = db.make_all(vec![add(id), rename(id, &format!("whole {id}"), Some(0))]);
            let patience = Duration::from_micros(40 * u64::try_from(id).unwrap());
            drop(tokio::time::timeout(patience, made).await);
        }
        db.execute(INSERT, &row(99)).await.unwrap();
        assert!(names(db).await.iter().all(|name| name.starts_with("whole") || name == "n99"));
    }
}

#[tokio::test]
async fn each_is_told_to_who_watches() {
    for scratch in Scratch::each().await {
        let told = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&told);
        let watcher = Arc::new(move |_: &str| {
            count.fetch_add(1, Ordering::Relaxed);
        });
        let made = watched(watcher, async { scratch.db.make_all(vec![add(1), rename(1, "x", Some(0))]).await }).await;
        assert_eq!((made.unwrap(), told.load(Ordering::Relaxed)), (None, 2));
    }
}

#[tokio::test]
async fn a_connection_that_was_lost_meanwhile_is_replaced() {
    let Some(mut cluster) = Cluster::start("") else { return };
    let db = open(&cluster.url(""));
    db.script("CREATE TABLE t (id integer PRIMARY KEY, name varchar(20) NOT NULL UNIQUE)").await.unwrap();
    assert_eq!(db.make_all(vec![add(1), rename(1, "one", Some(0))]).await.unwrap(), None);
    cluster = tokio::task::spawn_blocking(move || {
        cluster.stop();
        cluster.resume();
        cluster
    })
    .await
    .unwrap();
    assert_eq!(db.make_all(vec![add(2), rename(2, "two", Some(0))]).await.unwrap(), None);
    assert_eq!(names(&db).await, ["one", "two"]);
    drop(cluster);
}
