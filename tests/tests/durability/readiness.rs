//! What a site says while its PostgreSQL server is away: that it lives, that it is not ready, and when to come again.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use quintet_db::Connection;
use quintet_tests::cluster::Cluster;
use quintet_tests::support::{Server, get, soaked};
use quintet_tests::writing::TABLES;

use super::{lasting, limit, open, rounds, until};

#[test]
fn a_site_whose_server_is_away_says_so_and_is_ready_again_when_it_is_back() {
    let Some(mut cluster) = Cluster::start() else { return };
    let started = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(open(&cluster.url("")).script(TABLES)).expect("tables");
    let server = Server::start(lasting(&cluster.url("&pool_size=8")).args(["serve", "127.0.0.1:0"]));
    let address = server.address();
    let crowd = Crowd::start(address);
    let (mut latest, count) = (Duration::ZERO, rounds(3, 15));
    for _ in 0..count {
        assert_eq!(["/livez", "/readyz", "/count/"].map(|path| told(address, path).0), [200; 3]);
        cluster.stop();
        let away = Instant::now();
        while away.elapsed() < Duration::from_millis(600) {
            let said = ["/livez", "/readyz", "/count/", "/add/1/"].map(|path| told(address, path));
            let passing = (503, Some("1".to_owned()));
            assert_eq!(said, [(200, None), passing.clone(), passing.clone(), passing]);
        }
        cluster.resume();
        let back = until("it is ready again", || told(address, "/readyz").0 == 200);
        latest = latest.max(back);
        assert!(latest < limit(Duration::from_secs(2)), "ready again after {latest:?}");
        let back = until("it answers again", || told(address, "/count/").0 == 200);
        assert!(back < limit(Duration::from_secs(2)), "answers again after {back:?}");
    }
    let (slowest, answers) = crowd.end();
    assert!(slowest < limit(Duration::from_secs(1)), "an answer took {slowest:?}");
    println!("slowest of {answers} answers {slowest:?}, longest recovery {latest:?}");
    soaked("readiness_of_a_site", count, started);
}

/// The status, and what is said of coming again.
fn told(address: SocketAddr, path: &str) -> (u16, Option<String>) {
    let answer = get(address, path).expect("an answer");
    (answer.status, answer.header("retry-after").map(str::to_owned))
}

/// Visitors who ask the database all the while.
struct Crowd {
    stop: Arc<AtomicBool>,
    slowest: Arc<Mutex<(Duration, usize)>>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Crowd {
    fn start(address: SocketAddr) -> Self {
        let (stop, slowest) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new((Duration::ZERO, 0))));
        let threads = (0..8).map(|_| {
            let (stop, slowest) = (Arc::clone(&stop), Arc::clone(&slowest));
            thread::spawn(move || {
                while !stop.load(Ordering::Acquire) {
                    let begun = Instant::now();
                    let said = told(address, "/count/");
                    assert!([(200, None), (503, Some("1".to_owned()))].contains(&said), "{said:?}");
                    let mut slowest = slowest.lock().expect("no panic");
                    *slowest = (slowest.0.max(begun.elapsed()), slowest.1 + 1);
                    drop(slowest);
                    thread::sleep(Duration::from_millis(5));
                }
            })
        });
        let threads = threads.collect();
        Self { stop, slowest, threads }
    }

    /// How long the slowest answer took, and how many there were.
    fn end(self) -> (Duration, usize) {
        self.stop.store(true, Ordering::Release);
        self.threads.into_iter().for_each(|thread| thread.join().expect("no visitor was told anything else"));
        *self.slowest.lock().expect("no panic")
    }
}
