//! More logins than a machine has time for: most are told to come back later, and who asks for anything else hardly waits.
//!
//! A sample of what `benches/tokens.py` measures on a program that is built for speed.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use quintet_tests::databases::each;
use quintet_tests::support::{Answer, Client, scale, soaked};
use serde_json::json;

use super::{prepare, serve};

const PROBES: u32 = 25;
/// What nobody may wait for longer, on a machine that does ten other things and with a program that was built to be
/// debugged: a request that waits for a hash takes longer, since others are in front of it.
const CEILING: Duration = Duration::from_millis(1_000);

/// Work at its times, whether what was begun before is done or not.
fn at_a_rate<T: Send>(rate: u32, seconds: u32, work: impl Fn(u32, Instant) -> T + Sync) -> Vec<T> {
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..rate * seconds)
            .map(|number| {
                let due = begun + Duration::from_secs(1) * number / rate;
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                let work = &work;
                scope.spawn(move || work(number, due))
            })
            .collect();
        all.into_iter().map(|one| one.join().expect("it is done")).collect()
    })
}

/// The answer; nothing where it does not come while the client waits, behind others on a slow machine.
fn log_in(address: SocketAddr, number: u32) -> Option<Answer> {
    let names = ["ann", "nobody", "carol", "ulla"];
    let body = json!({ "username": names[number as usize % names.len()], "password": "pw" }).to_string();
    let head = "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ";
    let mut client = Client::new(address).expect("a connection");
    client.ask(format!("{head}{}\r\n\r\n{body}", body.len())).ok()
}

fn ask_something_else(address: SocketAddr, due: Instant) -> Duration {
    let request = "GET /api/plain/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answer = Client::new(address).and_then(|mut client| client.ask(request)).expect("an answer");
    assert_eq!(answer.status, 200, "{answer:?}");
    due.elapsed()
}

#[test]
fn a_flood_of_logins_keeps_nobody_else_waiting() {
    let (rate, seconds) = if scale() == 1 { (40, 3) } else { (200, 30) };
    let started = Instant::now();
    for database in each() {
        let variables = &[("REAL_HASHES", "1")];
        prepare(&database, variables);
        let server = serve(&database, variables);
        let address = server.address();
        let (logins, mut times) = std::thread::scope(|scope| {
            let logins = scope.spawn(|| at_a_rate(rate, seconds, |number, _| log_in(address, number)));
            let times = at_a_rate(PROBES, seconds, |_, due| ask_something_else(address, due));
            (logins.join().expect("answers"), times)
        });
        times.sort();
        let p99 = times[times.len() * 99 / 100];
        let mut statuses: BTreeMap<Option<u16>, usize> = BTreeMap::new();
        for answer in &logins {
            *statuses.entry(answer.as_ref().map(|answer| answer.status)).or_default() += 1;
        }
        for answer in logins.iter().flatten() {
            assert!([200, 401, 503].contains(&answer.status), "{answer:?}");
            assert!(answer.status != 503 || answer.header("retry-after").is_some(), "{answer:?}");
        }
        println!(
            "{rate} logins/s for {seconds} s: {statuses:?}; others: p50 {:?}, p99 {p99:?}",
            times[times.len() / 2]
        );
        let told = |status: u16| statuses.get(&Some(status)).copied().unwrap_or_default();
        assert!(told(200) + told(401) > 0 && told(503) > logins.len() / 2, "most are told to come back: {statuses:?}");
        assert!(p99 < CEILING, "p99 {p99:?}, {statuses:?}");
    }
    soaked("a_flood_of_logins", (rate * seconds) as usize, started);
}
