//! Compressed answers for clients that take them.
//!
//! The compressed length says something about the content, and an attacker who can add to the content learns from it
//! (BREACH); a file name of random length in the gzip header blurs it, as the reference does.

use std::io::Write;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use http::StatusCode;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderValue};
use http_body::{Body as HttpBody, Frame};

use super::Middleware;
use crate::http::{Body, BoxError, Request, Response};

/// Shorter bodies are not worth it.
const SHORTEST: usize = 200;
const MOST_RANDOM_BYTES: u64 = 100;

/// Compresses answers of 200 bytes and more, and all streams; never a part of something (206).
#[derive(Clone, Copy, Debug)]
pub struct GZipMiddleware;

impl Middleware for GZipMiddleware {
    fn name(&self) -> &'static str {
        "GZipMiddleware"
    }

    fn after(&self, request: &Request, response: &mut Response) {
        let short = response.body().whole().is_some_and(|body| body.len() < SHORTEST);
        if short || is_part_or_nothing(response) || response.headers().contains_key(CONTENT_ENCODING) {
            return;
        }
        response.patch_vary("Accept-Encoding");
        if !request.header(ACCEPT_ENCODING).is_some_and(|accepted| names_gzip(&accepted)) {
            return;
        }
        if !compress(response, request.site().random()) {
            return;
        }
        weaken_etag(response);
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
}

/// A range is counted in the bytes of the whole, which other bytes would belie; the other two have no body to compress.
fn is_part_or_nothing(response: &Response) -> bool {
    const THESE: [StatusCode; 3] = [StatusCode::NO_CONTENT, StatusCode::PARTIAL_CONTENT, StatusCode::NOT_MODIFIED];
    THESE.contains(&response.status()) || response.headers().contains_key(CONTENT_RANGE)
}

/// `gzip` as a word of its own, as the reference looks for it: without regard to `q`.
fn names_gzip(accepted: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    accepted
        .match_indices("gzip")
        .any(|(at, found)| !accepted[..at].ends_with(word) && !accepted[at + found.len()..].starts_with(word))
}

/// Replaces the body by its gzip file, unless that is no shorter; a stream's length is not known before.
fn compress(response: &mut Response, random: u64) -> bool {
    let Some(body) = response.body().whole() else {
        let stream = response.replace_body(Body::empty());
        response.set_body(Body::stream(Compressed { stream, encoder: Some(encoder(random)) }));
        response.headers_mut().remove(CONTENT_LENGTH);
        return true;
    };
    let Some(compressed) = compressed(body, random) else {
        return false;
    };
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(compressed.len()));
    response.set_body(compressed);
    true
}

fn encoder(random: u64) -> GzEncoder<Vec<u8>> {
    let padding = usize::try_from(random % MOST_RANDOM_BYTES).unwrap_or(0);
    GzBuilder::new().filename(vec![b'a'; padding]).write(Vec::new(), Compression::new(6))
}

fn compressed(body: &Bytes, random: u64) -> Option<Bytes> {
    let mut encoder = encoder(random);
    encoder.write_all(body).ok()?;
    let compressed = encoder.finish().ok()?;
    (compressed.len() < body.len()).then(|| compressed.into())
}

fn weaken_etag(response: &mut Response) {
    let Some(strong) = response.header("etag").filter(|tag| tag.starts_with('"')) else {
        return;
    };
    if let Ok(weak) = HeaderValue::try_from(format!("W/{strong}")) {
        response.headers_mut().insert(ETAG, weak);
    }
}

/// A stream whose pieces are compressed one by one, each flushed, so that a reader gets it before the next is there.
struct Compressed {
    stream: Body,
    /// Gone when the end is written.
    encoder: Option<GzEncoder<Vec<u8>>>,
}

impl HttpBody for Compressed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if this.encoder.is_none() {
            return Poll::Ready(None);
        }
        loop {
            let piece = match ready!(Pin::new(&mut this.stream).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(piece) => this.write(&piece)?,
                    // Trailers have no place behind a body that ends by itself.
                    Err(_) => continue,
                },
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => this.end()?,
            };
            if !piece.is_empty() || this.encoder.is_none() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
    }
}

impl Compressed {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<Bytes> {
        let Some(encoder) = &mut self.encoder else {
            return Ok(Bytes::new());
        };
        if !piece.is_empty() {
            encoder.write_all(piece)?;
            encoder.flush()?;
        }
        Ok(std::mem::take(encoder.get_mut()).into())
    }

    fn end(&mut self) -> std::io::Result<Bytes> {
        self.encoder.take().map_or_else(|| Ok(Bytes::new()), |encoder| encoder.finish().map(Bytes::from))
    }
}
