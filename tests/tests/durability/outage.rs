//! A PostgreSQL server that is stopped, or loses a process, under load, and comes back.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use quintet_db::{Connection, Database, ErrorKind};
use quintet_tests::cluster::Cluster;
use quintet_tests::support::{Random, soaked};
use quintet_tests::writing::{HALVES, TABLES, THERE, WRITERS, keep};

use super::{PATIENCE, limit, open, rounds, until};

/// A pool that is too small to share connections, and one that shares some.
const SIZES: [usize; 2] = [6, 16];

#[test]
fn a_server_that_goes_away_under_load_is_told_fast_and_used_again_when_it_is_back() {
    let Some(mut cluster) = Cluster::start() else { return };
    let (started, mut random) = (Instant::now(), Random::of("outages_under_load"));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(open(&cluster.url("")).script(TABLES)).expect("tables");
    let (mut done, mut acknowledged, mut slowest, mut latest) = (0, 0, Duration::ZERO, Duration::ZERO);
    for size in SIZES {
        let db = open(&cluster.url(&format!("&pool_size={size}&application_name=loaded{size}")));
        let load = Load::start(&runtime, &db);
        for round in 0..rounds(2, 10) {
            load.goes_on();
            std::thread::sleep(Duration::from_millis(50 + random.number() % 100));
            let away = if round % 2 == 0 {
                stop_for_a_while(&mut cluster)
            } else {
                lose_a_process(&mut cluster, size, &mut random)
            };
            let back = Instant::now();
            load.goes_on();
            latest = latest.max(back.elapsed());
            assert!(latest < limit(Duration::from_secs(2)), "away for {away:?}, and used again only after {latest:?}");
            done += 1;
        }
        let (kept, failure) = load.end(&runtime);
        acknowledged += kept;
        slowest = slowest.max(failure);
        assert!(slowest < limit(Duration::from_secs(1)), "a failure took {slowest:?}");
        assert_no_place_is_lost(&runtime, &db, &cluster, size);
    }
    assert_eq!(asked(&cluster, HALVES).expect("it answers"), [0; 0], "there by half");
    println!("{acknowledged} acknowledged, slowest failure {slowest:?}, longest recovery {latest:?}");
    soaked("outages_under_load", done, started);
}

fn stop_for_a_while(cluster: &mut Cluster) -> Duration {
    let begun = Instant::now();
    cluster.stop();
    std::thread::sleep(Duration::from_millis(700));
    cluster.resume();
    begun.elapsed()
}

/// Kills one of the load's processes. The server then ends all others, and takes connections again after a moment.
fn lose_a_process(cluster: &mut Cluster, size: usize, random: &mut Random) -> Duration {
    let begun = Instant::now();
    let all = format!("SELECT pid AS id FROM pg_stat_activity WHERE application_name = 'loaded{size}'");
    let victim = *random.one_of(&asked(cluster, &all).expect("it answers"));
    cluster.kill(&victim.to_string());
    let gone = format!("SELECT pid AS id FROM pg_stat_activity WHERE pid = {victim}");
    until("the server has noticed", || asked(cluster, &gone).is_some_and(|pids| pids.is_empty()));
    begun.elapsed()
}

/// Numbers, by a connection of its own, which waits for nothing but the server.
fn asked(cluster: &Cluster, sql: &str) -> Option<Vec<i64>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let rows = open(&cluster.url("&pool_size=1&application_name=watching")).query(sql, &[]).await.ok()?;
        rows.iter().map(|row| row.int("id").ok()).collect()
    })
}

/// Tasks that write and read without end.
struct Load {
    state: Arc<State>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

struct State {
    db: Database,
    stop: AtomicBool,
    /// How often each was served.
    served: Vec<AtomicUsize>,
    kept: Mutex<Vec<i64>>,
    slowest: Mutex<Duration>,
    /// Failures that are none of a connection.
    strange: Mutex<Vec<String>>,
}

impl Load {
    fn start(runtime: &tokio::runtime::Runtime, db: &Database) -> Self {
        let state = Arc::new(State {
            db: db.clone(),
            stop: AtomicBool::new(false),
            served: (0..WRITERS).map(|_| AtomicUsize::new(0)).collect(),
            kept: Mutex::default(),
            slowest: Mutex::default(),
            strange: Mutex::default(),
        });
        let tasks = (0..WRITERS).map(|writer| runtime.spawn(Arc::clone(&state).work(writer))).collect();
        Self { state, tasks }
    }

    /// Waits until each task was served once more, and again.
    fn goes_on(&self) {
        let before: Vec<_> = self.state.served.iter().map(|served| served.load(Ordering::Acquire)).collect();
        let more =
            || self.state.served.iter().zip(&before).all(|(now, before)| now.load(Ordering::Acquire) > before + 1);
        until("all are served", || more() || !self.state.strange.lock().expect("no panic").is_empty());
        assert_eq!(*self.state.strange.lock().expect("no panic"), [""; 0]);
    }

    /// Ends it; gives how much was acknowledged, and how long the slowest failure took.
    fn end(self, runtime: &tokio::runtime::Runtime) -> (usize, Duration) {
        self.state.stop.store(true, Ordering::Release);
        runtime.block_on(async {
            for task in self.tasks {
                tokio::time::timeout(PATIENCE, task).await.expect("an end").expect("no panic");
            }
        });
        let rows = runtime.block_on(self.state.db.query(THERE, &[])).expect("it answers");
        let there: BTreeSet<i64> = rows.iter().map(|row| row.int("id").expect("a number")).collect();
        let kept = self.state.kept.lock().expect("no panic");
        let lost: Vec<_> = kept.iter().filter(|id| !there.contains(id)).collect();
        assert!(lost.is_empty(), "{} acknowledged, and lost: {lost:?}", kept.len());
        assert_eq!(*self.state.strange.lock().expect("no panic"), [""; 0]);
        (kept.len(), *self.state.slowest.lock().expect("no panic"))
    }
}

impl State {
    async fn work(self: Arc<Self>, writer: i64) {
        /// No number is used twice, whichever load uses it.
        static NEXT: AtomicI64 = AtomicI64::new(0);
        while !self.stop.load(Ordering::Acquire) {
            let (begun, id) = (Instant::now(), NEXT.fetch_add(1, Ordering::Relaxed));
            let read = self.db.read("SELECT count(*) FROM lone WHERE id < 100", vec![]).await;
            let done = match read {
                Ok(_) => keep(&self.db, writer, id).await,
                Err(error) => Err(error),
            };
            match done {
                Ok(()) => {
                    self.kept.lock().expect("no panic").push(id);
                    self.served[usize::try_from(writer).expect("small")].fetch_add(1, Ordering::AcqRel);
                }
                Err(error) if error.kind() == ErrorKind::Connection => {
                    let mut slowest = self.slowest.lock().expect("no panic");
                    *slowest = (*slowest).max(begun.elapsed());
                }
                Err(error) => self.strange.lock().expect("no panic").push(format!("{:?}: {error}", error.kind())),
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// As many are at work at once as there are places, and no connection is left over.
fn assert_no_place_is_lost(runtime: &tokio::runtime::Runtime, db: &Database, cluster: &Cluster, size: usize) {
    let count = |what: &str| {
        let sql = format!("SELECT count(*) AS id FROM pg_stat_activity WHERE application_name = 'loaded{size}' {what}");
        usize::try_from(asked(cluster, &sql).expect("it answers")[0]).expect("a count")
    };
    until("what is lost is closed", || count("") <= size);
    let mut asking = vec![];
    for number in 1..=size {
        let db = db.clone();
        asking.push(runtime.spawn(async move { db.read("SELECT pg_sleep(300)", vec![]).await }));
        until("one more is at work", || count("AND state = 'active' AND query LIKE '%pg_sleep(300)%'") == number);
        // Only an answer that takes long makes the next go elsewhere.
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(count(""), size, "connections of a pool of {size}");
    asking.iter().for_each(tokio::task::JoinHandle::abort);
}
