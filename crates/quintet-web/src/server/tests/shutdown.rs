//! The end: what has begun finishes, what has not is refused.

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::super::Limits;
use super::harness::{SOON, Server, get, ms, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_running_requests_are_all_answered() {
    let server = Server::start(Limits::default()).await;
    let mut clients = Vec::new();
    for _ in 0..200 {
        let mut client = server.connect().await;
        client.say(get("/slow/300")).await;
        clients.push(client);
    }
    until(&server.counts.begun, 200).await;
    let (counts, stopping) = (server.counts.clone(), server.begin_to_stop());
    for client in &mut clients {
        let answer = client.answer().await;
        assert_eq!((answer.status, answer.body.as_str(), answer.is_last()), (200, "hello", true));
    }
    drop(clients);
    let report = timeout(SOON, stopping).await.unwrap().unwrap();
    assert_eq!((report.finished, report.aborted), (200, 0));
    until(&counts.finished, 200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_were_sent_before_the_shutdown_are_answered_although_nobody_had_read_them() {
    for _ in 0..5 {
        let server = Server::start(Limits::default()).await;
        let mut clients = Vec::new();
        for _ in 0..40 {
            let mut client = server.connect().await;
            client.say(get("/slow/20")).await;
            clients.push(client);
        }
        let stopping = server.begin_to_stop();
        for client in &mut clients {
            assert_eq!(client.answer().await.status, 200);
        }
        drop(clients);
        assert_eq!(timeout(SOON, stopping).await.unwrap().unwrap().aborted, 0);
    }
}

#[tokio::test]
async fn new_connections_are_refused_while_old_ones_finish() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    client.say(get("/slow/500")).await;
    until(&server.counts.begun, 1).await;
    let address = server.address;
    let stopping = server.begin_to_stop();
    tokio::time::sleep(ms(100)).await;
    assert!(TcpStream::connect(address).await.is_err());
    assert!(!stopping.is_finished());
    assert_eq!(client.answer().await.status, 200);
}

#[tokio::test]
async fn idle_connections_are_closed_at_once() {
    let server = Server::start(Limits::default()).await;
    let (mut used, mut unused) = (server.connect().await, server.connect().await);
    assert_eq!(used.ask(&get("/")).await.status, 200);
    let stopping = server.begin_to_stop();
    assert_eq!(timeout(ms(500), used.rest()).await.as_deref(), Ok(""));
    assert_eq!(timeout(ms(500), unused.rest()).await.as_deref(), Ok(""));
    let report = timeout(ms(500), stopping).await.unwrap().unwrap();
    assert_eq!((report.finished, report.aborted), (2, 0));
}

#[tokio::test]
async fn a_request_that_has_begun_to_arrive_is_answered() {
    let server = Server::start(Limits::default()).await;
    let (mut first, mut later) = (server.connect().await, server.connect().await);
    first.say("GET / HTT").await;
    assert_eq!(later.ask(&get("/")).await.status, 200);
    later.say("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n").await;
    tokio::time::sleep(ms(50)).await;
    let stopping = server.begin_to_stop();
    tokio::time::sleep(ms(300)).await;
    let answer = first.ask("P/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!((answer.status, answer.is_last()), (200, true));
    let answer = later.ask("\r\nbody").await;
    assert_eq!((answer.status, answer.body.as_str(), answer.is_last()), (200, "body", true));
    drop((first, later));
    assert_eq!(timeout(SOON, stopping).await.unwrap().unwrap().aborted, 0);
}

#[tokio::test]
async fn a_request_that_arrives_right_after_the_shutdown_on_an_open_connection_is_answered() {
    let server = Server::start(Limits::default()).await;
    let mut client = server.connect().await;
    assert_eq!(client.ask(&get("/")).await.status, 200);
    let _stopping = server.begin_to_stop();
    tokio::time::sleep(ms(20)).await;
    let answer = client.ask(&get("/")).await;
    assert_eq!((answer.status, answer.is_last()), (200, true));
}

#[tokio::test]
async fn what_does_not_end_is_cut_when_the_grace_is_over() {
    let server = Server::start(Limits { shutdown_grace: ms(300), ..Limits::default() }).await;
    let (mut endless, mut dripping, mut fine) =
        (server.connect().await, server.connect().await, server.connect().await);
    endless.say(get("/slow/60000")).await;
    dripping.say("GET / HTTP/1.1\r\n").await;
    fine.say(get("/slow/100")).await;
    until(&server.counts.begun, 2).await;
    let stopping = server.begin_to_stop();
    assert_eq!(fine.answer().await.status, 200);
    drop(fine);
    let report = timeout(ms(1000), stopping).await.unwrap().unwrap();
    assert_eq!((report.finished, report.aborted), (1, 2));
    assert_eq!(endless.rest().await, "");
    assert_eq!(dripping.rest().await, "");
}
