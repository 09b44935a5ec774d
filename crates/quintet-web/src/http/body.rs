//! Bodies: what comes in and what goes out, from wherever, behind one type each.
//!
//! A body that is known whole stays one piece of memory; only a stream is boxed.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};

use super::{Error, Result};
use crate::server::{BodyError, RequestBody};

/// Any error, boxed.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What goes out: whole, or as a stream of unknown length.
#[derive(Debug)]
pub struct Body(Outgoing);

#[derive(Debug)]
enum Outgoing {
    Whole(Bytes),
    Stream(UnsyncBoxBody<Bytes, BoxError>),
}

impl Body {
    /// No bytes at all.
    pub const fn empty() -> Self {
        Self(Outgoing::Whole(Bytes::new()))
    }

    /// Anything that yields bytes over time.
    pub fn stream(body: impl HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static) -> Self {
        Self(Outgoing::Stream(body.map_err(Into::into).boxed_unsync()))
    }

    /// Another stack's body: whole where it is short and says how long it is, else still a stream.
    pub(super) async fn kept_if_short(body: axum::body::Body) -> Result<Self, BoxError> {
        /// What is worth keeping to learn whether it changed, and to compress it in one go.
        const SHORT: u64 = 1 << 20;
        if HttpBody::size_hint(&body).exact().is_none_or(|length| length > SHORT) {
            return Ok(Self::stream(body));
        }
        let collected = body.collect().await?;
        match collected.trailers().cloned() {
            None => Ok(collected.to_bytes().into()),
            Some(trailers) => {
                let trailers = std::future::ready(Some(Ok(trailers)));
                Ok(Self::stream(Full::from(collected.to_bytes()).with_trailers(trailers)))
            }
        }
    }

    /// The bytes, where they are all known.
    pub fn whole(&self) -> Option<&Bytes> {
        match &self.0 {
            Outgoing::Whole(bytes) => Some(bytes),
            Outgoing::Stream(_) => None,
        }
    }

    /// All bytes, waiting for a stream to end.
    pub async fn collect(self) -> Result<Bytes, BoxError> {
        match self.0 {
            Outgoing::Whole(bytes) => Ok(bytes),
            Outgoing::Stream(stream) => Ok(stream.collect().await?.to_bytes()),
        }
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self(Outgoing::Whole(bytes.into()))
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.0 {
            Outgoing::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Outgoing::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Outgoing::Stream(stream) => Pin::new(stream).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Outgoing::Whole(bytes) => bytes.is_empty(),
            Outgoing::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Outgoing::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Outgoing::Stream(stream) => stream.size_hint(),
        }
    }
}

/// What comes in: from the server's connection, from a mounted router, or from a test.
#[derive(Debug)]
pub enum Incoming {
    /// Known whole; empty for most requests.
    Whole(Bytes),
    /// Still on the connection.
    Connection(RequestBody),
    /// From somebody else's HTTP stack.
    Foreign(UnsyncBoxBody<Bytes, BoxError>),
}

impl Incoming {
    /// A connection's body.
    pub fn connection(body: RequestBody) -> Self {
        body.whole().map_or_else(Self::Connection, Self::Whole)
    }

    /// A body of another HTTP stack's.
    pub fn foreign(body: impl HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static) -> Self {
        if body.is_end_stream() {
            return Self::Whole(Bytes::new());
        }
        Self::Foreign(body.map_err(Into::into).boxed_unsync())
    }

    /// All bytes, refused past a limit before they are kept.
    pub(super) async fn collect(self, limit: Option<usize>) -> Result<Bytes> {
        let limit = limit.unwrap_or(usize::MAX);
        match self {
            Self::Whole(bytes) if bytes.len() > limit => Err(Error::payload_too_large()),
            Self::Whole(bytes) => Ok(bytes),
            Self::Connection(body) => limited(body.map_err(BoxError::from).boxed_unsync(), limit).await,
            Self::Foreign(body) => limited(body, limit).await,
        }
    }

    /// The bytes as they arrive.
    pub(super) fn into_stream(self) -> BodyStream {
        BodyStream(match self {
            Self::Whole(bytes) => Full::from(bytes).map_err(|never| match never {}).boxed_unsync(),
            Self::Connection(body) => body.map_err(BoxError::from).boxed_unsync(),
            Self::Foreign(body) => body,
        })
    }

    /// For handing on to another HTTP stack.
    pub(crate) fn into_foreign(self) -> axum::body::Body {
        match self {
            Self::Whole(bytes) => axum::body::Body::from(bytes),
            Self::Connection(body) => axum::body::Body::new(body),
            Self::Foreign(body) => axum::body::Body::new(body),
        }
    }
}

/// The body of a request as it arrives. No limit but the server's own.
#[derive(Debug)]
pub struct BodyStream(UnsyncBoxBody<Bytes, BoxError>);

impl BodyStream {
    /// The next bytes, whatever their number; nothing at the end.
    ///
    /// # Errors
    /// Where the connection ends before the body does, or the server's limits are reached.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        while let Some(frame) = self.0.frame().await {
            if let Ok(data) = frame.map_err(|error| refusal(&*error))?.into_data() {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }
}

/// A declared length past the limit is refused before a byte is read.
///
/// Not generic on purpose: the compiler cannot prove a generic one `Send` inside a view.
async fn limited(mut body: UnsyncBoxBody<Bytes, BoxError>, limit: usize) -> Result<Bytes> {
    if body.size_hint().lower() > limit as u64 {
        return Err(Error::payload_too_large());
    }
    let mut kept = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|error| refusal(&*error))?.into_data() else {
            continue;
        };
        if data.len() > limit - kept.len() {
            return Err(Error::payload_too_large());
        }
        // Most bodies come in one piece, which need not be copied.
        if kept.is_empty() && body.is_end_stream() {
            return Ok(data);
        }
        kept.extend_from_slice(&data);
    }
    Ok(kept.freeze())
}

fn refusal(error: &(dyn std::error::Error + 'static)) -> Error {
    match error.downcast_ref::<BodyError>() {
        Some(BodyError::TooLarge) => Error::payload_too_large(),
        Some(BodyError::TimedOut) => Error::request_timeout(),
        _ => Error::incomplete_body(),
    }
}
