//! How long a login takes, whoever is asked for: measured in `make soak`, where a machine has time for it.
//!
//! What counts is the processor time of the server, where the system tells it: how long an answer takes on the clock says
//! more of the machine's other work.

use std::time::{Duration, Instant};

use quintet_tests::databases::Scratch;
use quintet_tests::support::{Client, scale, soaked};
use serde_json::json;

use super::{post, prepare, serve};

const NAMES: [&str; 4] = ["ann", "nobody", "carol", "ulla"];
const LOGINS: usize = 15;

/// The ticks for which a process was on a processor; nothing where the system does not tell.
fn ticks(process: u32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let words: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    Some(words.get(11)?.parse::<u64>().ok()? + words.get(12)?.parse::<u64>().ok()?)
}

#[test]
fn the_time_of_a_login_tells_nothing() {
    if scale() == 1 {
        println!("skipped: times are measured by `make soak`; what they consist of is counted in every run");
        return;
    }
    let (database, started) = (Scratch::sqlite(), Instant::now());
    prepare(&database, &[("REAL_HASHES", "1")]);
    let server = serve(&database, &[("REAL_HASHES", "1")]);
    let mut client = Client::new(server.address()).expect("a connection");
    let (mut times, mut used) = ([const { vec![] }; NAMES.len()], [0; NAMES.len()]);
    for _ in 0..LOGINS {
        for (number, name) in NAMES.iter().enumerate() {
            let (before, begun) = (ticks(server.id()).unwrap_or(0), Instant::now());
            let answer = post(&mut client, "/api/token/", &json!({ "username": name, "password": "guessed" }));
            times[number].push(begun.elapsed());
            used[number] += ticks(server.id()).unwrap_or(0) - before;
            assert_eq!(answer.status, 401, "{answer:?}");
        }
    }
    let medians = times.map(|mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2]
    });
    let told = format!("known, unknown, inactive, unusable: medians {medians:?}, ticks of {LOGINS} together {used:?}");
    println!("a refused login: {told}");
    let (least, most) = (used.iter().min().expect("four"), used.iter().max().expect("four"));
    if *least > 0 {
        // The aim is 5 in 100; the system counts in whole ticks, which costs a few more or less.
        assert!(*most * 100 <= *least * 105 + 500, "{told}");
    } else {
        let (least, most) = (medians.iter().min().expect("four"), medians.iter().max().expect("four"));
        assert!(*most < least.mul_f64(1.25), "{told}");
    }
    soaked("the_time_of_a_login", NAMES.len() * LOGINS, started);
}
