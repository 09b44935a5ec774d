//! A request out of its bytes, if it is plain. Pure: knows no connection.

use std::mem::MaybeUninit;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use httparse::Status;

use super::super::{Limits, RequestBody, spare};

/// What bytes are.
#[expect(clippy::large_enum_variant, reason = "it is taken apart where it is made; a box would be one more allocation")]
pub(super) enum Reading {
    /// A plain request.
    Plain(Plain),
    /// The beginning of what may be one.
    Incomplete,
    /// Something else.
    Unusual,
}

/// A plain request, and what came behind it.
pub(super) struct Plain {
    pub(super) message: Request<RequestBody>,
    pub(super) rest: Bytes,
}

/// A plain request has no more headers than this.
const HEADERS: usize = 32;

/// Reads the request that `bytes` begin with, of no more than `most` bytes.
pub(super) fn read(bytes: &Bytes, most: usize, limits: &Limits) -> Reading {
    match head(bytes, limits) {
        None => Reading::Unusual,
        // A body that is on its way is hyper's, which hands it on as it comes.
        Some(Status::Partial) if bytes.len() < most.min(limits.bytes_of_a_head()) => Reading::Incomplete,
        Some(Status::Partial) => Reading::Unusual,
        Some(Status::Complete((message, length))) => match bytes.len() - length {
            _ if length > most => Reading::Unusual,
            0 => Reading::Plain(Plain { message, rest: Bytes::new() }),
            _ => Reading::Plain(Plain { message, rest: bytes.slice(length..) }),
        },
    }
}

/// The request and how many bytes it has; nothing where it is not plain.
fn head(bytes: &Bytes, limits: &Limits) -> Option<Status<(Request<RequestBody>, usize)>> {
    if bytes.is_empty() {
        return Some(Status::Partial);
    }
    let mut room = [MaybeUninit::uninit(); HEADERS];
    let mut parsed = httparse::Request::new(&mut []);
    let room = &mut room[..HEADERS.min(limits.headers_of_a_head())];
    let Status::Complete(length) = parsed.parse_with_uninit_headers(bytes, room).ok()? else {
        return Some(Status::Partial);
    };
    if parsed.version != Some(1) || length > limits.bytes_of_a_head() {
        return None;
    }
    let method = Method::from_bytes(parsed.method?.as_bytes()).ok().filter(|method| *method != Method::CONNECT)?;
    let uri = Uri::from_maybe_shared(bytes.slice_ref(parsed.path?.as_bytes())).ok()?;
    let mut body = None;
    let mut headers = spare::headers();
    for header in parsed.headers.iter() {
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        let value = HeaderValue::from_maybe_shared(bytes.slice_ref(header.value)).ok()?;
        match name {
            header::CONTENT_LENGTH if body.is_none() => body = Some(whole_number(header.value)?),
            header::CONNECTION if !header.value.eq_ignore_ascii_case(b"keep-alive") => return None,
            header::CONTENT_LENGTH
            | header::TRANSFER_ENCODING
            | header::EXPECT
            | header::UPGRADE
            | header::TE
            | header::TRAILER => return None,
            _ => {}
        }
        headers.append(name, value);
    }
    let body = body.unwrap_or(0);
    let end = length + body;
    if bytes.len() < end || limits.body_bytes > 0 && body as u64 > limits.body_bytes {
        return None;
    }
    let mut message = Request::new(match body {
        0 => RequestBody::default(),
        _ => RequestBody::from(bytes.slice(length..end)),
    });
    *message.method_mut() = method;
    *message.uri_mut() = uri;
    *message.headers_mut() = headers;
    Some(Status::Complete((message, end)))
}

/// Digits, of a number that a plain body may have.
fn whole_number(digits: &[u8]) -> Option<usize> {
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + usize::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, limits: &Limits) -> &'static str {
        match read(&Bytes::copy_from_slice(text.as_bytes()), 8192, limits) {
            Reading::Plain(_) => "plain",
            Reading::Incomplete => "incomplete",
            Reading::Unusual => "unusual",
        }
    }

    #[test]
    fn a_request_is_read_with_all_that_belongs_to_it() {
        let text = "\r\nPOST /a?b=c HTTP/1.1\r\nHost: here\r\nX-One:  two \r\nx-one: three\r\nContent-Length: 4\r\n\r\nbodyGET";
        let Reading::Plain(plain) = read(&Bytes::from_static(text.as_bytes()), 8192, &Limits::default()) else {
            panic!("it is plain");
        };
        let message = plain.message;
        assert_eq!((message.method(), message.uri().to_string().as_str()), (&Method::POST, "/a?b=c"));
        assert_eq!(message.headers().len(), 4);
        let ones: Vec<_> = message.headers().get_all("x-one").iter().collect();
        assert_eq!(ones, ["two", "three"]);
        assert_eq!(message.into_body().whole().unwrap(), "body");
        assert_eq!(plain.rest, "GET");
    }

    #[test]
    fn what_is_in_doubt_is_not_plain() {
        let usual = Limits::default();
        let with = |header: &str| of(&format!("POST / HTTP/1.1\r\nHost: a\r\n{header}\r\n\r\nbody"), &usual);
        for plain in ["Content-Length: 4", "Content-Length: 0", "Connection: Keep-Alive", "Proxy-Connection: close"] {
            assert_eq!(with(plain), "plain", "{plain}");
        }
        for unusual in [
            "Content-Length: 5",
            "Content-Length: 04444",
            "Content-Length: +4",
            "Content-Length: 4, 4",
            "Content-Length:",
            "Content-Length: 4\r\nContent-Length: 4",
            "Content-Length: 4\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: identity",
            "Connection: close",
            "Connection: keep-alive, upgrade",
            "Upgrade: h2c",
            "Expect: 100-continue",
            "TE: trailers",
            "Trailer: x",
            "X: \0",
            " folded: x",
        ] {
            assert_eq!(with(unusual), "unusual", "{unusual}");
        }
        for unusual in ["GET / HTTP/1.0\r\n\r\n", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n"]
        {
            assert_eq!(of(unusual, &usual), "unusual", "{unusual}");
        }
        let many = "X: y\r\n".repeat(HEADERS + 1);
        assert_eq!(of(&format!("GET / HTTP/1.1\r\n{many}\r\n"), &usual), "unusual");
    }

    #[test]
    fn the_limits_of_the_server_are_the_plain_requests_too() {
        let request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
        assert_eq!(of(request, &Limits { headers: 2, header_bytes: 50, body_bytes: 4, ..Limits::default() }), "plain");
        assert_eq!(of(request, &Limits { headers: 1, ..Limits::default() }), "unusual");
        assert_eq!(of(request, &Limits { header_bytes: 40, ..Limits::default() }), "unusual");
        assert_eq!(of(request, &Limits { body_bytes: 3, ..Limits::default() }), "unusual");
        assert_eq!(of("GET /", &Limits::default()), "incomplete");
        assert_eq!(of("", &Limits::default()), "incomplete");
        let endless = format!("GET / HTTP/1.1\r\nX: {}", "y".repeat(8192));
        assert_eq!(of(&endless, &Limits::default()), "unusual");
    }
}
