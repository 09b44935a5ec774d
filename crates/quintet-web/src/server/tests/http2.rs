//! HTTP/2 on the same port, by clients who know it beforehand.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::super::Limits;
use super::harness::{LARGE, SOON, Server, get, ms, until};

pub(super) type Sender = SendRequest<Full<Bytes>>;

pub(super) async fn connect(server: &Server) -> Sender {
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

pub(super) fn asking(path: &str) -> Request<Full<Bytes>> {
    Request::get(format!("http://example.com{path}")).body(Full::default()).unwrap()
}

fn posting(path: &str, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    Request::post(format!("http://example.com{path}")).body(Full::new(body.into())).unwrap()
}

async fn send(sender: &mut Sender, request: Request<Full<Bytes>>) -> hyper::Result<Response<Incoming>> {
    timeout(SOON, sender.send_request(request)).await.expect("an answer should come")
}

async fn body_of(response: Response<Incoming>) -> Bytes {
    response.into_body().collect().await.unwrap().to_bytes()
}

#[tokio::test]
async fn both_protocols_are_spoken_on_one_port() {
    let server = Server::start(Limits::default()).await;
    let mut sender = connect(&server).await;
    assert_eq!(body_of(send(&mut sender, asking("/")).await.unwrap()).await, "hello");
    assert_eq!(body_of(send(&mut sender, posting("/echo", "body")).await.unwrap()).await, "body");
    assert_eq!(server.ask(&get("/")).await.body, "hello");
}

#[tokio::test]
async fn requests_on_one_connection_run_side_by_side() {
    let server = Server::start(Limits::default()).await;
    let mut sender = connect(&server).await;
    let slow: Vec<_> = (0..20).map(|_| sender.send_request(asking("/slow/200"))).collect();
    let all = async {
        for answer in slow {
            assert_eq!(answer.await.unwrap().status(), 200);
        }
    };
    timeout(SOON, all).await.expect("twenty of 200 ms one after the other would take 4 s");
}

#[tokio::test]
async fn a_connection_that_begins_byte_by_byte_is_understood() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.drip(*b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", ms(2)).await;
    let mut settings = [0; 9];
    timeout(SOON, client.stream.read_exact(&mut settings)).await.unwrap().unwrap();
    assert_eq!(settings[3], 4, "the answer should begin with a frame of settings");
}

#[tokio::test]
async fn the_authority_is_the_host() {
    let server = Server::start(Limits::default()).await;
    let mut sender = connect(&server).await;
    assert_eq!(body_of(send(&mut sender, asking("/host")).await.unwrap()).await, "example.com");
    let mut two = asking("/host");
    two.headers_mut().insert("host", "other.example".parse().unwrap());
    assert_eq!(send(&mut sender, two).await.unwrap().status(), 400);
    let mut same = asking("/host");
    same.headers_mut().insert("host", "Example.com".parse().unwrap());
    assert_eq!(send(&mut sender, same).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_large_head_and_many_headers_are_refused() {
    let server = Server::start(Limits { header_bytes: 9000, headers: 20, ..Limits::default() }).await;
    let mut sender = connect(&server).await;
    let mut large = asking("/");
    large.headers_mut().insert("x", "x".repeat(8900).parse().unwrap());
    // Either is right: the client may know the server's limit and keep to it.
    let refused = send(&mut sender, large).await.map(|answer| answer.status());
    assert!(matches!(refused, Ok(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE) | Err(_)), "{refused:?}");
    let mut many = asking("/");
    for _ in 0..21 {
        many.headers_mut().append("x", "y".parse().unwrap());
    }
    let mut sender = connect(&server).await;
    assert_eq!(send(&mut sender, many).await.unwrap().status(), 431);
}

#[tokio::test]
async fn the_limits_of_bodies_hold() {
    let server =
        Server::start(Limits { body_bytes: 10, body_timeout: ms(300), body_rate: 0, ..Limits::default() }).await;
    let mut sender = connect(&server).await;
    assert_eq!(send(&mut sender, posting("/echo", vec![b'x'; 10])).await.unwrap().status(), 200);
    assert_eq!(send(&mut sender, posting("/echo", vec![b'x'; 11])).await.unwrap().status(), 413);
    assert_eq!(send(&mut sender, asking("/")).await.unwrap().status(), 200, "the connection stays of use");
}

#[tokio::test]
async fn a_panic_ends_its_stream_and_not_the_connection() {
    let server = Server::start(Limits::default()).await;
    let mut sender = connect(&server).await;
    assert!(send(&mut sender, asking("/panic")).await.is_err());
    assert_eq!(send(&mut sender, asking("/")).await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_its_time() {
    let server = Server::start(Limits { keep_alive_timeout: ms(400), ..Limits::default() }).await;
    let mut sender = connect(&server).await;
    assert_eq!(send(&mut sender, asking("/slow/800")).await.unwrap().status(), 200);
    tokio::time::sleep(ms(200)).await;
    assert_eq!(send(&mut sender, asking("/")).await.unwrap().status(), 200, "it was not idle for long");
    tokio::time::sleep(ms(1000)).await;
    assert!(sender.is_closed());
}

#[tokio::test]
async fn a_connection_whose_other_end_is_dead_is_closed() {
    let limits = Limits { http2_ping_interval: ms(200), http2_ping_timeout: ms(200), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut client = server.connect().await;
    // Says hello and never answers anything.
    client.say(*b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    client.rest().await;
}

#[tokio::test]
async fn a_connection_that_never_asks_is_closed() {
    let server = Server::start(Limits { keep_alive_timeout: ms(300), ..Limits::default() }).await;
    let mut client = server.connect().await;
    client.say(*b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    client.rest().await;
}

/// A client that is alive, answers pings and takes no byte of an answer for which it has not made room.
struct Stingy {
    say: Arc<Mutex<OwnedWriteHalf>>,
    hear: JoinHandle<()>,
    /// Bytes of answers.
    heard: Arc<AtomicUsize>,
}

const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const WINDOW_UPDATE: u8 = 8;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

impl Stingy {
    /// Asks for `path` on stream 1, with room for nothing.
    async fn asking_for(server: &Server, path: &str) -> Stingy {
        let (hear, mut say) = TcpStream::connect(server.address).await.unwrap().into_split();
        say.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        say.write_all(&frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0])).await.unwrap();
        let length = u8::try_from(path.len()).unwrap();
        let head = [b"\x82\x86\x41\x01a\x04", [length].as_slice(), path.as_bytes()].concat();
        say.write_all(&frame(HEADERS, 5, 1, &head)).await.unwrap();
        let (say, heard) = (Arc::new(Mutex::new(say)), Arc::default());
        let hear = tokio::spawn(Stingy::hear(hear, Arc::clone(&say), Arc::clone(&heard)));
        Stingy { say, hear, heard }
    }

    /// Until the server closes.
    async fn hear(mut hear: OwnedReadHalf, say: Arc<Mutex<OwnedWriteHalf>>, heard: Arc<AtomicUsize>) {
        let mut head = [0; 9];
        while hear.read_exact(&mut head).await.is_ok() {
            let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
            if hear.read_exact(&mut payload).await.is_err() {
                return;
            }
            match (head[3], head[4]) {
                (SETTINGS, 0) => drop(say.lock().await.write_all(&frame(SETTINGS, 1, 0, &[])).await),
                (PING, 0) => drop(say.lock().await.write_all(&frame(PING, 1, 0, &payload)).await),
                (0, _) => drop(heard.fetch_add(payload.len(), SeqCst)),
                _ => {}
            }
        }
    }

    async fn make_room_for(&self, bytes: u32) {
        let mut say = self.say.lock().await;
        for stream in [0, 1] {
            say.write_all(&frame(WINDOW_UPDATE, 0, stream, &bytes.to_be_bytes())).await.unwrap();
        }
    }

    /// Waits until the server closes, which it must soon.
    async fn rest(&mut self) {
        timeout(SOON, &mut self.hear).await.expect("the server should close the connection").unwrap();
    }

    async fn is_open_after(&mut self, time: Duration) -> bool {
        timeout(time, &mut self.hear).await.is_err()
    }
}

fn impatient() -> Limits {
    Limits { write_timeout: ms(400), http2_ping_interval: ms(100), ..Limits::default() }
}

#[tokio::test]
async fn an_answer_that_is_given_no_room_is_given_up_however_lively_the_client() {
    let server = Server::start(impatient()).await;
    for path in ["/", "/large", "/endless"] {
        let mut client = Stingy::asking_for(&server, path).await;
        assert!(client.is_open_after(ms(250)).await, "{path}");
        client.rest().await;
    }
}

#[tokio::test]
async fn an_answer_that_is_taken_slowly_goes_on_until_nothing_of_it_is_taken() {
    let server = Server::start(impatient()).await;
    for path in ["/large", "/endless"] {
        let mut client = Stingy::asking_for(&server, path).await;
        for _ in 0..8 {
            client.make_room_for(16 * 1024).await;
            assert!(client.is_open_after(ms(200)).await, "{path}");
        }
        client.rest().await;
        assert_eq!(client.heard.load(SeqCst), 8 * 16 * 1024, "{path}");
    }
}

#[tokio::test]
async fn an_answer_in_pieces_arrives_whole_and_with_its_length() {
    let server = Server::start(Limits::default()).await;
    let mut sender = connect(&server).await;
    let answer = send(&mut sender, asking("/large")).await.unwrap();
    assert_eq!(answer.headers()["content-length"], LARGE.to_string().as_str());
    assert_eq!(body_of(answer).await, vec![b'x'; LARGE]);
}

#[tokio::test]
async fn a_view_that_takes_longer_than_the_write_timeout_is_not_the_clients_fault() {
    let server = Server::start(Limits { write_timeout: ms(100), ..Limits::default() }).await;
    let mut sender = connect(&server).await;
    assert_eq!(body_of(send(&mut sender, asking("/slow/700")).await.unwrap()).await, "hello");
}

#[tokio::test]
async fn a_flood_of_requests_that_are_taken_back_ends_the_connection() {
    let server = Server::start(Limits::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let mut flood = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
    for stream in (1_u32..2000).step_by(2) {
        // GET http://a/slow in compressed headers, which end the head and the stream, and a reset right behind them.
        flood.extend_from_slice(&[0, 0, 6, 1, 5]);
        flood.extend_from_slice(&stream.to_be_bytes());
        flood.extend_from_slice(&[0x82, 0x86, 0x84, 0x41, 0x01, b'a']);
        flood.extend_from_slice(&[0, 0, 4, 3, 0]);
        flood.extend_from_slice(&stream.to_be_bytes());
        flood.extend_from_slice(&[0, 0, 0, 8]);
    }
    let _ = stream.write_all(&flood).await;
    let mut heard = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut heard)).await.expect("the server should hang up");
    assert!(server.counts.begun.load(SeqCst) < 100);
    assert_eq!(server.ask(&get("/")).await.status, 200);
}

#[tokio::test]
async fn running_requests_are_answered_at_shutdown_and_new_ones_are_not() {
    let server = Server::start(Limits::default()).await;
    let mut sender = connect(&server).await;
    let running: Vec<_> = (0..20).map(|_| sender.send_request(asking("/slow/300"))).collect();
    until(&server.counts.begun, 20).await;
    let stopping = server.begin_to_stop();
    for answer in running {
        let answer = timeout(SOON, answer).await.unwrap().unwrap();
        assert_eq!((answer.status(), body_of(answer).await), (StatusCode::OK, Bytes::from_static(b"hello")));
    }
    assert!(send(&mut sender, asking("/")).await.is_err());
    let report = timeout(SOON, stopping).await.unwrap().unwrap();
    assert_eq!((report.finished, report.aborted), (1, 0));
}

#[tokio::test]
async fn an_idle_connection_is_closed_at_shutdown() {
    let server = Server::start(Limits::default()).await;
    let mut sender = connect(&server).await;
    assert_eq!(send(&mut sender, asking("/")).await.unwrap().status(), 200);
    let report = timeout(ms(1000), server.begin_to_stop()).await.unwrap().unwrap();
    assert_eq!((report.finished, report.aborted), (1, 0));
}

#[tokio::test]
async fn streams_that_do_not_end_are_cut_when_the_grace_is_over() {
    let server = Server::start(Limits { shutdown_grace: ms(200), ..Limits::default() }).await;
    let mut sender = connect(&server).await;
    let running = sender.send_request(asking("/slow/60000"));
    until(&server.counts.begun, 1).await;
    let report = server.stop().await;
    assert_eq!((report.finished, report.aborted), (0, 1));
    assert!(timeout(SOON, running).await.unwrap().is_err());
}
