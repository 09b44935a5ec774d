//! Statements, transactions and errors.

use quintet_core::schema::Value;
use quintet_db::{Connection as _, Error, ErrorKind};

use crate::harness::{Scratch, open};

async fn with_table(scratch: &Scratch) {
    scratch.db.script("CREATE TABLE t (id integer PRIMARY KEY, name varchar(10) NOT NULL UNIQUE)").await.unwrap();
}

fn row(id: i64, name: &str) -> [Value; 2] {
    [id.into(), name.into()]
}

const INSERT: &str = "INSERT INTO t (id, name) VALUES ($1, $2)";

#[tokio::test]
async fn a_transaction_that_ends_well_is_kept_and_one_that_fails_is_not() {
    for scratch in Scratch::each().await {
        with_table(&scratch).await;
        scratch.db.atomic(async |tx| tx.execute(INSERT, &row(1, "a")).await).await.unwrap();
        let failed = scratch.db.atomic(async |tx| {
            tx.execute(INSERT, &row(2, "b")).await?;
            Err::<(), _>(Error::other("no"))
        });
        assert_eq!(failed.await.unwrap_err().message(), "no");
        assert_eq!(scratch.count("t").await, 1);
    }
}

#[tokio::test]
async fn a_transaction_that_is_dropped_is_rolled_back() {
    for scratch in Scratch::each().await {
        with_table(&scratch).await;
        let transaction = scratch.db.transaction().await.unwrap();
        transaction.execute(INSERT, &row(1, "a")).await.unwrap();
        drop(transaction);
        scratch.execute(INSERT, &row(2, "b")).await.unwrap();
        assert_eq!(scratch.count("t").await, 1);
    }
}

#[tokio::test]
async fn a_savepoint_is_undone_alone_and_the_transaction_goes_on() {
    for scratch in Scratch::each().await {
        with_table(&scratch).await;
        let work = scratch.db.atomic(async |tx| {
            tx.execute(INSERT, &row(1, "a")).await?;
            let inner = tx.atomic(async |inner| inner.execute(INSERT, &row(1, "twice")).await).await;
            assert_eq!(inner.unwrap_err().kind(), ErrorKind::Unique);
            let dropped = tx.transaction().await?;
            dropped.execute(INSERT, &row(2, "dropped")).await?;
            drop(dropped);
            tx.execute(INSERT, &row(3, "c")).await
        });
        work.await.unwrap();
        let rows = scratch.db.query("SELECT id FROM t ORDER BY id", &[]).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.int("id").unwrap()).collect::<Vec<_>>(), [1, 3]);
    }
}

#[tokio::test]
async fn work_that_is_cancelled_is_rolled_back_and_the_connection_is_good() {
    for scratch in Scratch::each().await {
        with_table(&scratch).await;
        let work = scratch.db.atomic(async |tx| {
            tx.execute(INSERT, &row(1, "a")).await?;
            std::future::pending::<()>().await;
            Ok(())
        });
        let cut = tokio::time::timeout(std::time::Duration::from_millis(100), work).await;
        assert!(cut.is_err());
        scratch.execute(INSERT, &row(1, "again")).await.unwrap();
        assert_eq!(scratch.count("t").await, 1);
    }
}

#[tokio::test]
async fn a_beginning_that_is_cancelled_leaves_no_transaction_open_for_the_next_borrower() {
    for scratch in Scratch::each().await {
        with_table(&scratch).await;
        let mut beginning = Box::pin(scratch.db.transaction());
        // The statement is on its way; its answer is not here yet, unless SQLite's thread was quick.
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let looked = beginning.as_mut().poll(&mut context);
        assert!(looked.is_pending() || scratch.is_sqlite());
        drop(looked);
        drop(beginning);
        scratch.execute(INSERT, &row(1, "a")).await.unwrap();
        let other = open(&scratch.url);
        let seen = other.query("SELECT COUNT(*) AS n FROM t", &[]).await.unwrap();
        assert_eq!(seen[0].int("n").unwrap(), 1, "on {:?}", scratch.db.dialect());
    }
}

#[tokio::test]
async fn many_tasks_write_at_once() {
    for scratch in Scratch::each().await {
        with_table(&scratch).await;
        let tasks = (0..40).map(|id| {
            let db = scratch.db.clone();
            tokio::spawn(async move {
                db.atomic(async |tx| tx.execute(INSERT, &row(id, &format!("n{id}"))).await).await.unwrap();
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(scratch.count("t").await, 40);
    }
}

#[tokio::test]
async fn refusals_have_kinds() {
    for scratch in Scratch::each().await {
        scratch
            .db
            .script("CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (p integer REFERENCES p (id), n integer NOT NULL CHECK (n > 0))")
            .await
            .unwrap();
        for (sql, kind) in [
            ("INSERT INTO c (p, n) VALUES (7, 1)", ErrorKind::ForeignKey),
            ("INSERT INTO c (p) VALUES (NULL)", ErrorKind::NotNull),
            ("INSERT INTO c (n) VALUES (0)", ErrorKind::Check),
            ("SELECT * FROM nowhere", ErrorKind::NoSuchTable),
            ("SELECT (", ErrorKind::Other),
        ] {
            let error = scratch.execute(sql, &[]).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            assert_eq!(error.sql(), Some(sql));
        }
    }
}

#[tokio::test]
async fn a_locked_file_says_so_after_a_while() {
    let scratch = Scratch::sqlite();
    with_table(&scratch).await;
    let other = open(&scratch.url);
    let holder = other.transaction().await.unwrap();
    holder.execute(INSERT, &row(1, "a")).await.unwrap();
    let error = scratch.execute(INSERT, &row(2, "b")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(error.hint().unwrap().contains("another process holds the database"), "{error}");
    assert_eq!(scratch.count("t").await, 0, "readers do not wait");
}

#[tokio::test]
async fn a_full_disk_says_so_and_nothing_of_the_transaction_is_kept() {
    let scratch = Scratch::sqlite();
    with_table(&scratch).await;
    let work = scratch.db.atomic(async |tx| {
        tx.execute(INSERT, &row(1, "a")).await?;
        tx.query("PRAGMA max_page_count = 4", &[]).await?;
        tx.script("CREATE TABLE big (t text)").await?;
        let full = tx.execute("INSERT INTO big (t) VALUES (hex(zeroblob(100000)))", &[]).await;
        let after = tx.execute(INSERT, &row(2, "b")).await;
        assert!(after.is_err(), "nothing runs outside of the transaction that is gone");
        full
    });
    let error = work.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DiskFull, "{error}");
    assert!(error.hint().unwrap().contains("make room"));
    assert_eq!(scratch.count("t").await, 0);
}

#[tokio::test]
async fn a_database_that_may_not_be_written_says_so() {
    if let Some(scratch) = Scratch::postgres().await {
        with_table(&scratch).await;
        let work = scratch.db.atomic(async |tx| {
            tx.script("SET TRANSACTION READ ONLY").await?;
            tx.execute(INSERT, &row(1, "a")).await
        });
        assert_eq!(work.await.unwrap_err().kind(), ErrorKind::ReadOnly);
    }
}

#[tokio::test]
async fn a_missing_folder_is_named_with_the_command_that_makes_it() {
    let error = open("sqlite:///no/such/folder/db.sqlite3").script("SELECT 1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.hint().unwrap().contains("mkdir -p /no/such/folder"), "{error}");
}

#[tokio::test]
async fn a_lost_connection_is_replaced() {
    let Some(scratch) = Scratch::postgres().await else { return };
    with_table(&scratch).await;
    let other = open(&scratch.url);
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    other.query(kill, &[]).await.unwrap();
    assert_eq!(scratch.count("t").await, 0);
    scratch.execute(INSERT, &row(1, "a")).await.unwrap();
    other.query(kill, &[]).await.unwrap();
    scratch.db.atomic(async |tx| tx.execute(INSERT, &row(2, "b")).await).await.unwrap();
}

#[tokio::test]
async fn work_that_had_to_give_way_is_tried_again() {
    let Some(scratch) = Scratch::postgres().await else { return };
    with_table(&scratch).await;
    scratch.execute(INSERT, &row(1, "a")).await.unwrap();
    let tries = std::sync::atomic::AtomicU32::new(0);
    let work = scratch.db.atomic_retry(async |tx| {
        tx.script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await?;
        tx.query("SELECT id FROM t", &[]).await?;
        if tries.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 {
            scratch.execute("UPDATE t SET name = 'other'", &[]).await?;
        }
        tx.execute("UPDATE t SET name = name || '!'", &[]).await
    });
    assert_eq!(work.await.unwrap(), 1);
    assert_eq!(tries.into_inner(), 2);
    let rows = scratch.db.query("SELECT name FROM t", &[]).await.unwrap();
    assert_eq!(rows[0].text("name").unwrap(), "other!");
}

#[tokio::test]
async fn a_database_in_memory_is_one_database() {
    let db = open("sqlite::memory:");
    db.script("CREATE TABLE t (id integer)").await.unwrap();
    db.execute("INSERT INTO t VALUES ($1)", &[1.into()]).await.unwrap();
    assert_eq!(db.query("SELECT id FROM t", &[]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn sqlite_has_the_functions_of_the_reference() {
    let db = open("sqlite::memory:");
    let sql = "SELECT 'abc' REGEXP '^a' AS a, LPAD('x', 3, 'ab') AS b, MD5('') AS c, REVERSE('ab') AS d, \
               SIGN(-3) AS e, REPEAT('ab', 2) AS f, NULL REGEXP 'a' AS g, POWER(2, 3) AS h";
    let rows = db.query(sql, &[]).await.unwrap();
    let row = &rows[0];
    assert!(row.bool("a").unwrap() && row.is_null("g").unwrap());
    assert_eq!(row.text("b").unwrap(), "abx");
    assert_eq!(row.text("c").unwrap(), "d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!((row.text("d").unwrap(), row.int("e").unwrap(), row.text("f").unwrap()), ("ba", -1, "abab"));
    assert!((row.float("h").unwrap() - 8.0).abs() < 1e-9);
}
