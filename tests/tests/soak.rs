//! What chance finds: random requests, paths and signals. `make test` has one seed and small counts, `make soak` others.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use quintet_tests::support::{Client, Random, Server, command, get, scale, soaked};
use serde_json::Value;

fn faulty() -> Command {
    command(env!("CARGO_BIN_EXE_faulty"))
}

/// Requests that are right, to be spoilt.
const RIGHT: [&str; 9] = [
    "GET /json/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /json/?a=1&b=%C3%A9&c HTTP/1.1\r\nHost: localhost:80\r\nAccept: text/html;q=0.5, */*\r\nCookie: a=b; c=\"d\"\r\n\r\n",
    "HEAD /client/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 1.2.3.4\r\nConnection: close\r\n\r\n",
    "OPTIONS /json/ HTTP/1.1\r\nHost: localhost\r\nOrigin: http://a.example\r\nAccess-Control-Request-Method: POST\r\n\r\n",
    "POST /length/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"a\":[1,2,3]}",
    "POST /length/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n",
    "POST /length/ HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
    "GET http://localhost/said/a%20b/ HTTP/1.0\r\nHost: localhost\r\nIf-Modified-Since: Sat, 01 Jan 2022 00:00:00 GMT\r\n\r\n",
    "GET /json HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\nRange: bytes=0-1\r\n\r\n",
];

#[test]
fn random_requests_never_end_the_server() {
    const NAME: &str = "random_requests_never_end_the_server";
    let started = Instant::now();
    let mut random = Random::of(NAME);
    let short = [("HEADER_MILLISECONDS", "2000"), ("BODY_MILLISECONDS", "2000"), ("BODY_RATE", "0")];
    let mut server = Server::start(faulty().args(["serve", "127.0.0.1:0"]).envs(short));
    let count = 2000 * scale();
    for number in 0..count {
        let request = if random.below(10) == 0 { noise(&mut random) } else { spoilt(&mut random) };
        if let Err(what) = answers_or_closes(server.address(), &request) {
            panic!("request {number} was not answered: {what}\n{:?}", String::from_utf8_lossy(&request));
        }
    }
    assert_eq!(get(server.address(), "/json/").expect("the server lives").status, 200);
    let panics = |server: &mut Server| server.log().iter().filter(|line| line.contains("panicked")).count();
    assert_eq!(panics(&mut server), 0, "{:#?}", server.log());
    // This is how a panic would have shown.
    assert_eq!(get(server.address(), "/panic/").expect("an answer").status, 500);
    server.wait_for("panicked", Duration::from_secs(5));
    soaked(NAME, count, started);
}

/// One request or some on one connection, with a few things wrong.
fn spoilt(random: &mut Random) -> Vec<u8> {
    let mut request = Vec::new();
    for _ in 0..=random.below(3) / 2 {
        request.extend_from_slice(random.one_of(&RIGHT).as_bytes());
    }
    for _ in 0..random.below(4) {
        request = changed(request, random);
    }
    request
}

/// One change of a request.
fn changed(mut request: Vec<u8>, random: &mut Random) -> Vec<u8> {
    if request.is_empty() {
        return noise(random);
    }
    let at = random.below(request.len());
    match random.below(9) {
        0 => request[at] ^= 1 << random.below(8),
        1 => request[at] = *random.one_of(b"\0\r\n :/%?#,;\x7f\x80\xff09"),
        2 => request.truncate(at),
        3 => {
            request.splice(at..at, noise(random));
        }
        4 => drop(request.drain(at..(at + 1 + random.below(20)).min(request.len()))),
        5..=7 => return relined(&request, random),
        _ => request = wrong_length(&request, random),
    }
    request
}

/// A line dropped, doubled, or moved to the end of the head.
fn relined(request: &[u8], random: &mut Random) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = request.split_inclusive(|byte| *byte == b'\n').collect();
    let at = random.below(lines.len());
    match random.below(3) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at]),
        _ => {
            let line = lines.remove(at);
            lines.insert(random.below(lines.len() + 1), line);
        }
    }
    lines.concat()
}

/// Another length than the body's, or none that could be.
fn wrong_length(request: &[u8], random: &mut Random) -> Vec<u8> {
    let lengths =
        ["0", "1", "12", "14", "99999999999", "18446744073709551616", "-1", "+13", "0x0d", "13, 13", "1 3", ""];
    let line = format!("Content-Length: {}\r\nHost:", random.one_of(&lengths));
    String::from_utf8_lossy(request).replacen("Host:", &line, 1 + random.below(2)).into_bytes()
}

fn noise(random: &mut Random) -> Vec<u8> {
    (0..1 + random.below(60)).map(|_| u8::try_from(random.below(256)).unwrap_or_default()).collect()
}

/// Whether every answer on the connection is one that a client's fault can have, and the connection ends.
fn answers_or_closes(address: SocketAddr, request: &[u8]) -> Result<(), String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5)).map_err(|error| error.to_string())?;
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    // Whoever is refused early may find the connection closed.
    let _ = stream.write_all(request).and_then(|()| stream.shutdown(Shutdown::Write));
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            return Err("neither an end nor a further byte".to_owned());
        }
        _ if bytes.is_empty() => return Ok(()),
        _ => {}
    }
    let text = String::from_utf8_lossy(&bytes);
    let Some(rest) = text.strip_prefix("HTTP/1.1 ").or_else(|| text.strip_prefix("HTTP/1.0 ")) else {
        // The server's own first frame of HTTP/2: settings, on stream 0.
        let speaks_http2 = request.starts_with(b"PRI * HTTP/2.0") && bytes.get(3) == Some(&4);
        return if speaks_http2 { Ok(()) } else { Err(format!("this is no answer: {text:?}")) };
    };
    match rest.get(..3).and_then(|status| status.parse::<u16>().ok()) {
        Some(100..=499 | 501 | 505) => Ok(()),
        _ => Err(format!("this is no answer to a client's fault: {text:?}")),
    }
}

#[test]
fn random_paths_give_the_same_answer_however_they_are_encoded() {
    const NAME: &str = "random_paths_give_the_same_answer_however_they_are_encoded";
    let started = Instant::now();
    let mut random = Random::of(NAME);
    let server = Server::start(faulty().args(["serve", "127.0.0.1:0"]));
    let mut client = Client::new(server.address()).expect("a connection");
    let count = 500 * scale();
    for _ in 0..count {
        let text = segment(&mut random);
        for encoded in encodings(&text, &mut random) {
            let request = format!("GET /said/{encoded}/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
            let answer = client.ask(request).unwrap_or_else(|error| panic!("{text:?} as {encoded}: {error}"));
            assert_eq!(answer.status, 200, "{text:?} as {encoded}: {}", answer.head);
            let said: Value = serde_json::from_str(&answer.body).expect("JSON");
            assert_eq!(said["x"].as_str(), Some(text.as_str()), "as {encoded}");
        }
    }
    soaked(NAME, count, started);
}

/// Some characters, of those that paths are made of and of those that they are not; never a slash.
fn segment(random: &mut Random) -> String {
    let odd = [
        '%', '?', '#', '&', '+', ';', '=', ' ', '"', '<', '\\', '.', '~', '\0', '\n', '\x7f', '\u{a0}', '\u{301}',
        '\u{202e}',
    ];
    let any = |random: &mut Random| loop {
        let number = u32::try_from(random.below(0x11_0000)).unwrap_or_default();
        if let Some(character) = char::from_u32(number) {
            return character;
        }
    };
    let one = |random: &mut Random| match random.below(5) {
        0 | 1 => *random.one_of(&['a', 'Z', '0', '-', '_', 'e', 'F', '2']),
        2 => *random.one_of(&odd),
        3 => *random.one_of(&['é', 'ß', 'Ω', '中', '文', 'ع', '🙂', 'ﬁ']),
        _ => any(random),
    };
    (0..1 + random.below(12)).map(|_| one(random)).collect()
}

/// The ways to write a segment: everything encoded, in upper case and in lower, only what must be, and any mixture.
fn encodings(text: &str, random: &mut Random) -> [String; 4] {
    let written = |byte: u8, encode: bool, upper: bool| match (encode || must_be_encoded(byte), upper) {
        (false, _) => char::from(byte).to_string(),
        (true, true) => format!("%{byte:02X}"),
        (true, false) => format!("%{byte:02x}"),
    };
    let all = |encode: bool, upper: bool| text.bytes().map(|byte| written(byte, encode, upper)).collect();
    let mixed = text.bytes().map(|byte| written(byte, random.below(2) == 0, random.below(2) == 0)).collect();
    [all(true, true), all(true, false), all(false, true), mixed]
}

/// What may not stand for itself in a path, by RFC 3986.
fn must_be_encoded(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric() && !b"-._~!$&'()*+,;=:@".contains(&byte)
}

/// How one request of a visitor ended.
struct Visit {
    /// When its head had been sent whole; none where there was no connection.
    sent: Option<Instant>,
    outcome: Outcome,
}

enum Outcome {
    Whole,
    /// Not one byte: the connection was refused, reset or closed.
    Nothing,
    Wrong(String),
}

#[test]
fn random_signals_lose_no_answer() {
    const NAME: &str = "random_signals_lose_no_answer";
    let started = Instant::now();
    let mut random = Random::of(NAME);
    let count = 3 * scale();
    let mut answered = 0;
    for round in 0..count {
        answered += one_round(round, &mut random);
    }
    println!("{answered} answers");
    soaked(NAME, count, started);
}

/// How many visitors there are at once.
const VISITORS: usize = 16;

/// Serves under load until a random moment. What was sent before it must be answered whole; what was sent after it may be
/// refused, but never half answered.
fn one_round(round: usize, random: &mut Random) -> usize {
    let mut server = Server::start(faulty().args(["serve", "127.0.0.1:0"]));
    let address = server.address();
    let visitors: Vec<_> = (0..VISITORS)
        .map(|number| {
            let random = random.split();
            thread::spawn(move || visit(address, random, number % 2 == 0))
        })
        .collect();
    thread::sleep(Duration::from_millis(50 + random.number() % 500));
    let signalled = Instant::now();
    server.signal("TERM");
    let visits: Vec<Visit> = visitors.into_iter().flat_map(|visitor| visitor.join().expect("a visitor")).collect();
    for visit in &visits {
        let before = visit.sent.is_some_and(|sent| sent < signalled);
        match &visit.outcome {
            Outcome::Whole => {}
            Outcome::Nothing => assert!(!before, "round {round}: sent before the signal, and not answered"),
            Outcome::Wrong(what) => panic!("round {round}, sent before the signal: {before}: {what}"),
        }
    }
    assert_eq!(server.wait(Duration::from_secs(10)), Some(0), "round {round}");
    let whole = visits.iter().filter(|visit| matches!(visit.outcome, Outcome::Whole)).count();
    assert!(whole >= VISITORS / 2, "round {round}: only {whole} answers");
    whole
}

/// Asks until the server has gone, on one connection as long as that lasts or on one for each request.
fn visit(address: SocketAddr, mut random: Random, keep: bool) -> Vec<Visit> {
    let mut visits = Vec::new();
    let mut kept = None;
    // A server that does not stop shall not keep the test for ever.
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        let asked = random.number() % 60;
        let close = if keep { "" } else { "Connection: close\r\n" };
        let request = format!("GET /slow/{asked}/ HTTP/1.1\r\nHost: localhost\r\n{close}\r\n");
        let Ok(mut client) = kept.take().map_or_else(|| Client::new(address), Ok) else {
            visits.push(Visit { sent: None, outcome: Outcome::Nothing });
            break;
        };
        let Ok(()) = client.say(request) else {
            visits.push(Visit { sent: None, outcome: Outcome::Nothing });
            continue;
        };
        let sent = Some(Instant::now());
        let outcome = match client.answer() {
            Ok(answer) if answer.status == 200 && answer.body == format!("{{\"slept\":{asked}}}") => {
                kept = (keep && answer.header("connection") != Some("close")).then_some(client);
                Outcome::Whole
            }
            Ok(answer) => Outcome::Wrong(format!("{answer:?}")),
            Err(error) if matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) => {
                Outcome::Nothing
            }
            Err(error) => Outcome::Wrong(error.to_string()),
        };
        visits.push(Visit { sent, outcome });
    }
    visits
}

#[test]
fn chance_can_be_repeated() {
    let numbers = |name: &str| {
        let mut random = Random::of(name);
        (0..100).map(|_| random.number()).collect::<Vec<_>>()
    };
    assert_eq!(numbers("a"), numbers("a"));
    assert_ne!(numbers("a"), numbers("b"), "tests do not share their chance");
    let mut random = Random::of("a");
    assert!((0..1000).all(|_| random.below(7) < 7));
}
