//! Compression, against `oracle/vectors/gzip.json`, and of streams piece by piece.

use std::convert::Infallible;
use std::io::Read;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;
use http_body_util::BodyExt;
use serde_json::Value;

use super::harness::{
    Given, Recording, ask, block_on, given, middleware, options, pairs, same, same_answer, site, status, text, texts,
    with_headers,
};
use crate::http::{Body, Incoming, Request, Response, Result};
use crate::urls::Urls;
use crate::view::get;

#[test]
fn answers_are_compressed_as_recorded() {
    let recording = Recording::new(include_str!("../../../../../oracle/vectors/gzip.json"));
    let skipped = [(PART, "a part is never compressed here: its range counts the bytes of the whole")];
    assert_eq!(recording.each("cases", &skipped, answered_as_recorded), 80);
}

fn answered_as_recorded(case: &Value) -> Result<(), String> {
    let mut options = options(routes);
    options.middleware = middleware(&texts(&case["middleware"]));
    options.middleware.push(Given(case["view"].clone()).into());
    let method = text(case, "method");
    let answer = ask(method, "/").headers(&pairs(case, "request_headers")).to(&site(options));
    same_answer(case, &answer)?;
    if method == "HEAD" || answer.code() == 304 {
        return same("empty body", answer.body.is_empty(), true);
    }
    let compressed = answer.header("content-encoding") == Some("gzip");
    same("compressed", compressed, case["compressed"] == true)?;
    let body = if compressed { decompressed(&answer.body) } else { answer.body.to_vec() };
    same("body", body == filled(&case["view"]), true)
}

fn decompressed(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut text).expect("a gzip file");
    text
}

fn routes() -> Urls {
    crate::urls![path("", get(shown).post(shown))]
}

async fn shown(request: &Request) -> Result<Response> {
    let view = given(request);
    let body = Bytes::from(filled(&view));
    let body =
        if view["streaming"] == true { Body::stream(http_body_util::Full::from(body)) } else { Body::from(body) };
    let response = with_headers(Response::new(body, "text/html; charset=utf-8"), &pairs(&view, "headers"));
    Ok(response.with_status(http::StatusCode::from_u16(status(&view))?))
}

fn filled(view: &Value) -> Vec<u8> {
    let length = usize::try_from(view["length"].as_u64().expect("a length")).expect("a size");
    if text(view, "fill") == "noise" { noise(length) } else { text(view, "fill").as_bytes().repeat(length) }
}

/// As incompressible as the recorded noise, which was made by a digest that is not among the dependencies.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

/// Two pieces; counts how many were asked for.
struct Pieces(Arc<AtomicUsize>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => Some(Ok(Frame::data(Bytes::from_static(b"first ")))),
            1 => Some(Ok(Frame::data(Bytes::from_static(b"second")))),
            _ => None,
        })
    }
}

async fn pieces(request: &Request) -> Result<Response> {
    let counter = request.get::<Arc<AtomicUsize>>().expect("a counter");
    Ok(Response::new(Body::stream(Pieces(Arc::clone(&counter))), "text/plain"))
}

/// Gives the view its counter.
struct Counting(Arc<AtomicUsize>);

impl crate::middleware::Middleware for Counting {
    fn name(&self) -> &'static str {
        "Counting"
    }

    fn before(&self, request: &Request) -> Result<Option<Response>> {
        request.insert(Arc::clone(&self.0));
        Ok(None)
    }
}

#[test]
fn a_piece_of_a_stream_can_be_read_before_the_next_one_is_made() {
    let counter = Arc::new(AtomicUsize::new(0));
    let mut options = options(|| crate::urls![path("", get(pieces))]);
    options.middleware = middleware(&["GZipMiddleware"]);
    options.middleware.push(Counting(counter.clone()).into());
    let site = site(options);
    block_on(async {
        let request = http::Request::builder().uri("/").header("accept-encoding", "gzip").body(()).expect("a request");
        let answer = site.handle(request, Incoming::Whole(Bytes::new()), Arc::default()).await;
        let mut body = answer.into_body();
        let mut compressed = Vec::new();
        while readable(&compressed) != b"first " {
            let frame = body.frame().await.expect("a piece").expect("no error");
            compressed.extend_from_slice(frame.data_ref().expect("data"));
        }
        assert_eq!(counter.load(Ordering::Relaxed), 1);
        while let Some(frame) = body.frame().await {
            compressed.extend_from_slice(frame.expect("no error").data_ref().expect("data"));
        }
        assert_eq!(decompressed(&compressed), b"first second");
    });
}

/// What a client can make of the bytes so far.
fn readable(compressed: &[u8]) -> Vec<u8> {
    let mut decoder = flate2::write::GzDecoder::new(Vec::new());
    let _ = std::io::Write::write_all(&mut decoder, compressed);
    let _ = std::io::Write::flush(&mut decoder);
    decoder.get_ref().clone()
}

#[test]
fn the_length_of_a_compressed_body_varies_from_answer_to_answer() {
    let mut options = options(|| crate::urls![path("", get(async |_: &Request| Ok(Response::text("a".repeat(500)))))]);
    options.middleware = middleware(&["GZipMiddleware"]);
    let site = site(options);
    let length = || ask("GET", "/").header("accept-encoding", "gzip").to(&site).body.len();
    let lengths: std::collections::BTreeSet<usize> = (0..50).map(|_| length()).collect();
    assert!(lengths.len() > 10, "{lengths:?}");
    assert!(lengths.last().expect("one") - lengths.first().expect("one") <= 101, "{lengths:?}");
}

/// The one recorded case with this status.
const PART: &str = "status 206";

#[test]
fn a_part_is_never_compressed() {
    let whole = || "a".repeat(500);
    let part = |status: u16, range: Option<&'static str>| {
        let mut options = options(|| crate::urls![path("", get(shown))]);
        options.middleware = middleware(&["GZipMiddleware", "ConditionalGetMiddleware"]);
        let headers: Vec<[&str; 2]> = range.map(|range| ["Content-Range", range]).into_iter().collect();
        let view = serde_json::json!({"status": status, "headers": headers, "length": 500, "fill": "a"});
        options.middleware.push(Given(view).into());
        ask("GET", "/").header("accept-encoding", "gzip").to(&site(options))
    };
    for (status, range) in [(206, Some("bytes 0-499/1000")), (206, None), (200, Some("bytes 0-499/500")), (204, None)] {
        let answer = part(status, range);
        assert_eq!((answer.header("content-encoding"), answer.text()), (None, whole()), "{status} {range:?}");
        assert_eq!(answer.header("etag").is_some(), range.is_none(), "{status} {range:?}");
    }
    assert_eq!(part(200, None).header("content-encoding"), Some("gzip"));
}
