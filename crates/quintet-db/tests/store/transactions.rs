//! Transactions: what is kept, what is undone, and what is done afterwards.

use std::sync::{Arc, Mutex};

use quintet_db::{Begin, Connection as _, Db, Error, ErrorKind, Isolation, Transaction};

use crate::scratch::{INSERT, Scratch, row};

/// What was done after commits, in order.
#[derive(Clone, Default)]
struct Done(Arc<Mutex<Vec<&'static str>>>);

impl Done {
    fn later(&self, tx: &Transaction, word: &'static str) {
        let done = self.clone();
        tx.on_commit(async move || done.0.lock().unwrap().push(word));
    }

    fn words(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn callbacks_wait_for_the_outermost_commit_and_keep_their_order() {
    for scratch in Scratch::each().await {
        let done = Done::default();
        let work = scratch.db.atomic(async |tx| {
            done.later(tx, "first");
            tx.atomic(async |inner| {
                done.later(inner, "inner");
                Ok(())
            })
            .await?;
            assert!(done.words().is_empty());
            done.later(tx, "last");
            Ok(())
        });
        work.await.unwrap();
        assert_eq!(done.words(), ["first", "inner", "last"]);
    }
}

#[tokio::test]
async fn callbacks_of_a_savepoint_that_is_undone_are_forgotten_however_it_ends() {
    for scratch in Scratch::each().await {
        let done = Done::default();
        let work = scratch.db.atomic(async |tx| {
            done.later(tx, "kept");
            let failed = tx.atomic(async |inner| {
                done.later(inner, "failed");
                inner
                    .atomic(async |deeper| {
                        done.later(deeper, "deeper, which ended well");
                        Ok(())
                    })
                    .await?;
                Err::<(), _>(Error::other("no"))
            });
            assert!(failed.await.is_err());
            let dropped = tx.transaction().await?;
            done.later(&dropped, "dropped");
            drop(dropped);
            Ok(())
        });
        work.await.unwrap();
        assert_eq!(done.words(), ["kept"]);
        let undone = scratch.db.atomic(async |tx| {
            done.later(tx, "undone");
            Err::<(), _>(Error::other("no"))
        });
        assert!(undone.await.is_err());
        assert_eq!(done.words(), ["kept"]);
    }
}

#[tokio::test]
async fn without_a_transaction_a_callback_is_run_at_once() {
    for scratch in Scratch::each().await {
        let done = Done::default();
        let own = done.clone();
        Db::from(&scratch.db).on_commit(async move || own.0.lock().unwrap().push("now")).await;
        assert_eq!(done.words(), ["now"]);
    }
}

#[tokio::test]
async fn a_callback_may_use_the_database_and_sees_what_was_kept() {
    for scratch in Scratch::each().await {
        let seen = Arc::new(Mutex::new(0));
        let (db, own) = (scratch.db.clone(), Arc::clone(&seen));
        let work = scratch.db.atomic(async |tx| {
            tx.execute(INSERT, &row(1)).await?;
            tx.on_commit(async move || {
                db.execute(INSERT, &row(2)).await.unwrap();
                *own.lock().unwrap() = db.query("SELECT id FROM t", &[]).await.unwrap().len();
            });
            Ok(())
        });
        // A callback that had to wait for its own transaction would wait for ever.
        tokio::time::timeout(std::time::Duration::from_secs(10), work).await.unwrap().unwrap();
        assert_eq!(*seen.lock().unwrap(), 2);
    }
}

#[tokio::test]
async fn work_that_panics_is_rolled_back() {
    for scratch in Scratch::each().await {
        let db = scratch.db.clone();
        let work = tokio::spawn(async move {
            db.atomic(async |tx| {
                tx.execute(INSERT, &row(1)).await?;
                if tx.is_in_transaction() {
                    panic!("on purpose");
                }
                Ok(())
            })
            .await
        });
        assert!(work.await.unwrap_err().is_panic());
        scratch.db.execute(INSERT, &row(2)).await.unwrap();
        assert_eq!(scratch.ids().await, [2]);
    }
}

#[tokio::test]
async fn a_read_in_a_transaction_sees_its_writes_and_others_do_not() {
    for scratch in Scratch::each().await {
        let work = scratch.db.atomic(async |tx| {
            tx.execute(INSERT, &row(1)).await?;
            assert_eq!(tx.query("SELECT id FROM t", &[]).await?.len(), 1);
            assert_eq!(scratch.db.query("SELECT id FROM t", &[]).await?.len(), 0);
            Ok(())
        });
        work.await.unwrap();
    }
}

#[tokio::test]
async fn isolation_is_what_was_asked_for() {
    let Some(scratch) = Scratch::postgres("").await else { return };
    for (isolation, name) in [
        (Isolation::ReadCommitted, "read committed"),
        (Isolation::RepeatableRead, "repeatable read"),
        (Isolation::Serializable, "serializable"),
    ] {
        let work = scratch.db.atomic_with(isolation, async |tx| {
            let rows = tx.query("SELECT current_setting('transaction_isolation') AS i", &[]).await?;
            assert_eq!(rows[0].text("i")?, name);
            Ok(())
        });
        work.await.unwrap();
    }
}

#[tokio::test]
async fn two_serializable_transactions_that_met_are_told_by_kind() {
    let Some(scratch) = Scratch::postgres("").await else { return };
    scratch.table().await;
    let begin = || Db::from(&scratch.db).begin(Isolation::Serializable);
    let (one, two) = (begin().await.unwrap(), begin().await.unwrap());
    for (tx, id) in [(&one, 1), (&two, 2)] {
        tx.query("SELECT count(*) FROM t", &[]).await.unwrap();
        tx.execute(INSERT, &row(id)).await.unwrap();
    }
    one.commit().await.unwrap();
    assert_eq!(two.commit().await.unwrap_err().kind(), ErrorKind::Serialization);
    assert_eq!(scratch.ids().await, [1]);
}

#[tokio::test]
async fn durable_transactions_and_isolation_are_refused_within_another() {
    for scratch in Scratch::each().await {
        let work = scratch.db.atomic(async |tx| {
            for how in [Begin::new().durable(), Isolation::Serializable.into()] {
                let error = Db::from(tx).begin(how).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Usage, "{error}");
            }
            tx.execute(INSERT, &row(1)).await
        });
        work.await.unwrap();
        scratch.db.atomic_with(Begin::new().durable(), async |tx| tx.execute(INSERT, &row(2)).await).await.unwrap();
        assert_eq!(scratch.ids().await, [1, 2]);
    }
}

#[tokio::test]
async fn a_failure_that_nobody_minded_does_not_lose_the_rest_in_silence() {
    for scratch in Scratch::each().await {
        let done = Done::default();
        let work = scratch.db.atomic(async |tx| {
            done.later(tx, "kept");
            tx.execute(INSERT, &row(1)).await?;
            drop(tx.execute(INSERT, &row(1)).await);
            Ok(())
        });
        let ended = work.await;
        // SQLite undoes the statement alone; PostgreSQL the whole transaction, and then `COMMIT` says nothing of it.
        assert_eq!(ended.is_ok(), scratch.is_sqlite(), "{ended:?}");
        assert_eq!(scratch.ids().await.len(), usize::from(scratch.is_sqlite()));
        assert_eq!(done.words().len(), usize::from(scratch.is_sqlite()));
    }
}

#[tokio::test]
async fn a_statement_whose_failure_nobody_saw_does_not_lose_the_rest_in_silence() {
    let Some(scratch) = Scratch::postgres("").await else { return };
    scratch.table().await;
    let work = scratch.db.atomic(async |tx| {
        tx.execute(INSERT, &row(1)).await?;
        let failing = tx.execute("SELECT 1/(SELECT count(*) FROM pg_sleep(0.2), t WHERE id = 7)", &[]);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(50), failing).await.is_err());
        Ok(())
    });
    assert!(work.await.is_err());
    assert_eq!(scratch.ids().await, [0; 0]);
}

#[tokio::test]
async fn transactions_that_are_dropped_without_end_cost_no_connection() {
    let sqlite = Scratch::sqlite();
    let postgres = Scratch::postgres("&pool_size=2&pool_timeout=5").await;
    for scratch in [Some(sqlite), postgres].into_iter().flatten() {
        scratch.table().await;
        for id in 0..50 {
            let transaction = scratch.db.transaction().await.unwrap();
            transaction.execute(INSERT, &row(id)).await.unwrap();
            drop(transaction);
        }
        assert_eq!(scratch.ids().await, [0; 0]);
    }
}
