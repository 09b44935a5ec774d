//! Requests that two servers could read in two ways, and what is refused for it.

use super::super::Limits;
use super::harness::{Server, get};

const REFUSED: &[(&str, &str)] = &[
    ("no host", "GET / HTTP/1.1\r\n\r\n"),
    ("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    ("the same host twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
    ("two hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
    ("two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"),
    ("two lengths in one", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 5\r\n\r\nabcde"),
    ("a signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nabcde"),
    ("a negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nabcde"),
    ("a hexadecimal length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nabcde"),
    ("an empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nabcde"),
    ("an immense length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nabcde"),
    ("an unknown encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"),
    ("chunked not last", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
    ("a disguised encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    ("chunked in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
    ("a folded header", "GET / HTTP/1.1\r\nHost: a\r\nX-Long: b\r\n c\r\n\r\n"),
    ("a header that begins with a space", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
    ("a header without a colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"),
    ("a header without a name", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"),
    ("a NUL in a header", "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"),
    ("a bare CR in a header", "GET / HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n"),
    ("a bare CR after the line", "GET / HTTP/1.1\rHost: a\r\n\r\n"),
    ("two spaces in the line", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("no version", "GET /\r\nHost: a\r\n\r\n"),
    ("an unknown version", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
    ("a method with a slash", "GE/T / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("the authority form", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a tunnel", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a tunnel with a path", "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("an asterisk that is no OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a user in the target", "GET http://user@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n"),
];

#[tokio::test]
async fn what_can_be_read_in_two_ways_is_refused_and_ends_the_connection() {
    let server = Server::start(Limits::default()).await;
    for (what, request) in REFUSED {
        let mut client = server.connect().await;
        client.say(format!("{request}{}", get("/"))).await;
        let all = client.rest().await;
        assert!(all.starts_with("HTTP/1.1 400 ") || all.starts_with("HTTP/1.0 400 "), "{what}: {all}");
        assert_eq!(all.matches("HTTP/1.").count(), 1, "{what}: what follows is not to be answered: {all}");
    }
}

#[tokio::test]
async fn the_requests_beside_the_refused_ones_are_answered() {
    let server = Server::start(Limits::default()).await;
    let fine = [
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "hello"),
        ("GET /host HTTP/1.1\r\nHost:\r\n\r\n", ""),
        ("GET /host HTTP/1.1\r\nhost:   a:8000  \r\n\r\n", "a:8000"),
        ("GET /host HTTP/1.0\r\n\r\n", "none"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nab", "ab"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", "ab"),
        ("\r\nGET /host HTTP/1.1\r\nHost: a\r\n\r\n", "a"),
    ];
    for (request, body) in fine {
        let answer = server.ask(request).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, body), "{request}");
    }
}

#[tokio::test]
async fn a_length_beside_chunks_is_ignored_and_nothing_after_it_is_believed() {
    let server = Server::start(Limits::default()).await;
    let chunks = "5\r\nabcde\r\n0\r\n\r\n";
    for heads in ["Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4"]
    {
        let mut client = server.connect().await;
        client.say(format!("POST /echo HTTP/1.1\r\nHost: a\r\n{heads}\r\n\r\n{chunks}{}", get("/host"))).await;
        let answer = client.answer().await;
        assert_eq!((answer.status, answer.body.as_str(), answer.is_last()), (200, "abcde", true));
        assert_eq!(client.rest().await, "");
    }
}

#[tokio::test]
async fn lines_may_end_without_a_carriage_return_and_are_split_nowhere_else() {
    let server = Server::start(Limits::default()).await;
    let answer = server.ask("GET /host HTTP/1.1\nHost: a\nX: b\n\n").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "a"));
}

#[tokio::test]
async fn chunks_that_are_no_chunks_fail_the_body_and_end_the_connection() {
    let server = Server::start(Limits::default()).await;
    let broken = [
        "x\r\nabc\r\n0\r\n\r\n",
        "-1\r\na\r\n0\r\n\r\n",
        "+1\r\na\r\n0\r\n\r\n",
        "0x1\r\na\r\n0\r\n\r\n",
        "\r\na\r\n0\r\n\r\n",
        "1 1\r\na\r\n0\r\n\r\n",
        "1\ra\r\n0\r\n\r\n",
        "1\nab\r\n0\r\n\r\n",
        "1\r\nabc\r\n0\r\n\r\n",
        "1;a\nb\r\na\r\n0\r\n\r\n",
        "fffffffffffffffff\r\na\r\n0\r\n\r\n",
    ];
    for chunks in broken {
        let mut client = server.connect().await;
        client
            .say(format!("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}{}", get("/")))
            .await;
        let answer = client.answer().await;
        assert_eq!(answer.status, 400, "{chunks:?}");
        assert_eq!(client.rest().await, "", "{chunks:?}");
    }
}

#[tokio::test]
async fn an_absolute_target_overrides_the_host() {
    let server = Server::start(Limits::default()).await;
    let answer = server.ask("GET http://right.example:81/host HTTP/1.1\r\nHost: wrong.example\r\n\r\n").await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "right.example:81"));
    let answer = server.ask("GET http://right.example/host HTTP/1.1\r\n\r\n").await;
    assert_eq!(answer.status, 400, "a host is demanded all the same");
}
