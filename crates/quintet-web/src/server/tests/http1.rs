//! What a well-meaning client of HTTP/1 gets.

use std::sync::atomic::Ordering;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::super::Limits;
use super::harness::{SOON, Server, get, ms, post, until};

#[tokio::test]
async fn one_connection_serves_one_request_after_the_other() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    for _ in 0..3 {
        let answer = client.ask(&get("/")).await;
        assert_eq!((answer.status, answer.body.as_str(), answer.is_last()), (200, "hello", false));
        assert!(answer.head.contains("\r\ndate: "), "{}", answer.head);
    }
}

#[tokio::test]
async fn requests_that_are_sent_together_are_answered_in_order() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.say([get("/slow/50"), post("/echo", "second"), get("/host")].concat()).await;
    let bodies = [client.answer().await.body, client.answer().await.body, client.answer().await.body];
    assert_eq!(bodies, ["hello", "second", "example.com"]);
}

#[tokio::test]
async fn a_request_that_arrives_byte_by_byte_is_answered() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.drip(post("/echo", "drop"), ms(1)).await;
    assert_eq!(client.answer().await.body, "drop");
}

#[tokio::test]
async fn a_request_knows_its_connection() {
    let server = Server::start(Limits::default()).await;
    assert_eq!(server.ask(&get("/peer")).await.body, "true false");
}

#[tokio::test]
async fn http_1_0_is_answered_without_a_host_and_closed() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    let answer = client.ask("GET /host HTTP/1.0\r\n\r\n").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "none"));
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn head_is_answered_without_a_body() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.say("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    let answer = client.rest().await;
    assert!(answer.contains("content-length: 5\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn a_client_that_has_said_all_it_has_to_say_still_gets_its_answer() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.say(get("/slow/100")).await;
    client.stream.shutdown().await.unwrap();
    assert_eq!(client.answer().await.body, "hello");
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_view_runs_to_its_end_although_its_client_has_left() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.say(get("/slow/100")).await;
    until(&server.counts.begun, 1).await;
    drop(client);
    until(&server.counts.finished, 1).await;
}

#[tokio::test]
async fn a_panic_ends_its_connection_and_nothing_else() {
    let server = Server::start(Limits::default()).await;
    let (mut client, mut other) = (server.connect().await, server.connect().await);
    assert_eq!(other.ask(&get("/")).await.status, 200);
    client.say(get("/panic")).await;
    assert_eq!(client.rest().await, "");
    assert_eq!(other.ask(&get("/")).await.status, 200);
    assert_eq!(server.ask(&get("/")).await.status, 200);
    drop(other);
    assert_eq!(server.stop().await.aborted, 0, "the connection that ended by a panic gives its place back");
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_not_gathered_in_memory() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.say(get("/endless")).await;
    let pieces = &server.counts.pieces;
    tokio::time::sleep(ms(300)).await;
    let before = pieces.load(Ordering::SeqCst);
    tokio::time::sleep(ms(300)).await;
    assert!(before > 0);
    assert_eq!(pieces.load(Ordering::SeqCst), before, "the server should wait for its client");
}

#[tokio::test]
async fn an_answer_says_that_it_is_the_last_when_the_client_asks_for_that() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    let answer = client.ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert!(answer.is_last());
    let closed = tokio::time::timeout(SOON, client.rest()).await;
    assert_eq!(closed.as_deref(), Ok(""));
}

#[tokio::test]
async fn a_connection_can_change_to_another_protocol_and_keeps_its_place() {
    let limits = Limits { connections: 1, shutdown_grace: ms(100), ..Limits::default() };
    let server = Server::start(limits).await;
    let mut client = server.connect().await;
    let answer = client.ask("GET /upgrade HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n").await;
    assert_eq!(answer.status, 101);
    client.say("said").await;
    let mut echo = [0; 4];
    client.stream.read_exact(&mut echo).await.unwrap();
    assert_eq!(&echo, b"said");
    let mut next = server.connect().await;
    next.say(get("/")).await;
    assert!(next.is_left_alone_for(ms(200)).await);
    drop(client);
    assert_eq!(next.answer().await.status, 200);
}
