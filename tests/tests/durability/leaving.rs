//! Clients that leave in the middle of a query, through the server and a site.

use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use quintet_tests::databases::Scratch;
use quintet_tests::support::{Client, Server, get, soaked};
use quintet_tests::writing::TABLES;

use super::visitor::Visitor;
use super::{lasting, limit, rounds, until};

/// How many connections the site may have.
const PLACES: usize = 3;

fn served(url: &str) -> Server {
    Server::start(lasting(url).args(["serve", "127.0.0.1:0"]))
}

/// A site with few connections, upon a PostgreSQL database of the test's own.
fn with_places(parameters: &str) -> Option<(Scratch, Server)> {
    let database = Scratch::postgres()?;
    database.script(TABLES);
    let server = served(&format!("{}&application_name=site{parameters}", database.url));
    Some((database, server))
}

/// How many of the site's connections are there, in the server's own eyes.
fn connections(database: &Scratch, what: &str) -> usize {
    let sql = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'site' {what}"
    );
    database.rows(&sql)[0].parse().expect("a count")
}

const AT_WORK: &str = "AND state = 'active' AND query LIKE '%pg_sleep(300)%'";

/// Visitors who ask and leave, one after the other; each only when the server is at work for it.
fn visits(database: &Scratch, address: SocketAddr, path: &str, count: usize) {
    for number in 0..count {
        let visitor = Visitor::asks(address, path);
        until("the server is at work", || connections(database, AT_WORK) == 1);
        if number % 2 == 0 {
            visitor.leaves();
        } else {
            visitor.takes_it_back();
        }
        let took = until("the server has heard it", || connections(database, AT_WORK) == 0);
        assert!(took < limit(Duration::from_secs(1)), "{path}: the server went on for {took:?}");
    }
}

/// So many can ask at once, and none opened a connection beyond what is allowed.
fn assert_all_places_are_free(database: &Scratch, address: SocketAddr, places: usize) {
    let asking = (0..places).map(|_| {
        let mut client = Client::new(address).expect("a connection");
        client.say("GET /pause/3000/ HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("asked");
        client
    });
    let mut asking: Vec<_> = asking.collect();
    let at_once = "AND state = 'active' AND query LIKE '%pg_sleep($1%'";
    let mut most = 0;
    while most < places {
        most = most.max(connections(database, at_once));
        assert!(connections(database, "") <= places, "more connections than are allowed");
        if asking.iter_mut().any(|client| !client.is_left_alone_for(Duration::from_millis(1))) {
            break;
        }
    }
    assert_eq!(most, places, "at work at once");
    for client in &mut asking {
        assert_eq!(client.answer().expect("an answer").status, 200);
    }
}

#[test]
fn a_client_that_leaves_a_query_costs_no_connection_and_the_server_stops_asking() {
    let Some((database, server)) = with_places(&format!("&pool_size={PLACES}")) else { return };
    let (started, count) = (Instant::now(), rounds(2 * PLACES, 60));
    visits(&database, server.address(), "/slow/", count);
    assert_all_places_are_free(&database, server.address(), PLACES);
    soaked("clients_that_leave_a_query", count, started);
}

#[test]
fn a_client_that_leaves_a_query_on_a_connection_that_readers_share_is_noticed_too() {
    let Some((database, server)) = with_places("&pool_size=8") else { return };
    let (started, count) = (Instant::now(), rounds(6, 60));
    visits(&database, server.address(), "/slow/shared/", count);
    soaked("clients_that_leave_a_shared_query", count, started);
}

#[test]
fn a_client_that_leaves_a_transaction_undoes_it() {
    let Some((database, server)) = with_places(&format!("&pool_size={PLACES}")) else { return };
    let (started, count) = (Instant::now(), rounds(PLACES + 1, 60));
    visits(&database, server.address(), "/held/slow/", count);
    for _ in 0..count {
        let visitor = Visitor::asks(server.address(), "/held/");
        until("the transaction is open", || connections(&database, "AND state = 'idle in transaction'") == 1);
        visitor.leaves();
        let took = until("it is not any more", || connections(&database, "AND state = 'idle in transaction'") == 0);
        assert!(took < limit(Duration::from_secs(1)), "it stayed open for {took:?}");
    }
    assert_eq!(database.rows("SELECT id FROM lone"), [""; 0]);
    assert_all_places_are_free(&database, server.address(), PLACES);
    soaked("clients_that_leave_a_transaction", 2 * count, started);
}

/// HTTP/1 has no word for it: what was begun is carried through, and its connection is free when it ends.
#[test]
fn clients_of_http_1_that_leave_cost_no_connection_for_longer_than_their_query() {
    let Some((database, server)) = with_places(&format!("&pool_size={PLACES}")) else { return };
    for _ in 0..2 * PLACES {
        let mut client = Client::new(server.address()).expect("a connection");
        client.say("GET /pause/300/ HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("asked");
    }
    assert_all_places_are_free(&database, server.address(), PLACES);
    until("no query is left", || connections(&database, "AND state <> 'idle'") == 0);
}

#[test]
fn clients_that_leave_a_query_of_sqlite_keep_no_thread_busy() {
    let database = Scratch::sqlite();
    database.script(TABLES);
    let server = served(&database.url);
    let (started, count) = (Instant::now(), rounds(12, 60));
    for number in 0..count {
        // More at a time than there are threads that read.
        let visitors: Vec<_> = (0..6).map(|_| Visitor::asks(server.address(), "/slow/")).collect();
        thread::sleep(Duration::from_millis(20));
        for (at, visitor) in visitors.into_iter().enumerate() {
            if (number + at) % 2 == 0 { visitor.leaves() } else { visitor.takes_it_back() }
        }
        answers_soon(server.address(), "/count/", "0");
    }
    soaked("clients_that_leave_a_query_of_sqlite", 6 * count, started);
}

#[test]
fn a_client_that_leaves_a_transaction_of_sqlite_undoes_it_and_others_write() {
    let database = Scratch::sqlite();
    database.script(TABLES);
    let server = served(&database.url);
    let (started, count) = (Instant::now(), rounds(6, 60));
    for number in 0..count {
        let path = ["/held/", "/held/slow/"][number / 2 % 2];
        let visitor = Visitor::asks(server.address(), path);
        thread::sleep(Duration::from_millis(20));
        if number % 2 == 0 {
            visitor.leaves();
        } else {
            visitor.takes_it_back();
        }
        answers_soon(server.address(), &format!("/add/{number}/"), "kept");
    }
    assert_eq!(database.rows("SELECT count(*) FROM lone WHERE id < 0"), ["0"]);
    assert_eq!(database.rows("SELECT count(*) FROM lone"), [count.to_string()]);
    soaked("clients_that_leave_a_transaction_of_sqlite", count, started);
}

fn answers_soon(address: SocketAddr, path: &str, body: &str) {
    let begun = Instant::now();
    let answer = get(address, path).expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (200, body), "{path}");
    assert!(begun.elapsed() < limit(Duration::from_secs(1)), "{path} took {:?}", begun.elapsed());
}
