//! What each flag of the servers does.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use quintet_tests::support::{Folder, Server, command, get, run};

fn faulty() -> Command {
    command(env!("CARGO_BIN_EXE_faulty"))
}

fn runserver(args: &[&str]) -> Server {
    Server::start(faulty().args(["runserver", "--noreload"]).args(args).stdout(Stdio::null()))
}

const BLOCKED: Duration = Duration::from_millis(800);

/// How long two views take that block their thread, asked for at once.
fn two_that_block(server: &Server) -> Duration {
    let address = server.address();
    let started = Instant::now();
    let visits: Vec<_> = (0..2).map(|_| thread::spawn(move || get(address, "/block/800/"))).collect();
    for visit in visits {
        assert_eq!(visit.join().expect("a visitor").expect("an answer").status, 200);
    }
    started.elapsed()
}

/// A busy machine may be late, and two views may meet on one thread; not each time.
fn at_the_same_time(server: &Server) {
    let times: Vec<Duration> = (0..5).map(|_| two_that_block(server)).take_while(|time| *time >= 2 * BLOCKED).collect();
    assert!(times.len() < 5, "at the same time, not in {times:?}");
}

#[test]
fn one_worker_is_one_thread_for_all_views_and_four_are_more() {
    let serve = |workers: &str| Server::start(faulty().args(["serve", "127.0.0.1:0", "--workers", workers]));
    let one = two_that_block(&serve("1"));
    assert!(one >= 2 * BLOCKED, "one after the other, not in {one:?}");
    at_the_same_time(&serve("4"));
}

#[test]
fn one_worker_serves_many_that_wait() {
    let server = Server::start(faulty().args(["serve", "127.0.0.1:0", "--workers", "1"]));
    let address = server.address();
    let started = Instant::now();
    let visits: Vec<_> = (0..20).map(|_| thread::spawn(move || get(address, "/slow/500/"))).collect();
    for visit in visits {
        assert_eq!(visit.join().expect("a visitor").expect("an answer").status, 200);
    }
    // One after the other they take ten seconds.
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
}

#[test]
fn a_number_of_workers_that_is_none_is_a_usage_error() {
    for workers in ["0", "1025", "-1", "many"] {
        let said = run(faulty().args(["serve", "127.0.0.1:0", &format!("--workers={workers}")]));
        assert_eq!(said.code, 2, "{workers}: {said:?}");
    }
}

#[test]
fn runserver_without_reload_serves_and_ends_politely() {
    let mut server = runserver(&["127.0.0.1:0"]);
    assert_eq!(get(server.address(), "/json/").expect("an answer").status, 200);
    let said = server.log().join("\n");
    assert!(!said.contains("rebuild"), "without reload there is nothing to warn of: {said}");
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(15)), Some(0));
}

#[test]
fn runserver_without_a_cargo_project_says_so_and_serves() {
    let folder = Folder::new("flags");
    let mut server =
        Server::start(faulty().args(["runserver", "127.0.0.1:0"]).current_dir(folder.path()).stdout(Stdio::null()));
    assert_eq!(get(server.address(), "/json/").expect("an answer").status, 200);
    assert!(server.log().iter().any(|line| line.contains("this is no cargo project")), "{:#?}", server.log());
}

#[test]
fn runserver_has_one_thread_only_where_that_is_asked_for() {
    let one = two_that_block(&runserver(&["--nothreading", "127.0.0.1:0"]));
    assert!(one >= 2 * BLOCKED, "one after the other, not in {one:?}");
    if thread::available_parallelism().is_ok_and(|cores| cores.get() > 1) {
        at_the_same_time(&runserver(&["127.0.0.1:0"]));
    }
}

#[test]
fn runserver_listens_at_an_ipv6_address_where_that_is_asked_for() {
    if TcpListener::bind("[::1]:0").is_err() {
        println!("skipped: this machine has no IPv6 address");
        return;
    }
    for flag in ["-6", "--ipv6"] {
        let server = runserver(&[flag, "0"]);
        assert!(server.place.starts_with("http://[::1]:"), "{}", server.place);
        assert_eq!(get(server.address(), "/json/").expect("an answer").status, 200);
    }
    assert!(runserver(&["0"]).place.starts_with("http://127.0.0.1:"));
}
