//! Each setting of the server has its effect in a whole program: a variable turns it, and what it limits is exceeded.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use quintet_tests::support::{Answer, Client, Server, command, exchange};

/// A server with one setting turned, or more.
fn with(variables: &[(&str, &str)]) -> Server {
    let mut faulty: Command = command(env!("CARGO_BIN_EXE_faulty"));
    Server::start(faulty.args(["serve", "127.0.0.1:0"]).envs(variables.iter().copied()))
}

/// A whole request with further lines in its head.
fn of(start: &str, lines: &str, body: &str) -> String {
    format!("{start} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n{body}")
}

const HELLO: &str = "GET /json/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

fn ask(server: &Server, request: &str) -> Answer {
    Client::new(server.address()).and_then(|mut client| client.ask(request)).expect("an answer")
}

#[test]
fn header_timeout_ends_a_head_that_does_not_come() {
    let server = with(&[("HEADER_MILLISECONDS", "400")]);
    let started = Instant::now();
    let answer = exchange(server.address(), "GET /json/ HTTP/1.1\r\nHost: loc").expect("an answer");
    assert_eq!(answer.status, 408);
    let (least, most) = (Duration::from_millis(350), Duration::from_secs(3));
    assert!((least..most).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[test]
fn keep_alive_timeout_ends_an_idle_connection() {
    let server = with(&[("KEEP_ALIVE_MILLISECONDS", "600")]);
    let mut client = Client::new(server.address()).expect("a connection");
    assert_eq!(client.ask(HELLO).expect("an answer").status, 200);
    assert!(client.is_left_alone_for(Duration::from_millis(300)));
    assert_eq!(client.ask(HELLO).expect("another answer").status, 200);
    let started = Instant::now();
    assert!(client.is_closed());
    let (least, most) = (Duration::from_millis(400), Duration::from_secs(3));
    assert!((least..most).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[test]
fn max_header_bytes_refuses_a_larger_head() {
    let server = with(&[("MAX_HEADER_BYTES", "9000")]);
    let of_size = |size: usize| {
        let without = of("GET /json/", "X: \r\n", "").len();
        of("GET /json/", &format!("X: {}\r\n", "x".repeat(size - without)), "")
    };
    assert_eq!(ask(&server, &of_size(9000)).status, 200);
    assert_eq!(ask(&server, &of_size(9001)).status, 431);
}

#[test]
fn max_headers_refuses_one_more() {
    let server = with(&[("MAX_HEADERS", "5")]);
    let with_headers = |count: usize| of("GET /json/", &"X: y\r\n".repeat(count - 1), "");
    assert_eq!(ask(&server, &with_headers(5)).status, 200);
    assert_eq!(ask(&server, &with_headers(6)).status, 431);
}

#[test]
fn max_body_bytes_refuses_a_larger_body() {
    let server = with(&[("MAX_BODY_BYTES", "10")]);
    let sending = |body: &str| of("POST /length/", &format!("Content-Length: {}\r\n", body.len()), body);
    assert_eq!(ask(&server, &sending("0123456789")).body, "{\"length\":10}");
    assert_eq!(ask(&server, &sending("0123456789a")).status, 413);
}

#[test]
fn body_timeout_ends_a_body_that_does_not_come() {
    let server = with(&[("BODY_MILLISECONDS", "400"), ("BODY_RATE", "0")]);
    let started = Instant::now();
    assert_eq!(ask(&server, &of("POST /length/", "Content-Length: 10\r\n", "abc")).status, 408);
    let (least, most) = (Duration::from_millis(350), Duration::from_secs(3));
    assert!((least..most).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[test]
fn body_rate_lets_a_body_that_comes_fast_enough_take_longer() {
    for (rate, expected) in [("1", 200), ("0", 408)] {
        let server = with(&[("BODY_MILLISECONDS", "300"), ("BODY_RATE", rate)]);
        let mut client = Client::new(server.address()).expect("a connection");
        client.say(of("POST /length/", "Content-Length: 12\r\n", "")).expect("sent");
        for _ in 0..12 {
            std::thread::sleep(Duration::from_millis(60));
            let _ = client.say("x");
        }
        assert_eq!(client.answer().expect("an answer").status, expected, "{rate} bytes a second");
    }
}

#[test]
fn write_timeout_ends_an_answer_that_nobody_takes() {
    let server = with(&[("WRITE_MILLISECONDS", "400")]);
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    let size = 50_000_000;
    stream.write_all(of(&format!("GET /large/{size}/"), "", "").as_bytes()).expect("sent");
    std::thread::sleep(Duration::from_secs(2));
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    assert!(bytes.len() < size, "all of it came");
    assert!(ask(&server, &of("GET /large/1000000/", "", "")).body.len() == 1_000_000, "who reads gets all");
}

#[test]
fn max_connections_lets_further_ones_wait() {
    let server = with(&[("MAX_CONNECTIONS", "1")]);
    let mut first = Client::new(server.address()).expect("a connection");
    assert_eq!(first.ask(HELLO).expect("an answer").status, 200);
    let mut second = Client::new(server.address()).expect("the system accepts it");
    second.say(HELLO).expect("sent");
    assert!(second.is_left_alone_for(Duration::from_millis(400)));
    drop(first);
    assert_eq!(second.answer().expect("an answer").status, 200);
}

#[test]
fn shutdown_grace_is_the_time_for_what_has_begun() {
    for (grace, expected) in [("200", None), ("5000", Some(200))] {
        let mut server = with(&[("GRACE_MILLISECONDS", grace)]);
        let mut client = Client::new(server.address()).expect("a connection");
        client.say(of("GET /slow/1000/", "", "")).expect("sent");
        std::thread::sleep(Duration::from_millis(200));
        server.signal("TERM");
        assert_eq!(client.answer().ok().map(|answer| answer.status), expected, "{grace} ms");
        assert_eq!(server.wait(Duration::from_secs(15)), Some(0));
    }
}

#[test]
fn health_is_told_under_another_name_or_not_at_all() {
    let elsewhere = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: 10.0.0.7\r\n\r\n");
    let here = |path: &str| of(&format!("GET {path}"), "", "");
    for (variable, usual) in [("LIVEZ", "/livez"), ("READYZ", "/readyz")] {
        let renamed = with(&[(variable, "/health")]);
        assert_eq!(ask(&renamed, &elsewhere("/health")).body, "ok\n", "{variable}");
        assert_eq!(ask(&renamed, &here(usual)).status, 404, "{usual}");
        let off = with(&[(variable, "")]);
        assert_eq!(ask(&off, &here(usual)).status, 404, "{usual}");
        let other = if usual == "/livez" { "/readyz" } else { "/livez" };
        assert_eq!(ask(&off, &elsewhere(other)).body, "ok\n", "{other}");
    }
}

#[test]
fn request_id_header_takes_an_id_over_and_sends_it_back() {
    let id = |server: &Server, lines: &str| {
        ask(server, &of("GET /json/", lines, "")).header("x-request-id").map(str::to_owned)
    };
    let on = with(&[("REQUEST_ID_HEADER", "X-Request-ID")]);
    assert_eq!(id(&on, "X-Request-ID: abc-123\r\n").as_deref(), Some("abc-123"));
    let (one, two) = (id(&on, ""), id(&on, ""));
    assert!(one.as_ref().is_some_and(|id| !id.is_empty()) && one != two, "each has its own: {one:?}, {two:?}");
    for bad in ["a b", "\"quoted\"", &"x".repeat(101)] {
        let given = id(&on, &format!("X-Request-ID: {bad}\r\n"));
        assert!(given.is_some_and(|given| given != bad), "{bad} is not taken over");
    }
    assert_eq!(id(&with(&[]), "X-Request-ID: abc-123\r\n"), None, "off unless it is named");
}
