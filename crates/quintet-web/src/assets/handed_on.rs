//! Hands requests on to the server of a front end that somebody works on, and its answers back.
//!
//! One connection for each request, by HTTP/1.0: then the end of the answer is the end of the connection. Only for
//! development, on one machine.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::http::{Request, Response};

/// How long that server may take to start, and to answer.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(100);

/// Headers of requests that are of use there. None of them opens anything.
const TO: [&str; 6] =
    ["accept", "if-none-match", "if-modified-since", "sec-fetch-dest", "sec-fetch-mode", "user-agent"];
/// Headers of answers that are of use here.
const BACK: [&str; 7] = ["content-type", "cache-control", "etag", "last-modified", "location", "vary", "sourcemap"];

/// Marks a request that was handed on: nobody needs a line in the log for each file of a front end.
pub(crate) struct HandedOn;

pub(super) async fn answer(request: &Request, address: SocketAddr) -> Response {
    request.insert(HandedOn);
    match timeout(PATIENCE, asked(address, text_of(request, address))).await {
        Ok(Ok(answer)) => read(&answer).unwrap_or_else(|| silent("it does not speak HTTP")),
        Ok(Err(error)) => silent(&error.to_string()),
        Err(_) => silent("it takes too long"),
    }
}

fn text_of(request: &Request, address: SocketAddr) -> String {
    let mut text = format!("{} {} HTTP/1.0\r\nHost: {address}\r\n", request.method(), request.uri());
    for name in TO {
        // A value that could be read comes from one line.
        if let Some(value) = request.header(name) {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    text + "\r\n"
}

/// The whole answer. A server that is about to start refuses connections for a moment.
async fn asked(address: SocketAddr, text: String) -> std::io::Result<Vec<u8>> {
    let mut tries = 1;
    let mut connection = loop {
        match TcpStream::connect(address).await {
            Err(_) if PAUSE * tries < PATIENCE / 2 => sleep(PAUSE).await,
            connected => break connected?,
        }
        tries += 1;
    };
    connection.write_all(text.as_bytes()).await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    Ok(answer)
}

fn read(answer: &[u8]) -> Option<Response> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = StatusCode::from_bytes(lines.next()?.split(' ').nth(1)?.as_bytes()).ok()?;
    let mut response = Response::new(Bytes::copy_from_slice(&answer[end + 4..]), "text/plain").with_status(status);
    response.headers_mut().remove(http::header::CONTENT_TYPE);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name = HeaderName::try_from(name).ok()?;
        if BACK.contains(&name.as_str()) {
            response.headers_mut().append(name, HeaderValue::try_from(value.trim()).ok()?);
        }
    }
    Some(response)
}

fn silent(why: &str) -> Response {
    let told = format!(
        "The front end's server does not answer: {why}.\nSee what it said in the terminal, or start `runserver` again.\n"
    );
    Response::text(told).with_status(StatusCode::BAD_GATEWAY)
}
