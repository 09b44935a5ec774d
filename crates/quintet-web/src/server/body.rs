//! Bodies on their way in and out: a request's with its limits, an answer's with the news of its end.

use std::error::Error;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Sleep;

use super::Payload;
use super::activity::{InFlight, Waiting};
use super::limits::{Limits, or_never};

/// A request's body as it arrives.
///
/// Nothing is read before it is polled; the first poll sends the `100 Continue` that a client may wait for. Dropping
/// it early is fine: what is left of a small body is skipped, a large one costs its sender the connection.
#[derive(Debug, Default)]
pub struct RequestBody(Source);

#[derive(Debug, Default)]
enum Source {
    #[default]
    Ended,
    Whole(Bytes),
    Arriving(Arriving),
}

#[derive(Debug)]
struct Arriving {
    incoming: Incoming,
    received: u64,
    ended: bool,
    failed: bool,
    patience: Option<Patience>,
    request: InFlight,
}

/// Why a body could not be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyError {
    /// It is larger than [`Limits::body_bytes`]: 413.
    TooLarge,
    /// It came too slowly, see [`Limits::body_timeout`]: 408.
    TimedOut,
    /// Its framing is broken, such as a chunk without a size: 400.
    Malformed,
    /// The connection or stream ended before it did: there is nobody to answer.
    Disconnected,
}

impl fmt::Display for BodyError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            BodyError::TooLarge => "the request's body is larger than the server accepts",
            BodyError::TimedOut => "the request's body came too slowly",
            BodyError::Malformed => "the request's body is malformed",
            BodyError::Disconnected => "the connection ended before the request's body did",
        })
    }
}

impl Error for BodyError {}

impl From<Bytes> for RequestBody {
    /// A body that is already there, for calling an application without a connection.
    fn from(bytes: Bytes) -> RequestBody {
        RequestBody(if bytes.is_empty() { Source::Ended } else { Source::Whole(bytes) })
    }
}

impl RequestBody {
    /// All of it, where it came together with its request.
    pub(crate) fn whole(self) -> Result<Bytes, RequestBody> {
        match self.0 {
            Source::Whole(bytes) => Ok(bytes),
            Source::Ended => Ok(Bytes::new()),
            Source::Arriving(arriving) => Err(RequestBody(Source::Arriving(arriving))),
        }
    }

    /// Puts the limits of `request`'s connection on `incoming`.
    pub(super) fn arriving(incoming: Incoming, request: &InFlight) -> RequestBody {
        if incoming.is_end_stream() {
            return RequestBody::default();
        }
        RequestBody(Source::Arriving(Arriving {
            incoming,
            received: 0,
            ended: false,
            failed: false,
            patience: None,
            request: request.also(),
        }))
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let frame = match &mut self.0 {
            Source::Arriving(arriving) => ready!(arriving.poll_frame(context)),
            Source::Whole(bytes) => Some(Ok(Frame::data(std::mem::take(bytes)))),
            Source::Ended => None,
        };
        match (&frame, &mut self.0) {
            (Some(Ok(_)), Source::Arriving(_)) => return Poll::Ready(frame),
            (Some(Err(_)), Source::Arriving(arriving)) => arriving.failed = true,
            _ => {}
        }
        self.0 = Source::Ended;
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Source::Arriving(arriving) => arriving.incoming.is_end_stream(),
            Source::Whole(_) => false,
            Source::Ended => true,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Source::Arriving(arriving) => arriving.incoming.size_hint(),
            Source::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Source::Ended => SizeHint::with_exact(0),
        }
    }
}

impl Arriving {
    fn poll_frame(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.is_too_large() {
            return Poll::Ready(Some(Err(BodyError::TooLarge)));
        }
        let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(context) else {
            return self.poll_patience(context).map(|()| Some(Err(BodyError::TimedOut)));
        };
        if let Some(Ok(data)) = frame.as_ref().map(|frame| frame.as_ref().map(Frame::data_ref)) {
            self.received += data.map_or(0, |data| data.len() as u64);
        }
        if self.is_too_large() {
            return Poll::Ready(Some(Err(BodyError::TooLarge)));
        }
        self.ended = frame.is_none();
        Poll::Ready(frame.map(|frame| frame.map_err(|error| meaning(&error))))
    }

    /// Counts what came and what is announced: a length over the limit is refused before its first byte.
    fn is_too_large(&self) -> bool {
        let limit = self.limits().body_bytes;
        limit > 0 && self.received.saturating_add(self.incoming.size_hint().lower()) > limit
    }

    fn poll_patience(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let limits = &self.request.activity().common.limits;
        self.patience.get_or_insert_with(|| Patience::new(limits)).poll(context, self.received, limits)
    }

    fn limits(&self) -> &Limits {
        &self.request.activity().common.limits
    }
}

/// A rest of a body that is worth skipping to keep its connection. Whether it is skipped depends on how it arrives.
const SKIPPED: u64 = 16 * 1024;

impl Drop for Arriving {
    fn drop(&mut self) {
        if self.ended || self.incoming.is_end_stream() {
            return;
        }
        let is_worth_skipping = !self.failed && self.incoming.size_hint().lower() <= SKIPPED;
        self.request.activity().leaves_a_body_unread(is_worth_skipping);
    }
}

/// What a failure of hyper's means to a reader of the body.
fn meaning(error: &hyper::Error) -> BodyError {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    match cause {
        Some(io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => BodyError::Malformed,
        _ => BodyError::Disconnected,
    }
}

/// Counts the time that is spent waiting, in steps.
///
/// A step that ends while the application is away is noticed at the next wait and counts once, so that a slow
/// application does not use up its client's time; a drip of bytes stops no step, so that it does not win any.
#[derive(Debug)]
struct Patience {
    steps: u32,
    timer: Pin<Box<Sleep>>,
}

impl Patience {
    /// Steps in [`Limits::body_timeout`]: how finely time is counted.
    const STEPS: u32 = 8;

    fn new(limits: &Limits) -> Patience {
        Patience { steps: 0, timer: Box::pin(tokio::time::sleep(Self::step(limits))) }
    }

    fn step(limits: &Limits) -> Duration {
        (or_never(limits.body_timeout) / Self::STEPS).max(Duration::from_millis(1))
    }

    /// Ready when the time is over that `received` bytes have bought.
    fn poll(&mut self, context: &mut Context<'_>, received: u64, limits: &Limits) -> Poll<()> {
        while self.timer.as_mut().poll(context).is_ready() {
            self.steps += 1;
            if Self::step(limits).saturating_mul(self.steps) >= allowance(limits, received) {
                return Poll::Ready(());
            }
            self.timer.as_mut().set(tokio::time::sleep(Self::step(limits)));
        }
        Poll::Pending
    }
}

fn allowance(limits: &Limits, received: u64) -> Duration {
    let bought = received.checked_div(limits.body_rate).unwrap_or(0);
    or_never(limits.body_timeout).saturating_add(Duration::from_secs(bought))
}

/// An answer's body, or none where the server itself refuses.
#[derive(Debug)]
pub(super) struct Reply<B> {
    body: Option<B>,
    /// What was taken of it already and put back, with the length that it said before.
    first: Bytes,
    length: u64,
    /// Where hyper writes it, its end is the request's.
    request: Option<InFlight>,
}

impl<B> Reply<B> {
    pub(super) fn new(body: Option<B>) -> Reply<B> {
        Reply { body, first: Bytes::new(), length: 0, request: None }
    }

    /// The request is over when this is dropped.
    pub(super) fn ends(&mut self, request: InFlight) {
        self.request = Some(request);
    }

    /// It begins with these bytes after all, and has so many.
    pub(super) fn put_back(&mut self, first: Bytes, length: u64) {
        (self.first, self.length) = (first, length);
    }
}

impl<B: Payload> Reply<B> {
    /// How long it is, where it knows that; asked for before its first frame.
    pub(super) fn length(&self) -> Option<u64> {
        if self.is_end_stream() { Some(0) } else { self.size_hint().exact() }
    }

    /// All of it, where it knows its length and has it at once; it is asked for before its first frame. None, and the
    /// reply as it was, for any other.
    ///
    /// # Errors
    /// The body fails, or ends before its length.
    pub(super) fn whole(&mut self, context: &mut Context<'_>) -> Result<Option<Bytes>, Box<dyn Error + Send + Sync>> {
        let Some(body) = self.body.as_mut().filter(|body| !body.is_end_stream()) else {
            return Ok(Some(Bytes::new()));
        };
        let Some(length) = body.size_hint().exact().filter(|length| *length > 0) else { return Ok(None) };
        match Pin::new(body).poll_frame(context).map_err(Into::into)? {
            Poll::Pending => Ok(None),
            Poll::Ready(frame) => match frame.and_then(|frame| frame.into_data().ok()) {
                Some(data) if data.len() as u64 == length => Ok(Some(data)),
                Some(data) => {
                    self.put_back(data, length);
                    Ok(None)
                }
                None => Err("an answer is shorter than it says".into()),
            },
        }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Reply<B> {
    type Data = Bytes;
    type Error = B::Error;

    #[inline]
    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if !self.first.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.first)))));
        }
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    #[inline]
    fn is_end_stream(&self) -> bool {
        self.first.is_empty() && self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    #[inline]
    fn size_hint(&self) -> SizeHint {
        match &self.body {
            // What the body says now may be of all of it, or of the rest.
            _ if !self.first.is_empty() => SizeHint::with_exact(self.length),
            Some(body) => body.size_hint(),
            None => SizeHint::with_exact(0),
        }
    }
}

/// A [`Reply`] for HTTP/2, where the other end can leave an answer without room for as long as it likes while the
/// connection itself is well: handed out in pieces, so that `activity` sees whether any moves.
#[derive(Debug)]
pub(super) struct Pieces<B> {
    reply: Reply<B>,
    /// What is left of the reply's last frame.
    rest: Bytes,
    /// The last piece, until hyper asks for the next: it does so when there was room for this one.
    waiting: Option<Waiting>,
}

impl<B> Pieces<B> {
    /// The size of HTTP/2's own frames, unless the other end wants them larger.
    const SIZE: usize = 16 * 1024;

    pub(super) fn new(reply: Reply<B>) -> Pieces<B> {
        Pieces { reply, rest: Bytes::new(), waiting: None }
    }

    fn next(&mut self) -> Frame<Bytes> {
        let piece = self.rest.split_to(self.rest.len().min(Self::SIZE));
        self.waiting = self.reply.request.as_ref().map(InFlight::waits);
        Frame::data(piece)
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Pieces<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        self.waiting = None;
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.reply).poll_frame(context)).map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        Poll::Ready(Some(Ok(self.next())))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.reply.is_end_stream()
    }

    /// Asked for before the first frame: then the reply's is the whole.
    fn size_hint(&self) -> SizeHint {
        let (reply, rest) = (self.reply.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(reply.lower() + rest);
        if let Some(upper) = reply.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}
