//! Several databases: by name, and a primary with a copy that follows it.

use std::time::{Duration, Instant};

use quintet_core::schema::Value;
use quintet_db::{Cell, Change, Connection, Databases, ErrorKind, Replicated};

use crate::cluster::Cluster;
use crate::scratch::{INSERT, open, row};

/// Whether a read is answered by a copy.
async fn by_copy(db: &dyn Connection) -> bool {
    let rows = db.read("SELECT pg_is_in_recovery()", vec![]).await.unwrap();
    rows.into_first() == Some(Cell::Bool(true))
}

async fn until<F: Future<Output = bool>>(what: &str, is_so: impl Fn() -> F) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn reads_go_to_a_copy_and_writes_to_the_primary_and_who_wrote_sees_it() {
    let Some(primary) = Cluster::start("wal_level = replica\nmax_wal_senders = 4") else { return };
    let mut copy = Cluster::replica(&primary);
    let db = Replicated::new(open(&primary.url("")), vec![open(&copy.url(""))]).with_lag(Duration::from_millis(700));
    db.script("CREATE TABLE t (id integer PRIMARY KEY, name varchar(20))").await.unwrap();
    let reader = db.handle();
    assert!(by_copy(&reader).await, "a handle that has not written");
    assert!(!by_copy(&db).await, "a handle that wrote a moment ago");
    db.execute(INSERT, &row(1)).await.unwrap();
    let mine = db.read("SELECT id FROM t", vec![]).await.unwrap();
    assert_eq!(mine.len(), 1, "who wrote sees it at once");
    until("the copy follows", || async {
        reader.read("SELECT id FROM t", vec![]).await.is_ok_and(|rows| rows.len() == 1)
    })
    .await;

    let transaction = reader.transaction().await.unwrap();
    assert!(!by_copy(&transaction).await, "reads in a transaction are of the primary");
    transaction.execute(INSERT, &row(2)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(800)).await;
    transaction.commit().await.unwrap();
    assert!(!by_copy(&reader).await, "what was committed counts from then on");
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert!(by_copy(&reader).await, "after a while the copy has it");
    let mut stream = reader.stream("SELECT pg_is_in_recovery()", vec![], 10).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().into_first(), Some(Cell::Bool(true)));
    drop(stream);

    let change = Change { sql: INSERT.to_owned(), params: row(3).to_vec(), needed: Some(0) };
    assert_eq!(reader.make_all(vec![change]).await.unwrap(), None);
    assert!(!by_copy(&reader).await, "changes are made on the primary");
    db.execute("DELETE FROM t WHERE id = 3", &[]).await.unwrap();

    copy.stop();
    let rows = reader.read("SELECT id FROM t WHERE id > $1", vec![Value::Int(0)]).await.unwrap();
    assert_eq!(rows.len(), 2, "a copy that is away is not missed");
}

#[tokio::test]
async fn databases_are_found_by_name_and_an_unknown_name_is_told() {
    let memory = || open("sqlite::memory:");
    let databases = Databases::new(memory()).with("archive", memory()).unwrap();
    databases.get("archive").unwrap().script("CREATE TABLE only_here (id integer)").await.unwrap();
    assert!(databases.get("default").unwrap().query("SELECT * FROM only_here", &[]).await.is_err());
    assert_eq!(databases.names().collect::<Vec<_>>(), ["default", "archive"]);
    let error = databases.get("archives").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.hint().unwrap().contains("`default`, `archive`"), "{error}");
    assert_eq!(databases.with("default", memory()).unwrap_err().kind(), ErrorKind::Usage);
}
