//! What is answered without hyper is answered as hyper would: the same bytes to the same bytes.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, SET_COOKIE, VARY};
use http::{HeaderValue, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Empty, Full};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::super::Limits;
use super::harness::{AnyBody, Client, SOON, Server, get, ms, post};

/// Answers of every kind that there is to write.
pub(super) fn answer(path: &str) -> Response<AnyBody> {
    let whole = |text: &str| Full::new(Bytes::from(text.to_owned())).boxed_unsync();
    let mut response = Response::new(whole("hello"));
    let mut says = |name, value| {
        response.headers_mut().append(name, HeaderValue::from_static(value));
    };
    match path.trim_start_matches("/answer/") {
        "length" => says(CONTENT_LENGTH, "5"),
        "date" => says(DATE, "Thu, 01 Jan 1970 00:00:00 GMT"),
        "close" => says(CONNECTION, "close"),
        "keep" => says(CONNECTION, "keep-alive"),
        "many" => {
            says(SET_COOKIE, "a=1");
            says(VARY, "x");
            says(SET_COOKIE, "b=2");
        }
        "status" => *response.status_mut() = StatusCode::from_u16(299).unwrap(),
        "missing" => *response.status_mut() = StatusCode::NOT_FOUND,
        "empty" => *response.body_mut() = whole(""),
        "empty-length" => {
            says(CONTENT_LENGTH, "0");
            *response.body_mut() = whole("");
        }
        "gone" => {
            says(CONTENT_LENGTH, "0");
            *response.body_mut() = Empty::new().boxed_unsync();
            *response.status_mut() = StatusCode::NO_CONTENT;
        }
        "unchanged" => {
            *response.body_mut() = whole("");
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        "unchanged-length" => {
            says(CONTENT_LENGTH, "5");
            *response.body_mut() = whole("");
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        "long" => *response.body_mut() = whole(&"x".repeat(100_000)),
        "same-hint" => *response.body_mut() = Pieces(["hel", "lo"].iter(), SizeHint::with_exact(5)).boxed_unsync(),
        "stream" => *response.body_mut() = stream(&["one ", "two ", "three"]),
        "stream-length" => {
            says(CONTENT_LENGTH, "13");
            *response.body_mut() = stream(&["one ", "two ", "three"]);
        }
        "stream-of-nothing" => *response.body_mut() = stream(&[]),
        other => panic!("no answer is called `{other}`"),
    }
    response
}

const ANSWERS: [&str; 17] = [
    "length",
    "date",
    "close",
    "keep",
    "many",
    "status",
    "missing",
    "empty",
    "empty-length",
    "gone",
    "unchanged",
    "unchanged-length",
    "long",
    "same-hint",
    "stream",
    "stream-length",
    "stream-of-nothing",
];

fn stream(pieces: &'static [&'static str]) -> AnyBody {
    Pieces(pieces.iter(), SizeHint::new()).boxed_unsync()
}

/// A body in pieces, that says the same of its length each time it is asked.
struct Pieces(std::slice::Iter<'static, &'static str>, SizeHint);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|piece| Ok(Frame::data(Bytes::from_static(piece.as_bytes())))))
    }

    fn size_hint(&self) -> SizeHint {
        self.1
    }
}

/// What a server says to `bytes`, once a first request has been answered: a plain one, or one after which hyper has
/// the connection.
async fn said(server: &Server, is_plain: bool, bytes: &[u8]) -> String {
    let mut client: Client<TcpStream> = server.connect().await;
    let first = match is_plain {
        true => get("/"),
        false => "GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n".to_owned(),
    };
    assert_eq!(client.ask(&first).await.status, 200);
    client.say(bytes).await;
    client.stream.shutdown().await.unwrap();
    undated(&client.rest().await)
}

/// The time may be another.
fn undated(text: &str) -> String {
    let date = |line: &&str| line.starts_with("date: ") && !line.contains("1970");
    text.split_inclusive("\r\n").map(|line| if date(&line) { "date: now\r\n" } else { line }).collect()
}

#[tokio::test]
async fn every_answer_is_written_as_hyper_writes_it() {
    let server = Server::start(Limits::default()).await;
    for name in ANSWERS {
        for method in ["GET", "HEAD", "POST"] {
            let request = format!("{method} /answer/{name} HTTP/1.1\r\nHost: a\r\n\r\n{}", get("/host"));
            let ours = said(&server, true, request.as_bytes()).await;
            assert!(ours.starts_with("HTTP/1.1 ") && ours.contains("\r\ndate: "), "{method} {name}: {ours}");
            assert_eq!(ours, said(&server, false, request.as_bytes()).await, "{method} {name}");
        }
    }
}

#[tokio::test]
async fn a_connection_that_hyper_has_taken_over_goes_on_where_it_was() {
    let server = Server::start(Limits::default()).await;
    let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    let mut client = server.connect().await;
    client.say([&get("/host"), &post("/echo", "body"), chunked, &post("/echo", "more"), &get("/host")].concat()).await;
    for expected in ["example.com", "body", "abc", "more", "example.com"] {
        assert_eq!(client.answer().await.body, expected);
    }
    let mut client = server.connect().await;
    let whole = [get("/answer/stream"), post("/echo", "behind"), get("/host")].concat();
    client.say(whole).await;
    client.stream.shutdown().await.unwrap();
    let all = client.rest().await;
    let begins =
        [all.find("transfer-encoding: chunked"), all.find("three"), all.find("behind"), all.find("example.com")];
    assert!(begins.is_sorted() && begins[0].is_some(), "{all}");
    assert_eq!(server.counts.begun.load(std::sync::atomic::Ordering::SeqCst), 8, "a request is answered once: {all}");
}

#[tokio::test]
async fn requests_are_answered_wherever_they_are_cut() {
    let server = Server::start(Limits::default()).await;
    let requests = [post("/echo", "first"), "\r\n".to_owned(), get("/answer/gone"), post("/echo", "last")].concat();
    let whole = said(&server, true, requests.as_bytes()).await;
    assert!(whole.contains("first") && whole.contains("204") && whole.ends_with("last"), "{whole}");
    for cut in 1..requests.len() {
        let mut client = server.connect().await;
        client.stream.set_nodelay(true).unwrap();
        client.say(&requests[..cut]).await;
        tokio::time::sleep(ms(1)).await;
        client.say(&requests[cut..]).await;
        client.stream.shutdown().await.unwrap();
        assert_eq!(undated(&client.rest().await), whole, "cut at {cut}");
    }
}

#[tokio::test]
async fn whatever_a_head_is_turned_into_it_is_answered_as_hyper_answers_it() {
    let server = Server::start(Limits::default()).await;
    let heads = [
        "GET /host HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX-One: two\r\n\r\nhello",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HEAD http://b/host?x=%20 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
    ];
    let pieces = [
        "\r\n",
        "\n",
        "\r",
        ":",
        " ",
        "\t",
        "\0",
        "0",
        "+",
        ",",
        "Content-Length: 3\r\n",
        "\u{e9}",
        "HTTP/1.0",
        "CONNECT",
    ];
    let mut random = Random(7);
    for turn in 0..1500 {
        let mut bytes = heads[random.below(heads.len())].as_bytes().to_vec();
        for _ in 0..=random.below(2) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes[at] = random.below(256) as u8,
                1 => drop(bytes.remove(at)),
                2 => drop(bytes.splice(at..at, pieces[random.below(pieces.len())].bytes())),
                _ => {
                    let to = bytes.len().min(at + 1 + random.below(20));
                    let copy = bytes[at..to].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
        }
        bytes.extend_from_slice(get("/host").as_bytes());
        let both = async { (said(&server, true, &bytes).await, said(&server, false, &bytes).await) };
        let (ours, hypers) = tokio::time::timeout(SOON, both).await.expect("both should answer");
        assert_eq!(ours, hypers, "turn {turn}: {}", bytes.escape_ascii());
    }
}

/// Numbers that are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % end
    }
}
