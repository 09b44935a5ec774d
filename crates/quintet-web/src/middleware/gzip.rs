//! Compressed answers for clients that take them.
//!
//! The compressed length says something about the content, and an attacker who can add to the content learns from it
//! (BREACH); a file name of random length in the gzip header blurs it, as the reference does.

use std::io::{Read, Write};

use bytes::Bytes;
use flate2::{Compression, GzBuilder};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, ETAG, HeaderValue};

use super::Middleware;
use crate::http::{Request, Response};

/// Shorter bodies are not worth it.
const SHORTEST: usize = 200;
const MOST_RANDOM_BYTES: u64 = 100;

/// Compresses answers of 200 bytes and more.
#[derive(Clone, Copy, Debug)]
pub struct GZipMiddleware;

impl Middleware for GZipMiddleware {
    fn name(&self) -> &'static str {
        "GZipMiddleware"
    }

    fn after(&self, request: &Request, response: &mut Response) {
        let short = response.body().whole().is_some_and(|body| body.len() < SHORTEST);
        if short || response.headers().contains_key(CONTENT_ENCODING) {
            return;
        }
        response.patch_vary("Accept-Encoding");
        let accepted = request.header("accept-encoding").unwrap_or_default();
        if !names_gzip(&accepted) {
            return;
        }
        let Some(body) = response.body().whole() else { return };
        let Some(compressed) = compress(body, request.site().random() % (MOST_RANDOM_BYTES + 1)) else { return };
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(compressed.len()));
        response.set_body(compressed);
        weaken_etag(response);
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
}

/// `gzip` as a word of its own, as the reference looks for it: without regard to `q`.
fn names_gzip(accepted: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    accepted.match_indices("gzip").any(|(at, found)| {
        !accepted[..at].ends_with(word) && !accepted[at + found.len()..].starts_with(word)
    })
}

/// The gzip file of a body, unless it is no shorter.
fn compress(body: &Bytes, padding: u64) -> Option<Bytes> {
    let name = vec![b'a'; usize::try_from(padding).unwrap_or(0)];
    let mut encoder = GzBuilder::new().filename(name).write(Vec::with_capacity(body.len() / 2), Compression::default());
    encoder.write_all(body).ok()?;
    let compressed = encoder.finish().ok()?;
    (compressed.len() < body.len()).then(|| compressed.into())
}

fn weaken_etag(response: &mut Response) {
    let Some(strong) = response.header("etag").filter(|tag| tag.starts_with('"')) else { return };
    if let Ok(weak) = HeaderValue::try_from(format!("W/{strong}")) {
        response.headers_mut().insert(ETAG, weak);
    }
}

/// For tests: what a client reads.
#[doc(hidden)]
pub fn decompressed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut text)?;
    Ok(text)
}
