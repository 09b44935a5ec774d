//! Heads, idleness and the number of connections.

use std::future::Ready;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use http::{Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;

use super::super::{Limits, Peer, RequestBody, connection};
use super::harness::{AnyBody, SOON, Server, get, ms, post};

fn hasty() -> Limits {
    Limits { header_timeout: ms(300), ..Limits::default() }
}

#[tokio::test]
async fn a_head_of_the_largest_size_is_read_and_a_larger_one_is_not() {
    let server = Server::start(Limits { header_bytes: 9000, ..Limits::default() }).await;
    let of_size = |size: usize| {
        let without = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n".len();
        format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(size - without))
    };
    assert_eq!(server.ask(&of_size(9000)).await.status, 200);
    assert_eq!(server.ask(&of_size(9001)).await.status, 431);
    assert_eq!(server.ask(&of_size(500_000)).await.status, 431, "the answer arrives although more was sent");
}

#[tokio::test]
async fn one_header_too_many_is_refused() {
    for headers in [3, 100, 150] {
        let server = Server::start(Limits { headers, ..Limits::default() }).await;
        let with = |count: usize| format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(count - 1));
        assert_eq!(server.ask(&with(headers)).await.status, 200);
        assert_eq!(server.ask(&with(headers + 1)).await.status, 431);
    }
}

#[tokio::test]
async fn a_target_that_is_too_long_is_refused() {
    let server = Server::start(Limits::default()).await;
    assert_eq!(server.ask(&get(&format!("/{}", "x".repeat(70_000)))).await.status, 431);
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let server = Server::start(hasty()).await;
    let mut client = server.connect().await;
    assert!(client.is_left_alone_for(ms(150)).await);
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_head_that_drips_is_given_up_however_steadily() {
    let server = Server::start(hasty()).await;
    for head in [get("/"), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), "P".to_owned()] {
        let mut client = server.connect().await;
        client.drip(&head[..head.len().min(22)], ms(25)).await;
        let last = client.rest().await;
        assert!(last.starts_with("HTTP/1.1 408 "), "{head}: {last}");
    }
}

#[tokio::test]
async fn the_head_of_a_later_request_has_the_same_time_from_its_first_byte() {
    let server = Server::start(hasty()).await;
    let mut client = server.connect().await;
    assert_eq!(client.ask(&get("/")).await.status, 200);
    assert!(client.is_left_alone_for(ms(500)).await, "between requests it may be silent for longer");
    client.say("GET ").await;
    assert!(client.is_left_alone_for(ms(150)).await);
    assert!(client.rest().await.starts_with("HTTP/1.1 408 "));
}

/// Requests after which a connection is kept, each framed in another way.
fn whole_requests() -> [String; 6] {
    let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
    let skipped = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    [get("/"), get("/slow/200"), post("/echo", "body"), post("/", "unread"), chunked.to_owned(), skipped.to_owned()]
}

#[tokio::test]
async fn a_head_that_begins_in_one_piece_with_the_request_before_has_no_more_time() {
    let server = Server::start(hasty()).await;
    for whole in whole_requests() {
        let mut client = server.connect().await;
        assert_eq!(client.ask(&format!("{whole}GET / HTTP/1.1\r\nHo")).await.status, 200);
        assert!(client.is_left_alone_for(ms(150)).await, "{whole}");
        let last = client.rest().await;
        assert!(last.starts_with("HTTP/1.1 408 "), "{whole}: {last}");
    }
}

#[tokio::test]
async fn the_same_head_may_be_completed_in_its_time() {
    let server = Server::start(hasty()).await;
    for whole in whole_requests() {
        let mut client = server.connect().await;
        assert_eq!(client.ask(&format!("{whole}GET /host HTTP/1.1\r\nHo")).await.status, 200);
        assert!(client.is_left_alone_for(ms(150)).await);
        assert_eq!(client.ask("st: late\r\n\r\n").await.body, "late", "{whole}");
    }
}

#[tokio::test]
async fn a_connection_that_is_idle_for_longer_than_a_head_may_take_goes_on_as_before() {
    let server = Server::start(hasty()).await;
    let mut tries = JoinSet::new();
    // Some clients end a body with an empty line that belongs to nothing.
    for (whole, behind) in whole_requests().into_iter().flat_map(|whole| [(whole.clone(), ""), (whole, "\r\n")]) {
        let mut client = server.connect().await;
        tries.spawn(async move {
            for _ in 0..2 {
                assert_eq!(client.ask(&format!("{whole}{behind}")).await.status, 200);
                assert!(client.is_left_alone_for(ms(600)).await, "{whole}");
            }
            assert_eq!(client.ask(&format!("{whole}GET / HTTP/1.1\r\nHo")).await.status, 200);
            assert!(client.rest().await.starts_with("HTTP/1.1 408 "), "{whole}");
        });
    }
    tries.join_all().await;
}

#[tokio::test]
async fn the_rest_of_an_unread_body_is_never_taken_for_a_request_however_late_it_comes() {
    let server = Server::start(Limits { header_timeout: ms(40), ..Limits::default() }).await;
    for pause in [0, 20, 100, 300] {
        let mut client = server.connect().await;
        client.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nbegin").await;
        tokio::time::sleep(ms(pause)).await;
        let _ = client.stream.write_all(get("/").as_bytes()).await;
        assert_eq!(client.rest().await.matches("HTTP/1.1 200 ").count(), 1);
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_its_time_and_silently() {
    let server = Server::start(Limits { keep_alive_timeout: ms(400), ..Limits::default() }).await;
    let mut client = server.connect().await;
    assert_eq!(client.ask(&get("/")).await.status, 200);
    assert!(client.is_left_alone_for(ms(300)).await);
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_connection_that_is_used_now_and_then_stays_open() {
    let limits = Limits { keep_alive_timeout: ms(400), header_timeout: ms(200), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut client = server.connect().await;
    for _ in 0..6 {
        assert_eq!(client.ask(&post("/", "unread")).await.status, 200);
        assert!(client.is_left_alone_for(ms(180)).await);
    }
}

#[tokio::test]
async fn a_view_may_take_longer_than_any_timeout() {
    let short = ms(100);
    let limits = Limits {
        header_timeout: short,
        keep_alive_timeout: short,
        write_timeout: short,
        body_timeout: short,
        ..Limits::default()
    };
    let server = Server::start(limits).await;
    assert_eq!(server.ask(&get("/slow/700")).await.status, 200);
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_given_up() {
    let server = Server::start(Limits { write_timeout: ms(300), connections: 1, ..Limits::default() }).await;
    let mut client = server.connect().await;
    client.say(get("/endless")).await;
    // There is one place only: whoever gets an answer, got the place of the first.
    assert_eq!(server.ask(&get("/")).await.status, 200);
}

#[tokio::test]
async fn one_connection_too_many_waits_until_another_ends() {
    let server = Server::start(Limits { connections: 2, ..Limits::default() }).await;
    let (mut first, mut second, mut third) = (server.connect().await, server.connect().await, server.connect().await);
    assert_eq!(first.ask(&get("/")).await.status, 200);
    assert_eq!(second.ask(&get("/")).await.status, 200);
    third.say(get("/")).await;
    assert!(third.is_left_alone_for(ms(300)).await);
    drop(first);
    assert_eq!(third.answer().await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_slow_connections_do_not_slow_another() {
    let server = Server::start(Limits::default()).await;
    let mut slow = Vec::new();
    for _ in 0..500 {
        let mut client = server.connect().await;
        slow.push(tokio::spawn(async move {
            client.drip("GET / HTTP/1.1\r\nX-Slow: very slow indeed", ms(50)).await;
            client
        }));
    }
    for _ in 0..50 {
        let answer = tokio::time::timeout(ms(1000), server.ask(&get("/"))).await;
        assert_eq!(answer.map(|answer| answer.status), Ok(200));
    }
    slow.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn connections_that_never_end_their_heads_free_their_places() {
    let server = Server::start(Limits { connections: 20, ..hasty() }).await;
    let mut slow = Vec::new();
    for _ in 0..40 {
        let mut client = server.connect().await;
        client.say("GET / HTTP/1.1\r\n").await;
        slow.push(client);
    }
    let answer = tokio::time::timeout(SOON, server.ask(&get("/"))).await;
    assert_eq!(answer.map(|answer| answer.status), Ok(200));
}

type Change = fn(&mut Limits);

const WITHOUT: &[(&str, Change)] = &[
    ("header_bytes", |limits| limits.header_bytes = 0),
    ("headers", |limits| limits.headers = 0),
    ("header_timeout", |limits| limits.header_timeout = Duration::ZERO),
    ("body_bytes", |limits| limits.body_bytes = 0),
    ("body_timeout", |limits| limits.body_timeout = Duration::ZERO),
    ("write_timeout", |limits| limits.write_timeout = Duration::ZERO),
    ("keep_alive_timeout", |limits| limits.keep_alive_timeout = Duration::ZERO),
    ("connections", |limits| limits.connections = 0),
    ("http2_streams", |limits| limits.http2_streams = 0),
    ("http2_ping_interval", |limits| limits.http2_ping_interval = Duration::ZERO),
    ("http2_ping_timeout", |limits| (limits.http2_ping_interval, limits.http2_ping_timeout) = (ms(50), Duration::ZERO)),
];

#[tokio::test]
async fn a_limit_of_zero_is_none() {
    let mut tries = JoinSet::new();
    for (name, without) in WITHOUT {
        let mut limits = Limits::default();
        without(&mut limits);
        tries.spawn(async move { (*name, is_generous(limits).await) });
    }
    let mut limits = Limits::default();
    WITHOUT.iter().for_each(|(_, without)| without(&mut limits));
    tries.spawn(async move { ("all", is_generous(limits).await) });
    let mean: Vec<_> = tries.join_all().await.into_iter().filter(|(_, generous)| generous.is_none()).collect();
    assert_eq!(mean, []);
}

/// Whether a client that takes its time everywhere is served.
async fn is_generous(limits: Limits) -> Option<()> {
    let server = Server::start(limits).await;
    let mut other = super::http2::connect(&server).await;
    let mut client = server.connect().await;
    for request in [get("/slow/100"), post("/echo", "body")] {
        if !client.is_left_alone_for(ms(100)).await {
            return None;
        }
        client.drip(&request, ms(3)).await;
        tokio::time::timeout(SOON, client.next_answer()).await.ok()?.filter(|answer| answer.status == 200)?;
        let answer = tokio::time::timeout(SOON, other.send_request(super::http2::asking("/slow/100"))).await;
        answer.ok()?.ok().filter(|answer| answer.status() == 200)?;
    }
    Some(())
}

#[tokio::test]
async fn an_answer_waits_for_ever_where_the_limit_is_zero() {
    let limits = Limits { write_timeout: Duration::ZERO, keep_alive_timeout: ms(200), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut client = server.connect().await;
    client.say(get("/endless")).await;
    tokio::time::sleep(ms(1000)).await;
    let pieces = server.counts.pieces.load(SeqCst);
    for _ in 0..pieces {
        client.stream.read_exact(&mut [0; 16 * 1024]).await.expect("the answer should go on");
    }
    assert!(server.counts.pieces.load(SeqCst) > pieces);
}

#[tokio::test]
async fn without_a_limit_there_are_as_many_headers_as_can_be_parsed() {
    for headers in [0, usize::MAX] {
        let server = Server::start(Limits { header_bytes: 0, headers, ..Limits::default() }).await;
        let with = |count: usize| format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(count - 1));
        assert_eq!(server.ask(&with(16_384)).await.status, 200);
        assert_eq!(server.ask(&with(16_385)).await.status, 431);
    }
}

#[test]
fn the_defaults_are_those_of_the_settings() {
    let limits = Limits::from(&crate::config::Server::default());
    assert_eq!(limits, Limits::default());
}

#[test]
fn a_connection_that_has_said_nothing_takes_little_memory() {
    type App = fn(Request<RequestBody>, &Arc<Peer>) -> Ready<Response<AnyBody>>;
    fn size_of_future<A, B, C, D, F: Future>(_: impl Fn(A, B, C, D) -> F) -> usize {
        size_of::<F>()
    }
    let size = size_of_future(connection::attend::<App, AnyBody>);
    assert!(size < 1200, "{size} bytes");
}
