//! A process that is killed while it writes.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use quintet_tests::databases::Scratch;
use quintet_tests::support::{Random, scale, soaked};
use quintet_tests::writing::{HALVES, TABLES, THERE};

use super::{PATIENCE, lasting, rounds};

/// Numbers of a round, which is more than it can use.
const ROOM: i64 = 100_000_000;

#[test]
fn what_was_acknowledged_outlives_a_killed_process_and_nothing_is_there_by_half_on_sqlite() {
    killed_again_and_again("killed_while_writing_sqlite", &Scratch::sqlite());
}

#[test]
fn what_was_acknowledged_outlives_a_killed_process_and_nothing_is_there_by_half_on_postgresql() {
    let Some(database) = Scratch::postgres() else { return };
    killed_again_and_again("killed_while_writing_postgresql", &database);
}

fn killed_again_and_again(name: &str, database: &Scratch) {
    let (started, mut random) = (Instant::now(), Random::of(name));
    database.script(TABLES);
    let (mut told, mut done) = (BTreeSet::new(), 0);
    for from in (0..).step_by(ROOM as usize).take(rounds(12, 100)) {
        told.append(&mut told_before_death(database, from, &mut random));
        assert_whole(database, &told);
        done += 1;
        // A slow machine does fewer rounds where a sample is enough; that is told.
        if scale() == 1 && started.elapsed() > Duration::from_secs(50) {
            break;
        }
    }
    assert!(told.len() > 5 * done, "{} writes in {done} rounds", told.len());
    soaked(&format!("{name}_acknowledged"), told.len(), started);
    soaked(name, done, started);
}

/// Starts a process that writes, kills it at some moment, and gives what it had acknowledged.
fn told_before_death(database: &Scratch, from: i64, random: &mut Random) -> BTreeSet<i64> {
    let mut process = lasting(&database.url);
    process.arg("write").env("FROM", from.to_string()).stdout(Stdio::piped());
    let mut process = process.spawn().expect("a process");
    let mut said = BufReader::new(process.stdout.take().expect("a pipe"));
    let (written, has_written) = channel();
    let reader = thread::spawn(move || {
        let (mut told, mut line) = (BTreeSet::new(), String::new());
        // The last line may be cut short.
        while said.read_line(&mut line).is_ok_and(|length| length > 0) && line.ends_with('\n') {
            told.insert(line.trim_end().parse().expect("a number"));
            let _ = written.send(());
            line.clear();
        }
        told
    });
    // Most die while they write, some before that or when they begin.
    let writes = if random.below(5) > 0 { 1 + random.below(100) } else { 0 };
    (0..writes).for_each(|_| has_written.recv_timeout(PATIENCE).expect("it writes"));
    thread::sleep(Duration::from_micros(random.number() % 30_000));
    process.kill().expect("a process of ours");
    assert!(process.wait().expect("a process of ours").code().is_none(), "it ended by itself");
    reader.join().expect("a reader")
}

fn assert_whole(database: &Scratch, told: &BTreeSet<i64>) {
    let there: BTreeSet<i64> = database.rows(THERE).iter().map(|id| id.parse().expect("a number")).collect();
    let lost: Vec<_> = told.difference(&there).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert_eq!(database.rows(HALVES), [""; 0], "there by half");
    if database.is_sqlite() {
        assert_eq!(database.rows("PRAGMA integrity_check"), ["ok"]);
    }
}
