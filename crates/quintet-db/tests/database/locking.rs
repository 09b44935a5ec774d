//! Several who migrate at once: they wait for each other, and one who is killed blocks nobody.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use quintet_core::operation::{Migration, Operation};
use quintet_db::history::{Apps, code};
use quintet_db::migrate::{Direction, Executor, Mode, Outcome};
use quintet_db::{Connection as _, Db, Result};

use crate::harness::{Heard, Scratch, migrate, open, recorded, state_before};
use crate::migrating::{initial, named};

/// Where the child that is killed finds its database.
const CHILD: &str = "QUINTET_TEST_CHILD";

/// How the child migrates.
const HOW: &str = "QUINTET_TEST_HOW";

async fn slow(_: &Apps, _: Db<'_>) -> Result<()> {
    tokio::time::sleep(Duration::from_millis(1500)).await;
    Ok(())
}

async fn endless(_: &Apps, _: Db<'_>) -> Result<()> {
    std::future::pending::<()>().await;
    Ok(())
}

fn running<F: quintet_db::history::DataMigration>(function: F) -> Migration {
    let run = Operation::RunRust { code: code(function), reverse: None, elidable: false };
    let mut migration = initial();
    migration.operations.push(run);
    migration
}

#[tokio::test]
async fn eight_who_migrate_at_once_do_each_migration_once() {
    for scratch in Scratch::each().await {
        let mut all = vec![initial()];
        for number in 2..8 {
            let name = format!("n{number}");
            let field = quintet_core::schema::words::integer().null();
            let add = quintet_core::operation::words::add_field("Note", &name, field);
            all.push(named(&format!("000{number}_add"), vec![add]));
        }
        let tasks = (0..8).map(|_| {
            // Each with connections of its own, as another process has them.
            let (db, all) = (open(&scratch.url), all.clone());
            tokio::spawn(async move { migrate(&db, &all, Mode::Run).await })
        });
        let mut done = 0;
        for task in tasks.collect::<Vec<_>>() {
            let outcomes = task.await.unwrap().unwrap();
            done += outcomes.iter().filter(|outcome| **outcome == Outcome::Done).count();
        }
        assert_eq!(done, all.len());
        assert_eq!(recorded(&scratch.db).await.len(), all.len());
    }
}

#[tokio::test]
async fn who_waits_says_so_and_finds_the_work_done() {
    for scratch in Scratch::each().await {
        for is_atomic in [true, false] {
            let mut migration = running(slow);
            migration.atomic = is_atomic;
            if !is_atomic {
                migration.name = "0002_other".to_owned();
                migration.operations.remove(0);
            }
            let (db, first) = (open(&scratch.url), migration.clone());
            let holder = tokio::spawn(async move {
                let silent = |_: quintet_db::migrate::Notice<'_>| {};
                let state = state_before(std::slice::from_ref(&first));
                Executor::new(&db, &silent).apply(&first, &state, Direction::Forwards, Mode::Run).await
            });
            tokio::time::sleep(Duration::from_millis(300)).await;
            let heard = Heard::default();
            let tell = heard.tell();
            let state = state_before(&[migration.clone()]);
            let executor = Executor::new(&scratch.db, &tell);
            let outcome = executor.apply(&migration, &state, Direction::Forwards, Mode::Run).await.unwrap();
            assert_eq!(outcome, Outcome::Already);
            assert_eq!(*heard.0.lock().unwrap(), ["another process is migrating this database; waiting"]);
            assert_eq!(holder.await.unwrap().unwrap(), Outcome::Done);
        }
    }
}

#[tokio::test]
async fn a_holder_that_is_killed_blocks_nobody_and_leaves_no_trace() {
    for scratch in Scratch::each().await {
        // The tables are there, and the child writes into one when it holds the lock.
        migrate(&scratch.db, &[named("0000_nothing", vec![])], Mode::Run).await.unwrap();
        let mut child = child(&scratch.url);
        wait_until_held(&scratch).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let begun = Instant::now();
        assert_eq!(migrate(&scratch.db, &[initial()], Mode::Run).await.unwrap(), [Outcome::Done]);
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_killed_migration_that_was_not_atomic_names_the_operation_that_it_had_reached() {
    for scratch in Scratch::each().await {
        migrate(&scratch.db, &[named("0000_nothing", vec![])], Mode::Run).await.unwrap();
        let mut child = child_with(&scratch.url, "by steps");
        while quintet_db::migrate::unfinished(&scratch.db).await.unwrap().is_none_or(|one| one.operation < 2) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // On SQLite the time of the killed one must be over.
        let error = migrate(&scratch.db, &[initial()], Mode::Run).await.unwrap_err().to_string();
        assert!(error.contains("was interrupted at operation 2, `Raw Rust operation`"), "{error}");
        assert_eq!(recorded(&scratch.db).await, ["api.0000_nothing"]);
        assert!(quintet_db::migrate::forget(&scratch.db, "api", "0001_initial").await.unwrap());
    }
}

/// A statement that takes longer than a holder's time and what a waiter adds to it.
async fn long(_: &Apps, db: Db<'_>) -> Result<()> {
    let sql =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT count(*) AS n FROM n";
    let mut rounds = 1_000_000;
    loop {
        let begun = Instant::now();
        db.query(sql, &[quintet_core::schema::Value::Int(rounds)]).await?;
        match begun.elapsed().as_millis() {
            15_000.. => return Ok(()),
            took => rounds = rounds * 17_000 / i64::try_from(took.max(100)).unwrap(),
        }
    }
}

#[tokio::test]
async fn a_statement_that_takes_longer_than_the_holders_time_is_not_overtaken() {
    for scratch in Scratch::each().await.into_iter().filter(Scratch::is_sqlite) {
        let mut migration = running(long);
        migration.atomic = false;
        let (db, first) = (open(&scratch.url), migration.clone());
        let holder = tokio::spawn(async move { migrate(&db, &[first], Mode::Run).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        // It waits until the first is done, and would else find it unfinished.
        assert_eq!(migrate(&scratch.db, &[migration], Mode::Run).await.unwrap(), [Outcome::Already]);
        assert_eq!(holder.await.unwrap().unwrap(), [Outcome::Done]);
    }
}

/// As one is whose statement wrote for so long that nobody could renew.
#[tokio::test]
async fn a_holder_whose_time_is_over_may_renew_it_before_it_is_overtaken() {
    for scratch in Scratch::each().await.into_iter().filter(Scratch::is_sqlite) {
        migrate(&scratch.db, &[named("0000_nothing", vec![])], Mode::Run).await.unwrap();
        let hold = async |seconds: i64| {
            let sql = "UPDATE quintet_migration_lock SET holder = 'slow', expires = (unixepoch() + $1) * 1000000";
            scratch.db.execute(sql, &[quintet_core::schema::Value::Int(seconds)]).await.unwrap();
        };
        hold(-1).await;
        let begun = Instant::now();
        let db = open(&scratch.url);
        let waiter = tokio::spawn(async move { migrate(&db, &[initial()], Mode::Run).await });
        tokio::time::sleep(Duration::from_secs(1)).await;
        hold(3).await;
        assert_eq!(waiter.await.unwrap().unwrap(), [Outcome::Done]);
        // The second time ends after three seconds at least, of which a part of one is cut off; then comes the moment of quiet.
        assert!(begun.elapsed() > Duration::from_millis(5500), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn progress_is_forgotten_only_when_nobody_migrates() {
    for scratch in Scratch::each().await {
        let mut migration = running(slow);
        migration.atomic = false;
        let db = open(&scratch.url);
        let holder = tokio::spawn(async move { migrate(&db, &[migration], Mode::Run).await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        let heard = Heard::default();
        let tell = heard.tell();
        assert!(!Executor::new(&scratch.db, &tell).forget("api", "0001_initial").await.unwrap());
        assert_eq!(*heard.0.lock().unwrap(), ["another process is migrating this database; waiting"]);
        assert_eq!(holder.await.unwrap().unwrap(), [Outcome::Done]);
    }
}

fn child(url: &str) -> Child {
    child_with(url, "")
}

fn child_with(url: &str, how: &str) -> Child {
    let this = std::env::current_exe().unwrap();
    Command::new(this)
        .args(["--ignored", "--exact", "locking::the_child_that_is_killed"])
        .env(CHILD, url)
        .env(HOW, how)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
#[ignore = "run by the test above, in a process of its own"]
async fn the_child_that_is_killed() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let mut migration = running(endless);
    migration.atomic = std::env::var(HOW).is_ok_and(|how| how.is_empty());
    drop(migrate(&open(&url), &[migration], Mode::Run).await);
}

/// The child is within its transaction as soon as nobody else gets the lock.
async fn wait_until_held(scratch: &Scratch) {
    for number in 0..200 {
        let db = open(&scratch.url);
        // One that is done already would need no turn.
        let migration = named(&format!("0000_probe_{number}"), vec![]);
        let attempt = migrate(&db, std::slice::from_ref(&migration), Mode::Run);
        if tokio::time::timeout(Duration::from_millis(400), attempt).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the child never held the lock");
}
