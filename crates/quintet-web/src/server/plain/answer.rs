//! An answer in bytes, if it is known whole; header by header as hyper writes it. Knows no connection.

use std::cell::Cell;
use std::io;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Response, StatusCode, Version, header};

use super::super::Payload;
use super::super::body::Reply;

/// An answer as it is sent.
pub(super) struct Text {
    /// The head, and the body where it is short.
    head: Vec<u8>,
    body: Bytes,
    /// Nothing follows it.
    pub(super) is_last: bool,
}

impl Text {
    /// A body that is copied behind its head: one piece is less work for the kernel than two.
    const SHORT: usize = 4 * 1024;

    pub(super) fn len(&self) -> usize {
        self.head.len() + self.body.len()
    }

    /// What is left when so many bytes are written.
    pub(super) fn behind(&self, written: usize) -> (&[u8], &[u8]) {
        let of_head = written.min(self.head.len());
        (&self.head[of_head..], &self.body[written - of_head..])
    }
}

/// What `response` is on the wire. None, and the response as it was, where hyper has to write it.
///
/// # Errors
/// The body fails before its first byte.
pub(super) fn in_words<B: Payload>(
    response: &mut Response<Reply<B>>,
    is_head: bool,
    context: &mut Context<'_>,
) -> Poll<io::Result<Option<Text>>> {
    if is_head {
        // How long the body would be is said, and nothing of it is asked for.
        let length = response.body().length();
        return Poll::Ready(Ok(length.and_then(|length| written(response, length, None))));
    }
    let body = match response.body_mut().whole(context) {
        Ok(Some(body)) => body,
        Ok(None) => return Poll::Ready(Ok(None)),
        Err(error) => return Poll::Ready(Err(io::Error::other(error))),
    };
    let length = body.len() as u64;
    let text = written(response, length, Some(&body));
    if text.is_none() {
        response.body_mut().put_back(body, length);
    }
    Poll::Ready(Ok(text))
}

/// An answer with a body of so many bytes; without it in answer to `HEAD`.
fn written<T>(response: &Response<T>, length: u64, body: Option<&Bytes>) -> Option<Text> {
    let is_head = body.is_none();
    let (status, headers) = (response.status(), response.headers());
    if status.is_informational() || response.version() != Version::HTTP_11 || !response.extensions().is_empty() {
        return None;
    }
    let short = body.filter(|body| body.len() <= Text::SHORT).map_or(&[][..], Bytes::as_ref);
    let mut head = Vec::with_capacity(128 + headers.len() * 48 + short.len());
    match status {
        StatusCode::OK => head.extend_from_slice(b"HTTP/1.1 200 OK\r\n"),
        _ => {
            let reason = status.canonical_reason().unwrap_or("<none>");
            for piece in ["HTTP/1.1 ", status.as_str(), " ", reason, "\r\n"] {
                head.extend_from_slice(piece.as_bytes());
            }
        }
    }
    let (mut is_dated, mut is_last, mut has_length) = (false, false, false);
    for (name, value) in headers {
        let value = value.as_bytes();
        match *name {
            // Said below, where it may be said at all.
            header::CONTENT_LENGTH if length == 0 && !is_head && value == b"0" => continue,
            header::CONTENT_LENGTH if !has_length && is_length(value, length, is_head) => has_length = true,
            header::CONNECTION if !is_last && value == b"close" => is_last = true,
            header::DATE => is_dated = true,
            header::CONTENT_LENGTH
            | header::CONNECTION
            | header::TRANSFER_ENCODING
            | header::TRAILER
            | header::UPGRADE => return None,
            _ => {}
        }
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value);
        head.extend_from_slice(b"\r\n");
    }
    match status {
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED if has_length || length > 0 => return None,
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => {}
        _ if has_length || is_head && length == 0 => {}
        _ => {
            head.extend_from_slice(b"content-length: ");
            push_number(&mut head, length);
            head.extend_from_slice(b"\r\n");
        }
    }
    if !is_dated {
        head.extend_from_slice(b"date: ");
        head.extend_from_slice(&date());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head.extend_from_slice(short);
    let body = body.filter(|_| short.is_empty()).cloned().unwrap_or_default();
    Some(Text { head, body, is_last })
}

/// Whether a view's own `Content-Length` says what will be sent, or in answer to `HEAD` would be.
fn is_length(value: &[u8], length: u64, is_head: bool) -> bool {
    match length {
        0 => is_head,
        _ => std::str::from_utf8(value).is_ok_and(|value| value.parse() == Ok(length)),
    }
}

fn push_number(to: &mut Vec<u8>, number: u64) {
    if number >= 10 {
        push_number(to, number / 10);
    }
    to.push(b'0' + (number % 10) as u8);
}

/// The time as headers say it: the machine's own, as hyper says it.
#[expect(clippy::disallowed_methods, reason = "the server has no site, and no test sets its clock")]
fn date() -> [u8; 29] {
    thread_local! {
        /// It is put into words once a second.
        static KEPT: Cell<(u64, [u8; 29])> = const { Cell::new((u64::MAX, [0; 29])) };
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let (at, text) = KEPT.get();
    if at == now {
        return text;
    }
    let mut text = [0; 29];
    let said = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(now));
    text.copy_from_slice(said.as_bytes());
    KEPT.set((now, text));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, headers: &[(&'static str, &'static str)], body: &'static str, is_head: bool) -> Option<String> {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let body = Bytes::from_static(body.as_bytes());
        let text = written(&response.body(()).unwrap(), body.len() as u64, Some(&body).filter(|_| !is_head))?;
        Some(String::from_utf8([text.head, text.body.to_vec()].concat()).unwrap())
    }

    #[test]
    fn the_usual_answers_need_no_hyper() {
        let date = ("date", "now");
        let cases = [
            (of(200, &[date], "hello", false), "HTTP/1.1 200 OK\r\ndate: now\r\ncontent-length: 5\r\n\r\nhello"),
            (of(200, &[date], "hello", true), "HTTP/1.1 200 OK\r\ndate: now\r\ncontent-length: 5\r\n\r\n"),
            (
                of(200, &[("content-length", "5"), date], "", true),
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ndate: now\r\n\r\n",
            ),
            (of(204, &[("content-length", "0"), date], "", false), "HTTP/1.1 204 No Content\r\ndate: now\r\n\r\n"),
            (of(304, &[date], "", false), "HTTP/1.1 304 Not Modified\r\ndate: now\r\n\r\n"),
            (of(404, &[date], "", false), "HTTP/1.1 404 Not Found\r\ndate: now\r\ncontent-length: 0\r\n\r\n"),
        ];
        for (said, expected) in cases {
            assert_eq!(said.as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_hyper_has_its_own_mind_about_is_left_to_it() {
        assert_eq!(of(101, &[], "", false), None);
        assert_eq!(of(204, &[], "text", false), None);
        for headers in [
            ("content-length", "4"),
            ("content-length", "five"),
            ("transfer-encoding", "chunked"),
            ("trailer", "x"),
            ("upgrade", "echo"),
            ("connection", "keep-alive"),
        ] {
            assert_eq!(of(200, &[headers], "hello", false), None, "{headers:?}");
        }
    }
}
