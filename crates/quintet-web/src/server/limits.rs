//! How much of everything a connection may have, as one documented value.

use std::time::Duration;

/// The limits within which connections are served. [`Limits::default`] is meant for production, with or without a
/// proxy in front.
///
/// 0 is no limit, except where a field says what else it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request's line and headers together; more is answered with 431. 0 is 16 MiB, because a head is held
    /// in memory.
    pub header_bytes: usize,
    /// Number of a request's headers; more is answered with 431. 0 is 16,384, and so is any larger number: it is what
    /// can be parsed.
    pub headers: usize,
    /// Time for a request's line and headers to arrive, from the first byte of the request (for a connection's first
    /// request: from the connection); also the time for a TLS handshake. However steadily a sender drips, this does
    /// not grow. A head that begins together with the end of the request before it may be given a quarter more.
    pub header_timeout: Duration,
    /// Bytes of a request's body; more ends its reading with [`BodyError::TooLarge`](super::BodyError::TooLarge),
    /// before the first byte where the request announces its length.
    pub body_bytes: u64,
    /// Time that may be spent waiting for a body, see [`body_rate`](Self::body_rate); then its reading ends with
    /// [`BodyError::TimedOut`](super::BodyError::TimedOut). The time that the application takes between two reads is
    /// not counted.
    pub body_timeout: Duration,
    /// Bytes of a body that buy it one more second, so that a long upload may take its time and a drip may not. 0 makes
    /// [`body_timeout`](Self::body_timeout) a fixed deadline.
    pub body_rate: u64,
    /// Time during which the other end may accept nothing of an answer before the connection is cut. On HTTP/2, where
    /// it can also refuse by giving no answer room: nothing means not one piece of 16 KiB, of any answer that has begun.
    pub write_timeout: Duration,
    /// Time that a connection may be idle between two requests; it is closed at most a quarter later. Should be longer
    /// than that of a proxy in front, so that it is not us who closes under its request.
    pub keep_alive_timeout: Duration,
    /// Connections at a time; further ones wait in the socket's backlog until one ends. The system's limit of open
    /// files should be higher.
    pub connections: usize,
    /// Requests at a time on one HTTP/2 connection.
    pub http2_streams: u32,
    /// After how long without a word from an HTTP/2 connection's other end it is asked whether it lives. 0 never asks.
    pub http2_ping_interval: Duration,
    /// Time for it to answer. 0 never asks either: the answer would not matter.
    pub http2_ping_timeout: Duration,
    /// Time that running requests have to end after shutdown has begun. 0 cuts them at once. Should be shorter than
    /// the time after which whoever stops the process kills it.
    pub shutdown_grace: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            header_bytes: 32 * 1024,
            headers: 100,
            header_timeout: Duration::from_secs(10),
            body_bytes: 100 * 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            body_rate: 1024,
            write_timeout: Duration::from_secs(60),
            keep_alive_timeout: Duration::from_secs(75),
            connections: 16_384,
            http2_streams: 128,
            http2_ping_interval: Duration::from_secs(20),
            http2_ping_timeout: Duration::from_secs(10),
            shutdown_grace: Duration::from_secs(25),
        }
    }
}

impl Limits {
    /// How often an open connection is looked at: idle and stalled time are counted in these.
    pub(super) fn tick(&self) -> Duration {
        let shortest = or_never(self.keep_alive_timeout).min(or_never(self.write_timeout));
        let shortest = shortest.min(or_never(self.header_timeout)) / Self::TICKS;
        shortest.max(Duration::from_millis(1))
    }

    /// Ticks in the shortest of the timeouts that are counted in ticks: what they may be late is one of them.
    const TICKS: u32 = 4;

    /// Whether so many ticks make up `time`, never less.
    pub(super) fn have_passed(&self, ticks: u32, time: Duration) -> bool {
        self.tick().saturating_mul(ticks) >= or_never(time)
    }

    /// What [`header_bytes`](Self::header_bytes) comes to.
    pub(super) fn bytes_of_a_head(&self) -> usize {
        if self.header_bytes == 0 { 16 * 1024 * 1024 } else { self.header_bytes }
    }

    /// What [`headers`](Self::headers) comes to. Beyond, the map of headers would panic sooner or later.
    pub(super) fn headers_of_a_head(&self) -> usize {
        const MOST: usize = 16_384;
        if self.headers == 0 { MOST } else { self.headers.min(MOST) }
    }
}

/// A timeout that can be slept and compared, where 0 is none.
pub(super) fn or_never(time: Duration) -> Duration {
    if time.is_zero() { Duration::MAX } else { time }
}
