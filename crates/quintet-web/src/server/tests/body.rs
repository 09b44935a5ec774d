//! Requests' bodies: how large, how slow, unread.

use bytes::Bytes;
use http_body::Body;
use http_body_util::BodyExt;

use super::super::{Limits, RequestBody};
use super::harness::{Server, get, ms, post};

fn at_most(body_bytes: u64) -> Limits {
    Limits { body_bytes, ..Limits::default() }
}

fn hasty() -> Limits {
    Limits { body_timeout: ms(300), body_rate: 0, ..Limits::default() }
}

#[tokio::test]
async fn a_body_of_the_largest_size_is_read_and_one_byte_more_is_not() {
    let server = Server::start(at_most(10)).await;
    assert_eq!(server.ask(&post("/echo", "0123456789")).await.body, "0123456789");
    assert_eq!(server.ask(&post("/echo", "0123456789a")).await.status, 413);
}

#[tokio::test]
async fn a_body_in_chunks_is_measured_as_it_comes() {
    let server = Server::start(at_most(10)).await;
    let chunked = |body: &str| format!("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
    assert_eq!(server.ask(&chunked("5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n")).await.body, "0123456789");
    assert_eq!(server.ask(&chunked("5\r\n01234\r\n6\r\n56789a\r\n")).await.status, 413);
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_refused_before_it_is_sent() {
    let server = Server::start(at_most(10)).await;
    let mut client = server.connect().await;
    let answer = client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n").await;
    assert_eq!((answer.status, answer.is_last()), (413, true));
    client.say(get("/")).await;
    assert_eq!(client.rest().await, "", "the connection is of no use any more");
}

#[tokio::test]
async fn the_refusal_of_a_large_body_arrives_while_it_is_still_being_sent() {
    let server = Server::start(at_most(10)).await;
    for _ in 0..5 {
        let mut client = server.connect().await;
        client.say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n").await;
        client.say(vec![b'x'; 4_000_000]).await;
        assert_eq!(client.answer().await.status, 413);
    }
}

#[tokio::test]
async fn a_body_without_a_limit_may_be_large() {
    let server = Server::start(at_most(0)).await;
    let mut client = server.connect().await;
    client.say("POST /pause HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n").await;
    client.say(vec![b'x'; 4_000_000]).await;
    assert!(client.answer().await.body.ends_with(" more"));
}

#[tokio::test]
async fn a_client_that_waits_to_be_asked_for_its_body_is_asked() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    let asking = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
    assert_eq!(client.ask(asking).await.status, 100);
    let answer = client.ask("body").await;
    assert_eq!((answer.status, answer.body.as_str(), answer.is_last()), (200, "body", false));
}

#[tokio::test]
async fn a_client_that_waits_is_not_asked_for_a_body_that_nobody_wants() {
    let server = Server::start(at_most(10)).await;
    for path in ["/", "/echo"] {
        let mut client = server.connect().await;
        let asking = "HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n";
        let answer = client.ask(&format!("POST {path} {asking}")).await;
        assert_eq!(answer.status, if path == "/" { 200 } else { 413 });
        assert_eq!(client.rest().await, "");
    }
}

#[tokio::test]
async fn a_small_body_that_is_not_read_does_not_cost_the_connection() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    let answer = client.ask(&post("/", "nobody reads this")).await;
    assert_eq!((answer.status, answer.is_last()), (200, false));
    assert_eq!(client.ask(&get("/host")).await.body, "example.com");
}

#[tokio::test]
async fn a_large_body_that_is_not_read_costs_the_connection() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n").await;
    client.say(vec![b'x'; 4_000_000]).await;
    let answer = client.answer().await;
    assert_eq!((answer.status, answer.is_last()), (200, true));
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let server = Server::start(hasty()).await;
    let mut client = server.connect().await;
    let answer = client.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo").await;
    assert_eq!((answer.status, answer.is_last()), (408, true));
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_body_that_drips_is_given_up() {
    let server = Server::start(hasty()).await;
    let mut client = server.connect().await;
    client.say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n").await;
    client.drip([b'x'; 60], ms(20)).await;
    assert_eq!(client.answer().await.status, 408);
}

#[tokio::test]
async fn a_body_that_comes_fast_enough_buys_itself_time() {
    let server = Server::start(Limits { body_rate: 10, ..hasty() }).await;
    let mut client = server.connect().await;
    client.say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 45\r\n\r\n").await;
    client.drip([b'x'; 45], ms(20)).await;
    assert_eq!(client.answer().await.status, 200);
}

#[tokio::test]
async fn the_time_that_the_application_takes_is_not_its_clients() {
    let server = Server::start(hasty()).await;
    let mut client = server.connect().await;
    client.say("POST /pause HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n").await;
    client.say(vec![b'x'; 200_000]).await;
    assert_eq!(client.answer().await.status, 200);
}

#[tokio::test]
async fn a_body_that_is_cut_off_fails() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo").await;
    tokio::io::AsyncWriteExt::shutdown(&mut client.stream).await.unwrap();
    assert_eq!(client.answer().await.status, 400);
}

#[tokio::test]
async fn a_body_can_be_made_without_a_connection() {
    let body = RequestBody::from(Bytes::from_static(b"whole"));
    assert_eq!(body.size_hint().exact(), Some(5));
    assert_eq!(body.collect().await.unwrap().to_bytes(), "whole");
    assert!(RequestBody::default().is_end_stream());
}
